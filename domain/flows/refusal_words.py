"""What a customer is told when a rule stands against their request, in the languages that Baton writes.

An order of somebody else reads like one that does not exist, and a mark on a customer like any case for people.
"""

from domain.flows.refusal import Refused, Rule

_ORDER = {
    "en": "We cannot find an order with this number among your orders. Please check the number.",
    "de": "Wir finden unter Ihren Bestellungen keine mit dieser Nummer. Bitte prüfen Sie die Nummer.",
    "es": "No encontramos ningún pedido con este número entre sus pedidos. Compruebe el número, por favor.",
    "fr": "Nous ne trouvons aucune commande avec ce numéro parmi les vôtres. Veuillez vérifier le numéro.",
}
_METHOD = {
    "en": "We do not know this payment method. Please choose one of those in your account.",
    "de": "Diese Zahlungsart ist uns nicht bekannt. Bitte wählen Sie eine aus Ihrem Konto.",
    "es": "No conocemos esta forma de pago. Elija una de las de su cuenta, por favor.",
    "fr": "Nous ne connaissons pas ce moyen de paiement. Veuillez en choisir un de votre compte.",
}
_PEOPLE = {
    "en": "We cannot do this here. Please write to us, and a person will look at it.",
    "de": "Das können wir hier nicht erledigen. Bitte schreiben Sie uns, dann sieht es sich ein Mensch an.",
    "es": "No podemos hacerlo aquí. Escríbanos, por favor, y una persona lo revisará.",
    "fr": "Nous ne pouvons pas le faire ici. Écrivez-nous, et une personne s'en occupera.",
}

