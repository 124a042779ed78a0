"""Evening out the wording before classification: greetings and names off, numbers and addresses masked."""

import re
import unicodedata
from typing import NamedTuple

from integrations.assistant.local.glossary import gloss

_GREETING = re.compile(
    r"^\W*(?:hi|hello|hey|hiya|hallo|yo|greetings|good (?:morning|afternoon|evening|day)"
    r"|dear (?:sir|madam|team|support)|moin|servus|guten (?:tag|morgen|abend)|sehr geehrte(?: damen und herren)?"
    r"|hola|buen[oa]s(?: d[ií]as| tardes| noches)?|bonjour|bonsoir|salut|madame, monsieur)\b"
    r"(?: there| all| team| guys| zusammen)?[\s,.!:;-]*",
    re.IGNORECASE,
)
_OWN_NAME = re.compile(
    r"\b(?:[Mm]y name is|[Tt]his is|[Ii] am|[Ii]'m) [A-Z][\w'-]+(?: [A-Z][\w'-]+)?\b[.,!]?(?! [a-z])"
)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")
_REPEATED = re.compile(r"(.)\1{2,}")
_MASKS = (
    (re.compile(r"\S+@\S+\.\w+"), " mailaddress "),
    (re.compile(r"(?:https?://|www\.)\S+"), " weblink "),
    (re.compile(r"\b[a-z]{2,3}-?\d{4,}\b|#\s?\d{4,}"), " ordernumber "),
    (
        re.compile(r"[$€£]\s?\d[\d.,]*|\b\d[\d.,]*\s?(?:euros?|eur|usd|dollars?|pounds?|gbp|bucks|quid)\b"),
        " amount ",
    ),
    (re.compile(r"\d{5,}"), " longnumber "),
    (re.compile(r"\d+"), " 0 "),
)


def unaccented(text: str) -> str:
    """The text with plain letters: é as e, ü as u, ß as ss. Many customers type it so anyway."""
    split = unicodedata.normalize("NFKD", text.replace("ß", "ss").replace("’", "'"))
    return "".join(letter for letter in split if not unicodedata.combining(letter))


def without_greeting(text: str) -> str:
    """The message without its opening greeting and the writer's name; unchanged if hardly anything would be left."""
    rest = _GREETING.sub("", _OWN_NAME.sub(" ", text.replace("’", "'")))
    return rest.strip() if len(re.findall(r"\w+", rest)) >= 2 else text


def even_out(text: str) -> str:
    """The wording that the classifier sees."""
    text = without_greeting(text).lower()
    for pattern, mask in _MASKS:
        text = pattern.sub(mask, text)
    return " ".join(_REPEATED.sub(r"\1\1", text).split())


class Wording(NamedTuple):
    """A text as the classifiers see it."""

    terms: str
    """Its evened words, in another language than English with the glosses behind them."""
    meaning: str
    """English words for the embedding."""


def worded(text: str, language: str) -> Wording:
    """The wording of a text in a language."""
    evened = even_out(text)
    english = "" if language == "en" else gloss(without_greeting(text))
    return Wording(f"{evened} {english}" if english else evened, english or evened)


def sentences(text: str) -> list[str]:
    """Sentences and lines of a message, those of a single word left out."""
    return [part.strip() for part in _SENTENCE_END.split(text) if len(part.split()) > 1]
