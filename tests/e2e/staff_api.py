"""The API as an agent's or lead's own program uses it: with a token, where the desk has a click."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from cli.demo.people import Person
from cli.demo.world import World
from store.access import create_token


@asynccontextmanager
async def api_of(world: World, person: Person) -> AsyncIterator[httpx.AsyncClient]:
    """A client that speaks for a person of the demo."""
    async with world.database.begin() as session:
        token = await create_token(session, "test", person.role, person.agent_id)
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=world.services.public_url, headers=headers) as http:
        yield http
