"""`baton report resolution`: how cases were resolved, by whom, and how customers rated it."""
# ruff: noqa: PLC0415

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from cli.settings import CommandSettings
    from cli.tables import Table
    from store.resolution_report import ResolutionLine, ResolutionReport


def resolution(
    days: Annotated[int, typer.Option(min=1, max=3660, help="How many days back.")] = 7,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document, for programs.")] = False,
) -> None:
    """Tell by issue and channel who resolved how many cases, why people got them, and how it was rated."""
    from cli.logs import configure_logging
    from cli.settings import CommandSettings

    settings = CommandSettings()
    configure_logging(settings.log_level, settings.log_format)
    asyncio.run(_resolution(days, settings, as_json=as_json))


async def _resolution(days: int, settings: "CommandSettings", *, as_json: bool) -> None:
    from datetime import timedelta

    from cli.opened import transaction
    from cli.tables import show
    from store.locking import database_now
    from store.resolution_report import resolution_report

    async with transaction(settings) as session:
        until = await database_now(session)
        report = await resolution_report(session, until - timedelta(days=days), until)
    if as_json:
        typer.echo(report.model_dump_json(indent=2))
    elif report.total.contacts == 0:
        show(f"no contact since {report.since:%Y-%m-%d %H:%M} UTC")
    else:
        show(*_tables(report))


def _tables(report: "ResolutionReport") -> list["Table | str"]:
    from cli.tables import Table

    headings = "contacts", "AI", "flow", "people", "taken back", "given up", "aside", "open", "rate"
    cases = Table("issue", "channel", *headings)
    for line in (*report.lines, report.total.model_copy(update={"issue": "all", "channel": "all"})):
        cases.row(line.issue or "not yet known", line.channel, *_figures(line))
    handoffs = Table("handed to people because", "times")
    ratings = Table("resolved by", "asked", "rated", "mean")
    gaps = Table("no article about", "questions", "still open")
    for handoff in report.handoffs:
        handoffs.row(handoff.reason.replace("_", " "), str(handoff.count))
    for rated in report.satisfaction:
        ratings.row(rated.by, str(rated.asked), str(rated.rated), "-" if rated.mean is None else f"{rated.mean:.2f}")
    for gap in report.gaps:
        gaps.row(gap.issue, str(gap.count), str(gap.open))
    further = ((handoffs, report.handoffs), (ratings, report.satisfaction), (gaps, report.gaps))
    return [cases, *(table for table, rows in further if rows)]


def _figures(line: "ResolutionLine") -> tuple[str, ...]:
    nobody = line.unanswered + line.left_queue + line.by_operator
    counts = (
        line.contacts, line.ai, line.flow, line.people, line.taken_back, nobody, line.set_aside, line.open,
    )  # fmt: skip
    return (*map(str, counts), "-" if line.rate is None else f"{line.rate:.0%}")
