"""Promises in English: see `domain.tongues.tongue`."""

from domain.commitment import FulfilledBy
from domain.tongues.tongue import Tongue

_VERB = (
    r"get(?:ting)? back|reply|answer|respond|write|e-?mail|call|phone|ring|contact|let you|keep you|update|inform|"
    r"tell|send|ship|dispatch|post|refund|transfer|replace|exchange|check|look into|find out|investigate|process|"
    r"issue|arrange|resolve|fix|confirm|have (?:an?|the|your) (?:answer|update|reply|decision|result)|take care|"
    r"follow up|be in touch|come back to you|forward|credit|clarify|cancel|review|reach out|give you|ask|sort"
)
_WHO = r"(?:i|we|(?:our|the|my)(?: \w+)? (?:team|department|colleagues?)|a colleague|someone|somebody)"
_ADVERB = r"(?: (?:also|then|personally|definitely|certainly|gladly|surely|now|both|be sure to|make sure to|try to))"
_THING = r"(?:answer|reply|response|update|news|refund|money|replacement|decision|confirmation|credit|label|call)"

ENGLISH = Tongue(
    promise=(
        rf"\b(?:{_WHO} (?:will|shall|am going to|are going to|is going to)|(?:i|we)'ll|and (?:i |we )?will)"
        rf"{_ADVERB}{{0,2}} (?:{_VERB})\b"
        r"|\b(?:i am|i'm|we are|we're) (?:getting back|sending|shipping|refunding|calling|replacing|transferring)\b"
        r"|\byou(?: will|'ll| can expect to| should) "
        rf"(?:hear(?: back)? from|(?:get|receive|have|see) (?:\w+ ){{1,3}}?{_THING})\b"
        rf"|\b(?:you can )?expect (?:an?|our|my|your|the) {_THING}\b"
        rf"|\byour {_THING} will be (?:sent|issued|made|paid|processed|with you|on its way)\b"
    ),
    conditions=(
        r"\b(?:if|when|once|unless|which|who|because|since|after(?! tomorrow)|as soon as|as long as|provided|"
        r"that (?:you|your|we|the|it|was|is|has|arrived|\w+ed))\b[^,;]*"
    ),
    asides=r"\b(?:why|what|where|how|whether)\b[^,;]*",
    habit=r"\b(?:usually|normally|typically|generally|always|as a rule|in most cases|policy)\b",
    negation=r"\b(?:will not|won't|shall not|cannot|can't|unable|not be able|never)\b",
    by=r"(?:by|until|till|no later than|not later than|at the latest(?: by| on)?|latest(?: by)?)(?: the)?",
    on=r"(?:on|for)(?: the)?",
    before=r"before(?: the)?",
    within=r"(?:within|inside|in|in less than)(?: the| the next| next)?",
    past=r"(?:from|of|since|last|past|your|\w+ed|sent|bought|made|paid|was|were)",
    past_after=r"(?:'s\b|s\b|\s+ago\b|\s+last\b)",
    other_event=r",?\s+(?:of|after|from|since|following|before|ago|once)\b",
    weekdays=("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
    relative={
        "the day after tomorrow": 2, "tomorrow": 1, "today": 0, "tonight": 0,
        "this(?= morning| afternoon| evening)": 0,
    },
    months=(
        "jan(?:uary|\\.)?", "feb(?:ruary|\\.)?", "mar(?:ch|\\.)?", "apr(?:il|\\.)?", "may", "june?", "july?",
        "aug(?:ust|\\.)?", "sep(?:tember|t\\.?|\\.)?", "oct(?:ober|\\.)?", "nov(?:ember|\\.)?", "dec(?:ember|\\.)?",
    ),
    minute=r"min(?:ute)?s?",
    hour=r"h(?:ou)?rs?|h",
    day="days?",
    week="weeks?",
    working=r"(?:working|business|work)",
    numbers={
        "an": 1, "a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
        "nine": 9, "ten": 10, "the": 1, "a couple of": 2,
    },
    next_word=r"(?:(?:this|next|coming|this coming)\s+)?",
    morning=r"(?:in the )?morning",
    afternoon=r"(?:in the )?afternoon",
    noon=r"noon|midday|lunchtime",
    evening=r"(?:in the )?(?:evening|night)",
    at=r"at|by|around",
    numeric=False,
    end_of_day=(
        r"(?:the )?(?:end of (?:the |this |business )?(?:business |working )?(?:day|today)|eod|cob|close of business)"
    ),
    end_of_week=r"(?:the )?(?:end of (?:the|this) (?:working )?week)|this week",
    next_week=r"(?:the )?(?:end of )?next week",
    fulfilled=(
        (r"refund|money|credit|transfer", FulfilledBy.REFUND),
        (r"replac|new one|exchange", FulfilledBy.REPLACEMENT),
        (r"ship|dispatch|send (?:it|them|(?:the|your) (?:order|parcel|item|missing \w+)) ?out", FulfilledBy.SHIPMENT),
        (
            (
                r"get(?:ting)? back|reply|answer|respond|write|mail|call|contact|let you|keep you|update|inform|tell|"
                r"follow up|be in touch|come back to you|hear|response|news|confirm|reach out"
            ),
            FulfilledBy.REPLY,
        ),
    ),
)  # fmt: skip
