"""An explicit yes or no, in the languages that Baton writes: the whole of what was said, courtesy aside, or neither.

A no may say why and may be said in several ways at once, since nothing is begun on it; a yes may not.
"""

import re
from enum import StrEnum


class Consent(StrEnum):
    """What an answer to a read-back says."""

    YES = "yes"
    NO = "no"
    NEITHER = "neither"
    """Anything with a condition, a question or another word in it. Nothing is ever begun on it."""


_YES = """
yes|yes i do|yes i am|yes i want that|yes do it|yes do that|yes go ahead|yes that is right|yes that is correct
yes i agree|yes i confirm|i agree|i confirm|i confirm that|confirmed|go ahead|do|yes do|do it|yep|yeah
ja|ja gerne|gerne|ja genau|ja mach das|ja machen sie das|ja das passt|ja das stimmt|ja einverstanden|einverstanden
ich bestätige|ich bestätige das|bestätigt|jawohl
sí|si|sí adelante|adelante|sí de acuerdo|de acuerdo|sí por supuesto|lo confirmo|sí lo confirmo|confirmo|confirmado
oui|oui allez-y|allez-y|oui d'accord|d'accord|oui bien sûr|je confirme|oui je confirme|confirmé
"""
_NO = """
no|nope|no don't|no do not|don't|do not|don't do it|do not do it|no stop|stop|rather not|better not
never mind|nevermind|forget it|leave it|no leave it|no i don't|no i do not|no forget it|not now
nein|nein doch nicht|doch nicht|lieber nicht|nein lieber nicht|nicht|nein nicht|vergessen sie es|nicht nötig
no mejor no|mejor no|déjelo|no lo haga|no hace falta
non|non plutôt pas|plutôt pas|laissez tomber|ne le faites pas|non ne faites rien
"""
_TAKEN_BACK = """
i have changed my mind|i've changed my mind|i changed my mind|after all|not after all|keep it|keep them|keep the order
i keep it|i keep them|i'll keep it|i'll keep them|i want to keep it|i want to keep them|i'd rather keep it
ich habe es mir anders überlegt|ich hab's mir anders überlegt|ich behalte es|ich behalte sie|ich behalte ihn
ich möchte es behalten|ich möchte sie behalten|ich möchte ihn behalten
he cambiado de opinión|me lo quedo|me la quedo|me los quedo|me las quedo|prefiero quedármelo|prefiero quedármela
j'ai changé d'avis|je le garde|je la garde|je les garde|je préfère le garder|je préfère la garder|finalement
"""
"""What says why beside a no. Alone it may as well be the reason for what was read back."""
_COURTESY = """
please|ok|okay|all right|alright|sorry
thanks a lot|thank you very much|thank you so much|many thanks|thank you|thanks|thx|cheers|hello|hi
bitte sehr|bitte schön|bitte|vielen dank|danke schön|dankeschön|danke|hallo|guten tag
por favor|muchas gracias|gracias|hola|buenos días
s'il vous plaît|s'il te plaît|merci beaucoup|merci bien|merci|bonjour
"""
_CLOSING = """
best regards|kind regards|warm regards|regards|best wishes|yours sincerely|sincerely|all the best
mit freundlichen grüßen|freundliche grüße|viele grüße|liebe grüße|beste grüße|grüße|mfg|lg
un saludo|saludos cordiales|saludos|atentamente
cordialement|bien cordialement|bien à vous|salutations
"""
_QUESTION = re.compile(r"[?¿]")
_APOSTROPHE = re.compile("[’ʼ`´]")
_NEITHER_LETTER_NOR_MARK = re.compile(r"[^\w'\- ]+|[-']+(?=\s|$)|(?<!\S)[-']+|_+")


def _phrases(words: str) -> frozenset[str]:
    return frozenset(phrase.strip() for line in words.split("\n") for phrase in line.split("|") if phrase.strip())


def _any_of(words: str) -> str:
    """Longest first, so that a courtesy is not cut in the middle."""
    return "|".join(re.escape(phrase) for phrase in sorted(_phrases(words), key=len, reverse=True))


_YES_PHRASES, _NO_PHRASES = _phrases(_YES), _phrases(_NO)
_REFUSAL = re.compile(rf"(?:(?:{_any_of(_NO)}|{_any_of(_TAKEN_BACK)})(?: |$))+")
_PLAIN_NO = re.compile(rf"(?<!\S)(?:{_any_of(_NO)})(?!\S)")
_POLITE = re.compile(rf"(?<!\S)(?:{_any_of(_COURTESY)})(?!\S)")
_ENDING = re.compile(rf"(?<!\S)(?:{_any_of(_CLOSING)})(?P<name>(?: \S+)*)$")


def consent(said: str, *, name: str = "") -> Consent:
    """Reads everything that was said since the question, in whichever of the languages.

    A sign-off may be followed by words of the customer's own `name` and by nothing else.
    """
    if _QUESTION.search(said):
        return Consent.NEITHER
    spoken = " ".join(_POLITE.sub(" ", _signed_off(_plain(said), frozenset(_plain(name).split()))).split())
    repeated = set(spoken.split())
    if spoken in _YES_PHRASES or (len(repeated) == 1 and repeated <= _YES_PHRASES):
        return Consent.YES
    if _REFUSAL.fullmatch(spoken) and _PLAIN_NO.search(spoken):
        return Consent.NO
    return Consent.NEITHER


def _plain(text: str) -> str:
    text = _APOSTROPHE.sub("'", text.lower())
    return " ".join(_NEITHER_LETTER_NOR_MARK.sub(" ", text).split())


def _signed_off(text: str, name: frozenset[str]) -> str:
    """The text without its sign-off."""
    ending = _ENDING.search(text)
    if ending is None or not set(ending["name"].split()) <= name:
        return text
    return text[: ending.start()]
