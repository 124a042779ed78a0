"""`baton policy replay`: a policy file on recorded cases."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cli.opened import opened_store
from cli.policies import read
from cli.policy_questions import instant
from cli.progress import Every, say
from cli.settings import CommandSettings
from cli.tables import Table, show
from domain.policy_replay import Replay, ReplayReport
from store.policy_history import count_cases, recorded_cases

_DURATION = re.compile(r"(\d{1,5})([dhm])")
_UNITS = {"d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1)}
_PROGRESS_SECONDS = 2.0


async def replay(file: Path, since: str, limit: int | None, settings: CommandSettings, *, as_json: bool) -> None:
    """Print what the policy in a file would do otherwise. Raises `PolicyRefused` and `NotUnderstood`."""
    policy = read(file)
    beginning = moment(since, datetime.now(UTC))
    trial, tell = Replay(policy), Every(_PROGRESS_SECONDS, say)
    async with opened_store(settings) as database:
        async with database.begin() as session:
            recorded = await count_cases(session, beginning)
        total = min(recorded, limit or recorded)
        async for case in recorded_cases(database, beginning, limit):
            trial.add(case)
            tell(f"replay: {trial.tried + trial.unreadable} of {total} cases")
    report = trial.report(more_recorded=recorded > total)
    if as_json:
        print(report.model_dump_json(indent=2))
    else:
        _show(report, beginning)


def moment(written: str, now: datetime) -> datetime:
    """An instant, a date, or how long ago (`7d`, `12h`, `30m`). Raises `NotUnderstood`."""
    if ago := _DURATION.fullmatch(written):
        return now - int(ago[1]) * _UNITS[ago[2]]
    return instant(written)


def _show(report: ReplayReport, since: datetime) -> None:
    show(
        f"{report.cases} cases since {since:%Y-%m-%d %H:%M} UTC: {report.unchanged} unchanged, {report.changed} changed"
        + (f"; {report.unreadable} without recorded facts" if report.unreadable else "")
        + ("; older ones were not tried" if report.more_recorded else "")
    )
    if not report.changed:
        return
    counts = Table("cases", "from", "to")
    for change in report.changes:
        counts.row(str(change.count), change.was, change.becomes)
    cases = Table("interaction", "issue", "tier", "why")
    for case in report.changed_cases[:20]:
        cases.row(case.interaction_id, case.issue, case.tier, case.why)
    more = report.changed - min(len(report.changed_cases), 20)
    show(
        "\nWhat would change",
        counts,
        "The newest of these cases",
        cases,
        *([f"and {more} more; --json lists up to {len(report.changed_cases)}"] if more else []),
    )
