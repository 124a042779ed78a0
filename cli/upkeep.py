"""Bringing database and Temporal to what this version of Baton needs."""

import asyncio

from temporalio.client import Client

from cli.local.services import database
from cli.progress import say
from cli.settings import CommandSettings
from cli.temporal_namespace import register_search_attributes
from store.migrate import upgrade


async def bring_up_to_date(settings: CommandSettings) -> None:
    """Migrate the database and, where the settings name a Temporal, register its search attributes."""
    with database(settings) as url:
        await migrate_schema(url)
    if settings.temporal_address is not None:
        client = await Client.connect(settings.temporal_address, namespace=settings.temporal_namespace)
        await register_search_attributes(client)
        say("temporal: the search attributes are registered")


async def migrate_schema(url: str) -> None:
    """Apply the migrations that a database lacks."""
    say("database: bringing the schema up to date")
    await asyncio.to_thread(upgrade, url)
