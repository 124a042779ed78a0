"""The switches that stop the AI at once: one for each cell of the matrix, and one for the brand."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col, select

from domain.modes import EVERY_CELL
from domain.values import Value
from store.columns import moment
from store.interactions import Interaction
from store.plain import run


class AiSwitch(SQLModel, table=True):
    """A cell in which the AI is stopped, `*` for the brand; a row is there as long as it is stopped."""

    __tablename__ = "ai_switch"

    cell: str = Field(primary_key=True)
    stopped_by: str
    """An agent's id, or a word for a program."""
    why: str = ""
    stopped_at: datetime | None = moment(default_now=True)


class StoppedCell(Value):
    """A switch as people see it."""

    cell: str
    stopped_by: str
    why: str
    stopped_at: datetime | None


TAKE_SWITCH = "SELECT pg_advisory_xact_lock(hashtext('ai_switch'))"
"""Whoever throws a switch waits for those who are just speaking; they commit before it."""
_LOOK_IN_TURN = "SELECT pg_advisory_xact_lock_shared(hashtext('ai_switch'))"
_STOPPED = "SELECT EXISTS (SELECT 1 FROM ai_switch WHERE cell IN (%(cell)s, %(every)s))"


async def ai_stopped(session: AsyncSession, interaction: Interaction) -> bool:
    """Is the AI switched off for this case?

    Asked by the transaction that lets a word of the AI begin: a switch that is thrown meanwhile waits for its commit,
    so no word begins after the commit of the switch. The two statements must stay two: one alone would read the
    switches as they were before it waited.
    """
    cell = str((interaction.plan or {}).get("cell", ""))
    known: dict[str, bool] = session.info.setdefault("ai_stopped", {})  # unchanged as long as the lock is held
    if cell not in known:
        await run(session, _LOOK_IN_TURN, {})
        known[cell] = bool((await run(session, _STOPPED, {"cell": cell, "every": EVERY_CELL}))[0][0])
    return known[cell]


async def stopped_cells(session: AsyncSession) -> list[StoppedCell]:
    """Where the AI is stopped now, the newest first."""
    rows = (await session.execute(select(AiSwitch).order_by(col(AiSwitch.stopped_at).desc()))).scalars()
    return [StoppedCell.model_validate(row.model_dump()) for row in rows]
