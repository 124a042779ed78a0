"""How a story speaks to its customer, and hands the case to people."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from temporalio import exceptions, workflow
from temporalio.exceptions import ActivityError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from activities.assisting import AssistantActivities
    from activities.delivering import DeliveryActivities
    from activities.records import Delivered, ToDeliver, ToPeople
    from activities.serving_people import PeopleActivities
    from domain.names import Pool
    from domain.proposal import HandoffReason
    from workflows.interaction_state import StoryState
    from workflows.verbs import ask_ai, patiently


class HandingOver(StoryState):
    """What a story can do whatever its state."""

    # --- speaking -------------------------------------------------------------------------------------------------

    async def deliver(self, *, draft_id: str = "", message_id: str = "") -> Delivered:
        """Say something through the pool `integration`."""
        pace = self.start.pace
        order = ToDeliver(
            interaction_id=self.start.interaction_id,
            handled_seq=self.inbox.handled_seq,
            draft_id=draft_id,
            message_id=message_id,
            suggestion_seconds=pace.suggestion,
            rest_seconds=pace.assume_resolved,
            step_seconds=pace.step,
        )
        return await patiently(DeliveryActivities.deliver, order, Pool.INTEGRATION, "deliver")

    def speak(self, message_id: str) -> None:
        """Send a queued message of a person or of Baton without holding up the story."""
        self.meanwhile(self.send(message_id))

    async def send(self, message_id: str) -> None:
        """Deliver a queued message; a failure is on the desk for the person who wrote it."""
        await self.deliver(message_id=message_id)

    def meanwhile(self, doing: Coroutine[Any, Any, None]) -> None:
        """Do something beside the story; it is finished before the run ends."""
        self.beside = [task for task in self.beside if not task.done()]
        self.beside.append(asyncio.create_task(doing))

    async def all_said(self) -> None:
        """Wait for what is being sent, without cancelling it when the run is cancelled."""
        if self.beside:
            await workflow.wait(self.beside)

    # --- people ---------------------------------------------------------------------------------------------------

    async def hand_to_people(self, reason: HandoffReason, team: str = "", *, draft_id: str = "") -> None:
        """Open a work item; the brief follows, so that a person never waits for the AI."""
        to_people = self.to_people(reason, team, draft_id)
        handed = await patiently(PeopleActivities.hand_over, to_people, Pool.HUMAN, f"hand over: {reason}")
        self.state, self.agent_id, self.reviewing = handed.state, handed.agent_id, handed.reviewing
        self.reassure_at = workflow.now() + self.patience if handed.reviewing else None
        self.wish, self.called, self.attempts = None, None, 0
        self.face.team, self.face.reason = handed.team, reason.value
        if handed.notice_id:
            self.speak(handed.notice_id)
        if reason is not HandoffReason.AI_UNAVAILABLE:
            self.meanwhile(self.brief())

    def to_people(self, reason: HandoffReason, team: str, draft_id: str = "") -> ToPeople:
        """The case, for people."""
        return ToPeople(
            interaction_id=self.start.interaction_id,
            handled_seq=self.inbox.handled_seq,
            reason=reason,
            team=team,
            draft_id=draft_id,
        )

    async def brief(self) -> None:
        """Prepare the person; without the assistant they read the conversation itself."""
        if self.briefing:
            return
        self.briefing = True
        try:
            await ask_ai(AssistantActivities.brief, self.case(), self.start.pace, "brief")
        except ActivityError as error:
            workflow.logger.info("brief_unavailable: %s", why_unanswered(error))
        finally:
            self.briefing = False


def why_unanswered(error: ActivityError) -> HandoffReason:
    """What an unanswered question to the assistant means for the case; a cancellation is raised again."""
    if is_cancelled_exception(error):
        raise error
    return (
        HandoffReason.AI_UNAVAILABLE if isinstance(error.cause, exceptions.TimeoutError) else HandoffReason.TOOL_FAILURE
    )
