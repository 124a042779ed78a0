"""Who may speak: drafts and suggestions, the passing of the baton, and the queue of outbound messages."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Index, Text, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from domain.baton import HolderKind
from domain.commitment import NewCommitment
from domain.delivery import UNSENT, Posting
from domain.interaction import EntryKind, InteractionState
from domain.message import DeliveryState
from domain.modes import Mode
from domain.parties import AuthorKind
from store.columns import json_column, moment
from store.commitments import commit, team_of
from store.conversations import Conversation, Message
from store.customers import Customer
from store.errors import NotFound
from store.ids import new_id
from store.interactions import Interaction, lock_case, lock_interaction, move
from store.journal import Happening, note, note_about, tell
from store.locking import database_now, lock_row
from store.policy_versions import PolicyShelf
from store.switches import ai_stopped

_EMPTY_LIST = {"server_default": text("'[]'::jsonb")}
_BLANK = {"server_default": text("''")}


class DraftState(StrEnum):
    """What became of a draft."""

    OPEN = "open"
    POSTED = "posted"
    SUGGESTED = "suggested"
    DISCARDED = "discarded"
    SHADOWED = "shadowed"
    """Mode shadow: kept, and never seen."""
    OFFERED = "offered"
    """Mode draft: it lies before people."""
    REJECTED = "rejected"


class Draft(SQLModel, table=True):
    """Words that the AI has composed and nobody has seen yet."""

    __tablename__ = "draft"
    __table_args__ = (Index("draft_judged_by_people", "created_at", postgresql_where=text("mode <> 'auto'")),)

    id: str = Field(default_factory=new_id, primary_key=True)
    interaction_id: str = Field(index=True)
    answers_seq: int
    question: bool = False
    asks_proof: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    """It asks who the customer is, which is limited by itself and counts as no question back."""
    body: str = Field(sa_type=Text)
    citations: list[dict[str, object]] = json_column(default_factory=list)
    commitments: list[dict[str, object]] = json_column(default_factory=list, sa_column_kwargs=_EMPTY_LIST)
    """What it promises (`domain.commitment.NewCommitment`)."""
    state: str = DraftState.OPEN.value
    message_id: str | None = None
    cell: str = Field(default="", sa_column_kwargs=_BLANK)
    """The matrix cell that the AI spoke in."""
    mode: str = Field(default=Mode.AUTO.value, sa_column_kwargs={"server_default": text("'auto'")})
    judged_by: str = Field(default="", sa_column_kwargs=_BLANK)
    """The agent who sent, edited or rejected it."""
    judged_at: datetime | None = moment()
    verdict: str = Field(default="", sa_column_kwargs=_BLANK)
    """`sent`, `edited` or `rejected`."""
    why: str = Field(default="", sa_column_kwargs=_BLANK)
    """Why it was rejected: a word of `domain.readiness.RejectionReason`."""
    created_at: datetime | None = moment(default_now=True)


class SuggestionState(StrEnum):
    """What became of a suggestion."""

    PENDING = "pending"
    USED = "used"
    DISMISSED = "dismissed"
    LAPSED = "lapsed"


class Suggestion(SQLModel, table=True):
    """Words of one interaction laid before the holder of the baton, who alone may speak."""

    __tablename__ = "suggestion"
    __table_args__ = (
        Index("suggestion_pending", "customer_id", postgresql_where=text("state = 'pending'")),
        Index("suggestion_of", "interaction_id"),
        Index("suggestion_of_draft", "draft_id", unique=True),
        Index(
            "suggestion_unsaid",
            "customer_id",
            postgresql_where=text("flow_id IS NOT NULL AND state IN ('pending', 'dismissed')"),
        ),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    customer_id: str
    interaction_id: str
    draft_id: str
    flow_id: str | None = None
    """The flow that wants to say it, which the customer hears in any case, or empty: the AI."""
    body: str = Field(sa_type=Text)
    state: str = SuggestionState.PENDING.value
    created_at: datetime | None = moment(default_now=True)
    expires_at: datetime | None = moment()


_UNSAID = (SuggestionState.PENDING.value, SuggestionState.DISMISSED.value)
_GIVEN_UP = (DeliveryState.CANCELLED.value, DeliveryState.FAILED.value)


async def post_draft(session: AsyncSession, draft_id: str, *, suggestion_seconds: float) -> tuple[Posting, str]:
    """Turn a draft into an outbound message, or into a suggestion if somebody else holds the baton.

    Runs again without doing anything twice. Returns the posting and the conversation to be served.
    """
    draft = await session.get(Draft, draft_id, populate_existing=True)
    if draft is None:
        raise NotFound("draft")
    customer, interaction = await lock_case(session, draft.interaction_id)
    conversation = await lock_conversation(session, await conversation_of(session, interaction.id))
    draft = await lock_row(session, Draft, draft_id)
    if draft.state != DraftState.OPEN.value or draft.mode != Mode.AUTO.value:
        posted = await session.get(Message, draft.message_id) if draft.message_id else None
        return _earlier_posting(draft), posted.conversation_id if posted else conversation.id
    if await is_outdated(session, draft, interaction):
        draft.state = DraftState.DISCARDED.value
        note(session, Happening.DRAFT_DISCARDED, interaction=interaction, ref=draft.id)
        return Posting.OUTDATED, conversation.id
    answer = await answer_to(session, interaction.id, draft.answers_seq)
    if answer is not None and answer.state not in _GIVEN_UP:
        draft.state = DraftState.DISCARDED.value
        return Posting.QUEUED, answer.conversation_id
    if await ai_stopped(session, interaction):
        draft.state = DraftState.DISCARDED.value
        note(session, Happening.DRAFT_DISCARDED, interaction=interaction, ref=draft.id, why=Posting.STOPPED.value)
        return Posting.STOPPED, conversation.id
    if not customer.baton.open_to_ai():
        await _suggest(session, draft, interaction, suggestion_seconds)
        return Posting.SUGGESTED, conversation.id
    await pass_baton(session, customer, HolderKind.AI)
    message = queue_message(session, conversation, customer, interaction, AuthorKind.AI, draft.body)
    message.answers_seq, message.citations = draft.answers_seq, draft.citations
    await said_as(session, draft, interaction, message)
    return Posting.QUEUED, conversation.id


async def is_outdated(session: AsyncSession, draft: Draft, interaction: Interaction) -> bool:
    """Has the customer written since it was composed, or is a time past that it promises?"""
    now = await database_now(session)
    late = any(promise.due_at <= now for promise in promises_of(draft))
    return late or draft.answers_seq < interaction.last_customer_seq


def promises_of(draft: Draft) -> list[NewCommitment]:
    """What a draft promises."""
    return [NewCommitment.model_validate(promise) for promise in draft.commitments]


async def said_as(session: AsyncSession, draft: Draft, interaction: Interaction, message: Message) -> None:
    """The draft is said by a message: what it promises is owed from now on, and what it asks is counted."""
    draft.state, draft.message_id = DraftState.POSTED.value, message.id
    await _commit_all(session, interaction, promises_of(draft), message.id)
    interaction.questions_asked += draft.question and not draft.asks_proof
    interaction.asked = draft.question


async def _commit_all(
    session: AsyncSession, interaction: Interaction, promises: list[NewCommitment], message_id: str
) -> None:
    if promises:
        policy = await PolicyShelf().version(session, interaction.policy_version)
        team = await team_of(session, interaction, policy)
        for position, promise in enumerate(promises):
            await commit(session, interaction, team, promise, "ai", message_id, policy, position=position)


def _earlier_posting(draft: Draft) -> Posting:
    return {DraftState.POSTED.value: Posting.QUEUED, DraftState.SUGGESTED.value: Posting.SUGGESTED}.get(
        draft.state, Posting.OUTDATED
    )


async def answer_to(session: AsyncSession, interaction_id: str, answers_seq: int) -> Message | None:
    """The AI's answer to a certain word of the customer, of whichever run; each word is answered once."""
    query = (
        select(Message)
        .where(
            col(Message.interaction_id) == interaction_id,
            col(Message.author) == AuthorKind.AI.value,
            col(Message.answers_seq) == answers_seq,
        )
        .order_by(col(Message.out_seq).desc())
        .limit(1)
    )
    return (await session.execute(query.execution_options(populate_existing=True))).scalar_one_or_none()


