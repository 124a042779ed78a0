"""`baton eval triage`: the configured assistant's triage on labelled messages."""

import json
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from cli.errors import CommandFailed
from cli.evaluating.ground import TEMPLATE, empty_store
from cli.evaluating.making import made_assistant
from cli.evaluating.overhearing import Overheard
from cli.evaluating.triage_errors import errors_in
from cli.evaluating.triage_showing import show_triage
from cli.policies import STARTER, read
from cli.progress import Every, say
from domain.values import Value
from integrations.assistant.evaluation import LabelledMessage, evaluate_triage, read_labelled
from store.database import Database
from workers.settings import WorkerSettings
from workers.wiring import chosen_adapters

_TELL_EVERY = 5.0
_NO_DATABASE = "postgresql://nobody@/none"
"""Local triage reads neither shop nor knowledge; a connection is made only when something is read."""


class MessagesRefused(CommandFailed):
    """The file holds something that is no labelled message; the message names the line."""


class Listing(Value):
    """What is shown beside the figures."""

    errors: int = 0
    texts: bool = False
    as_json: bool = False


async def evaluate_file(file: Path, policy: Path | None, threshold: float | None, listing: Listing) -> None:
    """Triage the messages of a file and print the figures. Raises `MessagesRefused`."""
    lines, messages = _read(file)
    acted_from = threshold if threshold is not None else read(policy or STARTER).assistant.threshold
    async with _ledger() as url:
        database = Database(url)
        say("eval: making the assistant")
        try:
            adapters = chosen_adapters(WorkerSettings(database_url=url), database)
            overheard = Overheard(await made_assistant(adapters))
            report = await evaluate_triage(overheard, _told(messages, overheard), acted_from)
        finally:
            await database.close()
    errors = errors_in(messages, overheard.verdicts, lines, acted_from)[: listing.errors]
    if listing.as_json:
        shown = [error.shown(texts=listing.texts) for error in errors]
        sys.stdout.write(json.dumps(report.model_dump(mode="json") | {"errors": shown}, indent=1) + "\n")
    else:
        show_triage(report, errors, texts=listing.texts)


@asynccontextmanager
async def _ledger() -> AsyncIterator[str]:
    """The URL of a store where an assistant keeps what it spends; none is made for the one that spends nothing."""
    if WorkerSettings(database_url=_NO_DATABASE).assistant == "local":
        yield _NO_DATABASE
        return
    async with empty_store(say) as server:
        yield server.url(TEMPLATE)


def _read(file: Path) -> tuple[list[int], list[LabelledMessage]]:
    """The messages, and the line of each."""
    try:
        messages = read_labelled(file)
        text = file.read_text("utf-8")
    except (ValueError, OSError) as error:
        told = "is not UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)
        raise MessagesRefused(f"{file}: {told}") from error
    if not messages:
        raise MessagesRefused(f"{file}: there is no message in it")
    return [number for number, line in enumerate(text.splitlines(), 1) if line.strip()], messages


def _told(messages: Sequence[LabelledMessage], overheard: Overheard) -> Iterator[LabelledMessage]:
    """The messages, with a line of progress now and then."""
    progress = Every(_TELL_EVERY, say)
    for number, message in enumerate(messages):
        progress(f"eval: message {number + 1} of {len(messages)}")
        overheard.begin()
        yield message
