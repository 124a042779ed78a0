"""The report of what pressure moved, on the command line."""

import json
from datetime import datetime

import typer

from cli.opened import transaction
from cli.settings import CommandSettings
from cli.tables import Table
from cli.tables import show as show_table
from store.pressure_report import ShiftLine, pressure_report


async def show(since: datetime, settings: CommandSettings, *, as_json: bool) -> None:
    """Print it, as a table or as JSON."""
    async with transaction(settings) as session:
        lines = await pressure_report(session, since)
    if as_json:
        typer.echo(json.dumps([line.model_dump(mode="json") for line in lines], indent=2))
        return
    table = Table(
        "team", "cases", "number", "closed", "resolved", "confirmed", "reopened", "by people", "csat", "half within"
    )
    for line in lines:
        table.row(line.team, "shifted to the AI" if line.shifted else "not shifted", *_figures(line))
    show_table(table if lines else f"no case since {since:%Y-%m-%d %H:%M} UTC could have gone to the AI by pressure")


def _figures(line: ShiftLine) -> tuple[str, ...]:
    shares = (line.resolved, line.confirmed, line.reopened, line.by_people)
    csat = "-" if line.last_csat is None else f"{line.last_csat:.1f}"
    minutes = "-" if line.minutes_p50 is None else f"{line.minutes_p50:.0f} min"
    return (str(line.cases), str(line.closed), *("-" if s is None else f"{s:.0%}" for s in shares), csat, minutes)
