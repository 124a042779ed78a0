"""What is waiting to be told to Temporal: rows written in the causing transaction, taken by the relay."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Index, Row, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel

from domain.flows.kinds import FlowEntry, FlowKind, FlowStart
from domain.interaction import Entry, InteractionStart, InteractionState
from domain.names import (
    asks_satisfaction,
    dispatcher_workflow_id,
    interaction_workflow_id,
    satisfaction_workflow_id,
)
from domain.satisfaction import SatisfactionStart
from domain.values import Value
from store.columns import json_column, moment
from store.policy_versions import PolicyShelf
from store.postscript import postscript

LEASE_SECONDS = 15
"""How long a claimed row stays with a relay; longer than its timeout for one call."""


class OutboxRow(SQLModel, table=True):
    """One signal to be delivered. Delivered rows are deleted; refused ones stay as dead letters."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("outbox_waiting", "id", postgresql_where=text("dead IS NULL")),
        Index("outbox_workflow", "workflow_id"),
    )

    id: int | None = Field(default=None, sa_column=Column(BigInteger, primary_key=True, autoincrement=True))
    workflow_id: str
    interaction_id: str | None = None
    flow_id: str | None = None
    team: str | None = None
    entry: dict[str, object] | None = json_column(default=None)
    """The `Entry` for an interaction, the `FlowEntry` for a flow; empty for a poke and for a dispatcher."""
    attempts: int = 0
    lease_until: datetime | None = moment()
    dead: str | None = None
    """Why Temporal refused it for good, as a constant word."""
    created_at: datetime | None = moment(default_now=True)


class Parcel(Value):
    """All that is waiting for one workflow, to be told in one call."""

    row_ids: tuple[int, ...]
    workflow_id: str
    team: str | None = None
    start: InteractionStart | None = None
    entries: tuple[Entry, ...] = ()
    flow: FlowStart | None = None
    flow_entries: tuple[FlowEntry, ...] = ()
    satisfaction: SatisfactionStart | None = None


def address_interaction(session: AsyncSession, interaction_id: str, entry: Entry | None) -> None:
    """Address an entry, or with None a poke, to an interaction's workflow."""
    content = entry.model_dump(mode="json") if entry else None
    workflow_id = interaction_workflow_id(interaction_id)
    postscript(session).outbox.append({"workflow_id": workflow_id, "interaction_id": interaction_id, "entry": content})


def address_satisfaction(session: AsyncSession, interaction_id: str) -> None:
    """Have the workflow started that asks how a case was resolved, unless it is running."""
    workflow_id = satisfaction_workflow_id(interaction_id)
    postscript(session).outbox.append({"workflow_id": workflow_id, "interaction_id": interaction_id})


def address_flow(session: AsyncSession, flow_id: str, workflow_id: str, entry: FlowEntry | None) -> None:
    """Address an entry, or with None a poke, to a flow's workflow."""
    content = entry.model_dump(mode="json") if entry else None
    postscript(session).outbox.append({"workflow_id": workflow_id, "flow_id": flow_id, "entry": content})


def address_dispatcher(session: AsyncSession, team: str) -> None:
    """Address a wake to a team's dispatcher."""
    postscript(session).outbox.append({"workflow_id": dispatcher_workflow_id(team), "team": team})


_CLAIM = text(
    """
    WITH due AS (
        SELECT id FROM outbox o
        WHERE dead IS NULL AND (lease_until IS NULL OR lease_until < clock_timestamp())
          AND NOT EXISTS (SELECT 1 FROM outbox e WHERE e.workflow_id = o.workflow_id AND e.id < o.id
                          AND e.dead IS NULL AND e.lease_until >= clock_timestamp())
        ORDER BY id LIMIT :limit FOR UPDATE SKIP LOCKED
    )
    UPDATE outbox SET lease_until = clock_timestamp() + make_interval(secs => :lease), attempts = attempts + 1
    FROM due WHERE outbox.id = due.id
    RETURNING outbox.id, outbox.workflow_id, outbox.interaction_id, outbox.flow_id, outbox.team, outbox.entry
    """
)

_STARTS = text(
    """
    SELECT i.id, i.customer_id, i.channel, i.handled_seq, i.state, i.policy_version, c.tier
    FROM interaction i JOIN customer c ON c.id = i.customer_id WHERE i.id = ANY(:ids)
    """
)


