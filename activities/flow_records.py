"""Arguments and results of the flows' activities: ids, amounts and typed decisions, never anybody's words."""

from datetime import datetime

from domain.flows.effects import Done
from domain.flows.kinds import AskedBy, FlowEntry, FlowOutcome, FlowState, TaskKind
from domain.flows.refusal import Refused
from domain.flows.requests import (
    ClaimRequest,
    ExchangeRequest,
    FlowRequest,
    InquiryRequest,
    OutreachRequest,
    ReturnRequest,
)
from domain.flows.rules import Approval, ClaimRules, DelayRules, ExchangeRules, Partner, ReturnRules
from domain.flows.verdict import Verdict
from domain.values import Value


class FlowRef(Value):
    """A flow."""

    flow_id: str


class ReturnBrief(Value):
    """What a return rests on; the same in every run of it."""

    request: ReturnRequest
    verdict: Verdict
    rules: ReturnRules
    asked_by: AskedBy


class ExchangeBrief(Value):
    """What an exchange rests on."""

    request: ExchangeRequest
    verdict: Verdict
    rules: ExchangeRules
    asked_by: AskedBy


class ChangeBrief(Value):
    """What a change of an order, or a refund, rests on."""

    request: FlowRequest
    verdict: Verdict
    approval: Approval
    asked_by: AskedBy


class ClaimBrief(Value):
    """What a claim rests on."""

    request: ClaimRequest
    verdict: Verdict
    rules: ClaimRules
    asked_by: AskedBy
    has_photo: bool
    """The case that it was asked for in holds a picture."""


class InquiryBrief(Value):
    """What a question to an outside party rests on."""

    request: InquiryRequest
    partner: Partner
    asked_by: AskedBy


class OutreachBrief(Value):
    """What a word to a customer rests on."""

    request: OutreachRequest
    rules: DelayRules


class Resting(Value):
    """A state in which a flow waits, reported to the store."""

    flow_id: str
    handled_seq: int
    state: FlowState
    due_in: float
    """Seconds until the sweep should look after it."""


class FlowMissed(Value):
    """Entries that a run has not been told yet."""

    entries: tuple[FlowEntry, ...]


class FlowClosing(Value):
    """A wish to close: done only if every entry is handled."""

    flow_id: str
    handled_seq: int
    outcome: FlowOutcome
    reason: str = ""


class ToDo(Value):
    """One step in the shop. What it is about is read from the flow's row."""

    flow_id: str
    part: str = ""
    """The line or the occasion, where a flow does the same thing several times."""
    ref: str = ""
    """The shop's id of what an earlier step made."""
    amount_minor: int = 0


class Effected(Value):
    """The shop's answer: one of the two."""

    done: Done | None = None
    refused: Refused | None = None

    @property
    def at(self) -> datetime:
        """When it was first done."""
        return self._known.at

    @property
    def ref(self) -> str:
        """The shop's id of what was made; empty if it was refused."""
        return self.done.ref if self.done else ""

    @property
    def _known(self) -> Done:
        if self.done is None:
            raise ValueError("it was refused")
        return self.done


class ToAsk(Value):
    """Something that people are asked to do."""

    flow_id: str
    key: str
    """Names it within the flow."""
    kind: TaskKind
    team: str = ""
    """Empty: the overflow team."""
    hours: float
    """Until it is overdue."""
    amount_minor: int | None = None
    facts: dict[str, str] = {}
    """What they need for it: steps, rules, ids."""


class Asked(Value):
    """The task that is open now."""

    task_id: str
    due_at: datetime


class ToSay(Value):
    """A word to the customer, by its name in `domain.flows.words`; said once for each name and flow."""

    flow_id: str
    word: str
    part: str = ""
    """Where a flow says the same thing several times, e.g. the second reminder."""
