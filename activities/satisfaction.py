"""Asking a customer how their case was resolved: what the question's story calls, in the pool `integration`."""

from datetime import datetime

from temporalio import activity

from activities.delivering import DeliveryActivities
from activities.records import ToDeliver
from domain.front_door import FrontDoor
from domain.values import Value
from store.asking import ask_now, call_off, note_asked
from store.database import Database
from store.policy_versions import PolicyShelf


class Question(Value):
    """The question of one case."""

    interaction_id: str


class Turned(Value):
    """When to try again (UTC); empty: it was asked, or need not be."""

    again_at: datetime | None = None


class SatisfactionActivities:
    """The verbs of the question of how it was."""

    def __init__(self, database: Database, delivery: DeliveryActivities, door: FrontDoor) -> None:
        self._database = database
        self._delivery = delivery
        self._door = door
        self._shelf = PolicyShelf()

    @activity.defn
    async def ask_satisfaction(self, question: Question) -> Turned:
        """Ask, if it is due and may be asked; begun again, it sends on what is queued and asks nothing twice.

        Raises `ChannelUnavailable` (retryable) while the provider does not take messages.
        """
        async with self._database.begin() as session:
            asked = await ask_now(session, question.interaction_id, self._shelf, self._door)
        if asked.message_id:
            order = ToDeliver(interaction_id=question.interaction_id, handled_seq=0, message_id=asked.message_id)
            await self._delivery.deliver(order)
            async with self._database.begin() as session:
                await note_asked(session, question.interaction_id)
        return Turned(again_at=asked.again_at)

    @activity.defn
    async def do_not_ask(self, question: Question) -> None:
        """An operator has cancelled the question."""
        async with self._database.begin() as session:
            await call_off(session, question.interaction_id)
