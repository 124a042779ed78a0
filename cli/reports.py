"""`baton report ...`: how promises were kept, and what pressure moved, over a period.

Each loads what it needs when it runs.
"""
# ruff: noqa: PLC0415

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from cli.settings import CommandSettings
    from store.sla import SlaLine

report = typer.Typer(help="How promises were kept, and what pressure moved.", no_args_is_help=True)

Since = Annotated[str, typer.Option(help="A date, an instant, or a duration such as 7d, 12h or 30m.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document, for programs.")]


@report.command("sla")
def service_levels(since: Since = "7d", as_json: AsJson = False) -> None:
    """Tell how service levels were kept: met and missed targets by team, and the working time that answers took."""
    asyncio.run(_service_levels(since, _settings(), as_json=as_json))


@report.command("commitments")
def commitments(
    since: Annotated[str, typer.Option(help="Due since: a date, an instant, or a duration such as 7d.")] = "30d",
    as_json: AsJson = False,
) -> None:
    """Count the promises to customers by team: kept, broken, withdrawn, open, due today."""
    settings = _settings()
    from datetime import UTC, datetime

    from cli.commitment_report import show
    from cli.policy_replaying import moment

    asyncio.run(show(moment(since, datetime.now(UTC)), settings, as_json=as_json))


@report.command("pressure")
def pressure(since: Since = "7d", as_json: AsJson = False) -> None:
    """Compare cases that pressure gave to the AI with those that it could have and did not."""
    settings = _settings()
    from datetime import UTC, datetime

    from cli.policy_replaying import moment
    from cli.pressure_report import show

    asyncio.run(show(moment(since, datetime.now(UTC)), settings, as_json=as_json))


async def _service_levels(since: str, settings: "CommandSettings", *, as_json: bool) -> None:
    import json

    from cli.opened import transaction
    from cli.policy_replaying import moment
    from cli.tables import Table, show
    from store.locking import database_now
    from store.sla import sla_report

    async with transaction(settings) as session:
        until = await database_now(session)
        begin = moment(since, until)
        lines = await sla_report(session, begin, until)
    if as_json:
        found = [line.model_dump(mode="json") for line in lines]
        typer.echo(json.dumps({"since": begin.isoformat(), "until": until.isoformat(), "lines": found}, indent=2))
        return
    table = Table("team", "target", "met", "missed", "kept", "running", "half within", "9 of 10 within")
    for line in lines:
        table.row(line.team_id, line.kind.replace("_", " "), *_counts(line), *_times(line))
    show(table if lines else f"no service level was due since {begin:%Y-%m-%d %H:%M} UTC")


def _counts(line: "SlaLine") -> tuple[str, str, str, str]:
    due = line.met + line.breached
    kept = f"{line.met / due:.0%}" if due else "-"
    return str(line.met), str(line.breached), kept, str(line.running)


def _times(line: "SlaLine") -> tuple[str, str]:
    return _said(line.p50_seconds), _said(line.p90_seconds)


def _said(seconds: float | None) -> str:
    """Working time as people say it."""
    if seconds is None:
        return "-"
    if seconds < 60:
        return f"{seconds:.0f} s"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min"


def _settings() -> "CommandSettings":
    from cli.logs import configure_logging
    from cli.settings import CommandSettings

    settings = CommandSettings()
    configure_logging(settings.log_level, settings.log_format)
    return settings
