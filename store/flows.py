"""Flows: their rows, the ledger of their steps, the units that they claim, and the tasks that they give to people."""

from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, Index, Text, exists, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from domain.flows.kinds import FlowEntry, FlowEntryKind, FlowKind, FlowState
from domain.names import flow_workflow_id
from store.columns import json_column, moment
from store.ids import new_id
from store.journal import Happening, JournalRow, note_about
from store.locking import database_now, lock_row
from store.outbox import address_flow

CLOSED = FlowState.CLOSED.value


class Flow(SQLModel, table=True):
    """One flow. It is started once for its `intent`, whoever asks."""

    __tablename__ = "flow"
    __table_args__ = (
        Index("flow_intent", "intent", unique=True),
        Index("flow_of_order", "order_number"),
        Index("flow_of_interaction", "interaction_id"),
        Index("flow_of_customer", "shop_customer_id"),
        Index("flow_due", "next_step_due", postgresql_where=text("state <> 'closed'")),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    kind: str
    intent: str
    """What makes two requests the same one, e.g. `customer:<key>` or `outreach:<shipment>:<reason>`."""
    order_number: str = ""
    shop_customer_id: str = ""
    customer_id: str | None = None
    """Baton's customer, once one is known."""
    interaction_id: str | None = None
    """Where it speaks: the case it was asked for in, or one that it opened itself."""
    asked_by: str
    """`customer`, `ai`, `agent:<id>` or `policy`."""
    request: dict[str, object] = json_column()
    """`domain.flows.requests.FlowRequest`."""
    verdict: dict[str, object] | None = json_column(default=None)
    """`domain.flows.verdict.Verdict` at the moment of asking."""
    words: str = Field(default="", sa_type=Text)
    """What the asker wrote beside it: for people, never for a history."""
    language: str = "en"
    state: str = FlowState.WORKING.value
    outcome: str = ""
    reason: str = ""
    """Why it ended as it did: a rule or a constant word."""
    facts: dict[str, object] = json_column(default_factory=dict)
    """What has come of it so far: ids, tracking number, amounts, deadlines. Shown to customer and desk."""
    policy_version: int
    last_seq: int = 0
    handled_seq: int = 0
    next_step_due: datetime | None = moment()
    """When the sweep looks after it."""
    misses: int = 0
    opened_at: datetime | None = moment(default_now=True)
    changed_at: datetime | None = moment(default_now=True)
    closed_at: datetime | None = moment()

    @property
    def is_open(self) -> bool:
        """Not closed."""
        return self.state != CLOSED

    @property
    def workflow_id(self) -> str:
        """The id of its workflow."""
        return flow_workflow_id(FlowKind(self.kind), self.id)


class FlowStep(SQLModel, table=True):
    """One step of a flow as it really went: begun, then done or refused, later perhaps undone."""

    __tablename__ = "flow_step"
    __table_args__ = (Index("flow_step_once", "flow_id", "name", unique=True),)

    id: str = Field(default_factory=new_id, primary_key=True)
    flow_id: str = Field(foreign_key="flow.id")
    name: str
    """A verb of the story, e.g. `open_return`, or with a line's id `reserve:<line>`; `undo:` before what undoes it."""
    state: str = "begun"
    """`begun`, `done` or `refused`."""
    result: dict[str, object] = json_column(default_factory=dict)
    """The shop's answer (`Done` or `Refused`), given again whenever the step runs again."""
    begun_at: datetime | None = moment(default_now=True)
    done_at: datetime | None = moment()


class FlowClaim(SQLModel, table=True):
    """Units of an order line that an open flow holds, so that no two flows ever hold the same unit."""

    __tablename__ = "flow_claim"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="flow_claim_quantity_positive"),
        Index("flow_claim_of_order", "order_number"),
    )

    flow_id: str = Field(foreign_key="flow.id", primary_key=True)
    line_id: str = Field(primary_key=True)
    order_number: str
    quantity: int


