"""The journal: the append-only record of all that happened, and the addressing of entries to workflows."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, Column, Index, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import UserDefinedType
from sqlmodel import Field, SQLModel, col

from domain.flows.kinds import FlowEntryKind
from domain.interaction import Entry, EntryKind
from store.columns import json_column, moment
from store.interactions import Interaction
from store.outbox import address_interaction
from store.postscript import postscript


class Xid8(UserDefinedType[int]):
    """PostgreSQL's 64-bit transaction id."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        """The type's name in SQL."""
        return "xid8"


class Happening(StrEnum):
    """Journal kinds that are not addressed to a workflow (those are `domain.interaction.EntryKind`)."""

    INTERACTION_OPENED = "interaction_opened"
    INTERACTION_REOPENED = "interaction_reopened"
    TRIAGED = "triaged"
    ROUTED = "routed"
    POLICY_GAP = "policy_gap"
    DRAFTED = "drafted"
    DRAFT_DISCARDED = "draft_discarded"
    MESSAGE_QUEUED = "message_queued"
    MESSAGE_SENT = "message_sent"
    MESSAGE_FAILED = "message_failed"
    MESSAGE_CANCELLED = "message_cancelled"
    MESSAGE_UNKNOWN = "message_unknown"
    BATON_PASSED = "baton_passed"
    HANDED_OFF = "handed_off"
    WORK_OFFERED = "work_offered"
    OFFER_DECLINED = "offer_declined"
    OFFER_EXPIRED = "offer_expired"
    PRESENCE_CHANGED = "presence_changed"
    SUGGESTED = "suggested"
    SUGGESTION_LAPSED = "suggestion_lapsed"
    RESOLVED = "resolved"
    OPERATOR_DID = "operator_did"
    OPERATOR_REFUSED = "operator_refused"
    REPAIRED = "repaired"
    POLICY_ACTIVATED = "policy_activated"
    LATE = "late"
    RING_WIDENED = "ring_widened"
    WORK_TRANSFERRED = "work_transferred"
    WORK_PARKED = "work_parked"
    WORK_UNPARKED = "work_unparked"
    WORK_REASSIGNED = "work_reassigned"
    PRIORITY_CHANGED = "priority_changed"
    PULLED_OUT_OF_ORDER = "pulled_out_of_order"
    REQUIREMENT_DROPPED = "requirement_dropped"
    """Nobody of the team has what the case asks for, so whoever is free gets it."""
    SLA_WARNING = "sla_warning"
    SLA_BREACHED = "sla_breached"
    SLA_MET = "sla_met"
    PRESSURE_CHANGED = "pressure_changed"
    COMMITTED = "committed"
    COMMITMENT_WOKEN = "commitment_woken"
    COMMITMENT_KEPT = "commitment_kept"
    COMMITMENT_BROKEN = "commitment_broken"
    COMMITMENT_WITHDRAWN = "commitment_withdrawn"
    STAGE_BEGUN = "stage_begun"
    STAFF_CHANGED = "staff_changed"
    """An admin made or changed an agent; `ref` is the agent, the facts name the settings."""
    CUSTOMER_CHANGED = "customer_changed"
    """Tier, tags or satisfaction of a customer; the facts name which."""
    MESSAGE_LEFT = "message_left"
    """The customer does not wait, and is answered later."""
    FLOW_STARTED = "flow_started"
    FLOW_REQUEST_REFUSED = "flow_request_refused"
    """Somebody asked for a flow that a rule forbids; the facts name the rule."""
    FLOW_STEP = "flow_step"
    FLOW_CLOSED = "flow_closed"
    TASK_OPENED = "task_opened"
    TASK_DONE = "task_done"
    TASK_OVERDUE = "task_overdue"
    SHIPMENT_EVENT = "shipment_event"
    CONSENT_CHANGED = "consent_changed"
    DRAFT_SHADOWED = "draft_shadowed"
    """What the AI would have said, in mode shadow; `ref` is the draft."""
    DRAFT_OFFERED = "draft_offered"
    """A draft lies before people; `ref` is the draft."""
    AI_SWITCHED = "ai_switched"
    """Somebody stopped or started the AI; `ref` is the cell, `*` the brand."""
    IDENTITY_PROVEN = "identity_proven"
    """`ref` is the order number; the facts say how."""
    IDENTITY_NOT_PROVEN = "identity_not_proven"
    CODE_SENT = "code_sent"
    """A one-time code went to the address that the shop knows."""
    SATISFACTION_ASKED = "satisfaction_asked"
    SATISFACTION_GIVEN = "satisfaction_given"
    """The facts hold the score, 1 to 5."""
    TAKEN_BACK = "taken_back"
    """The same problem has returned in another case, `ref`: this one was not resolved."""
    KNOWLEDGE_GAP = "knowledge_gap"
    """No article answered a question; `ref` is the gap."""
    ARTICLE_PUBLISHED = "article_published"
    ARTICLE_RECALLED = "article_recalled"
    """Whoever was told a version of an article was sent its correction; `ref` is the article."""
    MODEL_FAILED = "model_failed"
    """The model provider did not answer usably; the facts name why."""


class JournalRow(SQLModel, table=True):
    """One thing that happened. `facts` holds ids, terms and numbers, never customers' text."""

    __tablename__ = "journal"
    __table_args__ = (
        Index("journal_feed", "xid", "id"),
        Index("journal_of_interaction", "interaction_id", "id"),
        Index("journal_handed_off", "at", postgresql_where=text("kind = 'handed_off'")),
        Index("journal_routed", "at", "id", postgresql_where=text("kind = 'routed'")),
        Index(
            "journal_seq",
            "interaction_id",
            "seq",
            unique=True,
            postgresql_where=text("seq IS NOT NULL AND flow_id IS NULL"),
        ),
        Index(
            "journal_flow_seq",
            "flow_id",
            "seq",
            unique=True,
            postgresql_where=text("flow_id IS NOT NULL AND seq IS NOT NULL"),
        ),
        Index("journal_of_flow", "flow_id", "id", postgresql_where=text("flow_id IS NOT NULL")),
    )

    id: int | None = Field(default=None, sa_column=Column(BigInteger, primary_key=True, autoincrement=True))
    xid: int | None = Field(
        default=None, sa_column=Column(Xid8, server_default=text("pg_current_xact_id()"), nullable=False)
    )
    at: datetime | None = moment(default_now=True)
    interaction_id: str | None = None
    customer_id: str | None = None
    flow_id: str | None = None
    """The flow that it is about; `seq` then counts that flow's entries."""
    seq: int | None = None
    kind: str
    ref: str = ""
    by: str = ""
    facts: dict[str, object] = json_column(default_factory=dict)


