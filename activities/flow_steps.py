"""Short reads and writes of a flow's row: local activities of the pool `workflows`. Each may run again."""

from sqlalchemy.ext.asyncio import AsyncSession
from temporalio import activity

from activities.flow_records import (
    ChangeBrief,
    ClaimBrief,
    Concluding,
    ExchangeBrief,
    FlowClosing,
    FlowMissed,
    FlowRef,
    InquiryBrief,
    OutreachBrief,
    OwnBrief,
    PhotoWish,
    Resting,
    ReturnBrief,
    ToChoose,
)
from activities.shop_steps import verdict_of
from domain.flows.kinds import AskedBy, FlowEntryKind, FlowKind
from domain.flows.requests import (
    ClaimRequest,
    Complaint,
    CustomRequest,
    ExchangeRequest,
    InquiryRequest,
    OutreachRequest,
    ReturnRequest,
    read_request,
)
from domain.flows.rules import Approval, ClaimRules, CommerceRules, ReturnRules
from domain.flows.verdict import Verdict
from domain.flows.waiting import Wait, Waited
from domain.plan import Evidence
from store import flow_closing
from store.database import Database
from store.evidence import evidence_missing
from store.flow_steps import begin_wait, end_wait
from store.flows import Flow, flow_entries_after, lock_flow, move_flow, tell_flow
from store.locking import database_now
from store.policy_versions import PolicyShelf

OPERATOR = "operator"
_GRACE_SECONDS = 120.0
"""How much later than a flow's own deadline the sweep looks after it."""
_LONGEST_REST = 86_400.0
"""Seconds within which each flow reports in, whatever it waits for."""


