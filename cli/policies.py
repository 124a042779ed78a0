"""Policy files from the command line: checked in `domain`, kept in the store."""

from pathlib import Path

from cli.errors import CommandFailed
from cli.opened import transaction
from cli.progress import say
from cli.settings import CommandSettings
from domain.policy import Policy
from domain.policy_file import PolicyFileError, read_policy
from store.errors import NotFound
from store.policies import activate as activate_policy
from store.policy_versions import PolicyShelf

STARTER = Path(__file__).parent / "demo" / "policy.yaml"


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


async def activate_first(settings: CommandSettings) -> None:
    """Give a database without any policy one to start with, so that messages can be routed."""
    async with transaction(settings) as session:
        try:
            await PolicyShelf().active(session)
        except NotFound:
            await activate_policy(session, _read(STARTER), by="cli")
            say(f"policy: started with {STARTER}; change it with 'baton policy activate FILE'")


def _read(file: Path) -> Policy:
    try:
        return read_policy(file.read_text(errors="replace"))
    except PolicyFileError as error:
        raise PolicyRefused("\n".join(f"{file}: {problem}" for problem in error.problems)) from error
