"""Arguments and results of the flows' activities: ids, amounts and typed decisions, never anybody's words."""

from datetime import datetime
from enum import StrEnum

from domain.flows.effects import Done
from domain.flows.kinds import AskedBy, FlowEntry, FlowOutcome, FlowState, TaskKind
from domain.flows.refusal import Refused
from domain.flows.requests import Complaint, CustomRequest, InquiryRequest, OutreachRequest, Remedy
from domain.flows.rules import Approval, ClaimRules, DelayRules, ExchangeRules, OwnFlow, Partner, ReturnRules
from domain.flows.verdict import Verdict
from domain.flows.waiting import Wait, Waited
from domain.values import Value


class FlowRef(Value):
    """A flow."""

    flow_id: str


class PhotoWish(Value):
    """Whether the customer has to show what is wrong."""

    wanted: bool
    there: bool
    """The case that it was asked for in holds a picture."""
    hours: float
    """How long they have."""


class ReturnBrief(Value):
    """What a return rests on; the same in every run of it."""

    verdict: Verdict
    rules: ReturnRules
    photo: PhotoWish


class ExchangeBrief(Value):
    """What an exchange rests on. Its swaps are called by their place in the request, `1` being the first."""

    verdict: Verdict
    rules: ExchangeRules
    photo: PhotoWish
    swaps: int
    named_method: bool
    """The customer has named what pays or receives the price difference."""


class ChangeBrief(Value):
    """What a change of an order, or a refund, rests on."""

    verdict: Verdict
    approval: Approval


class ClaimBrief(Value):
    """What a claim rests on. Its items are called by their place in the request, `1` being the first."""

    verdict: Verdict
    rules: ClaimRules
    photo: PhotoWish
    items: int
    complaint: Complaint
    remedy: Remedy


class InquiryBrief(Value):
    """What a question to an outside party rests on."""

    request: InquiryRequest
    partner: Partner
    asked_by: AskedBy


class OwnBrief(Value):
    """What a flow of the brand's own rests on."""

    request: CustomRequest
    verdict: Verdict
    rules: OwnFlow
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
    wait: str = ""
    """The wait by its name within the flow; empty while the flow is at work."""
    until: datetime | None = None
    """Its deadline, if it begins now; one that has begun before keeps its own."""


class FlowMissed(Value):
    """What a run learns when it reports in."""

    entries: tuple[FlowEntry, ...]
    """Entries that it has not been told yet."""
    wait: Wait = Wait()


class Concluding(Value):
    """A wait has ended. The first word on it counts."""

    flow_id: str
    wait: str
    ended: Waited


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
    """The shop's ids of what earlier steps made, or what else it is about; several are separated by blanks."""
    amount_minor: int = 0
    bonus_minor: int = 0
    quantity: int = 0
    """Units; 0: as many as were asked for."""


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


class ToChoose(Value):
    """Swaps whose stock has vanished, by their place, and what the customer may choose instead."""

    flow_id: str
    places: tuple[str, ...]
    choices: tuple[str, ...]


class Came(StrEnum):
    """What counts as having come back as it should."""

    AS_COUNTED = "as_counted"
    ALL = "all"
    """Also what never arrived: a green return, or a parcel that was lost."""
    NONE = "none"


class ToWeigh(Value):
    """What of an exchange or a claim is settled: swaps or items by their place in the request."""

    flow_id: str
    shipped: tuple[str, ...] = ()
    """Replacements that have left."""
    missing: tuple[str, ...] = ()
    """Those that are refunded instead."""
    charged_minor: int = 0
    came: Came = Came.AS_COUNTED


class ToSay(Value):
    """A word to the customer, by its name in `domain.flows.words`; said once for each name and flow."""

    flow_id: str
    word: str
    part: str = ""
    """Where a flow says the same thing several times, e.g. the second reminder."""