_WORDS: dict[Rule, dict[str, str]] = {
    Rule.UNKNOWN_ORDER: _ORDER,
    Rule.FOREIGN_ORDER: _ORDER,
    Rule.ORDER_STATE: {
        "en": "This is not possible for the order as it stands now.",
        "de": "Beim jetzigen Stand der Bestellung ist das nicht möglich.",
        "es": "No es posible en el estado actual del pedido.",
        "fr": "Ce n'est pas possible dans l'état actuel de la commande.",
    },
    Rule.NOTHING_CHOSEN: {
        "en": "Please choose at least one item.",
        "de": "Bitte wählen Sie mindestens einen Artikel.",
        "es": "Elija al menos un artículo, por favor.",
        "fr": "Veuillez choisir au moins un article.",
    },
    Rule.UNKNOWN_LINE: {
        "en": "This item is not part of the order.",
        "de": "Dieser Artikel gehört nicht zu der Bestellung.",
        "es": "Este artículo no forma parte del pedido.",
        "fr": "Cet article ne fait pas partie de la commande.",
    },
    Rule.QUANTITY_NOT_POSITIVE: {
        "en": "Please choose a quantity of at least one.",
        "de": "Bitte wählen Sie eine Menge von mindestens eins.",
        "es": "Elija una cantidad de al menos uno, por favor.",
        "fr": "Veuillez choisir une quantité d'au moins un.",
    },
    Rule.QUANTITY_NOT_LEFT: {
        "en": "That is more than can still be chosen of this item; the rest is already being dealt with.",
        "de": "Von diesem Artikel ist nicht mehr so viel übrig; der Rest ist schon in Bearbeitung oder erledigt.",
        "es": "Ya no queda tanta cantidad de este artículo; el resto ya está en trámite o resuelto.",
        "fr": "Il ne reste pas autant de cet article ; le reste est déjà en cours de traitement ou réglé.",
    },
    Rule.NOT_DELIVERED: {
        "en": "This item has not been delivered yet. Please come back once you have it.",
        "de": "Dieser Artikel ist noch nicht zugestellt. Bitte melden Sie sich, sobald Sie ihn haben.",
        "es": "Este artículo aún no se ha entregado. Vuelva cuando lo tenga, por favor.",
        "fr": "Cet article n'a pas encore été livré. Revenez vers nous dès que vous l'aurez.",
    },
    Rule.ALREADY_SHIPPED: {
        "en": "This has already been shipped, so it cannot be changed any more.",
        "de": "Das ist schon versandt und lässt sich nicht mehr ändern.",
        "es": "Ya se ha enviado, así que no se puede cambiar.",
        "fr": "C'est déjà expédié et ne peut plus être modifié.",
    },
    Rule.WINDOW_OVER: {
        "en": "The time in which this item could be sent back is over.",
        "de": "Die Frist, in der dieser Artikel zurückgegeben werden konnte, ist abgelaufen.",
        "es": "El plazo para devolver este artículo ha terminado.",
        "fr": "Le délai de retour de cet article est dépassé.",
    },
    Rule.FINAL_SALE: {
        "en": "This item cannot be sent back; it was sold as final.",
        "de": "Dieser Artikel ist von der Rückgabe ausgeschlossen.",
        "es": "Este artículo no admite devolución.",
        "fr": "Cet article ne peut être ni repris ni échangé.",
    },
    Rule.CONDITION: {
        "en": "In this condition we cannot take the item back.",
        "de": "In diesem Zustand können wir den Artikel nicht zurücknehmen.",
        "es": "No podemos aceptar el artículo en este estado.",
        "fr": "Nous ne pouvons pas reprendre l'article dans cet état.",
    },
    Rule.RECEIPT_MISSING: {
        "en": "For this we need the receipt.",
        "de": "Dafür brauchen wir den Beleg.",
        "es": "Para esto necesitamos el recibo.",
        "fr": "Pour cela, il nous faut le justificatif d'achat.",
    },
    Rule.REASON_NOT_ALLOWED: {
        "en": "We cannot do this for the reason that you chose.",
        "de": "Aus dem gewählten Grund ist das nicht möglich.",
        "es": "No es posible por el motivo elegido.",
        "fr": "Ce n'est pas possible pour le motif choisi.",
    },
    Rule.FLAGGED: _PEOPLE,
    Rule.SECOND_REQUEST: {
        "en": "This can be asked for once for an order, and that has been done.",
        "de": "Das ist je Bestellung einmal möglich und schon geschehen.",
        "es": "Solo se puede pedir una vez por pedido, y ya se ha hecho.",
        "fr": "Cela n'est possible qu'une fois par commande, et c'est déjà fait.",
    },
    Rule.ORDER_CLOSED_TO_CHANGES: {
        "en": "The items of this order have been changed, so nothing else of it can be changed or cancelled.",
        "de": "Die Artikel dieser Bestellung wurden schon geändert; weitere Änderungen sind nicht mehr möglich.",
        "es": "Los artículos de este pedido ya se cambiaron, así que no admite más cambios ni la cancelación.",
        "fr": "Les articles de cette commande ont déjà été modifiés ; elle ne peut plus être changée ni annulée.",
    },
    Rule.UNKNOWN_VARIANT: {
        "en": "We do not have the item that you would like instead.",
        "de": "Den Artikel, den Sie stattdessen möchten, führen wir nicht.",
        "es": "No tenemos el artículo que quiere a cambio.",
        "fr": "Nous n'avons pas l'article que vous souhaitez à la place.",
    },
    Rule.SAME_VARIANT: {
        "en": "That is the item that you have already. Please choose another one.",
        "de": "Das ist derselbe Artikel, den Sie schon haben. Bitte wählen Sie einen anderen.",
        "es": "Es el mismo artículo que ya tiene. Elija otro, por favor.",
        "fr": "C'est l'article que vous avez déjà. Veuillez en choisir un autre.",
    },
    Rule.DIFFERENT_PRODUCT: {
        "en": "Only another size, colour or version of the same product is possible.",
        "de": "Möglich ist nur eine andere Größe, Farbe oder Ausführung desselben Produkts.",
        "es": "Solo es posible otra talla, color o versión del mismo producto.",
        "fr": "Seule une autre taille, couleur ou version du même produit est possible.",
    },
    Rule.VARIANT_UNAVAILABLE: {
        "en": "The item that you would like instead is out of stock.",
        "de": "Der Artikel, den Sie stattdessen möchten, ist nicht vorrätig.",
        "es": "El artículo que quiere a cambio está agotado.",
        "fr": "L'article que vous souhaitez à la place n'est plus en stock.",
    },
    Rule.UNKNOWN_METHOD: _METHOD,
    Rule.METHOD_NOT_ALLOWED: {
        "en": "This payment method cannot be used here. Please choose another one.",
        "de": "Diese Zahlungsart ist hier nicht möglich. Bitte wählen Sie eine andere.",
        "es": "Esta forma de pago no se puede usar aquí. Elija otra, por favor.",
        "fr": "Ce moyen de paiement n'est pas possible ici. Veuillez en choisir un autre.",
    },
    Rule.SAME_METHOD: {
        "en": "The order is already paid by this method.",
        "de": "Die Bestellung läuft schon über diese Zahlungsart.",
        "es": "El pedido ya usa esta forma de pago.",
        "fr": "La commande utilise déjà ce moyen de paiement.",
    },
    Rule.INSUFFICIENT_FUNDS: {
        "en": "There is not enough left on this payment method.",
        "de": "Das Guthaben dieser Zahlungsart reicht nicht aus.",
        "es": "El saldo de esta forma de pago no es suficiente.",
        "fr": "Le solde de ce moyen de paiement ne suffit pas.",
    },
    Rule.DECLINED_PAYMENT: {
        "en": "The payment was declined. Please try another payment method.",
        "de": "Die Zahlung wurde abgelehnt. Bitte versuchen Sie es mit einer anderen Zahlungsart.",
        "es": "El pago fue rechazado. Pruebe con otra forma de pago, por favor.",
        "fr": "Le paiement a été refusé. Veuillez essayer un autre moyen de paiement.",
    },
    Rule.AMOUNT_NOT_POSITIVE: {
        "en": "The amount must be more than zero.",
        "de": "Der Betrag muss größer als null sein.",
        "es": "El importe debe ser mayor que cero.",
        "fr": "Le montant doit être supérieur à zéro.",
    },
    Rule.AMOUNT_ABOVE_PAID: {
        "en": "That is more than is left of what was paid.",
        "de": "Das ist mehr, als von der Zahlung übrig ist.",
        "es": "Es más de lo que queda de lo pagado.",
        "fr": "C'est plus que ce qui reste du paiement.",
    },
    Rule.OTHER_CURRENCY: {
        "en": "The order was paid in another currency.",
        "de": "Die Bestellung wurde in einer anderen Währung bezahlt.",
        "es": "El pedido se pagó en otra moneda.",
        "fr": "La commande a été payée dans une autre devise.",
    },
    Rule.ADDRESS_INCOMPLETE: {
        "en": "The address is not complete: we need street, city, postcode and country.",
        "de": "Die Adresse ist unvollständig: Wir brauchen Straße, Ort, Postleitzahl und Land.",
        "es": "La dirección está incompleta: necesitamos calle, ciudad, código postal y país.",
        "fr": "L'adresse est incomplète : il nous faut la rue, la ville, le code postal et le pays.",
    },
    Rule.NOTHING_CHANGES: {
        "en": "It is like this already, so nothing had to be changed.",
        "de": "Es ist schon so; zu ändern war nichts.",
        "es": "Ya está así; no había nada que cambiar.",
        "fr": "C'est déjà le cas ; il n'y avait rien à changer.",
    },
    Rule.NOT_OFFERED: _PEOPLE,
    Rule.NOT_CONFIRMED: {
        "en": "We need your explicit yes before we do this.",
        "de": "Dafür brauchen wir erst Ihr ausdrückliches Ja.",
        "es": "Antes de hacerlo necesitamos su sí expreso.",
        "fr": "Il nous faut d'abord votre accord explicite.",
    },
    Rule.UNKNOWN_PARTNER: _PEOPLE,
    Rule.CLAIM_WINDOW_OVER: {
        "en": "The time in which damaged, wrong or missing items could be reported is over.",
        "de": "Die Frist, um beschädigte, falsche oder fehlende Artikel zu melden, ist abgelaufen.",
        "es": "El plazo para comunicar artículos dañados, equivocados o que faltan ha terminado.",
        "fr": "Le délai pour signaler un article abîmé, erroné ou manquant est dépassé.",
    },
    Rule.NO_LONGER_OPEN: {
        "en": "This has been closed in the meantime.",
        "de": "Das ist inzwischen abgeschlossen.",
        "es": "Entretanto, esto ya se ha cerrado.",
        "fr": "Entre-temps, cela a été clôturé.",
    },
}


def refusal_words(refused: Refused | Rule, language: str) -> str:
    """One sentence or two for the customer. `language` is an ISO 639-1 code; English for those Baton does not write."""
    words = _WORDS[refused.rule if isinstance(refused, Refused) else refused]
    return words.get(language, words["en"])