class FlowTask(SQLModel, table=True):
    """Something that a flow asks people to do, shown at the desk to those who may."""

    __tablename__ = "flow_task"
    __table_args__ = (
        Index("flow_task_once", "flow_id", "key", unique=True),
        Index("flow_task_open", "team_id", "due_at", postgresql_where=text("state = 'open'")),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    flow_id: str = Field(foreign_key="flow.id")
    key: str
    """Names it within its flow, so that asking twice asks once."""
    kind: str
    team_id: str
    state: str = "open"
    """`open`, `done` or `withdrawn`."""
    amount_minor: int | None = None
    currency: str = ""
    facts: dict[str, object] = json_column(default_factory=dict)
    """What people need for it: the step that failed, the rule, ids."""
    decision: str = ""
    """`approved`, `refused` or `done`."""
    words: str = Field(default="", sa_type=Text)
    """What whoever did it wrote for the customer."""
    done_by: str = ""
    version: int = 0
    made_at: datetime | None = moment(default_now=True)
    due_at: datetime | None = moment()
    overdue: bool = False
    """Its deadline has passed once: leads of every team see it."""
    done_at: datetime | None = moment()


class Inquiry(SQLModel, table=True):
    """A question to an outside party, answered by mail or behind a signed link; never shown to the customer."""

    __tablename__ = "inquiry"
    __table_args__ = (Index("inquiry_of_flow", "flow_id", unique=True),)

    id: str = Field(default_factory=new_id, primary_key=True)
    flow_id: str = Field(foreign_key="flow.id")
    partner: str
    question: str = Field(sa_type=Text)
    answer: str = Field(default="", sa_type=Text)
    answered_at: datetime | None = moment()
    asked_at: datetime | None = moment()
    reminders: int = 0


async def lock_flow(session: AsyncSession, flow_id: str) -> Flow:
    """The flow's row, locked. Lock customer and interaction first where they are needed. Raises `NotFound`."""
    return await lock_row(session, Flow, flow_id)


async def flow_by_intent(session: AsyncSession, intent: str) -> Flow | None:
    """The flow that was started for an intent."""
    query = select(Flow).where(col(Flow.intent) == intent).execution_options(populate_existing=True)
    return (await session.execute(query)).scalar_one_or_none()


def tell_flow(session: AsyncSession, flow: Flow, kind: FlowEntryKind, *, ref: str = "", by: str = "") -> bool:
    """Append an entry addressed to the flow, whose row the caller has locked.

    False, and only journalled as late, if the flow is closed: a scan after the end starts nothing.
    """
    if not flow.is_open:
        note_about(session, Happening.LATE, _about(flow), flow_id=flow.id, ref=ref, by=by, facts={"of": kind.value})
        return False
    flow.last_seq += 1
    note_about(session, kind, _about(flow), flow_id=flow.id, seq=flow.last_seq, ref=ref, by=by)
    address_flow(session, flow.id, flow.workflow_id, FlowEntry(seq=flow.last_seq, kind=kind, ref=ref, by=by))
    return True


def note_flow(
    session: AsyncSession, flow: Flow, kind: Happening, *, ref: str = "", by: str = "", **facts: object
) -> None:
    """Append what happened to a flow, for timelines and analytics."""
    note_about(session, kind, _about(flow), flow_id=flow.id, ref=ref, by=by, facts=facts)


def _about(flow: Flow) -> tuple[str | None, str | None]:
    return flow.interaction_id, flow.customer_id


async def flow_entries_after(session: AsyncSession, flow_id: str, seq: int) -> list[FlowEntry]:
    """The entries addressed to a flow above `seq`, in order."""
    query = (
        select(JournalRow)
        .where(col(JournalRow.flow_id) == flow_id, col(JournalRow.seq) > seq)
        .order_by(col(JournalRow.seq))
    )
    rows = (await session.execute(query)).scalars()
    return [FlowEntry(seq=row.seq or 0, kind=FlowEntryKind(row.kind), ref=row.ref, by=row.by) for row in rows]


async def was_told(session: AsyncSession, flow_id: str, kind: FlowEntryKind, ref: str = "") -> bool:
    """Has an entry of this kind and `ref` been addressed to the flow? What came late was addressed to nobody."""
    query = select(
        exists().where(
            col(JournalRow.flow_id) == flow_id, col(JournalRow.kind) == kind.value, col(JournalRow.ref) == ref
        )
    )
    return bool((await session.execute(query)).scalar_one())


async def move_flow(session: AsyncSession, flow: Flow, state: FlowState, *, due_in: float) -> None:
    """Move a flow's state, and when the sweep looks after it (`due_in` seconds from now)."""
    now = await database_now(session)
    if flow.state != state.value:
        flow.state, flow.changed_at = state.value, now
    flow.next_step_due, flow.misses = now + timedelta(seconds=due_in), 0


async def lock_task(session: AsyncSession, task_id: str) -> FlowTask:
    """A task, locked. Lock its flow first. Raises `NotFound`."""
    return await lock_row(session, FlowTask, task_id)
