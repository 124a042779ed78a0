"""What a customer is told who is to prove who they are, in the languages that Baton writes; English for all others.

The words depend on what the customer has done, never on what the shop knows: a wrong postcode, an unknown order and an
address that nobody has are answered alike.
"""

from enum import StrEnum

from domain.values import Value


class Telling(StrEnum):
    """What is said."""

    ASK = "ask"
    ASK_REST = "ask_rest"
    """An order number is known; what belongs to it is missing."""
    WRONG = "wrong"
    WRONG_CODE = "wrong_code"
    CODE_SENT = "code_sent"


class CodeMail(Value):
    """The mail with a code."""

    subject: str
    text: str


_SAID: dict[Telling, dict[str, str]] = {
    Telling.ASK: {
        "en": "I can look into this as soon as I know that it is your order. Please send me the order number together "
        "with the e-mail address of the order or the postcode that it was sent to.",
        "de": "Ich sehe gern nach, sobald ich weiß, dass es Ihre Bestellung ist. Bitte schicken Sie mir die "
        "Bestellnummer zusammen mit der E-Mail-Adresse der Bestellung oder der Postleitzahl der Lieferadresse.",
        "es": "Puedo consultarlo en cuanto sepa que el pedido es suyo. Envíeme, por favor, el número de pedido junto "
        "con el correo electrónico del pedido o el código postal de entrega.",
        "fr": "Je peux regarder dès que je sais que cette commande est la vôtre. Envoyez-moi, s'il vous plaît, le "
        "numéro de commande avec l'adresse e-mail de la commande ou le code postal de livraison.",
    },
    Telling.ASK_REST: {
        "en": "Thank you. So that I know that it is your order, please also send me its e-mail address or the postcode "
        "that it was sent to.",
        "de": "Danke. Damit ich weiß, dass es Ihre Bestellung ist, schicken Sie mir bitte noch ihre E-Mail-Adresse "
        "oder "
        "die Postleitzahl der Lieferadresse.",
        "es": "Gracias. Para saber que el pedido es suyo, envíeme también, por favor, su correo electrónico o el "
        "código "
        "postal de entrega.",
        "fr": "Merci. Pour savoir que cette commande est la vôtre, envoyez-moi aussi, s'il vous plaît, son adresse "
        "e-mail ou le code postal de livraison.",
    },
    Telling.WRONG: {
        "en": "That does not match what we have. Please check the order number, and the e-mail address or postcode of "
        "the order, and send me both.",
        "de": "Das passt nicht zu unseren Angaben. Bitte prüfen Sie die Bestellnummer und die E-Mail-Adresse oder "
        "Postleitzahl der Bestellung, und schicken Sie mir beides.",
        "es": "Eso no coincide con nuestros datos. Compruebe, por favor, el número de pedido y el correo electrónico o "
        "código postal del pedido, y envíeme ambos.",
        "fr": "Cela ne correspond pas à nos données. Vérifiez, s'il vous plaît, le numéro de commande et l'adresse "
        "e-mail ou le code postal de la commande, et envoyez-moi les deux.",
    },
    Telling.WRONG_CODE: {
        "en": "This code does not match, or it is no longer valid. Please check the newest mail.",
        "de": "Dieser Code passt nicht oder gilt nicht mehr. Bitte sehen Sie in der neuesten Mail nach.",
        "es": "Este código no coincide o ya no es válido. Compruebe, por favor, el correo más reciente.",
        "fr": "Ce code ne correspond pas ou n'est plus valable. Vérifiez, s'il vous plaît, le dernier e-mail reçu.",
    },
    Telling.CODE_SENT: {
        "en": "If we know this address, a six-digit code is on its way to it. Please send me the code here; it is "
        "valid "
        "for ten minutes.",
        "de": "Wenn wir diese Adresse kennen, ist ein sechsstelliger Code dorthin unterwegs. Bitte schicken Sie mir "
        "den "
        "Code hier; er gilt zehn Minuten.",
        "es": "Si conocemos esta dirección, un código de seis cifras está en camino. Envíemelo aquí, por favor; es "
        "válido durante diez minutos.",
        "fr": "Si nous connaissons cette adresse, un code à six chiffres y est en route. Envoyez-le-moi ici, s'il vous "
        "plaît ; il est valable dix minutes.",
    },
}
_OR_CODE = {
    "en": "Or send me only the e-mail address that you order with, and you get a one-time code there.",
    "de": "Oder schicken Sie mir nur die E-Mail-Adresse, mit der Sie bestellen: Sie bekommen dorthin einen Einmalcode.",
    "es": "O envíeme solo el correo electrónico con el que hace sus pedidos y recibirá allí un código de un solo uso.",
    "fr": "Ou envoyez-moi seulement l'adresse e-mail avec laquelle vous commandez : vous y recevrez un code à usage "
    "unique.",
}
_SUBJECT = {
    "en": "Your one-time code for {brand}",
    "de": "Ihr Einmalcode für {brand}",
    "es": "Su código de un solo uso para {brand}",
    "fr": "Votre code à usage unique pour {brand}",
}
_MAIL = {
    "en": "Your code is {code}. It is valid for ten minutes and for the conversation in which it was asked for.\n\n"
    "If you have not just written to {brand} and asked for it, please ignore this mail and give the code to nobody.",
    "de": "Ihr Code lautet {code}. Er gilt zehn Minuten und für das Gespräch, in dem er angefordert wurde.\n\n"
    "Wenn Sie nicht gerade an {brand} geschrieben und ihn angefordert haben, beachten Sie diese Mail bitte nicht und "
    "geben Sie den Code an niemanden weiter.",
    "es": "Su código es {code}. Es válido durante diez minutos y para la conversación en la que se pidió.\n\n"
    "Si no acaba de escribir a {brand} para pedirlo, no haga caso de este correo y no dé el código a nadie.",
    "fr": "Votre code est {code}. Il est valable dix minutes et pour la conversation dans laquelle il a été "
    "demandé.\n\n"
    "Si vous ne venez pas d'écrire à {brand} pour le demander, ignorez cet e-mail et ne donnez le code à personne.",
}


def proof_words(telling: Telling, language: str, *, codes: bool) -> str:
    """What is said; `codes`: one-time codes can be sent, which is then offered as the other way."""
    said = _SAID[telling]
    words = said.get(language, said["en"])
    if not codes or telling is Telling.CODE_SENT:
        return words
    return f"{words}\n\n{_OR_CODE.get(language, _OR_CODE['en'])}"


def asks_for_proof(text: str) -> bool:
    """Does a text of Baton's hold a request for proof, in whichever language?"""
    return any(words in text for said in _SAID.values() for words in said.values())


def code_mail(code: str, brand: str, language: str) -> CodeMail:
    """The mail that carries a code."""
    subject, text = (said.get(language, said["en"]) for said in (_SUBJECT, _MAIL))
    return CodeMail(subject=subject.format(brand=brand), text=text.format(brand=brand, code=code))
