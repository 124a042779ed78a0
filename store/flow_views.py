"""Flows as pages show them: where they stand, what was done, what people are asked. Reading only."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.flows.kinds import FlowEntryKind, FlowKind, FlowState
from domain.flows.requests import FlowRequest, read_request
from domain.flows.verdict import Verdict
from domain.values import Value
from store.attachments import FILES_OF_M, AttachedFile, with_attachments

_MOST = 100


class StepView(Value):
    """One step of a flow as it really went."""

    name: str
    """A verb, with a part behind a colon; `undo:` before what undoes it."""
    state: str
    """`begun`, `done` or `refused`."""
    rule: str
    """Why the shop refused it."""
    begun_at: datetime
    done_at: datetime | None


class EntryView(Value):
    """Something that the flow was told."""

    kind: FlowEntryKind
    ref: str
    by_name: str
    """The agent's name, where an agent did it."""
    at: datetime


class FlowView(Value):
    """A flow."""

    id: str
    kind: FlowKind
    order: str
    shop_customer_id: str
    interaction_id: str | None
    state: FlowState
    outcome: str
    """Empty while it is open."""
    reason: str
    """Why it ended so: a rule, or a constant word."""
    asked_by: str
    """`customer`, `ai`, `agent:<id>` or `policy`."""
    asked_by_name: str
    request: FlowRequest
    verdict: Verdict
    """What policy said when it was asked for."""
    words: str
    """What the asker wrote beside it."""
    facts: dict[str, object]
    """What has come of it: ids, tracking number, amounts, counts."""
    policy_version: int
    opened_at: datetime
    changed_at: datetime
    """When its state last changed."""
    closed_at: datetime | None

    @property
    def is_open(self) -> bool:
        """Not closed."""
        return self.state is not FlowState.CLOSED


class CaseOf(Value):
    """Whom a case is about. `shop_customer_id` is empty while nothing is proven."""

    interaction_id: str
    customer_id: str
    shop_customer_id: str


class TaskView(Value):
    """Something that a flow asks people to do, with the flow that asks."""

    id: str
    flow: FlowView
    kind: str
    team_id: str
    state: str
    amount_minor: int | None
    currency: str
    facts: dict[str, object]
    decision: str
    done_by_name: str
    made_at: datetime
    due_at: datetime | None
    overdue: bool
    done_at: datetime | None
    customer_name: str
    now: datetime
    """The store's clock, against which the deadline counts."""


_FLOW = """
    f.id, f.kind, f.order_number AS order, f.shop_customer_id, f.interaction_id, f.state, f.outcome, f.reason,
    f.asked_by, COALESCE(asker.name, '') AS asked_by_name, f.request, f.verdict, f.words, f.facts, f.policy_version,
    f.opened_at, f.changed_at, f.closed_at
"""
_FROM = "FROM flow f LEFT JOIN agent asker ON f.asked_by = 'agent:' || asker.id"
_NEWEST = "ORDER BY f.opened_at DESC, f.id DESC LIMIT :limit"

_ONE = text(f"SELECT {_FLOW} {_FROM} WHERE f.id = :id")
_OF_INTERACTION = text(f"SELECT {_FLOW} {_FROM} WHERE f.interaction_id = :of {_NEWEST}")
_OF_ORDER = text(f"SELECT {_FLOW} {_FROM} WHERE f.order_number = :of {_NEWEST}")
_OF_CUSTOMER = text(f"SELECT {_FLOW} {_FROM} WHERE f.shop_customer_id = :of {_NEWEST}")

_STEPS = text(
    """
    SELECT name, state, CASE WHEN state = 'refused' THEN COALESCE(result ->> 'rule', '') ELSE '' END AS rule,
           begun_at, done_at
    FROM flow_step WHERE flow_id = :id AND NOT starts_with(name, 'wait:') ORDER BY begun_at, id
    """
)
_ENTRIES = text(
    """
    SELECT j.kind, j.ref, COALESCE(a.name, '') AS by_name, j.at
    FROM journal j LEFT JOIN agent a ON a.id = j.by WHERE j.flow_id = :id AND j.seq IS NOT NULL ORDER BY j.seq
    """
)
_TASK = f"""
    SELECT t.id AS task_id, t.kind AS task_kind, t.team_id, t.state AS task_state, t.amount_minor, t.currency,
           t.facts AS task_facts, t.decision, COALESCE(doer.name, t.done_by) AS done_by_name, t.made_at, t.due_at,
           t.overdue, t.done_at, clock_timestamp() AS now,
           COALESCE((SELECT c.display_name FROM customer c WHERE c.id = f.customer_id),
                    (SELECT s.name FROM shop_customer s WHERE s.customer_id = f.shop_customer_id), '') AS customer_name,
           {_FLOW}
    {_FROM} JOIN flow_task t ON t.flow_id = f.id LEFT JOIN agent doer ON doer.id = t.done_by
"""  # noqa: S608
_OPEN_TASKS = text(
    _TASK + " WHERE t.state = 'open' AND (t.team_id = ANY(:teams) OR (:leads AND t.overdue))"
    " ORDER BY t.overdue DESC, t.due_at, t.id LIMIT :limit"
)
_TASKS_OF = text(_TASK + " WHERE t.flow_id = :id ORDER BY t.made_at, t.id")
_ONE_TASK = text(_TASK + " WHERE t.id = :id")

