"""Pictures that a customer sends for a flow on their own page: kept with the words of the case, told to the flow.

Order of locks: the customer's addresses, customer, interaction, flow, conversation.
"""

from collections.abc import Sequence
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.flows.kinds import FlowState
from domain.front_door import FrontDoor
from domain.masking import masked
from domain.message import Attachment as Sent
from domain.parties import AuthorKind
from domain.policy import Policy
from store.conversations import Attachment, Conversation, Message
from store.errors import Conflict, NotFound
from store.flow_telling import photo_sent
from store.flows import Flow, lock_flow
from store.interactions import lock_case
from store.live import notify_conversation
from store.reaching_out import open_outbound_case
from store.speaking import conversation_of, lock_conversation


async def keep_photos(
    session: AsyncSession, flow_id: str, key: str, files: Sequence[Sent], policy: Policy, door: FrontDoor
) -> None:
    """Keep the pictures as a message of the flow's case; the same key again changes nothing.

    Raises `NotFound`, or `Conflict` (`no_photo_wanted`): the flow waits for none, or its customer has no case and
    cannot be reached, so that nobody could answer them.
    """
    found = await session.get(Flow, flow_id)
    if found is None:
        raise NotFound("flow")
    if found.interaction_id is None:
        await open_outbound_case(session, found, policy, door)
    else:
        await lock_case(session, found.interaction_id)
    flow = await lock_flow(session, flow_id)
    if await _known(session, flow, key):
        return
    if flow.state != FlowState.AWAITING_PHOTO.value or flow.interaction_id is None:
        raise Conflict("no_photo_wanted")
    conversation = await lock_conversation(session, await conversation_of(session, flow.interaction_id))
    message = await _add(session, flow, conversation, key, files)
    await photo_sent(session, flow, message.id)
    await notify_conversation(session, conversation.id)


def _message_id(flow: Flow, key: str) -> str:
    """Unlike any provider's id, and fit for the headers of a mail that answers it (RFC 5322, 3.6.4)."""
    return f"<{flow.id}.{sha256(key.encode()).hexdigest()[:32]}@portal.invalid>"


async def _known(session: AsyncSession, flow: Flow, key: str) -> bool:
    query = select(col(Message.id)).where(col(Message.provider_message_id) == _message_id(flow, key)).limit(1)
    return (await session.execute(query)).scalar_one_or_none() is not None


async def _add(
    session: AsyncSession, flow: Flow, conversation: Conversation, key: str, files: Sequence[Sent]
) -> Message:
    conversation.last_seq += 1
    message = Message(
        conversation_id=conversation.id,
        interaction_id=flow.interaction_id or "",
        account=conversation.account,
        provider_message_id=_message_id(flow, key),
        author=AuthorKind.CUSTOMER.value,
        body="",
        seq=conversation.last_seq,
    )
    session.add(message)
    await session.flush()  # before the rows that refer to it
    session.add_all(
        Attachment(
            message_id=message.id,
            filename=masked(file.filename),
            media_type=file.media_type,
            size=file.size,
            content=file.content,
        )
        for file in files
    )
    return message
