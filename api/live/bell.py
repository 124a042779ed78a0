"""The bell: wakes streams by topic. Who listens before reading misses nothing that is committed after the reading."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

JOURNAL = "journal"


def conversation_topic(conversation_id: str) -> str:
    """Rung when the customer's view of a conversation has grown."""
    return f"conversation:{conversation_id}"


def interaction_topic(interaction_id: str) -> str:
    """Rung when something happened to an interaction."""
    return f"interaction:{interaction_id}"


class Ear:
    """One listener."""

    def __init__(self) -> None:
        self.rung = asyncio.Event()

    async def heard(self, within: float) -> None:
        """Return when rung since the last call, or after `within` seconds."""
        try:
            async with asyncio.timeout(within):
                await self.rung.wait()
        except TimeoutError:
            return
        self.rung.clear()


class Bell:
    """Topics and who listens to them. Belongs to one event loop."""

    def __init__(self) -> None:
        self.stopped = False
        """Set once, at shutdown: streams end."""
        self._ears: defaultdict[str, set[Ear]] = defaultdict(set)

    @contextmanager
    def listen(self, *topics: str) -> Iterator[Ear]:
        """Listen to topics until the block ends."""
        ear = Ear()
        self.join(ear, *topics)
        try:
            yield ear
        finally:
            for topic in [topic for topic, ears in self._ears.items() if ear in ears]:
                self.leave(ear, topic)

    def join(self, ear: Ear, *topics: str) -> None:
        """Listen to more topics."""
        for topic in topics:
            self._ears[topic].add(ear)

    def leave(self, ear: Ear, topic: str) -> None:
        """Listen to a topic no longer."""
        self._ears[topic].discard(ear)
        if not self._ears[topic]:
            del self._ears[topic]

    def ring(self, topic: str) -> None:
        """Wake whoever listens to a topic."""
        for ear in self._ears.get(topic, ()):
            ear.rung.set()

    def ring_all(self) -> None:
        """Wake everyone: notices may have been missed."""
        for ears in self._ears.values():
            for ear in ears:
                ear.rung.set()

    def stop(self) -> None:
        """End every stream."""
        self.stopped = True
        self.ring_all()