async def _suggest(session: AsyncSession, draft: Draft, interaction: Interaction, seconds: float) -> None:
    draft.state = DraftState.SUGGESTED.value
    await lapse_suggestions(session, interaction)
    expires = await database_now(session) + timedelta(seconds=seconds)
    suggestion = Suggestion(
        customer_id=interaction.customer_id,
        interaction_id=interaction.id,
        draft_id=draft.id,
        body=draft.body,
        expires_at=expires,
    )
    session.add(suggestion)
    note(session, Happening.SUGGESTED, interaction=interaction, ref=suggestion.id)


def queue_message(
    session: AsyncSession,
    conversation: Conversation,
    customer: Customer,
    interaction: Interaction,
    author: AuthorKind,
    body: str,
    *,
    author_id: str = "",
    message_id: str | None = None,
) -> Message:
    """Append to the conversation's outbound queue; customer and conversation are locked by the caller."""
    conversation.last_out += 1
    message = Message(
        id=message_id or new_id(),
        conversation_id=conversation.id,
        interaction_id=interaction.id,
        account=conversation.account,
        provider_message_id="",
        author=author.value,
        author_id=author_id,
        body=body,
        state=DeliveryState.QUEUED.value,
        out_seq=conversation.last_out,
        epoch=customer.epoch,
    )
    message.provider_message_id = f"out:{message.id}"
    session.add(message)
    note(session, Happening.MESSAGE_QUEUED, interaction=interaction, ref=message.id, by=author_id, author=author.value)
    return message


