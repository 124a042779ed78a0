"""What flows say to customers: through whoever holds the baton, once for each word."""

from temporalio import activity

from activities.flow_records import ToSay
from store.database import Database
from store.flow_speaking import say_for_flow
from store.policy_versions import PolicyShelf


class FlowSpeechActivities:
    """A flow's one way to speak."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._shelf = PolicyShelf()

    @activity.defn
    async def say(self, said: ToSay) -> None:
        """Say a word to the flow's customer, once; how it reaches them is the store's business."""
        async with self._database.begin() as session:
            await say_for_flow(session, said.flow_id, said.word, said.part, self._shelf)
