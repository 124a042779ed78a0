"""The outbox and its relay: told at least once, by one relay at a time, and never lost."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import cast

import pytest
from sqlalchemy import text
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

import gateway.relay
from gateway.relay import Relay
from store import outbox
from store.audit import Problem
from store.database import Database
from store.outbox import Parcel, address_dispatcher
from store.policy_versions import PolicyShelf
from tests.store.scene import Scene, scalar

_NO_CLIENT = cast("Client", None)


@dataclass
class Temporal:
    """Stands where Temporal is told things, and can be told to fail."""

    told: list[tuple[str, list[int]]] = field(default_factory=list)
    failure: Exception | None = None
    slow: float = 0
    heard: asyncio.Event = field(default_factory=asyncio.Event)

    async def take(self, _: Client, parcel: Parcel) -> None:
        """What the relay calls."""
        await asyncio.sleep(self.slow)
        if self.failure is not None:
            raise self.failure
        self.heard.set()
        self.told.append((parcel.workflow_id, [entry.seq for entry in parcel.entries]))

    def seqs(self, interaction_id: str) -> list[int]:
        """What an interaction was told, in order."""
        mine = [seqs for workflow, seqs in self.told if workflow == f"interaction-{interaction_id}"]
        return [seq for seqs in mine for seq in seqs]


@pytest.fixture
def temporal(monkeypatch: pytest.MonkeyPatch) -> Iterator[Temporal]:
    found = Temporal()
    monkeypatch.setattr(gateway.relay, "tell", found.take)
    return found


async def drain(*relays: Relay) -> None:
    async def one(relay: Relay) -> None:
        while await relay.relay_once():
            pass

    await asyncio.gather(*(one(relay) for relay in relays))


async def waiting(scene: Scene) -> int:
    async with scene.database.begin() as session:
        return int(str(await scalar(session, "SELECT count(*) FROM outbox")))


async def wait_over(scene: Scene) -> None:
    """The lease or the delay of every row ends."""
    async with scene.database.begin() as session:
        await session.execute(text("UPDATE outbox SET lease_until = clock_timestamp() - interval '1 second'"))


async def test_everything_waiting_for_one_workflow_is_told_in_one_call_and_in_order(
    scene: Scene, temporal: Temporal
) -> None:
    receipts = [await scene.chat("s1") for _ in range(5)]
    await drain(Relay(scene.database, _NO_CLIENT))
    assert temporal.told == [(f"interaction-{receipts[0].interaction_id}", [1, 2, 3, 4, 5])]
    assert await waiting(scene) == 0


async def test_many_relays_tell_each_thing_once_and_in_order(scene: Scene, temporal: Temporal) -> None:
    temporal.slow = 0.005
    relays = [Relay(scene.database, _NO_CLIENT) for _ in range(4)]
    receipts = [await scene.chat(f"s{number}") for number in range(3)]

    async def write(thread: int) -> None:
        for _ in range(10):
            await scene.chat(f"s{thread}")

    await asyncio.gather(*(write(thread) for thread in range(3)), *(drain(*relays) for _ in range(8)))
    while await waiting(scene):
        await drain(*relays)
    for receipt in receipts:
        assert temporal.seqs(receipt.interaction_id) == list(range(1, 12))


async def test_a_relay_that_is_claiming_holds_the_whole_workflow(scene: Scene) -> None:
    """Another relay, at the same moment, must not get a workflow's later rows before the earlier ones are told."""
    shelf = PolicyShelf()
    for _ in range(3):
        await scene.chat("s1")

    async def claim_all() -> list[Parcel]:
        async with scene.database.begin() as session:
            return await outbox.claim(session, shelf, 32)

    async with scene.database.begin() as first:
        mine = await outbox.claim(first, shelf, 1)
        other = asyncio.create_task(claim_all())
        await asyncio.wait({other}, timeout=0.3)
    assert [parcel.row_ids for parcel in mine] != []
    assert await other == []


