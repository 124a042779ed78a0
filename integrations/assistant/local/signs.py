"""Signals that rules read better than a classifier: a wish for a person, urgency, tone, machines' texts.

The patterns are wide on purpose: a case that goes to a person needlessly costs minutes, one that does not may cost a
customer or worse.
"""

import re

from domain.triage import Sentiment, Urgency
from integrations.assistant.local.patterns import read_patterns
from integrations.assistant.local.wording import unaccented

_SIGNS = read_patterns("signs")
_BY_GRAVITY = (Urgency.SAFETY, Urgency.LEGAL, Urgency.CHARGEBACK, Urgency.PRESS, Urgency.TIME)


def wants_person(text: str) -> bool:
    """Whether the customer asks for a person."""
    return bool(_SIGNS["wish_for_person"].search(_SIGNS["no_wish"].sub(" ", unaccented(text))))


def urgency_of(text: str) -> Urgency:
    """The gravest urgency that the text names, in the order safety, legal, chargeback, press, time."""
    plain = unaccented(text)
    return next((urgency for urgency in _BY_GRAVITY if _SIGNS[urgency.value].search(plain)), Urgency.NORMAL)


def completed(urgency: Urgency, signs: frozenset[str]) -> Urgency:
    """What the patterns found, or where they found nothing grave the gravest of the model's signs."""
    if urgency not in (Urgency.NORMAL, Urgency.TIME):
        return urgency
    return next((grave for grave in _BY_GRAVITY if grave.value in signs), urgency)


def sentiment_of(text: str) -> Sentiment:
    """How the text sounds, by its words, capitals and exclamation marks."""
    shouting = len(re.findall(r"\b[A-Z]{3,}\b", text)) >= 4 or text.count("!") >= 3
    negative = bool(_SIGNS["negative"].search(text))
    if _SIGNS["angry"].search(text) or (shouting and negative):
        return Sentiment.ANGRY
    if negative:
        return Sentiment.NEGATIVE
    return Sentiment.POSITIVE if _SIGNS["positive"].search(text) else Sentiment.NEUTRAL


def is_auto_reply(text: str) -> bool:
    """Whether a machine wrote this."""
    return bool(_SIGNS["machine"].search(text))
