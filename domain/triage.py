"""What triage says of a customer's turn: issue, confidence, entities, tone, urgency, language, relation to the case."""

from datetime import date
from enum import StrEnum

from pydantic import Field

from domain.money import Money
from domain.values import Value


class IssueType(StrEnum):
    """The problems that a shop's customers write about (design, section 1)."""

    ORDER_STATUS = "order_status"
    DELIVERY = "delivery"
    RETURN = "return"
    EXCHANGE = "exchange"
    REFUND = "refund"
    CANCEL_ORDER = "cancel_order"
    CHANGE_ORDER = "change_order"
    DAMAGED_WRONG = "damaged_wrong"
    PRODUCT_QUESTION = "product_question"
    BILLING = "billing"
    ACCOUNT = "account"
    PROMO = "promo"
    SUBSCRIPTION = "subscription"
    COMPLAINT = "complaint"
    HUMAN = "human"
    SITE_ISSUE = "site_issue"
    OTHER = "other"
    SPAM = "spam"


class Sentiment(StrEnum):
    """How the customer sounds."""

    POSITIVE = "positive"
    NEUTRAL = "neutral"
    NEGATIVE = "negative"
    ANGRY = "angry"


class Urgency(StrEnum):
    """`NORMAL`, or what makes the case urgent."""

    NORMAL = "normal"
    TIME = "time"
    LEGAL = "legal"
    SAFETY = "safety"
    CHARGEBACK = "chargeback"
    PRESS = "press"


GRAVE = frozenset({Urgency.LEGAL, Urgency.SAFETY, Urgency.CHARGEBACK, Urgency.PRESS})
"""What a person answers, whatever it is about."""


class Complexity(StrEnum):
    """How much there is to settle in one turn."""

    SIMPLE = "simple"
    INVOLVED = "involved"


class Relation(StrEnum):
    """How a turn relates to the interaction it arrived in."""

    SAME = "same"
    """The same problem: its first telling, a detail, a follow-up."""
    ANOTHER = "another"
    """A different problem; it becomes a linked interaction before any reply."""
    THANKS = "thanks"
    """A confirmation that the problem is solved; never goes to a person."""
    GREETING = "greeting"
    """Only a greeting so far; the problem is yet to come."""
    DISSATISFIED = "dissatisfied"
    """The last answer did not help."""


class Entities(Value):
    """What the turn names. Values are normalised (order numbers as the shop writes them, e-mail in lower case)."""

    order_numbers: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    """Product ids of the catalogue."""
    postcodes: tuple[str, ...] = ()
    amounts: tuple[Money, ...] = ()
    dates: tuple[date, ...] = ()
    variants: tuple[str, ...] = ()
    """Sizes and colours in the text's own words, lower case."""
    codes: tuple[str, ...] = ()
    """One-time codes, read only in answer to a question for one."""


class Triage(Value):
    """The outcome of triage for the customer's newest turn, read in the light of the conversation so far.

    `confidence` and the numbers in `alternatives` are calibrated probabilities between 0 and 1.
    """

    issue: IssueType
    confidence: float = Field(ge=0, le=1)
    alternatives: tuple[tuple[IssueType, float], ...] = ()
    """The next candidates, best first, the chosen issue left out."""
    further_issues: tuple[IssueType, ...] = ()
    relation: Relation = Relation.SAME
    entities: Entities = Entities()
    sentiment: Sentiment = Sentiment.NEUTRAL
    urgency: Urgency = Urgency.NORMAL
    wants_person: bool = False
    complexity: Complexity = Complexity.SIMPLE
    language: str = "en"
    """ISO 639-1 code."""
    auto_reply: bool = False
    """An out-of-office note, a delivery report or another machine's text."""

    @property
    def without_words(self) -> "Triage":
        """The same without the customer's own words."""
        return self.model_copy(update={"entities": Entities()})
