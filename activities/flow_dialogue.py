"""The AI's part of a flow: collect from the conversation, read back what would be done, and begin on an explicit yes.

The customer's words are read in the store and stay there. What they come to is a request and nothing more: policy
judges it, its verdict names the amounts, and what was read back is begun only if nothing of it has changed since.
"""

from sqlalchemy.ext.asyncio import AsyncSession

from activities.flow_talk import Confirmed, Talk, barred_from, proof_of
from activities.flow_words import (
    Ordered,
    asks_for,
    asks_proof,
    begun,
    declined,
    hand_off,
    points_to_page,
    reads_back,
    refuses,
    sold_instead,
)
from activities.shop_steps import verdict_of
from domain.case import Case
from domain.commerce import Order, Product
from domain.flows.consent_words import Consent, consent
from domain.flows.dialogue import (
    SWAPS,
    Lacking,
    Missing,
    fingerprint,
    fits,
    order_meant,
    order_named,
    read_from_words,
    request_from,
)
from domain.flows.kinds import AskedBy, Requester
from domain.flows.readback_words import AGAIN, CHANGED
from domain.flows.refusal import Rule
from domain.flows.requests import ExchangeRequest, FlowRequest, ItemChange, flow_named
from domain.flows.verdict import RequestFacts, Verdict
from domain.front_door import FrontDoor
from domain.parties import AuthorKind
from domain.plan import Plan, Stage, StageKind
from domain.policy import Policy
from domain.proposal import HandoffReason
from domain.proving import may_begin, may_open_portal
from domain.triage import Triage
from integrations.shop.protocol import Shop
from integrations.shop.requesting import read_facts
from store.database import Database
from store.flow_requests import request_flow
from store.flow_verdicts import verdict_now
from store.flow_wishes import ReadBack, last_read_back, read_backs_since, wish_granted
from store.flows import Flow
from store.interactions import Interaction, lock_case
from store.policy_versions import PolicyShelf
from store.proofs import proven

__all__ = ["Confirmed", "FlowDialogue"]

_BY_AI = AskedBy(kind=Requester.AI)
_RECENT = 20
_OTHER_VARIANT = {Rule.VARIANT_UNAVAILABLE, Rule.SAME_VARIANT, Rule.UNKNOWN_VARIANT}
_ONLY_PEOPLE = {Rule.FLAGGED, Rule.NOT_OFFERED}


class _NotAsReadBack(Exception):
    """What would be begun is not what the customer has said yes to."""


