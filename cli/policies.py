"""Policy files from the command line: checked in `domain`, kept in the store."""

import json
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncSession

from cli.errors import CommandFailed
from cli.opened import transaction
from cli.progress import say
from cli.settings import CommandSettings
from cli.tables import Table, show
from domain.policy import Policy
from domain.policy_file import PolicyFileError, PolicyProblem, locate, read_policy
from domain.policy_text import differences, write_policy
from store.errors import NotFound
from store.policies import PolicyUnfit, roll_back
from store.policies import activate as activate_policy
from store.policy_history import versions
from store.policy_versions import PolicyShelf

STARTER = Path(__file__).parent / "demo" / "policy.yaml"


class PolicyRefused(CommandFailed):
    """The policy is not valid; the message names each problem with line and key. Nothing was changed."""


class NoSuchPolicy(CommandFailed):
    """There is no such version or file."""


def check(file: Path) -> str:
    """Check a policy file. Raises `PolicyRefused`."""
    policy = read(file)
    return f"{file}: valid, with {len(policy.teams)} team(s)"


async def activate(file: Path, settings: CommandSettings) -> str:
    """Make a file the active policy. Raises `PolicyRefused`; the old one then stays active."""
    policy = read(file)
    try:
        async with transaction(settings) as session:
            version = await activate_policy(session, policy, by="cli")
    except PolicyUnfit as error:
        raise _refused(file, locate(_text(file), error.findings)) from error
    return f"{file}: active as version {version}"


async def activate_first(settings: CommandSettings) -> None:
    """Give a database without any policy one to start with, so that messages can be routed."""
    async with transaction(settings) as session:
        try:
            await PolicyShelf().active(session)
        except NotFound:
            await activate_policy(session, read(STARTER), by="cli")
            say(f"policy: started with {STARTER}; change it with 'baton policy activate FILE'")


async def history(limit: int, settings: CommandSettings, *, as_json: bool) -> None:
    """Print the versions, the newest first."""
    async with transaction(settings) as session:
        found = await versions(session, limit)
    if as_json:
        print(json.dumps([row.model_dump(mode="json") for row in found], indent=2))
        return
    table = Table("version", "activated", "by", "")
    for row in found:
        notes = ["active"] if row.active else []
        notes += [f"content of version {row.restores}"] if row.restores else []
        table.row(
            str(row.version), f"{row.activated_at:%Y-%m-%d %H:%M:%S} UTC", row.activated_by_name, ", ".join(notes)
        )
    show(table)


async def rollback(version: int, settings: CommandSettings) -> str:
    """Activate an earlier version's content again. Raises `NoSuchPolicy` and `PolicyRefused`."""
    try:
        async with transaction(settings) as session:
            new = await roll_back(session, version, by="cli")
    except NotFound as error:
        raise NoSuchPolicy(f"there is no version {version}; see 'baton policy history'") from error
    except PolicyUnfit as error:
        wrong = "\n".join(f"{'.'.join(map(str, path))}: {message}" for path, message in error.findings)
        raise PolicyRefused(f"version {version} does not hold any more:\n{wrong}") from error
    return f"version {version}: active again as version {new}"


async def diff(before: str, after: str, settings: CommandSettings) -> str:
    """The lines in which two policies differ. Raises `NoSuchPolicy` and `PolicyRefused`."""
    if _is_file(before) and _is_file(after):
        texts = [write_policy(read(Path(name))) for name in (before, after)]
    else:
        async with transaction(settings) as session:
            texts = [write_policy(await _named(session, name)) for name in (before, after)]
    names = [name if _is_file(name) else f"version {name}" for name in (before, after)]
    return differences(texts[0], texts[1], (names[0], names[1])) or "no difference"


def read(file: Path) -> Policy:
    """The policy in a file. Raises `PolicyRefused` and `NoSuchPolicy`."""
    try:
        return read_policy(_text(file))
    except PolicyFileError as error:
        raise _refused(file, error.problems) from error


async def active(session: AsyncSession) -> Policy:
    """The active policy. Raises `NoSuchPolicy`."""
    try:
        return await PolicyShelf().active(session)
    except NotFound as error:
        raise NoSuchPolicy("no policy is active: activate one with 'baton policy activate FILE'") from error


def _text(file: Path) -> str:
    try:
        return file.read_text(errors="replace")
    except OSError as error:
        raise NoSuchPolicy(f"'{file}' is neither a version's number, nor 'active', nor a readable file") from error


def _refused(file: Path, problems: list[PolicyProblem]) -> PolicyRefused:
    return PolicyRefused("\n".join(f"{file}: {problem}" for problem in problems))


def _is_file(name: str) -> bool:
    return name != "active" and not (name.isascii() and name.isdigit())


async def _named(session: AsyncSession, name: str) -> Policy:
    if name == "active":
        return await active(session)
    if _is_file(name):
        return read(Path(name))
    try:
        return await PolicyShelf().version(session, min(int(name), 2**31 - 1))
    except NotFound as error:
        raise NoSuchPolicy(f"there is no version {name}; see 'baton policy history'") from error
