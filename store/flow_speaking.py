"""What flows say: each word once, through whoever holds the baton, and heard by the customer in any case.

Order of locks: customer, interaction, flow, conversation.
"""

import hashlib
from datetime import timedelta

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.commitment import Fact
from domain.flows.words import flow_words
from domain.front_door import FrontDoor
from domain.policy import Policy
from domain.values import Value
from store.conversations import Message
from store.customers import Customer, lock_customer
from store.errors import NotFound
from store.flow_promises import facts_of, keep_promises, promise_refund, withdraw_promises
from store.flows import Flow, lock_flow, note_flow
from store.interactions import Interaction, lock_case
from store.journal import Happening, note
from store.live import notify_desk
from store.locking import database_now
from store.policy_versions import PolicyShelf
from store.reaching_out import open_outbound_case
from store.speaking import Draft, DraftState, Suggestion, SuggestionState, say_notice, say_unsaid
from store.spoken_facts import SAY, own_flow, spoken_facts

UNREACHABLE = "unreachable"
"""Among a flow's facts: it had something to say, and no way to."""
_BATCH = 200
_NO_DOOR = FrontDoor()


class Said(Value):
    """What became of a word. `message_id` is empty if the customer cannot be reached."""

    message_id: str = ""
    facts: tuple[Fact, ...] = ()
    """What it means for promises in cases of other customers."""


def spoken_id(flow_id: str, word: str, part: str) -> str:
    """The id under which a flow's word is said; fits for a Message-ID whatever the flow's own id holds."""
    return f"flow-{hashlib.sha256(f'{flow_id}|{word}|{part}'.encode()).hexdigest()[:32]}"


async def say_for_flow(
    session: AsyncSession, flow_id: str, word: str, part: str, shelf: PolicyShelf, door: FrontDoor = _NO_DOOR
) -> Said:
    """Say a word to the flow's customer, once; call it first in a transaction, since it locks in the order of locks.

    While nobody or the AI holds the baton it is queued at once. A person who holds it gets it as a suggestion; what
    they do not use is said at its deadline, or when they put the baton down. A flow without a case opens one.
    Raises `NotFound`, and `domain.flows.words.UnknownWord`.
    """
    seen = await session.get(Flow, flow_id)
    if seen is None:
        raise NotFound("flow")
    policy = await shelf.version(session, seen.policy_version)
    case = await _case(session, seen, policy, door)
    flow = await lock_flow(session, flow_id)
    if case is None:
        await _note_unreachable(session, flow, word)
        return Said()
    customer, interaction = case
    message_id = spoken_id(flow_id, word, part)
    facts = await facts_of(session, flow, word)
    if not await _said(session, message_id):
        known, own = await spoken_facts(session, flow, word, policy.commerce, door), own_flow(flow, policy.commerce)
        body = flow_words(word, part, known, flow.language, own.words if own else None)
        spoken = await _speak(session, flow, customer, interaction, body, message_id, policy)
        note_flow(session, flow, Happening.FLOW_STEP, ref=message_id, step=f"{SAY}{word}", part=part, state=spoken)
        await keep_promises(session, customer, interaction, facts)
        await promise_refund(session, flow, interaction, word, body, message_id, policy)
        await withdraw_promises(session, flow, interaction, word)
        await notify_desk(session)
    return Said(message_id=message_id, facts=facts)


async def _case(
    session: AsyncSession, flow: Flow, policy: Policy, door: FrontDoor
) -> tuple[Customer, Interaction] | None:
    """Where the flow speaks, locked."""
    if flow.interaction_id is not None:
        return await lock_case(session, flow.interaction_id)
    interaction = await open_outbound_case(session, flow, policy, door)
    return (await lock_customer(session, interaction.customer_id), interaction) if interaction else None


async def _said(session: AsyncSession, message_id: str) -> bool:
    """Said, or laid before the holder, by an earlier attempt."""
    return await session.get(Message, message_id) is not None or await session.get(Draft, message_id) is not None


async def _speak(
    session: AsyncSession,
    flow: Flow,
    customer: Customer,
    interaction: Interaction,
    body: str,
    message_id: str,
    policy: Policy,
) -> str:
    """Queue it, or lay it before the person who speaks now; returns which."""
    if customer.baton.open_to_ai():
        await say_notice(session, customer, interaction, body, message_id)
        return "queued"
    await _suggest(session, flow, interaction, body, message_id, policy)
    return "suggested"


async def _suggest(
    session: AsyncSession, flow: Flow, interaction: Interaction, body: str, draft_id: str, policy: Policy
) -> None:
    draft = Draft(
        id=draft_id,
        interaction_id=interaction.id,
        answers_seq=interaction.last_customer_seq,
        body=body,
        state=DraftState.SUGGESTED.value,
    )
    suggestion = Suggestion(
        customer_id=interaction.customer_id,
        interaction_id=interaction.id,
        draft_id=draft_id,
        flow_id=flow.id,
        body=body,
        expires_at=await database_now(session) + timedelta(seconds=policy.deadlines.suggestion_seconds),
    )
    session.add_all([draft, suggestion])
    await session.flush()
    note(session, Happening.SUGGESTED, interaction=interaction, ref=suggestion.id, flow=flow.id)


async def _note_unreachable(session: AsyncSession, flow: Flow, word: str) -> None:
    """People see it at the flow; it is journalled once."""
    if not flow.facts.get(UNREACHABLE):
        flow.facts = {**flow.facts, UNREACHABLE: True}
        note_flow(session, flow, Happening.MESSAGE_FAILED, code=UNREACHABLE, word=word)
        await notify_desk(session)


# --- the deadline of what lies before a holder ------------------------------------------------------------------------

_EXPIRED = text("suggestion.expires_at <= clock_timestamp()")


async def customers_with_unsaid_words(session: AsyncSession) -> list[str]:
    """Customers before whose holder a flow's words have lain too long, for the sweep."""
    query = (
        select(col(Suggestion.customer_id))
        .where(col(Suggestion.flow_id).is_not(None), col(Suggestion.state) == SuggestionState.PENDING.value, _EXPIRED)
        .distinct()
        .limit(_BATCH)
    )
    return list((await session.execute(query)).scalars())


async def say_overdue_words(session: AsyncSession, customer_id: str) -> int:
    """Say what flows laid before a holder who has let its deadline pass; returns how many words there were."""
    customer = await lock_customer(session, customer_id)
    overdue = (col(Suggestion.state) == SuggestionState.PENDING.value) & _EXPIRED
    return await say_unsaid(session, customer, overdue)
