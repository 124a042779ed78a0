"""Bearer tokens from the command line."""

from cli.errors import CommandFailed
from cli.opened import transaction
from cli.settings import CommandSettings
from domain.parties import Role
from store.access import create_token


async def create(name: str, role: Role, agent_id: str | None, settings: CommandSettings) -> str:
    """Make a token and return its secret, which is stored nowhere. Raises `CommandFailed`."""
    if role is Role.WAREHOUSE and agent_id:
        raise CommandFailed("a token of role warehouse is nobody's: leave --agent out")
    async with transaction(settings) as session:
        return await create_token(session, name, role, agent_id)
