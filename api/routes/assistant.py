"""The AI as leads and admins steer it: its switches and how ready it is; and the brief that people ask it for."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from api.callers import AgentCaller, Staff, Supervisor
from api.clicks import REFUSALS, click
from api.fields import Body, Empty, Line
from api.parts import Engine
from api.problems import invalid, not_found, responses
from domain.cells import spoken_cells
from domain.limits import limits_of
from domain.modes import EVERY_CELL
from domain.parties import Role
from store.asking_briefs import ask_for_brief
from store.locking import database_now
from store.readiness import Readiness, readiness
from store.stopping import start_ai, stop_ai
from store.switches import StoppedCell, stopped_cells
from store.work import WorkItem, teams_of

router = APIRouter(prefix="/v1", tags=["assistant"])

_SWITCHING = responses(400, 401, 403, 413, 422, 503)
Cell = Annotated[Line, Field(description="A cell as the policy names it, e.g. `return x vip`, or `*` for all of them.")]


class ToStop(Body):
    """Where, and why: whoever wonders reads it."""

    cell: Cell = EVERY_CELL
    why: Line


class ToStart(Body):
    """Where."""

    cell: Cell = EVERY_CELL


class Switches(BaseModel):
    """Where the AI is stopped, and the cells in which it can be."""

    stopped: list[StoppedCell]
    cells: list[str]


class Stopped(Switches):
    """How many cases were taken from the AI; people get them with a brief."""

    taken: int


class ReadinessReport(BaseModel):
    """Each candidate of the active policy in which the AI speaks, in the order of the file."""

    since: datetime
    lines: list[Readiness]


class BriefAsked(BaseModel):
    """`asked` is false where it has been asked already and is on its way."""

    asked: bool


@router.get("/assistant/switches", responses=responses(401, 403, 503))
async def switches(_: Supervisor, parts: Engine) -> Switches:
    """Where the AI is stopped."""
    return await _switches(parts)


@router.post("/assistant/stop", responses=_SWITCHING)
async def stop(body: ToStop, caller: Supervisor, parts: Engine) -> Stopped:
    """Stop the AI at once, in a cell or everywhere; what it has in hand goes to people. Repeating it is safe."""
    known = await _switches(parts)
    if body.cell not in {EVERY_CELL, *known.cells}:
        raise invalid("cell", "is no cell of the active policy in which the AI speaks")
    taken = await stop_ai(parts.database, body.cell, _name(caller), body.why)
    parts.relay.poke()
    now = await _switches(parts)
    return Stopped(stopped=now.stopped, cells=now.cells, taken=taken)


@router.post("/assistant/start", responses=_SWITCHING)
async def start(body: ToStart, caller: Supervisor, parts: Engine) -> Switches:
    """Let the AI start again, for new turns; what people have stays theirs. Repeating it is safe."""
    async with parts.database.begin() as session:
        await start_ai(session, body.cell, _name(caller))
    return await _switches(parts)


@router.get("/readiness", responses=responses(401, 403, 422, 503))
async def report(
    _: Supervisor, parts: Engine, days: Annotated[int, Query(ge=1, le=366, description="How far back.")] = 30
) -> ReadinessReport:
    """What people made of the AI's drafts in each cell, and what is proposed."""
    async with parts.database.begin() as session:
        since = await database_now(session) - timedelta(days=days)
        lines = await readiness(session, await parts.shelf.active(session), since)
    return ReadinessReport(since=since, lines=lines)


@router.post("/desk/work/{item_id:id}/brief", status_code=202, responses=REFUSALS)
async def ask_brief(item_id: str, _body: Empty, caller: AgentCaller, parts: Engine) -> BriefAsked:
    """Have the brief written anew, with a suggested reply as of now; it appears in the case when it is there."""
    async with click(parts, caller, item_id) as (session, policy):
        item = await session.get_one(WorkItem, item_id)
        supervises = limits_of(caller.role.value, policy).supervise
        mine = item.team_id in await teams_of(session, caller.agent_id)
        if not mine and item.agent_id != caller.agent_id and caller.role is not Role.ADMIN:
            raise not_found()
        asked = await ask_for_brief(session, item_id, caller.agent_id, supervises=supervises)
    return BriefAsked(asked=asked)


async def _switches(parts: Engine) -> Switches:
    async with parts.database.begin() as session:
        cells = spoken_cells(await parts.shelf.active(session))
        return Switches(stopped=await stopped_cells(session), cells=list(cells))


def _name(caller: Staff) -> str:
    return caller.agent_id or caller.role.value
