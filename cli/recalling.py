"""`baton recall`: who was told a version of an article, and its correction to each of them."""

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from cli.errors import CommandFailed
from cli.opened import opened_store
from cli.settings import CommandSettings
from cli.tables import Table, show
from store.database import Database
from store.errors import Conflict, NotFound
from store.policy_versions import PolicyShelf
from store.recalling import send_correction
from store.recalls import Told, Version, begin_recall, check_version, told_of

_LONGEST = 4000
_BY = "operator"
_WHY_NOT = {
    "still_published": "the assistant still tells this version: import the corrected article first, then send",
    "other_correction": (
        "another correction of this version was sent already, and each customer hears one; to correct that one, import"
        " a new version of the article and recall the version that it cited"
    ),
}


class RecallRefused(CommandFailed):
    """The recall cannot be made; the message says what to do."""


async def recall_version(
    settings: CommandSettings, version: Version, correction: str, *, send: bool, as_json: bool
) -> None:
    """Print who was told it and, if `send`, tell each of them the correction once. Raises `RecallRefused`."""
    body = _read(correction)
    if send and not body:
        raise RecallRefused("--send needs --correction: the text that they are told, or the name of a file with it")
    async with opened_store(settings) as store:
        told = await _told(store, version)
        sent = await _send(store, version, body, told) if send else 0
    if as_json:
        lines = [one.model_dump(mode="json", exclude={"customer_id"}) for one in told]
        print(json.dumps({**version.model_dump(), "correction": body, "sent": sent, "told": lines}, indent=2))
        return
    _print(version, told)
    if told:
        _print_correction(body, told, sent, send=send)


def _read(correction: str) -> str:
    """The text itself, or what the file of this name holds."""
    try:
        path = Path(correction)
        body = path.read_text("utf-8") if correction and path.is_file() else correction
    except UnicodeDecodeError as error:
        raise RecallRefused(f"{correction} is not a text file in UTF-8") from error
    except OSError:  # too long for a file's name
        body = correction
    body = body.strip()
    if len(body) > _LONGEST or "\x00" in body:
        raise RecallRefused(f"the correction must be a text of {_LONGEST} characters at most")
    return body


async def _told(store: Database, version: Version) -> list[Told]:
    try:
        async with store.begin() as session:
            await check_version(session, version)
            return await told_of(session, version)
    except NotFound as error:
        raise RecallRefused(
            f"there is no version {version.version} of '{version.slug}' in language '{version.language}';"
            " 'baton knowledge list' shows the newest of each"
        ) from error


async def _send(store: Database, version: Version, body: str, told: Sequence[Told]) -> int:
    """Each in a transaction of its own, so that an interrupted run is gone on with by running it again."""
    shelf = PolicyShelf()
    try:
        async with store.begin() as session:
            recall_id = await begin_recall(session, version, body, _BY)
    except Conflict as error:
        raise RecallRefused(_WHY_NOT[str(error)]) from error
    sent = 0
    for one in told:
        async with store.begin() as session:
            sent += await send_correction(session, recall_id, one, shelf)
    return sent


def _print(version: Version, told: Sequence[Told]) -> None:
    named = f"version {version.version} of {version.slug} ({version.language})"
    if not told:
        show(f"nobody was told {named}")
        return
    by_channel = ", ".join(f"{count} by {name}" for name, count in sorted(Counter(t.channel for t in told).items()))
    show(f"{len(told)} customers were told {named}: {by_channel}")
    table = Table("case", "channel", "told", "corrected")
    for one in told:
        table.row(one.interaction_id, one.channel, f"{one.at:%Y-%m-%d %H:%M}", "yes" if one.corrected else "")
    show(table)


def _print_correction(body: str, told: Sequence[Told], sent: int, *, send: bool) -> None:
    if send:
        show(f"the correction was sent to {sent}; {len(told) - sent} had it already")
    elif body:
        waiting = sum(not one.corrected for one in told)
        show(f"{waiting} would be told the following; nothing was sent, see --send", "", body)