class FlowDialogue:
    """Talks a customer through a request, and starts its flow."""

    def __init__(self, database: Database, shop: Shop, door: FrontDoor) -> None:
        self._database = database
        self._shop = shop
        self._door = door
        self._shelf = PolicyShelf()

    # --- speaking -------------------------------------------------------------------------------------------------

    async def next_word(self, case: Case, stage: Stage, policy: Policy) -> Confirmed | Ordered:
        """What is said next; or the customer has confirmed what was read back, and it can be begun.

        Whoever is not verified, or cannot be helped like this, is handed to people.
        """
        barred = barred_from(case, policy)
        if barred is not None or case.customer is None or case.triage is None:
            return hand_off(barred or HandoffReason.POLICY_RESTRICTION)
        talk = await self._talk(case, case.triage, stage, policy, case.customer.customer_id)
        if talk.last is not None and talk.last.flow_id and talk.last.closed_at is None:
            return await self._begun(talk, talk.last, talk.last.flow_id)
        if talk.pending is None:
            return await self._read_on(talk)
        return await self._answered(talk, talk.pending)

    async def proposed(self, case: Case, request: FlowRequest) -> Ordered:
        """What the AI proposes to do in an `ai` stage: judged, and read back; or why not.

        Whatever the proposal says, it is one of the policy's `actions`, on an order that this customer may hear of.
        """
        stage, policy = await self._where(case)
        if not case.verified or case.customer is None or case.triage is None:
            return asks_proof()
        barred = barred_from(case, policy)
        if barred is not None:
            return hand_off(barred)
        flow = flow_named(request)
        if request.kind not in policy.assistant.actions or not read_from_words(flow, policy.commerce):
            return hand_off(HandoffReason.UNSUPPORTED_REQUEST)
        order = await self._shop.order(request.order)
        if order is None or not case.may_tell(order):
            fitting = [one for one in await self._own_orders(case) if fits(flow, one, policy.commerce)]
            return asks_for(Lacking(what=Missing.ORDER), case.triage.language, orders=fitting)
        talk = await self._talk(case, case.triage, stage, policy, case.customer.customer_id)
        return await self._read_back(talk, request)

    async def answered(self, case: Case, stage: Stage, policy: Policy) -> Confirmed | Ordered | None:
        """In an `ai` stage: what follows from the customer's yes or no to what was read back; None where it is neither.

        The words of the yes are read here, as in a flow's own dialogue: a model has no part in it.
        """
        if case.customer is None or case.triage is None or barred_from(case, policy) is not None:
            return None
        talk = await self._talk(case, case.triage, stage, policy, case.customer.customer_id)
        if talk.last is not None and talk.last.flow_id and talk.last.closed_at is None:
            return await self._begun(talk, talk.last, talk.last.flow_id)
        if talk.pending is None or consent(case.unanswered, name=case.customer.name) is Consent.NEITHER:
            return None
        return await self._answered(talk, talk.pending)

    async def _where(self, case: Case) -> tuple[Stage, Policy]:
        """Where the case stands, and the policy that it is under."""
        async with self._database.begin() as session:
            row = await session.get_one(Interaction, case.interaction_id)
            policy = await self._shelf.version(session, row.policy_version)
        stage = Plan.model_validate(row.plan).stage(row.stage) if row.plan else Stage(kind=StageKind.AI)
        return stage, policy

    async def self_service(self, case: Case, policy: Policy) -> Ordered | None:
        """The link to the customer's own page, once in a case; None if they have it already."""
        if case.customer is None:
            return hand_off(HandoffReason.POLICY_RESTRICTION)
        own = await self._own_orders(case)
        order = order_named([turn.text for turn in case.turns if turn.author is AuthorKind.CUSTOMER], own)
        link = self._link(case, policy, order)
        page = link.rpartition("/")[0]
        if any(turn.author is not AuthorKind.CUSTOMER and page in turn.text for turn in case.turns if page):
            return None
        if (barred := barred_from(case, policy)) is not None:
            return hand_off(barred)
        return self._to_page(case, link, order)

    async def _talk(self, case: Case, triage: Triage, stage: Stage, policy: Policy, customer_id: str) -> Talk:
        async with self._database.begin() as session:
            last = await last_read_back(session, case.interaction_id)
            heard = await read_backs_since(session, case.interaction_id)
        return Talk(case, triage, stage, policy, customer_id, last, heard)

    async def _answered(self, talk: Talk, pending: ReadBack) -> Confirmed | Ordered:
        name = talk.case.customer.name if talk.case.customer else ""
        match consent(talk.case.unanswered, name=name):
            case Consent.NO:
                return declined(talk.case, pending, talk.language)
            case Consent.YES:
                facts, verdict = await self._judged(talk, pending.request)
                if fingerprint(pending.request, verdict) == pending.fingerprint:
                    return Confirmed(talk, pending, facts)
                return await self._read_back(talk, pending.request, before=CHANGED)
            case Consent.NEITHER:
                return await self._read_on(talk)

    # --- collecting -----------------------------------------------------------------------------------------------

    async def _read_on(self, talk: Talk) -> Ordered:
        """Ask for what is missing, or read back what the conversation comes to."""
        own = await self._own_orders(talk.case)
        order = await self._order(talk, own)
        if order is None:
            fitting = [one for one in own if fits(talk.flow, one, talk.policy.commerce)]
            return asks_for(Lacking(what=Missing.ORDER), talk.language, orders=fitting)
        link = self._link(talk.case, talk.policy, order)
        if not read_from_words(talk.flow, talk.policy.commerce):
            return self._to_page(talk.case, link, order)
        products = await self._products(order) if talk.flow in SWAPS else {}
        request = request_from(talk.flow, talk.turns, order, products, talk.policy.commerce)
        if isinstance(request, Lacking):
            return asks_for(request, talk.language, order=order, products=products, link=link)
        return await self._read_back(talk, request)

    async def _read_back(self, talk: Talk, request: FlowRequest, *, before: str = "") -> Ordered:
        """What policy makes of the request: read back, or why not. Where it needs a better proof, that is asked for."""
        if not may_begin(request, proof_of(talk.case)):
            return asks_proof()
        facts, verdict = await self._judged(talk, request)
        if talk.pending and fingerprint(request, verdict) == talk.pending.fingerprint:
            before = before or AGAIN
        return self._judged_words(talk, request, facts, verdict, before=before)

    async def _order(self, talk: Talk, own: tuple[Order, ...]) -> Order | None:
        """Looks only at orders of the customer: a stranger's order and a number that does not exist look alike."""
        known = {one.number for one in own}
        unknown = next((number for number in talk.triage.entities.order_numbers if number not in known), None)
        if unknown is None:
            return order_meant(talk.flow, talk.turns, own, talk.policy.commerce)
        order = await self._shop.order(unknown)
        return order if order is not None and talk.case.may_tell(order) else None

    async def _own_orders(self, case: Case) -> tuple[Order, ...]:
        """The customer's, as far as their proof goes."""
        recent = await self._shop.recent_orders(case.customer.customer_id, _RECENT) if case.customer else ()
        return tuple(order for order in recent if case.may_tell(order))

    async def _products(self, order: Order) -> dict[str, Product]:
        found = {line.line_id: await self._shop.product_with(line.sku) for line in order.lines}
        return {line_id: product for line_id, product in found.items() if product is not None}

    # --- judging --------------------------------------------------------------------------------------------------

    async def _judged(self, talk: Talk, request: FlowRequest) -> tuple[RequestFacts, Verdict]:
        facts = await read_facts(self._shop, request, talk.customer_id)
        async with self._database.begin() as session:
            return facts, await verdict_now(session, request, facts, _BY_AI, talk.policy)

    def _judged_words(
        self, talk: Talk, request: FlowRequest, facts: RequestFacts, verdict: Verdict, *, before: str
    ) -> Ordered:
        """The verdict as the customer hears it: read back, or why not."""
        if verdict.refused is None:
            return reads_back(
                talk.case,
                request,
                facts,
                verdict,
                talk.language,
                before=before,
                heard=talk.heard,
                own=talk.policy.commerce.own,
            )
        rule = verdict.refused.rule
        if rule in _ONLY_PEOPLE or talk.stage.otherwise:
            return hand_off(HandoffReason.POLICY_RESTRICTION)
        if rule in _OTHER_VARIANT and isinstance(request, ExchangeRequest | ItemChange):
            return sold_instead(verdict.refused, facts, talk.language)
        return refuses(talk.case, verdict.refused, facts, talk.language)

    # --- beginning ------------------------------------------------------------------------------------------------

    async def start(self, confirmed: Confirmed, answers_seq: int) -> Ordered:
        """Start what the customer has said yes to, once; or say again what has changed since.

        `answers_seq` is the customer's word that holds the yes: whatever they said after it comes first.
        """
        talk, last = confirmed.talk, confirmed.last
        try:
            async with self._database.begin() as session:
                flow_id = await self._request(session, talk, last, confirmed.facts, answers_seq)
        except _NotAsReadBack:
            return await self._read_back(talk, last.request, before=CHANGED)
        return await self._begun(talk, last, flow_id)

    async def _request(
        self, session: AsyncSession, talk: Talk, last: ReadBack, facts: RequestFacts, answers_seq: int
    ) -> str:
        customer, interaction = await lock_case(session, talk.case.interaction_id)
        proof = await proven(session, customer)
        if interaction.last_customer_seq > answers_seq or proof is None or proof.shop_customer_id != talk.customer_id:
            raise _NotAsReadBack
        if not may_begin(last.request, proof):
            raise _NotAsReadBack
        requested = await request_flow(
            session,
            last.request,
            facts,
            _BY_AI,
            talk.policy,
            intent=f"interaction:{interaction.id}:{last.seq}",
            interaction_id=interaction.id,
            customer_id=customer.id,
            shop_customer_id=talk.customer_id,
            language=talk.language,
        )
        if not requested.flow_id:
            raise _NotAsReadBack
        await wish_granted(session, last.wish_id, requested.flow_id)
        return requested.flow_id

    async def _begun(self, talk: Talk, last: ReadBack, flow_id: str) -> Ordered:
        """What has begun, what is next, and where it can be followed."""
        async with self._database.begin() as session:
            flow = await session.get_one(Flow, flow_id)
        days = talk.policy.commerce.portal_days
        link = self._door.portal(talk.customer_id, flow.order_number, flow.id, talk.case.now, days)
        return begun(
            last, flow.id, verdict_of(flow), talk.language, link if may_open_portal(proof_of(talk.case)) else ""
        )

    def _to_page(self, case: Case, link: str, order: Order | None) -> Ordered:
        """The customer's own page, which needs a proof of who they are."""
        if not may_open_portal(proof_of(case)):
            return asks_proof()
        return points_to_page(case, link, order) if link else hand_off(HandoffReason.UNSUPPORTED_REQUEST)

    def _link(self, case: Case, policy: Policy, order: Order | None) -> str:
        """The address of the customer's page; empty for whoever has not proven to be them."""
        if case.customer is None or not may_open_portal(proof_of(case)):
            return ""
        number = order.number if order else ""
        return self._door.portal(case.customer.customer_id, number, "", case.now, policy.commerce.portal_days)
