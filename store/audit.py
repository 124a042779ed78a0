"""What the store itself knows of cases that nobody acts on, and of work that is not finished."""

from enum import StrEnum

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.values import Value
from store.flows import CLOSED, Flow


class Problem(StrEnum):
    """What an audit can find."""

    NO_DEADLINE = "no_deadline"
    """An open interaction without a next step due."""
    OVERDUE = "overdue"
    """An open interaction whose deadline passed longer ago than the sweep needs."""
    NO_ITEM = "no_item"
    """Waiting for a person without a work item."""
    NO_AGENT = "no_agent"
    """A work item offered or assigned to nobody."""
    NOT_RUNNING = "not_running"
    """An open interaction, flow or question without a running workflow; `ref` is the workflow's id."""
    STILL_RUNNING = "still_running"
    """A running workflow whose interaction, flow or question is closed or unknown; `ref` is the workflow's id."""
    FLOW_WITHOUT_DEADLINE = "flow_without_deadline"
    FLOW_OVERDUE = "flow_overdue"
    """An open flow whose deadline passed longer ago than the sweep needs."""
    QUESTION_OVERDUE = "question_overdue"
    """A question of how it was whose time passed longer ago than the sweep needs."""
    FLOW_UNTOLD = "flow_untold"
    """A closed flow with an entry that was never handled."""
    CLAIM_LEFT = "claim_left"
    """A closed flow that still holds units of an order."""
    TASK_LEFT = "task_left"
    """A closed flow that still asks people for something."""
    STEP_UNANSWERED = "step_unanswered"
    """A closed flow with a step that was begun and never answered."""
    REFUNDS_WRONG = "refunds_wrong"
    """A payment of the local shop whose refunds are more than what is recorded as refunded."""
    STOCK_LOST = "stock_lost"
    """A hold of the local shop that nobody will ship or release: no flow on its order is open."""
    LOAD_WRONG = "load_wrong"
    """An agent's load that is not the sum of what they hold."""
    TAKEN_WRONG = "taken_wrong"
    """A work item that takes capacity though nobody has it, or takes none though somebody does."""
    UNSENT = "unsent"
    """A queued message that is older than its conversation's newest step."""
    UNDELIVERED = "undelivered"
    """An outbox row that no relay has delivered."""
    DEAD_LETTER = "dead_letter"
    """A row that Temporal refused for good."""
    UNTOLD = "untold"
    """A resolved interaction with an entry that was never handled."""
    DOUBLE_ANSWER = "double_answer"
    """Two sent AI messages for the same word of the customer."""
    OUT_OF_ORDER = "out_of_order"
    """Messages of a conversation that became visible in another order than they were queued in."""


class Finding(Value):
    """One thing that should not be."""

    problem: Problem
    ref: str


_CHECKS: dict[Problem, str] = {
    Problem.NO_DEADLINE: "SELECT id FROM interaction WHERE state <> 'resolved' AND next_step_due IS NULL",
    Problem.OVERDUE: """
        SELECT id FROM interaction
        WHERE state <> 'resolved' AND next_step_due < clock_timestamp() - interval '60 seconds'""",
    Problem.NO_ITEM: """
        SELECT i.id FROM interaction i WHERE i.state = 'awaiting_person' AND NOT EXISTS (
            SELECT 1 FROM work_item w
            WHERE w.interaction_id = i.id AND w.state IN ('waiting', 'offered', 'assigned', 'parked'))""",
    Problem.NO_AGENT: "SELECT id FROM work_item WHERE state IN ('offered', 'assigned') AND agent_id IS NULL",
    Problem.TAKEN_WRONG: """
        SELECT id FROM work_item WHERE (taken > 0) <> (state IN ('offered', 'assigned', 'wrapping'))""",
    Problem.LOAD_WRONG: """
        SELECT a.id FROM agent a WHERE a.load <> (
            SELECT COALESCE(sum(w.taken), 0) FROM work_item w
            WHERE w.agent_id = a.id AND w.state IN ('offered', 'assigned', 'wrapping'))""",
    Problem.UNSENT: "SELECT id FROM message WHERE state IN ('queued', 'sending', 'unknown')",
    Problem.UNDELIVERED: "SELECT workflow_id FROM outbox WHERE dead IS NULL",
    Problem.DEAD_LETTER: "SELECT workflow_id FROM outbox WHERE dead IS NOT NULL",
    Problem.FLOW_WITHOUT_DEADLINE: "SELECT id FROM flow WHERE state <> 'closed' AND next_step_due IS NULL",
    Problem.FLOW_OVERDUE: """
        SELECT id FROM flow
        WHERE state <> 'closed' AND next_step_due < clock_timestamp() - interval '60 seconds'""",
    Problem.QUESTION_OVERDUE: """
        SELECT interaction_id FROM satisfaction
        WHERE state IN ('waiting', 'asking') AND next_step_due < clock_timestamp() - interval '60 seconds'""",
    Problem.FLOW_UNTOLD: "SELECT id FROM flow WHERE state = 'closed' AND handled_seq <> last_seq",
    Problem.CLAIM_LEFT: "SELECT f.id FROM flow f JOIN flow_claim c ON c.flow_id = f.id WHERE f.state = 'closed'",
    Problem.TASK_LEFT: """
        SELECT t.id FROM flow f JOIN flow_task t ON t.flow_id = f.id WHERE f.state = 'closed' AND t.state = 'open'""",
    Problem.STEP_UNANSWERED: """
        SELECT s.id FROM flow f JOIN flow_step s ON s.flow_id = f.id WHERE f.state = 'closed' AND s.state = 'begun'""",
    Problem.REFUNDS_WRONG: """
        SELECT p.payment_id FROM shop_payment p JOIN shop_refund r USING (payment_id)
        GROUP BY p.payment_id HAVING sum(r.amount_minor) > p.refunded_minor""",
    Problem.STOCK_LOST: """
        SELECT h.hold_id FROM shop_hold h WHERE h.state = 'held' AND NOT EXISTS (
            SELECT 1 FROM flow f WHERE f.order_number = h.order_number AND f.state <> 'closed')""",
    Problem.UNTOLD: "SELECT id FROM interaction WHERE state = 'resolved' AND handled_seq <> last_seq",
    Problem.DOUBLE_ANSWER: """
        SELECT interaction_id FROM message WHERE author = 'ai' AND seq IS NOT NULL
        GROUP BY interaction_id, answers_seq HAVING count(*) > 1""",
    Problem.OUT_OF_ORDER: """
        SELECT DISTINCT conversation_id FROM (
            SELECT conversation_id, out_seq, lag(out_seq) OVER (PARTITION BY conversation_id ORDER BY seq) AS earlier
            FROM message WHERE seq IS NOT NULL AND out_seq IS NOT NULL) ordered
        WHERE out_seq < earlier""",
}


async def audit_store(session: AsyncSession) -> list[Finding]:
    """Everything that the store alone can tell; empty when all is well and at rest."""
    findings = []
    for problem, query in _CHECKS.items():
        for (ref,) in (await session.execute(text(query))).all():
            findings.append(Finding(problem=problem, ref=ref))
    return findings


async def open_interactions(session: AsyncSession) -> set[str]:
    """The ids of all open interactions."""
    rows = await session.execute(text("SELECT id FROM interaction WHERE state <> 'resolved'"))
    return set(rows.scalars())


async def open_flows(session: AsyncSession) -> set[str]:
    """The workflow ids of all open flows."""
    rows = await session.execute(select(Flow).where(col(Flow.state) != CLOSED))
    return {flow.workflow_id for flow in rows.scalars()}
