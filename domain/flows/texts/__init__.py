"""What flows say, language by language. `domain.flows.words` fills the texts with facts."""

from domain.flows.texts.english import ENGLISH
from domain.flows.texts.french import FRENCH
from domain.flows.texts.german import GERMAN
from domain.flows.texts.spanish import SPANISH
from domain.flows.texts.text import FlowTexts

TEXTS: dict[str, FlowTexts] = {"en": ENGLISH, "de": GERMAN, "es": SPANISH, "fr": FRENCH}
"""By ISO 639-1 code."""

__all__ = ["TEXTS", "FlowTexts"]
