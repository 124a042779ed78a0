"""How ready each cell is for the AI, on the command line."""

import json
from datetime import timedelta

import typer

from cli.opened import transaction
from cli.settings import CommandSettings
from cli.tables import Table
from cli.tables import show as show_table
from domain.modes import Mode
from store.locking import database_now
from store.policy_versions import PolicyShelf
from store.readiness import Readiness, readiness


async def show(days: int, settings: CommandSettings, *, as_json: bool) -> None:
    """Print it, as a table with the lines to change in the policy, or as JSON."""
    async with transaction(settings) as session:
        since = await database_now(session) - timedelta(days=days)
        lines = await readiness(session, await PolicyShelf().active(session), since)
    if as_json:
        typer.echo(json.dumps([line.model_dump(mode="json") for line in lines], indent=2))
        return
    table = Table("cell", "mode", "judged", "sent", "edited", "rejected", "ignored", "shadowed", "alike", "proposal")
    for line in lines:
        table.row(*_row(line))
    changes = [line.change for line in lines if line.change]
    show_table(table, *(["In the policy:", *(f"  {change}" for change in changes)] if changes else []))


def _row(line: Readiness) -> tuple[str, ...]:
    found, drafts, shadows = line.found, line.mode is Mode.DRAFT, line.mode is Mode.SHADOW
    why = ", ".join(f"{number} {reason.value}" for reason, number in found.reasons.items())
    counts = (found.judged, found.sent, found.edited, found.rejected, found.ignored)
    cells = [str(number) if drafts else "-" for number in counts]
    if drafts and why:
        cells[3] += f" ({why})"
    alike = "-" if found.likeness is None else f"{found.likeness:.0%} of {found.compared}"
    mode = f"{line.mode} (stopped)" if line.stopped else line.mode.value
    proposal = f"{line.proposal.step.replace('_', ' ')}: {line.proposal.why}"
    return (line.cell, mode, *cells, str(found.shadowed) if shadows else "-", alike, proposal)
