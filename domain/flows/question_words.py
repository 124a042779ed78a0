"""What the AI asks and tells around a read-back, in the languages that Baton writes; English for all others."""

from collections.abc import Sequence

from domain.commerce import Order, Variant
from domain.flows.dialogue import Missing
from domain.flows.readback_words import spoken_for
from domain.flows.requests import ExchangeRequest, FlowRequest, ReturnRequest
from domain.flows.verdict import Verdict

_ASK: dict[Missing, dict[str, str]] = {
    Missing.ORDER: {
        "en": "Which order is it about? Please send me its number.",
        "de": "Um welche Bestellung geht es? Bitte schicken Sie mir ihre Nummer.",
        "es": "¿De qué pedido se trata? Envíeme su número, por favor.",
        "fr": "De quelle commande s'agit-il ? Envoyez-moi son numéro, s'il vous plaît.",
    },
    Missing.ITEMS: {
        "en": "Which items of order {order} is it about?",
        "de": "Um welche Artikel der Bestellung {order} geht es?",
        "es": "¿De qué artículos del pedido {order} se trata?",
        "fr": "De quels articles de la commande {order} s'agit-il ?",
    },
    Missing.VARIANT: {
        "en": "What would you like instead?",
        "de": "Was möchten Sie stattdessen?",
        "es": "¿Qué desea a cambio?",
        "fr": "Que souhaitez-vous à la place ?",
    },
    Missing.REASON: {
        "en": "What is the reason? Please choose one:",
        "de": "Was ist der Grund? Bitte wählen Sie einen:",
        "es": "¿Cuál es el motivo? Elija uno, por favor:",
        "fr": "Quelle est la raison ? Choisissez-en une, s'il vous plaît :",
    },
    Missing.CONDITION: {
        "en": "In which condition is it? Please choose one:",
        "de": "In welchem Zustand ist es? Bitte wählen Sie einen:",
        "es": "¿En qué estado está? Elija uno, por favor:",
        "fr": "Dans quel état est-ce ? Choisissez, s'il vous plaît :",
    },
    Missing.COMPLAINT: {
        "en": "What is wrong with it: is it damaged, is it the wrong item, or is something missing?",
        "de": "Was stimmt nicht: Ist es beschädigt, ist es der falsche Artikel, oder fehlt etwas?",
        "es": "¿Qué ocurre: está dañado, es el artículo equivocado o falta algo?",
        "fr": "Quel est le problème : article abîmé, article erroné, ou quelque chose manque ?",
    },
}
_TOLD: dict[str, dict[str, str]] = {
    "link": {
        "en": "You can also choose here: {link}",
        "de": "Sie können auch hier auswählen: {link}",
        "es": "También puede elegir aquí: {link}",
        "fr": "Vous pouvez aussi choisir ici : {link}",
    },
    "self_service": {
        "en": "You can do this yourself, at any time, on this page: {link}",
        "de": "Das können Sie jederzeit selbst auf dieser Seite erledigen: {link}",
        "es": "Puede hacerlo usted mismo, cuando quiera, en esta página: {link}",
        "fr": "Vous pouvez le faire vous-même, à tout moment, sur cette page : {link}",
    },
    "declined": {
        "en": "All right: nothing has been done, and everything stays as it is.",
        "de": "In Ordnung: Es wurde nichts veranlasst, alles bleibt, wie es ist.",
        "es": "De acuerdo: no se ha hecho nada y todo queda como está.",
        "fr": "D'accord : rien n'a été fait, et tout reste comme avant.",
    },
    "chosen": {
        "en": "Thank you, your choice is taken down.",
        "de": "Danke, Ihre Wahl ist notiert.",
        "es": "Gracias, su elección queda anotada.",
        "fr": "Merci, votre choix est noté.",
    },
    "started": {
        "en": "Thank you, it is under way for order {order}.",
        "de": "Danke, es ist für die Bestellung {order} veranlasst.",
        "es": "Gracias, está en marcha para el pedido {order}.",
        "fr": "Merci, c'est en cours pour la commande {order}.",
    },
    "follow": {
        "en": "You can follow it, or call it off while that is possible, here: {link}",
        "de": "Hier können Sie es verfolgen oder, solange das geht, zurücknehmen: {link}",
        "es": "Puede seguirlo, o anularlo mientras sea posible, aquí: {link}",
        "fr": "Vous pouvez le suivre, ou l'annuler tant que c'est possible, ici : {link}",
    },
    "next_approval": {
        "en": "Next, a colleague looks at it; you hear from us then.",
        "de": "Als Nächstes sieht es sich jemand aus dem Team an; dann hören Sie von uns.",
        "es": "Ahora lo revisa una persona del equipo; después le escribimos.",
        "fr": "Un membre de l'équipe l'examine maintenant ; nous vous écrirons ensuite.",
    },
    "next_payment": {
        "en": "Next, you get a link to pay the difference.",
        "de": "Als Nächstes bekommen Sie einen Link, um die Differenz zu bezahlen.",
        "es": "Ahora recibe un enlace para pagar la diferencia.",
        "fr": "Vous recevez maintenant un lien pour payer la différence.",
    },
    "next_label": {
        "en": "Next, you get what you need to send it back.",
        "de": "Als Nächstes bekommen Sie, was Sie für die Rücksendung brauchen.",
        "es": "Ahora recibe lo necesario para devolverlo.",
        "fr": "Vous recevez maintenant de quoi le renvoyer.",
    },
    "next_told": {
        "en": "You hear from us as soon as it is done.",
        "de": "Sobald es erledigt ist, hören Sie von uns.",
        "es": "Le escribimos en cuanto esté hecho.",
        "fr": "Nous vous écrivons dès que c'est fait.",
    },
}


def question_for(
    missing: Missing,
    language: str,
    *,
    order: str = "",
    choices: Sequence[str] = (),
    link: str = "",
) -> str:
    """Asks for what is missing; `choices` are lines to choose from, `link` where it can be done as well."""
    lines = "".join(f"\n- {choice}" for choice in choices)
    asked = _ASK[missing][spoken_for(language)].format(order=order) + lines
    return f"{asked}\n\n{told('link', language, link=link)}" if link else asked


def told(word: str, language: str, **values: str) -> str:
    """A sentence by its name, e.g. `link`, `self_service`, `declined`, `chosen`, `started`, `follow`."""
    return _TOLD[word][spoken_for(language)].format(**values)


def what_is_next(request: FlowRequest, verdict: Verdict, language: str) -> str:
    """What the customer can expect now that it has begun."""
    comes_back = isinstance(request, ReturnRequest | ExchangeRequest) and not verdict.keeps_it
    if verdict.needs_approval:
        word = "next_approval"
    elif verdict.charge_minor and isinstance(request, ExchangeRequest):
        word = "next_payment"
    else:
        word = "next_label" if comes_back else "next_told"
    return told(word, language)


def order_choice(order: Order) -> str:
    """One line to choose an order by."""
    return f"{order.number}: {', '.join(line.title for line in order.lines)}"


def variant_choice(title: str, variants: Sequence[Variant]) -> str:
    """One line with the variants that a product has in stock."""
    named = dict.fromkeys(" / ".join(one.options.values()) for one in variants if one.stock > 0)
    return f"{title}: {', '.join(named)}"


def code_choice(code: str) -> str:
    """A reason or condition of the policy, as people read it."""
    return code.replace("_", " ")
