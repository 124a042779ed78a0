"""The switches of the AI on the command line."""

import json

import typer
from sqlalchemy.ext.asyncio import AsyncSession

from cli.errors import CommandFailed
from cli.opened import opened_store, transaction
from cli.settings import CommandSettings
from cli.tables import Table, show
from domain.cells import spoken_cells
from domain.modes import EVERY_CELL
from store.policy_versions import PolicyShelf
from store.stopping import start_ai, stop_ai
from store.switches import stopped_cells


class NoSuchCell(CommandFailed):
    """The active policy has no such cell in which the AI speaks; the message lists those that it has."""


async def stop(cell: str, why: str, settings: CommandSettings) -> str:
    """Stop the AI in a cell, or everywhere. Raises `NoSuchCell`."""
    async with opened_store(settings) as database:
        async with database.begin() as session:
            known = await _cells(session)
        if cell not in {EVERY_CELL, *known}:
            raise NoSuchCell(f"there is no cell '{cell}' in which the AI speaks; there are: {', '.join(known)}")
        taken = await stop_ai(database, cell, "cli", why)
    return f"the AI is stopped {_where(cell)}; {taken} case(s) go to people"


async def start(cell: str, settings: CommandSettings) -> str:
    """Let it start again there."""
    async with transaction(settings) as session:
        started = await start_ai(session, cell, "cli")
    return f"the AI {'may start again' if started else 'was not stopped'} {_where(cell)}"


async def status(settings: CommandSettings, *, as_json: bool) -> None:
    """Print where it is stopped."""
    async with transaction(settings) as session:
        stopped, cells = await stopped_cells(session), await _cells(session)
    if as_json:
        found = {"stopped": [one.model_dump(mode="json") for one in stopped], "cells": list(cells)}
        typer.echo(json.dumps(found, indent=2))
        return
    table = Table("stopped", "since", "by", "why")
    for one in stopped:
        table.row(one.cell, f"{one.stopped_at:%Y-%m-%d %H:%M} UTC", one.stopped_by, one.why)
    show(table if stopped else "the AI is stopped nowhere", f"cells: {', '.join(cells)}")


async def _cells(session: AsyncSession) -> tuple[str, ...]:
    return spoken_cells(await PolicyShelf().active(session))


def _where(cell: str) -> str:
    return "everywhere" if cell == EVERY_CELL else f"in '{cell}'"