def note(
    session: AsyncSession,
    kind: Happening,
    *,
    interaction: Interaction | None = None,
    ref: str = "",
    by: str = "",
    **facts: object,
) -> None:
    """Append what happened, for timelines and analytics."""
    about = (interaction.id, interaction.customer_id) if interaction else (None, None)
    note_about(session, kind, about, ref=ref, by=by, facts=facts)


def note_about(
    session: AsyncSession,
    kind: Happening | EntryKind | FlowEntryKind,
    about: tuple[str | None, str | None],
    *,
    flow_id: str | None = None,
    seq: int | None = None,
    ref: str = "",
    by: str = "",
    facts: dict[str, object] | None = None,
) -> None:
    """Append what happened to an interaction and its customer, given by their ids, and to a flow if it names one."""
    row = {"interaction_id": about[0], "customer_id": about[1], "seq": seq, "kind": kind.value, "ref": ref, "by": by}
    postscript(session).journal.append({**row, "flow_id": flow_id, "facts": facts or {}})


def tell(
    session: AsyncSession, interaction: Interaction, kind: EntryKind, *, ref: str = "", by: str = "", **facts: object
) -> int:
    """Append an entry addressed to the interaction's workflow, and hand it to the relay.

    The interaction's row is locked by the caller, which makes `seq` gapless. Returns the seq.
    """
    seq = interaction.last_seq = interaction.last_seq + 1
    note_about(session, kind, (interaction.id, interaction.customer_id), seq=seq, ref=ref, by=by, facts=facts)
    address_interaction(session, interaction.id, Entry(seq=seq, kind=kind, ref=ref, by=by))
    return seq


async def entries_after(session: AsyncSession, interaction_id: str, seq: int) -> list[Entry]:
    """The addressed entries above `seq`, in order; what a run reads when it finds a gap."""
    query = (
        select(JournalRow)
        .where(
            col(JournalRow.interaction_id) == interaction_id,
            col(JournalRow.seq) > seq,
            col(JournalRow.flow_id).is_(None),
        )
        .order_by(col(JournalRow.seq))
    )
    rows = (await session.execute(query)).scalars()
    return [Entry(seq=row.seq or 0, kind=EntryKind(row.kind), ref=row.ref, by=row.by) for row in rows]


async def feed(session: AsyncSession, after: tuple[int, int], limit: int = 200) -> list[JournalRow]:
    """The journal after a position `(xid, id)`, below the oldest running transaction: no late row is skipped."""
    xid, row_id = after
    query = (
        select(JournalRow)
        .where(
            text("(journal.xid, journal.id) > (CAST(CAST(:xid AS text) AS xid8), :row_id)").bindparams(
                xid=str(xid), row_id=row_id
            ),
            text("journal.xid < pg_snapshot_xmin(pg_current_snapshot())"),
        )
        .order_by(text("journal.xid, journal.id"))
        .limit(limit)
    )
    return list((await session.execute(query)).scalars())


async def feed_end(session: AsyncSession) -> tuple[int, int]:
    """The position from which a new follower starts: everything committed so far is behind it."""
    query = text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
    return int((await session.execute(query)).scalar_one()) - 1, 2**62
