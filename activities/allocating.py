"""What the pool `dispatch` does."""

from temporalio import activity

from store.database import Database
from store.dispatching import Allocator


class DispatchActivities:
    """The dispatcher's one verb."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._allocators: dict[str, Allocator] = {}

    @activity.defn
    async def allocate(self, team: str) -> float:
        """Expire what is over and offer what waits; returns seconds until the team's next deadline."""
        if team not in self._allocators:
            self._allocators[team] = Allocator(self._database, team)
        return await self._allocators[team].allocate()
