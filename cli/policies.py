"""Policy files from the command line: checked in `domain`, kept in the store."""

from pathlib import Path

from cli.errors import CommandFailed
from cli.opened import transaction
from cli.settings import CommandSettings
from domain.policy import Policy
from domain.policy_file import PolicyFileError, read_policy
from store.policies import activate as activate_policy


class PolicyRefused(CommandFailed):
    """The file is no valid policy; the message names each problem with line and key. Nothing was changed."""


def check(file: Path) -> str:
    """Check a policy file. Raises `PolicyRefused`."""
    policy = _read(file)
    return f"{file}: valid, with {len(policy.teams)} team(s)"


async def activate(file: Path, settings: CommandSettings) -> str:
    """Make a file the active policy. Raises `PolicyRefused`; the old one then stays active."""
    policy = _read(file)
    async with transaction(settings) as session:
        version = await activate_policy(session, policy, by="cli")
    return f"{file}: active as version {version}"


def _read(file: Path) -> Policy:
    try:
        return read_policy(file.read_text(errors="replace"))
    except PolicyFileError as error:
        raise PolicyRefused("\n".join(f"{file}: {problem}" for problem in error.problems)) from error
