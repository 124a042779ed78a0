"""What the pool `human` does for flows: ask people for an approval, an inspection, a repair."""

from temporalio import activity

from activities.flow_records import Asked, ToAsk
from activities.shop_steps import verdict_of
from domain.money import Money
from store import flow_tasks
from store.database import Database
from store.flows import Flow, lock_flow
from store.policy_versions import PolicyShelf


class TaskActivities:
    """Tasks for people."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._shelf = PolicyShelf()

    @activity.defn
    async def open_task(self, order: ToAsk) -> Asked:
        """Open the task, once; a team that the policy does not know any more is the overflow team."""
        async with self._database.begin() as session:
            flow = await lock_flow(session, order.flow_id)
            policy = await self._shelf.version(session, flow.policy_version)
            team = order.team if order.team in policy.teams else policy.overflow
            task = await flow_tasks.ask(
                session,
                flow,
                order.key,
                order.kind,
                team,
                hours=order.hours,
                amount=_amount(flow, order.amount_minor),
                facts=order.facts,
            )
            if task.due_at is None:
                raise AssertionError("every task has a deadline")
            return Asked(task_id=task.id, due_at=task.due_at)

    @activity.defn
    async def mark_overdue(self, order: ToAsk) -> None:
        """Nobody has done it in time."""
        async with self._database.begin() as session:
            await flow_tasks.overdue(session, await lock_flow(session, order.flow_id), order.key)

    @activity.defn
    async def withdraw_task(self, order: ToAsk) -> str:
        """Nobody needs to do it any more; what somebody had decided before, else nothing."""
        async with self._database.begin() as session:
            return await flow_tasks.withdraw(session, await lock_flow(session, order.flow_id), order.key)


def _amount(flow: Flow, minor: int | None) -> Money | None:
    if minor is None:
        return None
    return Money(minor=minor, currency=verdict_of(flow).currency)