async def claim(session: AsyncSession, shelf: PolicyShelf, limit: int) -> list[Parcel]:
    """Claim waiting rows by a lease, grouped by workflow; rows of a workflow that another relay serves stay put.

    Relays claim one after the other: two at once would not see that the other is taking a workflow's earlier rows.
    """
    await session.execute(text("SELECT pg_advisory_xact_lock(hashtext('outbox'))"))
    rows = (await session.execute(_CLAIM, {"limit": limit, "lease": LEASE_SECONDS})).all()
    asks = {row.interaction_id for row in rows if asks_satisfaction(row.workflow_id)}
    questions = await _questions(session, list(asks)) if asks else {}
    ids = list({row.interaction_id for row in rows if row.interaction_id and not asks_satisfaction(row.workflow_id)})
    starts = await _starts(session, ids, shelf) if ids else {}
    flow_ids = list({row.flow_id for row in rows if row.flow_id})
    flows = await _flows(session, flow_ids) if flow_ids else {}
    grouped: dict[str, list[Row[Any]]] = {}
    for row in sorted(rows, key=lambda row: int(row.id)):
        grouped.setdefault(row.workflow_id, []).append(row)
    return [
        _question(workflow_id, group, questions)
        if asks_satisfaction(workflow_id)
        else _parcel(workflow_id, group, starts, flows)
        for workflow_id, group in grouped.items()
    ]


def _question(workflow_id: str, rows: list[Row[Any]], starts: dict[str, SatisfactionStart]) -> Parcel:
    start = starts.get(rows[0].interaction_id)
    return Parcel(row_ids=tuple(row.id for row in rows), workflow_id=workflow_id, satisfaction=start)


def _parcel(
    workflow_id: str, rows: list[Row[Any]], starts: dict[str, InteractionStart], flows: dict[str, FlowStart]
) -> Parcel:
    first = rows[0]
    if first.flow_id is not None:
        return Parcel(
            row_ids=tuple(row.id for row in rows),
            workflow_id=workflow_id,
            flow=flows.get(first.flow_id),
            flow_entries=tuple(FlowEntry.model_validate(row.entry) for row in rows if row.entry),
        )
    return Parcel(
        row_ids=tuple(row.id for row in rows),
        workflow_id=workflow_id,
        team=first.team,
        start=starts.get(first.interaction_id),
        entries=tuple(Entry.model_validate(row.entry) for row in rows if row.entry),
    )


async def _flows(session: AsyncSession, ids: list[str]) -> dict[str, FlowStart]:
    query = text("SELECT id, kind, order_number, request ->> 'flow' AS story FROM flow WHERE id = ANY(:ids)")
    rows = (await session.execute(query, {"ids": ids})).all()
    return {
        row.id: FlowStart(flow_id=row.id, kind=FlowKind(row.kind), order=row.order_number, story=row.story or "")
        for row in rows
    }


async def _questions(session: AsyncSession, ids: list[str]) -> dict[str, SatisfactionStart]:
    query = text("SELECT interaction_id, due_at FROM satisfaction WHERE interaction_id = ANY(:ids)")
    rows = (await session.execute(query, {"ids": ids})).all()
    return {row.interaction_id: SatisfactionStart(interaction_id=row.interaction_id, due_at=row.due_at) for row in rows}


async def _starts(session: AsyncSession, ids: list[str], shelf: PolicyShelf) -> dict[str, InteractionStart]:
    rows = (await session.execute(_STARTS, {"ids": ids})).all()
    return {
        row.id: InteractionStart(
            interaction_id=row.id,
            customer_id=row.customer_id,
            channel=row.channel,
            tier=row.tier,
            pace=(await shelf.version(session, row.policy_version)).pace(row.channel),
            handled_seq=row.handled_seq,
            fresh=row.handled_seq == 0 and row.state == InteractionState.NEW.value,
        )
        for row in rows
    }


_DELIVERED = text(
    """
    WITH gone AS (DELETE FROM outbox WHERE id = ANY(:ids))
    SELECT EXISTS (SELECT 1 FROM outbox WHERE dead IS NULL AND lease_until IS NULL)
    """
)


async def delivered(session: AsyncSession, row_ids: tuple[int, ...]) -> bool:
    """Temporal took it. Returns whether anything else waits, which nobody has claimed."""
    return bool((await session.execute(_DELIVERED, {"ids": list(row_ids)})).scalar_one())


async def refused(session: AsyncSession, row_ids: tuple[int, ...], reason: str) -> None:
    """Temporal refused it for good; admins see it as a dead letter."""
    await session.execute(
        text("UPDATE outbox SET dead = :reason WHERE id = ANY(:ids)"), {"ids": list(row_ids), "reason": reason}
    )


async def release(session: AsyncSession, row_ids: tuple[int, ...], delay: float) -> None:
    """Temporal did not answer; try again after `delay` seconds."""
    await session.execute(
        text("UPDATE outbox SET lease_until = clock_timestamp() + make_interval(secs => :delay) WHERE id = ANY(:ids)"),
        {"ids": list(row_ids), "delay": delay},
    )
