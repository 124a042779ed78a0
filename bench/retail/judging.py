"""What became of each task and each rejection, against what the data set says."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from bench.retail.data import Action, Json, Rejection, RetailData, Task
from bench.retail.reading_back import methods_as_expected, methods_as_told, order_as_expected, order_as_told
from bench.retail.stage import ACCEPTED, RetailStage
from domain.values import Value

AT_ONCE = 16
"""Customers who ask at the same time."""

Case = TypeVar("Case")


class Failure(Value):
    """One task or rejection that did not come out as it must."""

    id: str
    why: str


async def judge_task(stage: RetailStage, task: Task, data: RetailData) -> list[Failure]:
    """Play a task's actions one after the other; then all records of its customer are as the data set says."""
    wrong = []
    for action, (_, logged) in zip(task.actions, task.write_log, strict=True):
        got = await stage.play(action, task.user_id)
        if (got == ACCEPTED) != (logged == ACCEPTED):
            wrong.append(f"{action.name}: {got}, expected {logged}")
    wrong += await _differences(stage, task, data)
    return [Failure(id=task.task_id, why=why) for why in wrong]


async def judge_rejection(stage: RetailStage, rejection: Rejection, data: RetailData) -> list[Failure]:
    """After its setup, whatever becomes of that, the action is refused by a named rule, and no record has changed."""
    for action in rejection.setup:
        await stage.play(action, rejection.verified_user)
    owner, numbers = _touched(rejection, data)
    before = await _records(stage, owner, numbers)
    got = await stage.play(_action(rejection), rejection.verified_user)
    if got == ACCEPTED:
        return [Failure(id=rejection.id, why=f"accepted, although {rejection.reason}")]
    if await _records(stage, owner, numbers) != before:
        return [Failure(id=rejection.id, why=f"refused ({got}), and something has changed")]
    return []


def subject(rejection: Rejection, data: RetailData) -> str:
    """Whose records an action names; those of who asks, if there is no such order."""
    return _touched(rejection, data)[0]


def _touched(rejection: Rejection, data: RetailData) -> tuple[str, list[str]]:
    number = str(rejection.arguments.get("order_id"))
    order = data.orders.get(number)
    return (order["user_id"], [number]) if order else (rejection.verified_user, [])


def _action(rejection: Rejection) -> Action:
    return Action(name=rejection.action, arguments=rejection.arguments)


async def _differences(stage: RetailStage, task: Task, data: RetailData) -> list[str]:
    after = task.expected_after
    numbers = [number for number, order in data.orders.items() if order["user_id"] == task.user_id]
    user = data.users[task.user_id] | after.get("users", {}).get(task.user_id, {})
    expected: Json = {
        number: order_as_expected(data.orders[number] | after.get("orders", {}).get(number, {})) for number in numbers
    }
    expected["payment_methods"] = methods_as_expected(user["payment_methods"])
    told = await _records(stage, task.user_id, numbers)
    return [
        f"{name}.{field}: {told[name].get(field)}, expected {expected[name].get(field)}"
        for name in expected
        for field in sorted({*expected[name], *told[name]})
        if told[name].get(field) != expected[name].get(field)
    ]


async def _records(stage: RetailStage, user_id: str, numbers: Sequence[str]) -> Json:
    async with stage.database.begin() as session:
        told: Json = {number: await order_as_told(session, number) for number in numbers}
        told["payment_methods"] = await methods_as_told(session, user_id)
    return told


def rounds(cases: Sequence[Case], subject: Callable[[Case], str]) -> list[list[Case]]:
    """Cases in as few rounds as possible, each of which has every subject at most once: they start from one state."""
    told: list[list[Case]] = []
    seen: dict[str, int] = {}
    for case in cases:
        number = seen.get(subject(case), 0)
        seen[subject(case)] = number + 1
        if number == len(told):
            told.append([])
        told[number].append(case)
    return told


async def all_of(
    cases: Sequence[Case], judge: Callable[[Case], Awaitable[list[Failure]]], done: Callable[[], None]
) -> list[Failure]:
    """Judge cases, several at a time; `done` is called after each."""
    places = asyncio.Semaphore(AT_ONCE)

    async def one(case: Case) -> list[Failure]:
        async with places:
            failures = await judge(case)
        done()
        return failures

    return [failure for failures in await asyncio.gather(*(one(case) for case in cases)) for failure in failures]
