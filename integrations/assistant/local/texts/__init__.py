"""All that the local assistant says, by language. A language without an entry here goes to a person."""

from integrations.assistant.local.texts.english import ENGLISH
from integrations.assistant.local.texts.french import FRENCH
from integrations.assistant.local.texts.german import GERMAN
from integrations.assistant.local.texts.spanish import SPANISH
from integrations.assistant.local.texts.text import Texts

TEXTS: dict[str, Texts] = {"en": ENGLISH, "de": GERMAN, "es": SPANISH, "fr": FRENCH}
"""By ISO 639-1 code."""

__all__ = ["ENGLISH", "TEXTS", "Texts"]
