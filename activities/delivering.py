"""What the pool `integration` does: say things to customers, in order, once, and only for the holder of the baton."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncSession
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.records import Delivered, ToDeliver
from domain.delivery import Posting
from domain.interaction import InteractionState
from domain.message import DeliveryState, SendOutcome, SendResult
from domain.parties import AuthorKind, Channel
from integrations.channels.protocol import ChannelUnavailable, Outbound
from store.conversations import Conversation, Message
from store.database import Database
from store.errors import NotFound
from store.interactions import advance, lock_interaction
from store.live import notify_desk
from store.locking import current_row
from store.outgoing import (
    SENDING_TIMEOUT,
    Busy,
    Claimed,
    claim_next,
    give_back,
    mark_unknown,
    name_for_provider,
    settle,
)
from store.policy_versions import PolicyShelf
from store.speaking import Draft, answer_to, post_draft

LOOK_AGAIN_SECONDS = 0.5
HEARTBEAT_SECONDS = 3.0


class DeliveryActivities:
    """The verbs that reach customers."""

    def __init__(self, database: Database, channels: Mapping[Channel, Outbound]) -> None:
        self._database = database
        self._channels = channels
        self._shelf = PolicyShelf()

    @activity.defn
    async def deliver(self, order: ToDeliver) -> Delivered:
        """Post a draft if one is given, then send what its conversation has queued, lowest first.

        Raises `ChannelUnavailable` (retryable) while the provider does not take messages.
        """
        async with self._database.begin() as session:
            posting, conversation_id = await self._post(session, order)
            if posting is not Posting.QUEUED:
                await self._leave_unsaid(session, order, posting)
                return Delivered(posting=posting)
            channel = Channel((await session.get_one(Conversation, conversation_id)).channel)
            if self._channels[channel].by_commit:
                await self._claim(session, conversation_id, channel)
                return await self._report(session, order)
        async with _beating():
            await self._serve(conversation_id, channel)
        async with self._database.begin() as session:
            return await self._report(session, order)

    async def _leave_unsaid(self, session: AsyncSession, order: ToDeliver, posting: Posting) -> None:
        """A suggestion has a deadline of its own; an outdated draft leaves everything as it is."""
        if posting is Posting.SUGGESTED:
            interaction = await lock_interaction(session, order.interaction_id)
            state, due_in = InteractionState.AWAITING_HOLDER, order.suggestion_seconds + order.step_seconds
            await advance(session, interaction, state, due_in=due_in, handled_seq=order.handled_seq)
            await notify_desk(session)

    async def _post(self, session: AsyncSession, order: ToDeliver) -> tuple[Posting, str]:
        if order.draft_id:
            return await post_draft(session, order.draft_id, suggestion_seconds=order.suggestion_seconds)
        return Posting.QUEUED, (await session.get_one(Message, order.message_id)).conversation_id

    async def _serve(self, conversation_id: str, channel: Channel) -> None:
        """Send until the queue is empty."""
        while True:
            async with self._database.begin() as session:
                claimed = await self._claim(session, conversation_id, channel)
            match claimed:
                case None:
                    return
                case Busy():
                    await asyncio.sleep(min(claimed.retry_in, LOOK_AGAIN_SECONDS))
                case Claimed():
                    await self._send(claimed, self._channels[channel])

    async def _claim(self, session: AsyncSession, conversation_id: str, channel: Channel) -> Claimed | Busy | None:
        policy = await self._shelf.active(session)
        labels = {AuthorKind.AI: policy.brand.ai_label}
        adapter = self._channels[channel]
        claimed = await claim_next(
            session,
            conversation_id,
            _attempt(),
            lambda author: labels.get(author, policy.brand.name),
            by_commit=adapter.by_commit,
        )
        if isinstance(claimed, Claimed):
            await name_for_provider(session, claimed.message.message_id, adapter.provider_id(claimed.message))
        return claimed

    async def _send(self, claimed: Claimed, adapter: Outbound) -> None:
        message = claimed.message
        try:
            async with asyncio.timeout(SENDING_TIMEOUT):
                outcome = await (adapter.reconcile(message) if claimed.reconcile else adapter.send(message))
        except TimeoutError:
            outcome = SendOutcome(result=SendResult.UNKNOWN, code="timeout")
        except ChannelUnavailable:
            async with self._database.begin() as session:
                await give_back(session, message.message_id, _attempt())
            raise ApplicationError("channel_unavailable", type="ChannelUnavailable") from None
        if outcome.result is SendResult.UNKNOWN and not claimed.reconcile:
            # The provider may have taken it: find out before anything is sent again.
            async with self._database.begin() as session:
                await mark_unknown(session, message.message_id, _attempt())
            outcome = await adapter.reconcile(message)
        async with self._database.begin() as session:
            await settle(session, message.message_id, _attempt(), outcome, resend=adapter.resend_when_unknown)

    async def _report(self, session: AsyncSession, order: ToDeliver) -> Delivered:
        """What became of the order's message; a said answer leaves the interaction waiting for the customer."""
        message, asked = await _ordered(session, order)
        if message.state == DeliveryState.CANCELLED.value:
            return Delivered(posting=Posting.OUTDATED)
        if message.state == DeliveryState.FAILED.value:
            return Delivered(posting=Posting.QUEUED, failed=True)
        if order.draft_id:
            interaction = await lock_interaction(session, order.interaction_id)
            await advance(
                session,
                interaction,
                InteractionState.AWAITING_CUSTOMER,
                due_in=order.rest_seconds + order.step_seconds,
                handled_seq=order.handled_seq,
            )
        await notify_desk(session)
        return Delivered(posting=Posting.QUEUED, asked=asked)


async def _ordered(session: AsyncSession, order: ToDeliver) -> tuple[Message, bool]:
    """The message of the order, and whether it is a question back."""
    if not order.draft_id:
        return await session.get_one(Message, order.message_id, populate_existing=True), False
    draft = await current_row(session, Draft, order.draft_id)
    if draft.message_id is not None:
        return await session.get_one(Message, draft.message_id, populate_existing=True), draft.question
    answer = await answer_to(session, order.interaction_id, draft.answers_seq)
    if answer is None:
        raise NotFound("answer")
    return answer, draft.question


@asynccontextmanager
async def _beating() -> AsyncIterator[None]:
    """Heartbeats while a provider takes its time, so that only a dead worker's attempt is given to another one."""

    async def beat() -> None:
        while True:
            activity.heartbeat()
            await asyncio.sleep(HEARTBEAT_SECONDS)

    task = asyncio.create_task(beat())
    try:
        yield
    finally:
        task.cancel()


def _attempt() -> str:
    """Names this attempt, so that a later one can tell that the claim is not its own."""
    info = activity.info()
    return f"{info.workflow_run_id}:{info.activity_id}:{info.attempt}"
