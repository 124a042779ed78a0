"""What the pool `dispatch` does."""

from temporalio import activity

from store.database import Database
from store.dispatching import Allocation, Allocator


class DispatchActivities:
    """The dispatcher's one verb."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._allocators: dict[str, Allocator] = {}

    @activity.defn
    async def allocate(self, team: str) -> float:
        """As `allocate_team`, for dispatchers that began before it: only when to look again."""
        return (await self.allocate_team(team)).due_in

    @activity.defn
    async def allocate_team(self, team: str) -> Allocation:
        """Expire what is over and offer what waits; tells when to look again, and how the team stands."""
        if team not in self._allocators:
            self._allocators[team] = Allocator(self._database, team)
        return await self._allocators[team].allocate()