_REACHES = text(
    """
    SELECT f.id FROM flow f WHERE f.id = ANY(:ids) AND (
        EXISTS (SELECT 1 FROM flow_task t JOIN agent_team a ON a.team_id = t.team_id
                WHERE t.flow_id = f.id AND a.agent_id = :agent)
        OR EXISTS (SELECT 1 FROM work_item w JOIN interaction i ON i.id = w.interaction_id
                   JOIN customer c ON c.id = i.customer_id
                   WHERE (i.id = f.interaction_id OR c.shop_customer_id = f.shop_customer_id)
                     AND (w.agent_id = :agent
                          OR w.team_id IN (SELECT team_id FROM agent_team WHERE agent_id = :agent))))
    """
)
_CASE = text(
    """
    SELECT i.id AS interaction_id, c.id AS customer_id, COALESCE(c.shop_customer_id, '') AS shop_customer_id
    FROM interaction i JOIN customer c ON c.id = i.customer_id WHERE i.id = :id
    """
)
_OPEN_CASE = text(
    """
    SELECT min(c.id) AS customer_id, CASE WHEN count(i.id) = 1 THEN min(i.id) END AS interaction_id
    FROM customer c LEFT JOIN interaction i ON i.customer_id = c.id AND i.state <> 'resolved'
    WHERE c.shop_customer_id = :id
    """
)
_PICTURES = text(
    f"SELECT m.id, {FILES_OF_M} FROM message m WHERE m.interaction_id = :id ORDER BY m.created_at, m.id"  # noqa: S608
)


async def flow_view(session: AsyncSession, flow_id: str) -> FlowView | None:
    """A flow by its id."""
    found = (await session.execute(_ONE, {"id": flow_id})).mappings().one_or_none()
    return _flow(found) if found else None


async def flows_of_interaction(session: AsyncSession, interaction_id: str) -> list[FlowView]:
    """The flows of a case, newest first."""
    return await _flows(session, _OF_INTERACTION, interaction_id)


async def flows_of_order(session: AsyncSession, order: str) -> list[FlowView]:
    """The flows on an order, newest first."""
    return await _flows(session, _OF_ORDER, order)


async def flows_of_customer(session: AsyncSession, shop_customer_id: str) -> list[FlowView]:
    """The flows of a customer of the shop, newest first."""
    return await _flows(session, _OF_CUSTOMER, shop_customer_id)


async def steps_of(session: AsyncSession, flow_id: str) -> list[StepView]:
    """The steps of a flow, as they were begun; its waits are told by its state and its entries."""
    rows = (await session.execute(_STEPS, {"id": flow_id})).mappings()
    return [StepView.model_validate(dict(row)) for row in rows]


async def entries_of(session: AsyncSession, flow_id: str) -> list[EntryView]:
    """What a flow was told, in order."""
    rows = (await session.execute(_ENTRIES, {"id": flow_id})).mappings()
    return [EntryView.model_validate(dict(row)) for row in rows]


async def tasks_of_flow(session: AsyncSession, flow_id: str) -> list[TaskView]:
    """What a flow has asked people to do, oldest first."""
    return [_task(row) for row in (await session.execute(_TASKS_OF, {"id": flow_id})).mappings()]


async def open_tasks(session: AsyncSession, teams: Sequence[str], *, leads: bool) -> list[TaskView]:
    """The open tasks of these teams, and for `leads` the overdue ones of all teams; overdue first, then by deadline."""
    values = {"teams": list(teams), "leads": leads, "limit": _MOST}
    return [_task(row) for row in (await session.execute(_OPEN_TASKS, values)).mappings()]


async def task_view(session: AsyncSession, task_id: str) -> TaskView | None:
    """A task by its id."""
    found = (await session.execute(_ONE_TASK, {"id": task_id})).mappings().one_or_none()
    return _task(found) if found else None


async def in_reach_of(session: AsyncSession, flow_ids: Sequence[str], agent_id: str) -> set[str]:
    """Of these flows, those that concern an agent: asked of a team of theirs, or about the customer of their case."""
    found = await session.execute(_REACHES, {"ids": list(flow_ids), "agent": agent_id})
    return set(found.scalars())


async def case_of(session: AsyncSession, interaction_id: str) -> CaseOf | None:
    """Whom a case is about."""
    found = (await session.execute(_CASE, {"id": interaction_id})).mappings().one_or_none()
    return CaseOf.model_validate(dict(found)) if found else None


async def open_case_of(session: AsyncSession, shop_customer_id: str) -> tuple[str | None, str | None]:
    """A shop customer as Baton knows them, and their open case if there is exactly one: what they do belongs to it."""
    found = (await session.execute(_OPEN_CASE, {"id": shop_customer_id})).one()
    return found.customer_id, found.interaction_id


async def pictures_of(session: AsyncSession, interaction_id: str) -> list[AttachedFile]:
    """The pictures that came with a case's messages, oldest first."""
    rows = (await session.execute(_PICTURES, {"id": interaction_id})).mappings()
    files = [one for row in rows for one in with_attachments(dict(row))["attachments"]]
    return [one for one in files if one.media_type.startswith("image/")]


async def _flows(session: AsyncSession, query: Any, of: str) -> list[FlowView]:
    return [_flow(row) for row in (await session.execute(query, {"of": of, "limit": _MOST})).mappings()]


def _flow(row: RowMapping) -> FlowView:
    content = {name: row[name] for name in FlowView.model_fields}
    return FlowView.model_validate(
        {**content, "request": read_request(row["request"]), "verdict": Verdict.model_validate(row["verdict"] or {})}
    )


def _task(row: RowMapping) -> TaskView:
    own = ("team_id", "amount_minor", "currency", "decision", "done_by_name", "made_at", "due_at", "overdue")
    return TaskView(
        **{name: row[name] for name in (*own, "done_at", "customer_name", "now")},
        id=row["task_id"],
        kind=row["task_kind"],
        state=row["task_state"],
        facts=row["task_facts"],
        flow=_flow(row),
    )
