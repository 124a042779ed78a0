"""The languages in which Baton finds promises."""

from domain.tongues.english import ENGLISH
from domain.tongues.french import FRENCH
from domain.tongues.german import GERMAN
from domain.tongues.spanish import SPANISH
from domain.tongues.tongue import Tongue

TONGUES = (ENGLISH, GERMAN, SPANISH, FRENCH)

__all__ = ["TONGUES", "Tongue"]
