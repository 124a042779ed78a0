"""What a turn of a flow's dialogue rests on: the case, where it stands, and what was read back before."""

from dataclasses import dataclass

from domain.case import Case
from domain.flows.requests import flow_named
from domain.flows.verdict import RequestFacts
from domain.parties import AuthorKind
from domain.plan import Stage
from domain.policy import Policy
from domain.proposal import HandoffReason
from domain.proving import Proven
from domain.triage import GRAVE, IssueType, Relation, Triage
from store.flow_wishes import ReadBack


@dataclass(frozen=True)
class Talk:
    """What a turn of the dialogue rests on."""

    case: Case
    triage: Triage
    stage: Stage
    policy: Policy
    customer_id: str
    """The shop's id of the verified customer."""
    last: ReadBack | None
    heard: int
    """Read-backs that the customer has heard since the last one that came to an end."""

    @property
    def flow(self) -> str:
        """The flow that the stage names; where it names none, the one that the AI has proposed."""
        return self.stage.flow or (flow_named(self.last.request) if self.last else "")

    @property
    def language(self) -> str:
        """ISO 639-1."""
        return self.triage.language

    @property
    def turns(self) -> tuple[str, ...]:
        """What the customer has said since the last request of theirs came to an end, oldest first."""
        since = self.last.closed_at if self.last else None
        mine = (turn for turn in self.case.turns if turn.author is AuthorKind.CUSTOMER)
        return tuple(turn.text for turn in mine if since is None or turn.at > since)

    @property
    def pending(self) -> ReadBack | None:
        """The read-back that the customer is answering: the last thing that anybody said to them."""
        last = self.last
        of_this_flow = last is not None and flow_named(last.request) == self.flow
        return last if of_this_flow and is_pending(last, self.case) else None


def is_pending(last: ReadBack | None, case: Case) -> bool:
    """Is it open, and the last thing that anybody said to the customer before their unanswered words?"""
    if last is None or last.closed_at is not None:
        return False
    before = case.turns[: case.turns.index(case.unanswered_turns[0])] if case.new_turns else ()
    said = next((turn for turn in reversed(before) if turn.author is not AuthorKind.CUSTOMER), None)
    return said is not None and said.message_id == last.message_id


@dataclass(frozen=True)
class Confirmed:
    """The customer has said yes to exactly what would be done."""

    talk: Talk
    last: ReadBack
    facts: RequestFacts


def proof_of(case: Case) -> Proven | None:
    """What the customer has proven of themselves."""
    if case.customer is None or not case.verified:
        return None
    return Proven(shop_customer_id=case.customer.customer_id, orders=case.proven_orders)


def barred_from(case: Case, policy: Policy) -> HandoffReason | None:
    """What a person gets, whatever could be begun; the same as for every other word of the AI."""
    triage = case.triage
    if triage is None or triage.language not in policy.assistant.languages:
        return HandoffReason.UNSUPPORTED_REQUEST
    if triage.wants_person or triage.issue is IssueType.HUMAN:
        return HandoffReason.CUSTOMER_REQUEST
    if triage.relation is Relation.DISSATISFIED:
        return HandoffReason.DISSATISFIED
    if triage.urgency in GRAVE or not case.verified:
        return HandoffReason.POLICY_RESTRICTION
    return None
