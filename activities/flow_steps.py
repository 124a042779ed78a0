"""Short reads and writes of a flow's row: local activities of the pool `workflows`. Each may run again."""

from sqlalchemy.ext.asyncio import AsyncSession
from temporalio import activity

from activities.flow_records import (
    ChangeBrief,
    ClaimBrief,
    ExchangeBrief,
    FlowClosing,
    FlowMissed,
    FlowRef,
    InquiryBrief,
    OutreachBrief,
    Resting,
    ReturnBrief,
)
from domain.flows.kinds import AskedBy, FlowKind
from domain.flows.requests import (
    ClaimRequest,
    ExchangeRequest,
    InquiryRequest,
    OutreachRequest,
    ReturnRequest,
    read_request,
)
from domain.flows.rules import Approval, CommerceRules
from domain.flows.verdict import Verdict
from domain.plan import Evidence
from store.database import Database
from store.evidence import evidence_missing
from store.flow_closing import close_flow
from store.flows import Flow, flow_entries_after, lock_flow, move_flow
from store.policy_versions import PolicyShelf


class FlowActivities:
    """The verbs of every flow's own story."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._shelf = PolicyShelf()

    @activity.defn
    async def begin_return(self, ref: FlowRef) -> ReturnBrief:
        """What a return rests on, by the policy version that it was asked for under."""
        flow, rules, asked_by, verdict = await self._read(ref)
        request = ReturnRequest.model_validate(flow.request)
        return ReturnBrief(request=request, verdict=verdict, rules=rules.returns, asked_by=asked_by)

    @activity.defn
    async def begin_exchange(self, ref: FlowRef) -> ExchangeBrief:
        """What an exchange rests on."""
        flow, rules, asked_by, verdict = await self._read(ref)
        request = ExchangeRequest.model_validate(flow.request)
        return ExchangeBrief(request=request, verdict=verdict, rules=rules.exchanges, asked_by=asked_by)

    @activity.defn
    async def begin_change(self, ref: FlowRef) -> ChangeBrief:
        """What a change of an order rests on."""
        flow, rules, asked_by, verdict = await self._read(ref)
        approval = _approval(FlowKind(flow.kind), rules)
        return ChangeBrief(request=read_request(flow.request), verdict=verdict, approval=approval, asked_by=asked_by)

    @activity.defn
    async def begin_claim(self, ref: FlowRef) -> ClaimBrief:
        """What a claim rests on."""
        flow, rules, asked_by, verdict = await self._read(ref)
        async with self._database.begin() as session:
            has_photo = await _has_photo(session, flow)
        request = ClaimRequest.model_validate(flow.request)
        return ClaimBrief(request=request, verdict=verdict, rules=rules.claims, asked_by=asked_by, has_photo=has_photo)

    @activity.defn
    async def begin_inquiry(self, ref: FlowRef) -> InquiryBrief:
        """What a question to an outside party rests on."""
        flow, rules, asked_by, _ = await self._read(ref)
        request = InquiryRequest.model_validate(flow.request)
        return InquiryBrief(request=request, partner=rules.partners[request.partner], asked_by=asked_by)

    @activity.defn
    async def begin_outreach(self, ref: FlowRef) -> OutreachBrief:
        """What a word to a customer rests on."""
        flow, rules, _, _ = await self._read(ref)
        return OutreachBrief(request=OutreachRequest.model_validate(flow.request), rules=rules.delays)

    @activity.defn
    async def report_in(self, resting: Resting) -> FlowMissed:
        """Tell the store that the story is alive and what it waits for, and learn which entries it has missed."""
        async with self._database.begin() as session:
            flow = await lock_flow(session, resting.flow_id)
            if flow.is_open:
                flow.handled_seq = max(flow.handled_seq, resting.handled_seq)
                await move_flow(session, flow, resting.state, due_in=resting.due_in)
            return FlowMissed(entries=tuple(await flow_entries_after(session, flow.id, resting.handled_seq)))

    @activity.defn
    async def close(self, closing: FlowClosing) -> bool:
        """Close unless something has come since; the case that the flow belongs to is told."""
        async with self._database.begin() as session:
            return await close_flow(
                session, closing.flow_id, closing.outcome, closing.reason, handled_seq=closing.handled_seq
            )

    async def _read(self, ref: FlowRef) -> tuple[Flow, CommerceRules, AskedBy, Verdict]:
        async with self._database.begin() as session:
            flow = await session.get_one(Flow, ref.flow_id)
            policy = await self._shelf.version(session, flow.policy_version)
        return flow, policy.commerce, AskedBy.read(flow.asked_by), Verdict.model_validate(flow.verdict or {})


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
