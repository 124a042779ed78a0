"""What the pool `integration` does to ask outside parties: a question, reminders, and what their answer wakes."""

import asyncio
from datetime import datetime

from temporalio import activity
from temporalio.exceptions import ApplicationError

from domain.flows.effects import Done
from domain.flows.inquiry import (
    LINK_DAYS,
    Topic,
    question_mail,
    question_message_id,
    question_subject,
    topic_question,
)
from domain.flows.kinds import AskedBy, Requester
from domain.flows.requests import InquiryRequest
from domain.flows.rules import Partner
from domain.front_door import FrontDoor
from domain.message import OutboundMessage, SendResult
from domain.parties import Channel
from domain.policy import Policy
from domain.values import Value
from integrations.channels.protocol import ChannelUnavailable, Outbound
from integrations.shop.protocol import ShopReads
from integrations.shop.requesting import read_facts
from store.database import Database
from store.flow_requests import request_flow
from store.flow_steps import once
from store.flows import Flow, Inquiry
from store.inquiries import inquiry_of, note_asked, partner_of, pass_on
from store.locking import database_now
from store.policy_versions import PolicyShelf

_UNREACHABLE = "unreachable"
_PATIENCE = 8.0
"""Seconds for one attempt, well within the heartbeat of its pool."""


class ToAskParty(Value):
    """A question to be sent: 0 asks, the others remind."""

    flow_id: str
    number: int = 0


class PartyAsked(Value):
    """It has gone out, or cannot."""

    at: datetime
    """When it was first done (UTC); the same in every run."""
    reached: bool = True
    """False: their mail server refuses the address for good."""


class ToInquire(Value):
    """A flow's own question to a partner of the policy, once for each topic."""

    flow_id: str
    partner: str
    topic: Topic


class Inquired(Value):
    """The inquiry flow that asks; empty if policy knows no such partner."""

    flow_id: str = ""


class InquiryActivities:
    """The verbs of inquiries. Without `mail` no partner can be reached, and people see to each question."""

    def __init__(self, database: Database, shop: ShopReads, mail: Outbound | None, door: FrontDoor) -> None:
        self._database = database
        self._shop = shop
        self._mail = mail
        self._door = door
        self._shelf = PolicyShelf()

    @activity.defn
    async def inquire(self, wish: ToInquire) -> Inquired:
        """Start an inquiry for a flow; its answer comes to it as `PARTY_ANSWERED` with the inquiry's id."""
        async with self._database.begin() as session:
            asker = await session.get_one(Flow, wish.flow_id)
            policy = await self._shelf.version(session, asker.policy_version)
        request = InquiryRequest(order=asker.order_number, partner=wish.partner, for_flow=asker.id)
        facts = await read_facts(self._shop, request, "")
        async with self._database.begin() as session:
            asked = await request_flow(
                session,
                request,
                facts,
                AskedBy(kind=Requester.POLICY),
                policy,
                intent=f"inquiry:{asker.id}:{wish.topic}",
                interaction_id=asker.interaction_id,
                customer_id=asker.customer_id,
                words=topic_question(wish.topic, asker.facts, asker.language),
                language=asker.language,
            )
        return Inquired(flow_id=asked.flow_id)

    @activity.defn
    async def ask_party(self, order: ToAskParty) -> PartyAsked:
        """Send the question or a reminder, once for each number; a second copy after a crash has the same Message-ID.

        Without an address the link is given on by hand, and nothing is sent. Raises `ChannelUnavailable` (retryable).
        """
        answer = await once(
            self._database, order.flow_id, f"ask:{order.number}", lambda flow, _: self._send(flow, order)
        )
        if not isinstance(answer, Done):
            raise TypeError("asking is never refused")
        async with self._database.begin() as session:
            await note_asked(session, order.flow_id, order.number, answer.at)
        return PartyAsked(at=answer.at, reached=answer.detail != _UNREACHABLE)

    @activity.defn
    async def pass_answer_on(self, order: ToAskParty) -> None:
        """The inquiry is over: wake whoever asked."""
        async with self._database.begin() as session:
            await pass_on(session, order.flow_id)

    async def _send(self, flow: Flow, order: ToAskParty) -> Done:
        async with self._database.begin() as session:
            inquiry = await inquiry_of(session, flow.id)
            policy = await self._shelf.version(session, flow.policy_version)
            now = await database_now(session)
        partner = partner_of(inquiry, policy)
        if not partner.email:
            return Done(at=now, detail="by_hand")
        if self._mail is None:
            return Done(at=now, detail=_UNREACHABLE)
        letter = self._letter(flow, inquiry, partner, policy, order.number, now)
        if order.number:
            first = self._mail.provider_id(letter.model_copy(update={"message_id": question_message_id(inquiry.id, 0)}))
            letter = letter.model_copy(update={"in_reply_to": first, "references": (first,)})
        try:
            async with asyncio.timeout(_PATIENCE):
                outcome = await self._mail.send(letter)
        except (ChannelUnavailable, TimeoutError):
            raise ApplicationError("channel_unavailable", type="ChannelUnavailable") from None
        failed = outcome.result is SendResult.FAILED
        return Done(ref=inquiry.id, at=now, detail=_UNREACHABLE if failed else outcome.result.value)

    def _letter(
        self, flow: Flow, inquiry: Inquiry, partner: Partner, policy: Policy, number: int, now: datetime
    ) -> OutboundMessage:
        return OutboundMessage(
            message_id=question_message_id(inquiry.id, number),
            conversation_id=inquiry.id,
            channel=Channel.EMAIL,
            account=self._door.mail_account,
            recipient=partner.email,
            text=question_mail(
                inquiry.question,
                self._door.partner(inquiry.id, now, LINK_DAYS),
                flow.language,
                reminder=number > 0,
            ),
            author_label=policy.brand.name,
            subject=question_subject(inquiry.id, policy.brand.name, flow.order_number, flow.language),
            automatic=number > 0 or AskedBy.read(flow.asked_by).kind is not Requester.AGENT,
        )
