"""What Baton says when a promise is fulfilled, in the languages that it writes; English for all others."""

from domain.commitment import Fact, FulfilledBy

_FACTS = {
    "en": {
        FulfilledBy.REFUND: "your refund{order} has been issued.",
        FulfilledBy.SHIPMENT: "your order{order} is on its way.",
        FulfilledBy.REPLACEMENT: "your replacement{order} is on its way.",
        FulfilledBy.RETURN_RECEIVED: "your return{order} has arrived with us.",
    },
    "de": {
        FulfilledBy.REFUND: "Ihre Erstattung{order} ist veranlasst.",
        FulfilledBy.SHIPMENT: "Ihre Bestellung{order} ist unterwegs.",
        FulfilledBy.REPLACEMENT: "Ihr Ersatz{order} ist unterwegs.",
        FulfilledBy.RETURN_RECEIVED: "Ihre Rücksendung{order} ist bei uns angekommen.",
    },
    "es": {
        FulfilledBy.REFUND: "su reembolso{order} está en curso.",
        FulfilledBy.SHIPMENT: "su pedido{order} está en camino.",
        FulfilledBy.REPLACEMENT: "su reemplazo{order} está en camino.",
        FulfilledBy.RETURN_RECEIVED: "hemos recibido su devolución{order}.",
    },
    "fr": {
        FulfilledBy.REFUND: "votre remboursement{order} a été effectué.",
        FulfilledBy.SHIPMENT: "votre commande{order} est en route.",
        FulfilledBy.REPLACEMENT: "votre article de remplacement{order} est en route.",
        FulfilledBy.RETURN_RECEIVED: "nous avons bien reçu votre retour{order}.",
    },
}
_OPENINGS = {"en": "As promised:", "de": "Wie versprochen:", "es": "Como le prometimos:", "fr": "Comme promis :"}
_LATE = {
    "en": "This took longer than we promised, sorry:",
    "de": "Das hat leider länger gedauert als versprochen:",
    "es": "Ha tardado más de lo prometido, disculpe:",
    "fr": "Cela a pris plus de temps que promis, pardon :",
}


def promise_fulfilled(fact: Fact, language: str, *, late: bool) -> str:
    """Says that what was promised has happened in the shop. `language` is an ISO 639-1 code."""
    spoken = language if language in _FACTS else "en"
    order = f" ({fact.order})" if fact.order else ""
    return f"{(_LATE if late else _OPENINGS)[spoken]} {_FACTS[spoken][fact.kind].format(order=order)}"
