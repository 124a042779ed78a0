"""The AI's stage of a story: understand, compose, and let the words go where the stage's mode sends them."""

from datetime import timedelta

from temporalio import workflow
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from activities.assisting import AssistantActivities
    from activities.records import Composed, Understood
    from domain.delivery import Posting
    from domain.interaction import InteractionState
    from domain.modes import Mode
    from domain.proposal import HandoffReason
    from workflows.interaction_handing import why_unanswered
    from workflows.interaction_hearing import Hearing
    from workflows.verbs import ask_ai

_LONGEST_TURN = 10
"""Pauses after which a customer who never stops typing is answered all the same."""


class Answering(Hearing):
    """What the AI does in a story."""

    async def customer_pauses(self) -> None:
        """Wait until the customer has stopped typing."""
        latest = workflow.now() + timedelta(seconds=self.start.pace.pause * _LONGEST_TURN)
        while (quiet := self.last_word_at + timedelta(seconds=self.start.pace.pause)) > workflow.now() < latest:
            await workflow.sleep(quiet - workflow.now(), summary="pause in the customer's typing")
            await self.catch_up()

    async def triage(self) -> Understood | HandoffReason:
        """Understand the turn, or say why that failed."""
        try:
            return await ask_ai(AssistantActivities.triage, self.case(), self.start.pace, "triage")
        except ActivityError as error:
            return why_unanswered(error)

    async def answer(self) -> None:
        """Compose, pass the gate, deliver; or lay before people what they are to release."""
        if self.mode is Mode.SHADOW:
            return await self.work_unseen()
        if self.attempts >= self.start.pace.attempts:
            return await self.hand_to_people(HandoffReason.OUTPACED)
        self.attempts += 1
        composed = await self.compose()
        await self.catch_up()
        if self.state is not InteractionState.WITH_AI:
            return None  # The customer has written, or a person has taken over: the draft is never seen.
        if composed.collected and not self.collecting:
            composed = await self.start_flow()
        if composed.handoff is not None:
            return await self.hand_to_people(composed.handoff, self.fallback_team)
        if composed.collected:
            self.attempts, self.stage_over = 0, True
            return None
        self.face.order = composed.order or self.face.order
        if self.mode is Mode.DRAFT:
            return await self.hand_to_people(HandoffReason.DRAFT_REVIEW, self.fallback_team, draft_id=composed.draft_id)
        return await self.say(composed.draft_id)

    async def compose(self, *, only_grounded: bool = False) -> Composed:
        """A draft, or the handoff that stands in for it."""
        case = self.case().model_copy(update={"only_grounded": only_grounded})
        try:
            return await ask_ai(AssistantActivities.compose, case, self.start.pace, "compose")
        except ActivityError as error:
            return Composed(handoff=why_unanswered(error))

    async def start_flow(self) -> Composed:
        """Start what the customer has said yes to, or pass their choice on; what they are told of it is a draft."""
        try:
            return await ask_ai(AssistantActivities.start_flow, self.case(), self.start.pace, "start the flow")
        except ActivityError as error:
            return Composed(handoff=why_unanswered(error))

    async def say(self, draft_id: str) -> None:
        """Deliver a draft, unless it is outdated or somebody else may speak."""
        delivered = await self.deliver(draft_id=draft_id)
        if delivered.failed:
            return await self.hand_to_people(HandoffReason.DELIVERY_FAILED)
        match delivered.posting:
            case Posting.QUEUED:
                self.attempts, self.asked = 0, delivered.asked
                self.settle_in(InteractionState.AWAITING_CUSTOMER, self.start.pace.assume_resolved)
            case Posting.SUGGESTED:
                self.attempts = 0
                self.settle_in(InteractionState.AWAITING_HOLDER, self.start.pace.suggestion)
            case Posting.OUTDATED:
                self.state, self.poked = InteractionState.NEW, True
            case Posting.STOPPED:
                await self.hand_to_people(HandoffReason.AI_STOPPED, self.fallback_team)
        return None

    async def say_released(self) -> None:
        """Deliver the draft that an agent has released; the customer may have written again since they did."""
        draft_id, self.released = self.released, ""
        wrote_again = self.state is InteractionState.NEW
        await self.say(draft_id)
        if wrote_again and self.state is InteractionState.AWAITING_CUSTOMER:
            self.state = InteractionState.NEW

    async def work_unseen(self) -> None:
        """Mode shadow: people do the work at once; what the AI would say is kept beside it, and nobody sees it."""
        await self.hand_to_people(HandoffReason.SHADOWED, self.fallback_team)
        self.meanwhile(self.compose_unseen())

    async def compose_unseen(self) -> None:
        """The store keeps what is composed in mode shadow as such."""
        await self.compose()
