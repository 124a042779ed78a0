"""What the AI says where a plan orders it to: ask for what the plan needs, and tell what was decided."""

from collections.abc import Sequence

from domain.plan import Evidence

_ASK = {
    "en": "So that we can sort this out for you: could you send us {wanted}?",
    "de": "Damit wir das für Sie klären können: Schicken Sie uns bitte {wanted}?",
    "es": "Para poder resolverlo, ¿nos envía {wanted}?",
    "fr": "Pour que nous puissions régler cela, pourriez-vous nous envoyer {wanted} ?",
}
_WANTED = {
    "en": {Evidence.ORDER: "your order number", Evidence.PHOTO: "a photo of it"},
    "de": {Evidence.ORDER: "Ihre Bestellnummer", Evidence.PHOTO: "ein Foto davon"},
    "es": {Evidence.ORDER: "su número de pedido", Evidence.PHOTO: "una foto"},
    "fr": {Evidence.ORDER: "votre numéro de commande", Evidence.PHOTO: "une photo"},
}
_AND = {"en": " and ", "de": " und ", "es": " y ", "fr": " et "}
_APPROVED = {
    "en": "Good news: a colleague has looked at your request and approved it.",
    "de": "Gute Nachricht: Jemand aus unserem Team hat Ihre Anfrage geprüft und genehmigt.",
    "es": "Buenas noticias: hemos revisado su solicitud y está aprobada.",
    "fr": "Bonne nouvelle : un membre de l'équipe a examiné votre demande et l'a acceptée.",
}
_REFUSED = {
    "en": "A colleague has looked at your request. We are sorry that we cannot approve it.",
    "de": "Jemand aus unserem Team hat Ihre Anfrage geprüft. Leider können wir sie nicht genehmigen.",
    "es": "Hemos revisado su solicitud. Lamentamos no poder aprobarla.",
    "fr": "Un membre de l'équipe a examiné votre demande. Nous regrettons de ne pas pouvoir l'accepter.",
}


def please_send(language: str, missing: Sequence[Evidence]) -> str:
    """Asks for what is missing; English where the language has no words here."""
    language = language if language in _ASK else "en"
    wanted = _AND[language].join(_WANTED[language][one] for one in missing)
    return _ASK[language].format(wanted=wanted)


def decision_told(language: str, *, approved: bool, words: str) -> str:
    """Tells a decision, with what its maker wants the customer to read."""
    told = _APPROVED if approved else _REFUSED
    return "\n\n".join(part for part in (told.get(language, told["en"]), words.strip()) if part)
