"""`python -m bench.retail DIR --tasks FILE --rejections FILE [--json]`: a public store's requests on the real path.

The store of DIR (users.json, orders.json, products.json) is loaded into scratch databases. Each task's actions are
asked for as its authenticated customer; each rejection must be refused. Exit code 1 if anything came out otherwise.
"""

import argparse
import asyncio
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

import structlog
from rich.console import Console
from rich.progress import Progress
from temporalio.client import Client

from bench.ground import Ground, ground
from bench.retail.data import Rejection, RetailData, Task, read_rejections, read_tasks
from bench.retail.judging import Failure, all_of, judge_rejection, judge_task, rounds, subject
from bench.retail.records import records
from bench.retail.stage import retail_stage
from bench.sides import connect
from domain.values import Value
from store.database import Database
from store.importing import import_records

_LOADED = "retail_loaded"
_SHOWN = 20


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.retail", description=__doc__)
    parser.add_argument("directory", type=Path, help="users.json, orders.json and products.json of the store")
    parser.add_argument("--tasks", type=Path, help="customers' requests, a JSON object a line")
    parser.add_argument("--rejections", type=Path, help="actions that must be refused, a JSON object a line")
    parser.add_argument("--json", action="store_true", help="print JSON instead of words")
    options = parser.parse_args()
    if options.tasks is None and options.rejections is None:
        parser.error("nothing to do: name --tasks, --rejections or both")
    return options


class Counts(Value):
    """Of tasks or of rejections."""

    passed: int
    failed: int


class Result(Value):
    """What a run came to."""

    tasks: Counts
    rejections: Counts
    failures: tuple[Failure, ...]


async def _run(options: argparse.Namespace, progress: Progress) -> Result:
    data = RetailData(options.directory)
    tasks = read_tasks(options.tasks) if options.tasks else []
    rejections = read_rejections(options.rejections) if options.rejections else []
    async with ground() as here:
        await _load(here, data)
        client = await connect(here)
        wrong_tasks = await _tasks(here, client, data, tasks, progress)
        wrong_rejections = await _rejections(here, client, data, rejections, progress)
    return Result(
        tasks=_counts(len(tasks), wrong_tasks),
        rejections=_counts(len(rejections), wrong_rejections),
        failures=(*wrong_tasks, *wrong_rejections),
    )


async def _load(here: Ground, data: RetailData) -> None:
    database = Database(here.fresh_database(_LOADED))
    try:
        await import_records(database, list(records(data)))
    finally:
        await database.close()


async def _tasks(
    here: Ground, client: Client, data: RetailData, tasks: Sequence[Task], progress: Progress
) -> list[Failure]:
    bar, failures = progress.add_task("tasks", total=len(tasks)), []
    for number, some in enumerate(rounds(tasks, lambda task: task.user_id)):
        url = _copy(here, f"retail_tasks_{number}")
        async with retail_stage(url, client, data) as stage:
            failures += await all_of(some, lambda task: judge_task(stage, task, data), lambda: progress.advance(bar))
    return failures


async def _rejections(
    here: Ground, client: Client, data: RetailData, rejections: Sequence[Rejection], progress: Progress
) -> list[Failure]:
    """Those without a setup change nothing, so all of them can be asked of one copy of the store."""
    plain = [one for one in rejections if not one.setup]
    prepared = rounds([one for one in rejections if one.setup], lambda one: subject(one, data))
    bar, failures = progress.add_task("rejections", total=len(rejections)), []
    for number, some in enumerate([plain, *prepared] if plain else prepared):
        url = _copy(here, f"retail_rejections_{number}")
        async with retail_stage(url, client, data) as stage:
            failures += await all_of(
                some,
                lambda one: judge_rejection(stage, one, data),
                lambda: progress.advance(bar),
            )
    return failures


def _copy(here: Ground, name: str) -> str:
    here.postgres.create_database(name, template=_LOADED)
    return here.postgres.url(name)


def _counts(total: int, failures: Sequence[Failure]) -> Counts:
    failed = len({failure.id for failure in failures})
    return Counts(passed=total - failed, failed=failed)


def _say(result: Result, console: Console) -> None:
    for part, counts in (("tasks", result.tasks), ("rejections", result.rejections)):
        console.print(f"{part}: {counts.passed} passed, {counts.failed} failed")
    for failure in result.failures[:_SHOWN]:
        console.print(f"  {failure.id}: {failure.why}", markup=False)
    if len(result.failures) > _SHOWN:
        console.print(f"  and {len(result.failures) - _SHOWN} more: see --json")


def main() -> int:
    """Run and print; the exit code says whether all came out as it must."""
    options = _options()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with Progress(console=Console(stderr=True)) as progress:
        result = asyncio.run(_run(options, progress))
    if options.json:
        print(result.model_dump_json(indent=1))
    else:
        _say(result, Console())
    return 1 if result.failures else 0


if __name__ == "__main__":
    sys.exit(main())
