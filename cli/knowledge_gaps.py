"""The report of knowledge gaps at the terminal."""

import json
from collections.abc import Sequence

from cli.opened import opened_store
from cli.settings import CommandSettings
from cli.tables import Table, show
from store.knowledge_gaps import GapGroup, gap_report


async def report_gaps(settings: CommandSettings, days: int, *, check: bool, as_json: bool) -> None:
    """Print the open gaps by topic; with `check`, those that an article answers now are closed first."""
    closed = 0
    async with opened_store(settings) as store:
        if check:
            from integrations.knowledge.importer import close_answered_gaps  # noqa: PLC0415 - loads embeddings

            closed = await close_answered_gaps(store)
        async with store.begin() as session:
            groups = await gap_report(session, days)
    if as_json:
        found = [group.model_dump(mode="json") for group in groups]
        print(json.dumps({"days": days, "closed": closed, "gaps": found}, indent=2))
        return
    if check:
        show(f"{closed} questions are answered by an article now")
    _print(groups, days)


def _print(groups: Sequence[GapGroup], days: int) -> None:
    if not groups:
        show(f"no question of the last {days} days is left without an article")
        return
    table = Table("topic", "issue", "language", "open", "newest", "for example in message")
    for group in groups:
        newest = f"{group.newest:%Y-%m-%d}"
        table.row(group.topic or "-", group.issue, group.language, str(group.open), newest, group.examples[0])
    show(f"{sum(group.open for group in groups)} questions that no article answers, by topic", table)