async def test_while_temporal_is_down_nothing_is_lost(scene: Scene, temporal: Temporal) -> None:
    relay = Relay(scene.database, _NO_CLIENT)
    for failure in (RPCError("down", RPCStatusCode.UNAVAILABLE, b""), RuntimeError("cannot connect")):
        temporal.failure = failure
        receipt = await scene.chat("s1")
        await drain(relay)
        assert temporal.told == []
        assert await scene.problems(Problem.DEAD_LETTER) == []
        await wait_over(scene)
    temporal.failure = None
    await drain(relay)
    assert temporal.seqs(receipt.interaction_id) == [1, 2]


async def test_what_is_delayed_holds_back_what_comes_later_for_the_same_workflow(
    scene: Scene, temporal: Temporal
) -> None:
    relay = Relay(scene.database, _NO_CLIENT)
    temporal.failure = RPCError("down", RPCStatusCode.UNAVAILABLE, b"")
    receipt = await scene.chat("s1")
    await drain(relay)
    temporal.failure = None
    await scene.chat("s1")
    other = await scene.chat("s2")
    await drain(relay)
    assert temporal.told == [(f"interaction-{other.interaction_id}", [1])]
    await wait_over(scene)
    await drain(relay)
    assert temporal.seqs(receipt.interaction_id) == [1, 2]


async def test_what_temporal_refuses_for_good_is_a_dead_letter_and_blocks_nothing(
    scene: Scene, temporal: Temporal
) -> None:
    relay = Relay(scene.database, _NO_CLIENT)
    temporal.failure = RPCError("no", RPCStatusCode.INVALID_ARGUMENT, b"")
    receipt = await scene.chat("s1")
    await drain(relay)
    assert await scene.problems(Problem.DEAD_LETTER) == [f"dead_letter: interaction-{receipt.interaction_id}"]
    temporal.failure = None
    await scene.chat("s1")
    await drain(relay)
    assert temporal.seqs(receipt.interaction_id) == [2]


async def test_what_a_dead_relay_had_claimed_is_told_by_another_after_its_lease(
    scene: Scene, temporal: Temporal
) -> None:
    receipt = await scene.chat("s1")
    async with scene.database.begin() as session:
        assert await outbox.claim(session, PolicyShelf(), 32)
    relay = Relay(scene.database, _NO_CLIENT)
    await drain(relay)
    assert temporal.told == [], "its owner has time to tell it"
    await wait_over(scene)
    await drain(relay)
    assert temporal.seqs(receipt.interaction_id) == [1]


async def test_a_relay_that_dies_after_telling_leaves_it_to_be_told_again(scene: Scene, temporal: Temporal) -> None:
    receipt = await scene.chat("s1")
    async with scene.database.begin() as session:
        parcels = await outbox.claim(session, PolicyShelf(), 32)
    await temporal.take(_NO_CLIENT, parcels[0])
    await wait_over(scene)
    await drain(Relay(scene.database, _NO_CLIENT))
    assert temporal.seqs(receipt.interaction_id) == [1, 1], "at least once; the run drops what it has handled"


async def test_a_commit_pokes_the_relay_of_its_process(
    scene: Scene, temporal: Temporal, monkeypatch: pytest.MonkeyPatch
) -> None:
    relay = Relay(scene.database, _NO_CLIENT)
    monkeypatch.setattr(gateway.relay, "SWEEP_SECONDS", 60.0)
    running = asyncio.create_task(relay.run())
    await asyncio.sleep(0)
    try:
        await scene.chat("s1")
        await asyncio.wait_for(temporal.heard.wait(), 5)
    finally:
        running.cancel()


async def test_a_relay_stops_when_it_is_told_to_even_if_it_is_poked_at_that_moment(database: Database) -> None:
    for _ in range(5):
        relay = Relay(database, _NO_CLIENT)
        relay.relay_once = _nothing  # type: ignore[method-assign]
        running = asyncio.create_task(relay.run())
        await asyncio.sleep(0.01)
        relay.poke()
        await asyncio.sleep(0)
        running.cancel()
        done, _ = await asyncio.wait({running}, timeout=2)
        assert done, "it went on"


async def _nothing() -> bool:
    return False


async def test_a_change_that_is_rolled_back_tells_nobody(scene: Scene, temporal: Temporal) -> None:
    async def fail() -> None:
        async with scene.database.begin() as session:
            address_dispatcher(session, "support")
            await session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert not await Relay(scene.database, _NO_CLIENT).relay_once()
    assert temporal.told == []