async def pass_baton(
    session: AsyncSession, customer: Customer, kind: HolderKind, holder_id: str = "", *, by: str = ""
) -> None:
    """Pass the baton; the customer's row is locked by the caller.

    A takeover cancels, in the same transaction, every older message that has not begun to be sent. What a holder said
    before putting the baton down of their own accord still goes out, even if its sending has to be begun anew.
    """
    before, passed = customer.baton, customer.baton.passed_to(kind, holder_id)
    if passed == before:
        return
    customer.baton = passed
    cancels = before.taken_over_by(kind)
    change: dict[str, object] = {"epoch": passed.epoch}
    states = [state.value for state in UNSENT]
    if cancels:
        change, states = {"state": DeliveryState.CANCELLED.value, "code": "not_holder"}, [DeliveryState.QUEUED.value]
    touched = await session.execute(
        update(Message)
        .where(
            col(Message.conversation_id).in_(
                select(col(Conversation.id)).where(col(Conversation.customer_id) == customer.id)
            ),
            col(Message.state).in_(states),
            col(Message.epoch) <= before.epoch if cancels else col(Message.epoch) == before.epoch,
        )
        .values(**change)
        .returning(col(Message.id))
    )
    note(
        session,
        Happening.BATON_PASSED,
        by=by,
        ref=customer.id,
        holder=f"{kind.value}:{holder_id}".rstrip(":"),
        epoch=passed.epoch,
        cancelled=len(touched.all()) if cancels else 0,
    )


async def free_baton(session: AsyncSession, customer: Customer, *, by: str = "") -> None:
    """Put the baton down, tell every interaction of the customer that waited for it, and say what flows held back."""
    await pass_baton(session, customer, HolderKind.NOBODY, by=by)
    query = (
        select(Interaction)
        .where(
            col(Interaction.customer_id) == customer.id,
            col(Interaction.state) == InteractionState.AWAITING_HOLDER.value,
        )
        .order_by(col(Interaction.id))
        .with_for_update()
    )
    for waiting in (await session.execute(query)).scalars():
        tell(session, waiting, EntryKind.BATON_FREED)
    await session.execute(
        update(Suggestion)
        .where(
            col(Suggestion.customer_id) == customer.id,
            col(Suggestion.state) == SuggestionState.PENDING.value,
            col(Suggestion.flow_id).is_(None),
        )
        .values(state=SuggestionState.LAPSED.value)
    )
    await say_unsaid(session, customer, col(Suggestion.state).in_(_UNSAID))


async def say_unsaid(session: AsyncSession, customer: Customer, which: ColumnElement[bool]) -> int:
    """Queue, as Baton's own words, what flows laid before a holder who has not used it; returns how many there were.

    The customer's row is locked by the caller.
    """
    query = (
        select(Suggestion)
        .where(col(Suggestion.customer_id) == customer.id, col(Suggestion.flow_id).is_not(None), which)
        .order_by(col(Suggestion.interaction_id), col(Suggestion.id))
    )
    found = list((await session.execute(query.execution_options(populate_existing=True))).scalars())
    for suggestion in found:
        interaction = await lock_interaction(session, suggestion.interaction_id)
        suggestion.state = SuggestionState.LAPSED.value
        note(session, Happening.SUGGESTION_LAPSED, interaction=interaction, ref=suggestion.id)
        await say_notice(session, customer, interaction, suggestion.body, suggestion.draft_id)
        draft = await session.get_one(Draft, suggestion.draft_id)
        draft.state, draft.message_id = DraftState.POSTED.value, suggestion.draft_id
    return len(found)


