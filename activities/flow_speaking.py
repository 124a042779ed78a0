"""What flows say to customers: through whoever holds the baton, once for each word."""

from temporalio import activity

from activities.flow_records import ToSay
from domain.front_door import FrontDoor
from store.database import Database
from store.facts import record_fact
from store.flow_speaking import say_for_flow
from store.policy_versions import PolicyShelf


class FlowSpeechActivities:
    """A flow's one way to speak. `door` gives the links in its texts, and the mailbox that it writes from."""

    def __init__(self, database: Database, door: FrontDoor) -> None:
        self._database = database
        self._door = door
        self._shelf = PolicyShelf()

    @activity.defn
    async def say(self, said: ToSay) -> None:
        """Say a word to the flow's customer, once; how it reaches them is the store's business.

        What it means for promises to other customers follows in a transaction of its own, which locks them in order.
        """
        async with self._database.begin() as session:
            told = await say_for_flow(session, said.flow_id, said.word, said.part, self._shelf, self._door)
        for fact in told.facts:
            async with self._database.begin() as session:
                await record_fact(session, fact)
