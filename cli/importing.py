"""`baton import`: a brand's own records into the local shop."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from cli.errors import CommandFailed
from cli.import_files import Mistake, Place, Read, read_files, size_of
from cli.opened import opened_store
from cli.progress import say
from cli.settings import CommandSettings
from cli.tables import Table, show
from domain.shop_records import KINDS, ShopRecord
from store.errors import Conflict
from store.importing import Flaw, Imported, ImportRefused, Progress, import_records

_CONFLICTS = {
    "import_running": "another import is running: wait until it has ended, then try again",
    "shop_busy": "flows keep working on what this import would change: try again when it is quieter",
}
_STEPS = {"stage": "staging", "check": "checking", "write": "writing"}


class NothingImported(CommandFailed):
    """Nothing was stored; the message says why, place by place."""


async def import_files(paths: Sequence[Path], most: int, settings: CommandSettings) -> None:
    """Read, check and store everything, or nothing. At most `most` mistakes are listed. Raises `NothingImported`."""
    with _bars() as progress:
        found = _read(paths, progress)
        if found.mistakes:
            raise _refusal(found.mistakes, most)
        if not found.records:
            raise NothingImported("no record found: the files are empty")
        async with opened_store(settings) as database:
            try:
                imported = await import_records(database, found.records, progress)
            except ImportRefused as refused:
                raise _refusal([_located(flaw, found.places) for flaw in refused.flaws], most) from None
            except Conflict as conflict:
                raise NothingImported(_CONFLICTS[str(conflict)]) from None
    _report(imported, found.records)


def _read(paths: Sequence[Path], progress: Progress) -> Read:
    whole, done = size_of(paths), 0

    def count(read: int) -> None:
        nonlocal done
        done += read
        progress("read", done, whole)

    return read_files(paths, count)


def _located(flaw: Flaw, places: Sequence[Place]) -> Mistake:
    other = "" if flaw.other is None else ", first at {}:{}".format(*places[flaw.other])
    return Mistake(*places[flaw.place], flaw.field, f"{flaw.message}{other}")


def _refusal(mistakes: Sequence[Mistake], most: int) -> NothingImported:
    lines = [f"  {mistake}" for mistake in mistakes[:most]]
    if len(mistakes) > most:
        lines.append(f"  and {len(mistakes) - most} more")
    return NothingImported("\n".join(["nothing was imported. Mend these and import again:", *lines]))


def _report(imported: Imported, records: Sequence[ShopRecord]) -> None:
    table = Table("", "new", "changed", "as before")
    for kind in KINDS:
        counts = (imported.added[kind], imported.changed[kind], imported.unchanged[kind])
        if any(counts):
            table.row(f"{kind.replace('_', ' ')}s", *(f"{count:,}" for count in counts))
    show(f"{len(records):,} records imported", table)


@contextmanager
def _bars() -> Iterator[Progress]:
    """A bar for each step where somebody looks at a terminal; else a line when a step begins."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description:>8}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bar(*columns, console=console, disable=not sys.stderr.isatty()) as bar:
        tasks = {}

        def tell(what: str, done: int, whole: int) -> None:
            if what not in tasks:
                name = _STEPS.get(what, "reading")
                tasks[what] = bar.add_task(name, total=whole)
                if bar.disable:
                    say(f"import: {name}")
            bar.update(tasks[what], completed=done, total=whole)

        yield tell
