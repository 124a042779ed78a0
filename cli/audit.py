"""`baton audit`: store and Temporal compared, from the command line."""

import asyncio

from temporalio.client import Client

from cli.errors import CommandFailed
from cli.local.services import database
from cli.settings import CommandSettings
from gateway.audit import audit
from gateway.client import connected_client
from gateway.settings import TemporalSettings
from store.database import Database

_ANSWERS_WITHIN = 10.0


class FindingsLeft(CommandFailed):
    """Something is not as it should be; the message lists each finding."""


class TemporalSilent(CommandFailed):
    """Temporal does not answer; the message names the address."""


async def audit_all(settings: CommandSettings) -> str:
    """Compare both ways. Meaningful once all is at rest: work under way shows too. Raises `FindingsLeft`."""
    with database(settings) as url:
        store = Database(url, pool_size=1)
        try:
            findings = await audit(store, await _client(TemporalSettings()))
        finally:
            await store.close()
    if findings:
        raise FindingsLeft("\n  ".join(["not as it should be:", *(f"{each.problem} {each.ref}" for each in findings)]))
    return "nothing lost, nothing left over"


async def _client(settings: TemporalSettings) -> Client:
    try:
        async with asyncio.timeout(_ANSWERS_WITHIN):
            return await connected_client(settings)
    except TimeoutError as error:
        raise TemporalSilent(
            f"no Temporal answers on {settings.temporal_address}: set BATON_TEMPORAL_ADDRESS"
        ) from error