async def say_notice(
    session: AsyncSession, customer: Customer, interaction: Interaction, body: str, message_id: str
) -> None:
    """Queue Baton's own words in the case's thread, and tell its story to send them; the case's rows are locked."""
    conversation = await lock_conversation(session, await conversation_of(session, interaction.id))
    queue_message(session, conversation, customer, interaction, AuthorKind.SYSTEM, body, message_id=message_id)
    tell(session, interaction, EntryKind.NOTICE_QUEUED, ref=message_id)


async def conversation_of(session: AsyncSession, interaction_id: str) -> str:
    """Where the interaction's customer is answered: in the thread they wrote in last, unless they have left it.

    A case that Baton opened has the thread that was begun for it.
    """
    query = (
        select(col(Message.conversation_id))
        .join(Conversation, col(Conversation.id) == col(Message.conversation_id))
        .where(col(Message.interaction_id) == interaction_id)
        .order_by(
            col(Conversation.left_at).is_not(None),
            col(Message.author) != AuthorKind.CUSTOMER.value,
            col(Message.created_at).desc(),
            col(Message.id).desc(),
        )
        .limit(1)
    )
    found = (await session.execute(query)).scalar_one_or_none()
    if found is None:
        begun = select(col(Conversation.id)).where(col(Conversation.interaction_id) == interaction_id).limit(1)
        found = (await session.execute(begun)).scalar_one_or_none()
    if found is None:
        raise NotFound("conversation")
    return found


async def lock_conversation(session: AsyncSession, conversation_id: str) -> Conversation:
    """The conversation's row, locked; positions and outbound numbers are given out under this lock."""
    return await lock_row(session, Conversation, conversation_id)


async def lapse_suggestions(session: AsyncSession, interaction: Interaction) -> None:
    """The AI's suggestions lapse: the interaction has found another way to speak, or needs none; its row is locked."""
    lapsed = await session.execute(
        update(Suggestion)
        .where(
            col(Suggestion.interaction_id) == interaction.id,
            col(Suggestion.state) == SuggestionState.PENDING.value,
            col(Suggestion.flow_id).is_(None),
        )
        .values(state=SuggestionState.LAPSED.value)
        .returning(col(Suggestion.id))
    )
    for suggestion_id in lapsed.scalars():
        note(session, Happening.SUGGESTION_LAPSED, interaction=interaction, ref=suggestion_id)


async def judge_suggestion(
    session: AsyncSession, suggestion_id: str, customer_id: str, agent_id: str, *, used: bool, due_in: float
) -> Suggestion:
    """The holder has used or dismissed a suggestion; its interaction is told.

    What a flow suggested is no business of the interaction's story; dismissed, it waits until the baton is free.

    Raises `NotFound` unless it is pending and meant for this customer.
    """
    query = select(Suggestion).where(col(Suggestion.id) == suggestion_id, col(Suggestion.customer_id) == customer_id)
    suggestion = (await session.execute(query)).scalar_one_or_none()
    if suggestion is None:
        raise NotFound("suggestion")
    interaction = await lock_interaction(session, suggestion.interaction_id)
    await session.refresh(suggestion)
    if suggestion.state != SuggestionState.PENDING.value:
        raise NotFound("suggestion: no longer pending")
    suggestion.state = (SuggestionState.USED if used else SuggestionState.DISMISSED).value
    kind = EntryKind.SUGGESTION_USED if used else EntryKind.SUGGESTION_DISMISSED
    if suggestion.flow_id is not None:
        note_about(session, kind, (interaction.id, interaction.customer_id), ref=suggestion.id, by=agent_id)
        return suggestion
    tell(session, interaction, kind, ref=suggestion.id, by=agent_id)
    if interaction.is_open:
        said = used and interaction.state == InteractionState.AWAITING_HOLDER.value
        state = InteractionState.AWAITING_CUSTOMER if said else InteractionState(interaction.state)
        await move(session, interaction, state, due_in=due_in)
    return suggestion
