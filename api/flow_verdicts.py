"""What policy says of a request, as the API tells it: to agents in full, to customers without what is not theirs."""

from datetime import datetime

from pydantic import BaseModel

from api.problems import Problem
from domain.flows.refusal import Refused, Rule
from domain.flows.refusal_words import refusal_words
from domain.flows.verdict import Verdict

_UNKNOWN = {Rule.UNKNOWN_ORDER, Rule.FOREIGN_ORDER}
_MASKED = {Rule.FOREIGN_ORDER: Rule.UNKNOWN_ORDER, Rule.FLAGGED: Rule.NOT_OFFERED}
"""Rules that customers are told as another one: an order of somebody else, a mark on themselves."""


class VerdictView(BaseModel):
    """Allowed with the amounts that follow, or refused by a rule. Amounts are in minor units of `currency`."""

    allowed: bool
    rule: str = ""
    """The rule that stands against it."""
    detail: str = ""
    """Ids, states and numbers about the rule; for agents."""
    words: str = ""
    """The rule in words."""
    currency: str = ""
    goods_minor: int = 0
    """What the goods that come back were paid with."""
    fee_minor: int = 0
    shipping_minor: int = 0
    refund_minor: int = 0
    """What goes back if everything is accepted, bonus included."""
    bonus_minor: int = 0
    charge_minor: int = 0
    """What the customer has to pay more."""
    keeps_it: bool = False
    """Nothing has to be sent back."""
    needs_approval: bool = False
    """A person has to approve it."""
    approval_because: str = ""
    """`always`, `amount` or `flag:<name>`; for agents."""
    return_by: datetime | None = None
    """Until when it could be asked for (UTC)."""


def for_agent(verdict: Verdict) -> VerdictView:
    """Everything."""
    refused = verdict.refused
    return VerdictView(
        allowed=verdict.allowed,
        rule=refused.rule.value if refused else "",
        detail=refused.detail if refused else "",
        words=refusal_words(refused, "en") if refused else "",
        **verdict.model_dump(include=_AMOUNTS),
        needs_approval=bool(verdict.needs_approval),
        approval_because=verdict.needs_approval,
    )


def for_customer(verdict: Verdict) -> VerdictView:
    """Without the marks that the shop keeps on customers, and without anything of an order that is not theirs."""
    seen = for_agent(verdict)
    rule = _MASKED.get(verdict.refused.rule, verdict.refused.rule).value if verdict.refused else ""
    return seen.model_copy(update={"rule": rule, "detail": "", "approval_because": ""})


_AMOUNTS = {
    "currency",
    "goods_minor",
    "fee_minor",
    "shipping_minor",
    "refund_minor",
    "bonus_minor",
    "charge_minor",
    "keeps_it",
    "return_by",
}


def refusal(refused: Refused | Rule) -> Problem:
    """The problem document: 404 for an order that is not there or not theirs, else 409; `errors` names the rule."""
    rule = refused.rule if isinstance(refused, Refused) else refused
    shown, words = _MASKED.get(rule, rule), refusal_words(rule, "en")
    error = {"field": "request.order" if rule in _UNKNOWN else "request", "message": words, "rule": shown.value}
    return Problem(404 if rule in _UNKNOWN else 409, words, errors=[error])
