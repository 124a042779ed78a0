"""The relay: takes what committed transactions address to Temporal, and tells it, at least once.

One code path for all: claim rows by a lease, call Temporal outside any transaction, delete what was delivered. A
process pokes its own relay after a commit; every relay also sweeps for what a dead process left behind.
"""

import asyncio
import contextlib

import structlog
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from gateway.telling import tell
from store import outbox
from store.database import Database
from store.errors import StoreError
from store.outbox import Parcel
from store.policy_versions import PolicyShelf

SWEEP_SECONDS = 1.0
IN_FLIGHT = 32
RETRY_SECONDS = 1.0

# Temporal will answer the same however often it is asked.
_FINAL = {
    RPCStatusCode.INVALID_ARGUMENT,
    RPCStatusCode.PERMISSION_DENIED,
    RPCStatusCode.UNAUTHENTICATED,
    RPCStatusCode.FAILED_PRECONDITION,
    RPCStatusCode.UNIMPLEMENTED,
}

log = structlog.get_logger("relay")


class Relay:
    """Delivers the outbox of the store to Temporal."""

    def __init__(self, database: Database, client: Client) -> None:
        self._database = database
        self._client = client
        self._poked = asyncio.Event()
        self._refused_to_answer = False
        database.on_addressed = self.poke
        self._shelf = PolicyShelf()

    def poke(self) -> None:
        """Something was committed: look now. Never blocks."""
        self._poked.set()

    async def run(self) -> None:
        """Relay until cancelled."""
        while True:
            try:
                busy = await self.relay_once()
            except StoreError:
                log.warning("relay_store_unavailable")
                busy = False
            if self._refused_to_answer:
                # Temporal is away: pokes must not turn into a storm of failing calls.
                self._refused_to_answer = False
                await asyncio.sleep(RETRY_SECONDS)
            elif not busy:
                with contextlib.suppress(TimeoutError):
                    # Not `wait_for`: before Python 3.12 it swallows a cancellation that comes together with a poke.
                    async with asyncio.timeout(SWEEP_SECONDS):
                        await self._poked.wait()
                self._poked.clear()

    async def relay_once(self) -> bool:
        """Deliver one batch; True if more is waiting."""
        async with self._database.begin() as session:
            parcels = await outbox.claim(session, self._shelf, IN_FLIGHT)
        if not parcels:
            return False
        outcomes = await asyncio.gather(*(self._deliver(parcel) for parcel in parcels))
        delivered = tuple(
            row_id for parcel, ok in zip(parcels, outcomes, strict=True) if ok for row_id in parcel.row_ids
        )
        if not delivered:
            return False
        async with self._database.begin() as session:
            more = await outbox.delivered(session, delivered)
        return more and all(outcomes)

    async def _deliver(self, parcel: Parcel) -> bool:
        try:
            await tell(self._client, parcel)
        except RPCError as error:
            await self._keep(parcel, error.status)
            return False
        except RuntimeError:
            # What the SDK raises when the lazy client cannot connect.
            await self._keep(parcel, RPCStatusCode.UNAVAILABLE)
            return False
        return True

    async def _keep(self, parcel: Parcel, status: RPCStatusCode) -> None:
        final = status in _FINAL
        log.warning("relay_refused" if final else "relay_delayed", workflow=parcel.workflow_id, status=status.name)
        async with self._database.begin() as session:
            if final:
                await outbox.refused(session, parcel.row_ids, status.name.lower())
            else:
                self._refused_to_answer = True
                await outbox.release(session, parcel.row_ids, RETRY_SECONDS)
