"""What a customer reads before they say yes: exactly what would be done, with the verdict's amounts, and the question.

In the languages that Baton writes; English for all others. Amounts come from the verdict and from nowhere else.
"""

from collections.abc import Iterator

from domain.commerce import Order
from domain.flows.requests import (
    CancellationRequest,
    ClaimRequest,
    CustomRequest,
    ExchangeRequest,
    FlowRequest,
    ItemChange,
    ItemWanted,
    RefundTo,
    Remedy,
    ReturnRequest,
    Swap,
)
from domain.flows.verdict import Verdict
from domain.money import Money

_WORDS: dict[str, dict[str, str]] = {
    "opening": {
        "en": "This is what I would do for order {order}:",
        "de": "Das würde ich für die Bestellung {order} veranlassen:",
        "es": "Esto es lo que haría con el pedido {order}:",
        "fr": "Voici ce que je ferais pour la commande {order} :",
    },
    "return": {
        "en": "Return: {items}",
        "de": "Rückgabe: {items}",
        "es": "Devolución: {items}",
        "fr": "Retour : {items}",
    },
    "swap": {
        "en": "Exchange: {items} for {new}",
        "de": "Umtausch: {items} gegen {new}",
        "es": "Cambio: {items} por {new}",
        "fr": "Échange : {items} contre {new}",
    },
    "change": {
        "en": "Change the order: {new} instead of {items}",
        "de": "Bestellung ändern: {new} statt {items}",
        "es": "Cambiar el pedido: {new} en lugar de {items}",
        "fr": "Modifier la commande : {new} au lieu de {items}",
    },
    "cancel_all": {
        "en": "Cancel the whole order",
        "de": "Die ganze Bestellung stornieren",
        "es": "Cancelar todo el pedido",
        "fr": "Annuler toute la commande",
    },
    "cancel": {
        "en": "Cancel: {items}",
        "de": "Stornieren: {items}",
        "es": "Cancelar: {items}",
        "fr": "Annuler : {items}",
    },
    "damaged": {
        "en": "Report as damaged: {items}",
        "de": "Als beschädigt melden: {items}",
        "es": "Comunicar como dañado: {items}",
        "fr": "Signaler comme abîmé : {items}",
    },
    "wrong": {
        "en": "Report as the wrong item: {items}",
        "de": "Als falsch geliefert melden: {items}",
        "es": "Comunicar como artículo equivocado: {items}",
        "fr": "Signaler comme article erroné : {items}",
    },
    "missing": {
        "en": "Report as missing: {items}",
        "de": "Als fehlend melden: {items}",
        "es": "Comunicar como faltante: {items}",
        "fr": "Signaler comme manquant : {items}",
    },
    "replacement": {
        "en": "You get a replacement if we have one, else {amount} back",
        "de": "Sie bekommen Ersatz, wenn wir welchen haben, sonst {amount} zurück",
        "es": "Recibe un reemplazo si lo tenemos; si no, {amount} de vuelta",
        "fr": "Vous recevez un article de remplacement si nous l'avons, sinon {amount} en retour",
    },
    "send_back": {
        "en": "You get a label and send it back to us",
        "de": "Sie bekommen ein Etikett und schicken es an uns zurück",
        "es": "Recibe una etiqueta y nos lo envía de vuelta",
        "fr": "Vous recevez une étiquette et nous le renvoyez",
    },
    "keep": {
        "en": "You can keep it; nothing has to be sent back",
        "de": "Sie können es behalten; zurückschicken müssen Sie nichts",
        "es": "Puede quedárselo; no tiene que devolver nada",
        "fr": "Vous pouvez le garder ; rien n'est à renvoyer",
    },
    "fee": {
        "en": "A fee of {amount} is taken off",
        "de": "Eine Gebühr von {amount} wird abgezogen",
        "es": "Se descuenta un cargo de {amount}",
        "fr": "Des frais de {amount} sont déduits",
    },
    "fee_added": {
        "en": "This includes a fee of {amount}",
        "de": "Darin ist eine Gebühr von {amount} enthalten",
        "es": "Incluye un cargo de {amount}",
        "fr": "Ceci comprend des frais de {amount}",
    },
    "refund": {
        "en": "You get {amount} back, the way you paid",
        "de": "Sie bekommen {amount} zurück, so wie Sie bezahlt haben",
        "es": "Recibe {amount} de vuelta, por donde pagó",
        "fr": "Vous êtes remboursé de {amount}, par le moyen de paiement utilisé",
    },
    "credit": {
        "en": "You get {amount} in store credit",
        "de": "Sie bekommen {amount} als Guthaben",
        "es": "Recibe {amount} en crédito de la tienda",
        "fr": "Vous recevez {amount} en avoir",
    },
    "bonus": {
        "en": "That includes a bonus of {amount}",
        "de": "Darin ist ein Bonus von {amount} enthalten",
        "es": "Incluye una bonificación de {amount}",
        "fr": "Ceci comprend un bonus de {amount}",
    },
    "after_check": {
        "en": "This happens once we have received and checked it",
        "de": "Das geschieht, sobald wir es erhalten und geprüft haben",
        "es": "Se hace cuando lo hayamos recibido y comprobado",
        "fr": "Cela se fait dès que nous l'avons reçu et vérifié",
    },
    "charge": {
        "en": "You pay {amount} more",
        "de": "Sie zahlen {amount} dazu",
        "es": "Paga {amount} más",
        "fr": "Vous payez {amount} de plus",
    },
    "even": {
        "en": "It costs you nothing more",
        "de": "Es kostet Sie nichts zusätzlich",
        "es": "No le cuesta nada más",
        "fr": "Cela ne vous coûte rien de plus",
    },
    "approval": {
        "en": "A colleague has to approve it first",
        "de": "Jemand aus dem Team muss es zuerst genehmigen",
        "es": "Antes tiene que aprobarlo una persona del equipo",
        "fr": "Un membre de l'équipe doit d'abord l'approuver",
    },
    "question": {
        "en": "Shall I do exactly this? Please answer with yes or no.",
        "de": "Soll ich genau das veranlassen? Bitte antworten Sie mit Ja oder Nein.",
        "es": "¿Hago exactamente esto? Responda con sí o no, por favor.",
        "fr": "Dois-je faire exactement cela ? Répondez par oui ou non, s'il vous plaît.",
    },
    "again": {
        "en": "I only go ahead after an explicit yes.",
        "de": "Erst nach einem ausdrücklichen Ja geht es los.",
        "es": "Solo sigo adelante con un sí expreso.",
        "fr": "Je n'agis qu'après un oui explicite.",
    },
    "changed": {
        "en": "Something has changed in the meantime.",
        "de": "Inzwischen hat sich etwas geändert.",
        "es": "Entretanto ha cambiado algo.",
        "fr": "Quelque chose a changé entre-temps.",
    },
}
SPOKEN = ("en", "de", "es", "fr")
AGAIN, CHANGED = "again", "changed"
"""Words before a read-back that is not the first: the answer was no yes, or what it said holds no longer."""