class FlowActivities:
    """The verbs of every flow's own story."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._shelf = PolicyShelf()

    @activity.defn
    async def begin_return(self, ref: FlowRef) -> ReturnBrief:
        """What a return rests on, by the policy version that it was asked for under."""
        flow, rules, _, verdict = await self._read(ref)
        return ReturnBrief(verdict=verdict, rules=rules.returns, photo=await self._photo(flow, rules.returns))

    @activity.defn
    async def begin_exchange(self, ref: FlowRef) -> ExchangeBrief:
        """What an exchange rests on."""
        flow, rules, _, verdict = await self._read(ref)
        request = ExchangeRequest.model_validate(flow.request)
        return ExchangeBrief(
            verdict=verdict,
            rules=rules.exchanges,
            photo=await self._photo(flow, rules.exchanges),
            swaps=len(request.swaps),
            named_method=bool(request.method_id),
        )

    @activity.defn
    async def begin_change(self, ref: FlowRef) -> ChangeBrief:
        """What a change of an order rests on. What changes stays in the store: it may be an address."""
        flow, rules, _, verdict = await self._read(ref)
        return ChangeBrief(verdict=verdict, approval=_approval(FlowKind(flow.kind), rules))

    @activity.defn
    async def begin_claim(self, ref: FlowRef) -> ClaimBrief:
        """What a claim rests on."""
        flow, rules, _, verdict = await self._read(ref)
        request = ClaimRequest.model_validate(flow.request)
        return ClaimBrief(
            verdict=verdict,
            rules=rules.claims,
            photo=await self._photo(flow, rules.claims),
            items=len(request.items),
            complaint=request.complaint,
            remedy=request.remedy,
        )

    @activity.defn
    async def begin_inquiry(self, ref: FlowRef) -> InquiryBrief:
        """What a question to an outside party rests on."""
        flow, rules, asked_by, _ = await self._read(ref)
        request = InquiryRequest.model_validate(flow.request)
        partner = rules.partners[request.partner]
        # No address enters a history; who has none is not reminded.
        unnamed = {"email": "", "attempts": partner.attempts if partner.email else 0}
        return InquiryBrief(request=request, partner=partner.model_copy(update=unnamed), asked_by=asked_by)

    @activity.defn
    async def begin_outreach(self, ref: FlowRef) -> OutreachBrief:
        """What a word to a customer rests on."""
        flow, rules, _, _ = await self._read(ref)
        return OutreachBrief(request=OutreachRequest.model_validate(flow.request), rules=rules.delays)

    @activity.defn
    async def begin_own(self, ref: FlowRef) -> OwnBrief:
        """What a flow of the brand's own rests on."""
        flow, rules, asked_by, verdict = await self._read(ref)
        request = CustomRequest.model_validate(flow.request)
        return OwnBrief(request=request, verdict=verdict, rules=rules.own[request.flow], asked_by=asked_by)

    @activity.defn
    async def report_flow(self, resting: Resting) -> FlowMissed:
        """Tell the store that the story is alive and what it waits for, and learn what it has missed."""
        async with self._database.begin() as session:
            flow = await lock_flow(session, resting.flow_id)
            wait = await begin_wait(session, flow, resting.wait, resting.until) if resting.wait else Wait()
            if flow.is_open:
                flow.handled_seq = max(flow.handled_seq, resting.handled_seq)
                await move_flow(session, flow, resting.state, due_in=await _due_in(session, wait))
            missed = await flow_entries_after(session, flow.id, resting.handled_seq)
            return FlowMissed(entries=tuple(missed), wait=wait)

    @activity.defn
    async def conclude(self, concluding: Concluding) -> Waited:
        """A wait has ended: how, as it was first said."""
        async with self._database.begin() as session:
            flow = await lock_flow(session, concluding.flow_id)
            return await end_wait(session, flow, concluding.wait, concluding.ended)

    @activity.defn
    async def call_off(self, ref: FlowRef) -> None:
        """An operator calls the flow off: an entry like the customer's own, so that every run learns of it. Once."""
        async with self._database.begin() as session:
            flow = await lock_flow(session, ref.flow_id)
            entries = await flow_entries_after(session, flow.id, 0)
            if not any(one.kind is FlowEntryKind.CUSTOMER_CANCELLED and one.by == OPERATOR for one in entries):
                tell_flow(session, flow, FlowEntryKind.CUSTOMER_CANCELLED, by=OPERATOR)

    @activity.defn
    async def offer_choice(self, choosing: ToChoose) -> None:
        """Show the customer what they may choose instead of what is out of stock; no choices: it has been chosen."""
        async with self._database.begin() as session:
            flow = await lock_flow(session, choosing.flow_id)
            swaps = ExchangeRequest.model_validate(flow.request).swaps
            lines = [swaps[int(place) - 1].line_id for place in choosing.places]
            flow.facts = {**flow.facts, "choose": list(choosing.choices), "out_of_stock": lines}

    @activity.defn
    async def close_flow(self, closing: FlowClosing) -> bool:
        """Close unless something has come since; the case that the flow belongs to is told."""
        async with self._database.begin() as session:
            return await flow_closing.close_flow(
                session, closing.flow_id, closing.outcome, closing.reason, handled_seq=closing.handled_seq
            )

    async def _photo(self, flow: Flow, rules: ReturnRules | ClaimRules) -> PhotoWish:
        """Of what is missing there is no photo."""
        request = read_request(flow.request)
        if isinstance(rules, ClaimRules):
            wanted = rules.photo and not (isinstance(request, ClaimRequest) and request.complaint is Complaint.MISSING)
        else:
            wanted = isinstance(request, ReturnRequest | ExchangeRequest) and request.reason in rules.photo_reasons
        async with self._database.begin() as session:
            return PhotoWish(wanted=wanted, there=await _has_photo(session, flow), hours=rules.photo_hours)

    async def _read(self, ref: FlowRef) -> tuple[Flow, CommerceRules, AskedBy, Verdict]:
        async with self._database.begin() as session:
            flow = await session.get_one(Flow, ref.flow_id)
            policy = await self._shelf.version(session, flow.policy_version)
        return flow, policy.commerce, AskedBy.read(flow.asked_by), verdict_of(flow)


async def _due_in(session: AsyncSession, wait: Wait) -> float:
    """Seconds until the sweep looks after a flow in this wait."""
    left = (wait.until - await database_now(session)).total_seconds() if wait.until else _LONGEST_REST
    return min(max(left, 0), _LONGEST_REST) + _GRACE_SECONDS


def _approval(kind: FlowKind, rules: CommerceRules) -> Approval:
    return {
        FlowKind.CANCELLATION: rules.cancellations.approval,
        FlowKind.ADDRESS_CHANGE: rules.addresses.approval,
        FlowKind.ITEM_CHANGE: rules.items.approval,
        FlowKind.PAYMENT_CHANGE: rules.payments.approval,
        FlowKind.REFUND: rules.refunds.approval,
    }[kind]


async def _has_photo(session: AsyncSession, flow: Flow) -> bool:
    """Has the customer sent a picture in the case?"""
    if flow.interaction_id is None:
        return False
    return not await evidence_missing(session, flow.interaction_id, (Evidence.PHOTO,))
