"""The report of commitments on the command line."""

import json
from datetime import datetime

from rich.console import Console
from rich.table import Table

from cli.opened import transaction
from cli.settings import CommandSettings
from store.commitment_views import CommitmentCount, commitments_report
from store.policy_versions import PolicyShelf

_COLUMNS = tuple(CommitmentCount.model_fields)


async def show(since: datetime | None, settings: CommandSettings, *, as_json: bool) -> None:
    """Print it, as a table or as JSON."""
    async with transaction(settings) as session:
        counts = await commitments_report(session, since, await PolicyShelf().active(session))
    if as_json:
        print(json.dumps([count.model_dump(mode="json") for count in counts], indent=2))
        return
    table = Table(*(name.replace("_", " ") for name in _COLUMNS))
    for count in counts:
        table.add_row(*(str(getattr(count, name)) for name in _COLUMNS))
    Console().print(table if counts else "No promise was due.")
