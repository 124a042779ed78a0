"""What the warehouse, or a person at the desk, tells of things that came back: counts by line, told to their flow.

Order of locks: flow, task.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from pydantic import TypeAdapter
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.flows.effects import Accepted
from domain.flows.kinds import FlowEntryKind, TaskKind
from domain.flows.requests import ClaimRequest, ExchangeRequest, FlowRequest, ReturnRequest, read_request
from domain.flows.units import units_of
from store.errors import Conflict, NotFound
from store.flow_tasks import DONE, INSPECTED, OPEN, mark_done
from store.flows import Flow, FlowTask, lock_flow, tell_flow
from store.live import notify_desk

RECEIVED = "received"
_LINES: TypeAdapter[list[Accepted]] = TypeAdapter(list[Accepted])


class Told(StrEnum):
    """What became of a report."""

    RECORDED = "recorded"
    """The flow goes on by it; also when it was told before."""
    PARTLY = "partly"
    """An inspection that still lacks lines: the flow waits for the rest."""
    LATE = "late"
    """The flow was over before: journalled, and nothing else."""


class Miscounted(Exception):
    """A count that cannot be. `place` is the line's place in the report, `field` what is wrong with it."""

    def __init__(self, place: int, field: str, why: str) -> None:
        super().__init__(why)
        self.place, self.field = place, field


async def flow_of_return(session: AsyncSession, return_id: str) -> Flow:
    """The flow that opened the shop's return or exchange, not locked. Raises `NotFound`."""
    query = select(Flow).where(col(Flow.facts)["return_id"].astext == return_id).limit(1)
    flow = (await session.execute(query)).scalar_one_or_none()
    if flow is None:
        raise NotFound("return")
    return flow


async def record_receipt(session: AsyncSession, return_id: str, lines: Sequence[Accepted], *, by: str = "") -> Told:
    """What arrived (`accepted` is not looked at): the newest count of a line holds, until it has been inspected.

    Raises `NotFound`, `Miscounted`, or `Conflict` (`inspected_already`).
    """
    flow = await lock_flow(session, (await flow_of_return(session, return_id)).id)
    _check(flow, lines, inspected=False)
    counted = [line.model_copy(update={"accepted": 0}) for line in lines]
    if _merged(flow, RECEIVED, counted) == known(flow.facts, RECEIVED):
        return Told.RECORDED
    if not flow.is_open:
        return await _late(session, flow, FlowEntryKind.PARCEL_RECEIVED, return_id, by)
    if INSPECTED in flow.facts:
        raise Conflict("inspected_already")
    flow.facts = {**flow.facts, RECEIVED: _plain(_merged(flow, RECEIVED, counted))}
    tell_flow(session, flow, FlowEntryKind.PARCEL_RECEIVED, ref=return_id, by=by)
    await notify_desk(session)
    return Told.RECORDED


async def record_inspection(session: AsyncSession, return_id: str, lines: Sequence[Accepted], *, by: str = "") -> Told:
    """What the inspection came to. The flow goes on when every line of it has been looked at.

    A line that was inspected stays as it was. Finishes the task that asked people for it.
    Raises `NotFound`, `Miscounted`, or `Conflict` (`inspected_already`).
    """
    flow = await lock_flow(session, (await flow_of_return(session, return_id)).id)
    _check(flow, lines, inspected=True)
    if not flow.is_open and not _same_again(flow, lines):
        return await _late(session, flow, FlowEntryKind.INSPECTED, return_id, by)
    _must_not_differ(flow, lines)
    merged = _merged(flow, INSPECTED, lines)
    whole = {line.line_id for line in merged} == set(units_asked(read_request(flow.request)))
    if merged == known(flow.facts, INSPECTED):
        return Told.RECORDED if whole else Told.PARTLY
    flow.facts = {**flow.facts, INSPECTED: _plain(merged)}
    if whole:
        tell_flow(session, flow, FlowEntryKind.INSPECTED, ref=return_id, by=by)
        await _finish_inspection(session, flow, by)
    await notify_desk(session)
    return Told.RECORDED if whole else Told.PARTLY


def units_asked(request: FlowRequest) -> dict[str, int]:
    """The units of each line that are to come back."""
    match request:
        case ReturnRequest() | ClaimRequest():
            return units_of(request.items)
        case ExchangeRequest():
            return units_of(request.swaps)
        case _:
            return {}


def known(facts: Mapping[str, object], what: str) -> list[Accepted]:
    """The counts among a flow's facts that were told before, `received` or `inspected`."""
    return _LINES.validate_python(facts.get(what) or [])


def _check(flow: Flow, lines: Sequence[Accepted], *, inspected: bool) -> None:
    asked, seen = units_asked(read_request(flow.request)), set()
    for place, line in enumerate(lines):
        if line.line_id not in asked:
            raise Miscounted(place, "line_id", "is no line of this return")
        if line.line_id in seen:
            raise Miscounted(place, "line_id", "must come once")
        if not 0 <= line.received <= asked[line.line_id]:
            raise Miscounted(place, "received", f"must be from 0 to {asked[line.line_id]}, the units of this return")
        if inspected and not 0 <= line.accepted <= line.received:
            raise Miscounted(place, "accepted", "must be from 0 to what was received")
        seen.add(line.line_id)


def _merged(flow: Flow, what: str, lines: Sequence[Accepted]) -> list[Accepted]:
    """By line, so that a report and its repetition look the same."""
    merged = {line.line_id: line for line in (*known(flow.facts, what), *lines)}
    return [merged[line_id] for line_id in sorted(merged)]


def _must_not_differ(flow: Flow, lines: Sequence[Accepted]) -> None:
    before = {line.line_id: line for line in known(flow.facts, INSPECTED)}
    if any(before.get(line.line_id, line) != line for line in lines):
        raise Conflict("inspected_already")


def _same_again(flow: Flow, lines: Sequence[Accepted]) -> bool:
    return bool(lines) and _merged(flow, INSPECTED, lines) == known(flow.facts, INSPECTED)


def _plain(lines: Sequence[Accepted]) -> list[dict[str, object]]:
    return [line.model_dump(mode="json") for line in lines]


async def _late(session: AsyncSession, flow: Flow, kind: FlowEntryKind, return_id: str, by: str) -> Told:
    tell_flow(session, flow, kind, ref=return_id, by=by)
    await notify_desk(session)
    return Told.LATE


async def _finish_inspection(session: AsyncSession, flow: Flow, by: str) -> None:
    """The task is done, whoever has counted."""
    query = select(FlowTask).where(
        col(FlowTask.flow_id) == flow.id, col(FlowTask.kind) == TaskKind.INSPECT.value, col(FlowTask.state) == OPEN
    )
    for task in (await session.execute(query.with_for_update())).scalars():
        await mark_done(session, flow, task, DONE, by=by)
