"""A conversation as a mail that the customer can answer."""

from collections.abc import Sequence

from domain.case import Turn
from domain.parties import AuthorKind

_OPENING = {
    "en": "You left the chat. Here is what was said. To go on, simply answer this mail.",
    "de": "Sie haben den Chat verlassen. Hier steht, was besprochen wurde. Antworten Sie einfach auf diese Mail.",
    "es": "Ha salido del chat. Aquí tiene lo que se habló. Para continuar, responda a este correo.",
    "fr": "Vous avez quitté le chat. Voici ce qui a été dit. Pour continuer, répondez à ce message.",
}
_YOU = {"en": "You", "de": "Sie", "es": "Usted", "fr": "Vous"}
_SUBJECT = {
    "en": "Your conversation with {brand}",
    "de": "Ihr Gespräch mit {brand}",
    "es": "Su conversación con {brand}",
    "fr": "Votre conversation avec {brand}",
}


def transcript(turns: Sequence[Turn], labels: dict[AuthorKind, str], language: str) -> str:
    """The text of a transcript mail, oldest turn first. `labels` name everybody but the customer."""
    you = _YOU.get(language, _YOU["en"])
    names = {**labels, AuthorKind.CUSTOMER: you}
    said = [f"{names.get(turn.author, '')} ({turn.at:%Y-%m-%d %H:%M} UTC):\n{turn.text}" for turn in turns]
    return "\n\n".join([_OPENING.get(language, _OPENING["en"]), *said])


def transcript_subject(brand: str, language: str) -> str:
    """The subject line of a transcript mail."""
    return _SUBJECT.get(language, _SUBJECT["en"]).format(brand=brand)
