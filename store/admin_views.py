"""What admins and monitors look at. Reading only."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.interaction import InteractionState
from domain.values import Value
from store.interactions import Interaction
from store.outbox import OutboxRow

_PREVIEW = 4000


class DeadLetter(Value):
    """A row of the outbox that Temporal refused for good."""

    id: int
    workflow_id: str
    interaction_id: str | None
    reason: str
    attempts: int
    created_at: datetime | None


class QuarantinedPayload(Value):
    """An inbound payload that could not be parsed; `preview` is its beginning, decoded with replacement."""

    id: str
    channel: str
    account: str
    reason: str
    size: int
    preview: str
    at: datetime | None


class PolicyGap(Value):
    """A cell of the matrix in which no candidate fitted, with the newest case that fell into it."""

    cell: str
    cases: int
    last_interaction_id: str | None
    last_at: datetime


class InteractionRow(Value):
    """One interaction in a list."""

    interaction_id: str
    customer_id: str
    channel: str
    state: str
    issue: str
    resolution: str
    agent_id: str
    misses: int
    opened_at: datetime | None
    changed_at: datetime | None
    next_step_due: datetime | None


@dataclass(frozen=True)
class TeamLoad:
    """How a team stands, as its dispatcher last measured it."""

    waiting: int
    wait_seconds: float | None
    pressure: str
    shifted_to_ai: int
    """Open cases that only the pressure gave to the AI."""


@dataclass(frozen=True)
class Backlog:
    """What waits right now."""

    waiting: int
    dead: int
    oldest_seconds: float
    interactions: dict[str, int]
    """Open ones by state."""
    work_items: dict[str, int]
    teams: dict[str, TeamLoad]


async def dead_letters(session: AsyncSession, limit: int) -> list[DeadLetter]:
    """The newest dead letters first."""
    query = select(OutboxRow).where(col(OutboxRow.dead).is_not(None)).order_by(col(OutboxRow.id).desc()).limit(limit)
    return [
        DeadLetter(
            id=row.id or 0,
            workflow_id=row.workflow_id,
            interaction_id=row.interaction_id,
            reason=row.dead or "",
            attempts=row.attempts,
            created_at=row.created_at,
        )
        for row in (await session.execute(query)).scalars()
    ]


async def quarantined(session: AsyncSession, limit: int) -> list[QuarantinedPayload]:
    """The newest payloads in quarantine first; only the beginning of each leaves the database."""
    query = text(
        "SELECT id, channel, account, reason, length(raw) AS size, substr(raw, 1, :preview) AS beginning, at"
        " FROM quarantined ORDER BY id DESC LIMIT :limit"
    )
    rows = (await session.execute(query, {"limit": limit, "preview": _PREVIEW})).all()
    return [
        QuarantinedPayload(
            id=row.id,
            channel=row.channel,
            account=row.account,
            reason=row.reason,
            size=row.size,
            preview=bytes(row.beginning).decode("utf-8", "replace"),
            at=row.at,
        )
        for row in rows
    ]


async def policy_gaps(session: AsyncSession, limit: int) -> list[PolicyGap]:
    """Cells without a fitting candidate, the most recent first."""
    query = text(
        """
        SELECT COALESCE(facts->>'cell', '') AS cell, count(*) AS cases, max(at) AS last_at,
               (array_agg(interaction_id ORDER BY id DESC))[1] AS last_interaction_id
        FROM journal WHERE kind = 'policy_gap' GROUP BY 1 ORDER BY max(at) DESC LIMIT :limit
        """
    )
    return [PolicyGap.model_validate(dict(row)) for row in (await session.execute(query, {"limit": limit})).mappings()]


async def interactions(
    session: AsyncSession, state: InteractionState | None, before: str | None, limit: int
) -> list[InteractionRow]:
    """Interactions, the newest first, older than the id `before`."""
    query = select(Interaction).order_by(col(Interaction.id).desc()).limit(limit)
    if state is not None:
        query = query.where(col(Interaction.state) == state.value)
    if before is not None:
        query = query.where(col(Interaction.id) < before)
    return [_row(row) for row in (await session.execute(query)).scalars()]


def _row(row: Interaction) -> InteractionRow:
    return InteractionRow(
        interaction_id=row.id,
        customer_id=row.customer_id,
        channel=row.channel,
        state=row.state,
        issue=row.issue,
        resolution=row.resolution,
        agent_id=row.agent_id,
        misses=row.misses,
        opened_at=row.opened_at,
        changed_at=row.changed_at,
        next_step_due=row.next_step_due,
    )


async def backlog(session: AsyncSession) -> Backlog:
    """What waits right now, for the metrics page."""
    outbox = text(
        """
        SELECT count(*) FILTER (WHERE dead IS NULL) AS waiting, count(*) FILTER (WHERE dead IS NOT NULL) AS dead,
               COALESCE(EXTRACT(epoch FROM clock_timestamp() - min(created_at) FILTER (WHERE dead IS NULL)), 0)
                 AS oldest
        FROM outbox
        """
    )
    row = (await session.execute(outbox)).one()
    open_ones = "SELECT state, count(*) AS number FROM interaction WHERE state <> 'resolved' GROUP BY state"
    items = "SELECT state, count(*) AS number FROM work_item WHERE state NOT IN ('done', 'cancelled') GROUP BY state"
    return Backlog(
        waiting=row.waiting,
        dead=row.dead,
        oldest_seconds=float(row.oldest),
        interactions=await _counts(session, open_ones),
        work_items=await _counts(session, items),
        teams=await _team_loads(session),
    )


async def _team_loads(session: AsyncSession) -> dict[str, TeamLoad]:
    query = text(
        """
        SELECT t.id, t.estimated_wait_seconds, t.pressure,
            (SELECT count(*) FROM work_item w WHERE w.team_id = t.id AND w.state = 'waiting') AS waiting,
            (SELECT count(*) FROM interaction i
              WHERE i.shifted_from = t.id AND i.shifted_from <> '' AND i.shifted_to_people_at IS NULL
                AND i.state <> 'resolved') AS shifted
        FROM team t
        """
    )
    return {
        row.id: TeamLoad(row.waiting, row.estimated_wait_seconds, row.pressure, row.shifted)
        for row in (await session.execute(query)).all()
    }


async def _counts(session: AsyncSession, query: str) -> dict[str, int]:
    return {row.state: row.number for row in (await session.execute(text(query))).all()}