def read_back(
    request: FlowRequest, verdict: Verdict, order: Order, titles: dict[str, str], language: str, *, before: str = ""
) -> str:
    """The whole read-back. `titles` names new variants by SKU, and flows of the brand's own by their names.

    `before` is `AGAIN`, `CHANGED` or nothing.
    """
    spoken = spoken_for(language)
    points = "\n".join(f"- {point}" for point in _points(request, verdict, order, titles, spoken))
    opening = _say("opening", spoken, order=order.number)
    parts = [_say(before, spoken) if before else "", f"{opening}\n{points}", _say("question", spoken)]
    return "\n\n".join(part for part in parts if part)


def spoken_for(language: str) -> str:
    """The language in which it is said."""
    return language if language in SPOKEN else "en"


def _amount(word: str, minor: int, verdict: Verdict, spoken: str) -> Iterator[str]:
    """The point about one of the verdict's amounts; nothing about none. E.g. `12.50 EUR`, `12,50 EUR`."""
    if minor:
        written = str(Money(minor=minor, currency=verdict.currency))
        yield _say(word, spoken, amount=written if spoken == "en" else written.replace(".", ","))


def _say(word: str, language: str, **values: str) -> str:
    return _WORDS[word][language].format(**values)


def _points(request: FlowRequest, verdict: Verdict, order: Order, titles: dict[str, str], spoken: str) -> Iterator[str]:
    yield from _what(request, order, titles, spoken)
    if verdict.needs_approval:
        yield _say("approval", spoken)
    match request:
        case ReturnRequest():
            yield from _way_back(verdict, spoken)
            yield from _money_back(verdict, spoken, to_credit=request.refund_to is RefundTo.STORE_CREDIT)
            if verdict.refund_minor and not verdict.keeps_it:
                yield _say("after_check", spoken)
        case ExchangeRequest():
            yield from _way_back(verdict, spoken)
            yield from _difference(verdict, spoken)
        case ItemChange():
            yield from _difference(verdict, spoken)
        case ClaimRequest(remedy=Remedy.REPLACEMENT):
            yield from _amount("replacement", verdict.refund_minor, verdict, spoken)
        case _:
            yield from _amount("refund", verdict.refund_minor, verdict, spoken)


def _what(request: FlowRequest, order: Order, titles: dict[str, str], spoken: str) -> Iterator[str]:
    match request:
        case ReturnRequest():
            yield _say("return", spoken, items=_items(request.items, order))
        case ExchangeRequest() | ItemChange():
            word = "swap" if isinstance(request, ExchangeRequest) else "change"
            for swap in request.swaps:
                yield _say(word, spoken, items=_items((swap,), order), new=_new(swap, titles))
        case CancellationRequest(items=()):
            yield _say("cancel_all", spoken)
        case CancellationRequest():
            yield _say("cancel", spoken, items=_items(request.items, order))
        case ClaimRequest():
            yield _say(request.complaint, spoken, items=_items(request.items, order))
        case CustomRequest():
            yield ": ".join(part for part in (titles[request.flow], _items(request.items, order)) if part)
        case _:
            raise ValueError(f"{request.kind} is not read from words")


def _way_back(verdict: Verdict, spoken: str) -> Iterator[str]:
    yield _say("keep" if verdict.keeps_it else "send_back", spoken)


def _money_back(verdict: Verdict, spoken: str, *, to_credit: bool) -> Iterator[str]:
    yield from _amount("fee", verdict.fee_minor, verdict, spoken)
    yield from _amount("credit" if to_credit else "refund", verdict.refund_minor, verdict, spoken)
    yield from _amount("bonus", verdict.bonus_minor, verdict, spoken)


def _difference(verdict: Verdict, spoken: str) -> Iterator[str]:
    yield from _amount("charge", verdict.charge_minor, verdict, spoken)
    yield from _amount("refund", verdict.refund_minor, verdict, spoken)
    if not verdict.charge_minor and not verdict.refund_minor:
        yield _say("even", spoken)
    yield from _amount("fee_added", verdict.fee_minor, verdict, spoken)


def _items(items: tuple[ItemWanted, ...], order: Order) -> str:
    lines = [(item.quantity, order.line(item.line_id)) for item in items]
    return "; ".join(f"{quantity} × {line.title}" for quantity, line in lines if line)


def _new(swap: Swap, titles: dict[str, str]) -> str:
    return f"{swap.quantity} × {titles.get(swap.new_sku, swap.new_sku)}"
