"""The story of one interaction: understand, route, answer or hand over, wait, close."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import RawValue
from temporalio.exceptions import ActivityError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from activities.records import Closing, Resting, Splitting, Staging
    from activities.storytelling import StoryActivities
    from domain.interaction import Entry, EntryKind, InteractionStart, InteractionState, Resolution
    from domain.names import Signal, WorkflowType
    from domain.operator import OperatorOrder
    from domain.plan import Exit, StageKind
    from domain.proposal import HandoffReason
    from domain.triage import Relation
    from workflows.interaction_people import WithPeople
    from workflows.verbs import record


@workflow.defn(name=WorkflowType.INTERACTION.value)
class InteractionWorkflow(WithPeople):
    """One problem of one customer, until it is resolved."""

    @workflow.init
    def __init__(self, start: InteractionStart) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: InteractionStart) -> str:
        """Go on with the story until the interaction is resolved; returns how."""
        if not start.fresh:
            await self.take_up()
        while self.resolution is None:
            try:
                await self.catch_up()
                await self.go_on()
            except (asyncio.CancelledError, ActivityError) as error:
                if not is_cancelled_exception(error):
                    raise
                self.orders.append(OperatorOrder.HAND_TO_PEOPLE.value)
        await self.last_things()
        return self.resolution.value

    async def go_on(self) -> None:
        """The next step, by what the interaction is waiting for."""
        if self.released:
            await self.say_released()
        elif self.wish is not None:
            await self.close(self.wish)
        elif self.called is not None:
            await self.hand_to_people(self.called, self.called_team)
        elif self.stage_over:
            await self.begin_stage(self.stage + 1)
        else:
            await self.step()()

    def step(self) -> Callable[[], Coroutine[Any, Any, None]]:
        """What the present state asks for."""
        match self.state:
            case InteractionState.NEW:
                return self.understand_and_route
            case InteractionState.WITH_AI:
                return self.answer
            case InteractionState.AWAITING_CUSTOMER:
                return self.wait_for_customer
            case InteractionState.AWAITING_HOLDER:
                return self.wait_for_holder
            case InteractionState.AWAITING_PERSON | InteractionState.WITH_PERSON:
                return self.wait_for_people
            case InteractionState.RESOLVED:
                raise AssertionError("a resolved interaction has no next step")

    # --- signals: record and return -------------------------------------------------------------------------------

    @workflow.signal(name=Signal.ENTRIES.value)
    def told(self, entries: list[Entry]) -> None:
        """Entries of the journal; an empty list asks the story to report in."""
        self.inbox.put(entries)
        self.poked = self.poked or not entries
        if any(entry.kind is EntryKind.MESSAGE_RECEIVED for entry in entries):
            self.last_word_at = workflow.now()

    @workflow.signal(name=Signal.OPERATOR.value)
    def ordered(self, order: Any = None) -> None:
        """An operator's order, sent by hand: `hand_to_people` or `resolve`. Whatever else it holds is refused."""
        self.orders.append(str(order))

    @workflow.signal(dynamic=True)
    def misdirected(self, name: str, args: Sequence[RawValue]) -> None:  # noqa: ARG002  what it holds may be text
        """A signal that Baton does not know: refused visibly."""
        self.orders.append("unknown")

    # --- understanding --------------------------------------------------------------------------------------------

    async def understand_and_route(self) -> None:
        """Let the customer finish, triage the turn, and choose who answers."""
        await self.customer_pauses()
        if self.state is not InteractionState.NEW:
            return None
        understood = await self.triage()
        if isinstance(understood, HandoffReason):
            return await self.hand_to_people(understood)
        first, message_ids, self.turn = not self.issue, tuple(self.turn), []
        if understood.nothing_new:
            return await self.rest()
        if understood.auto_reply:
            return await self.rest() if not first else self.wish_for(Resolution.SET_ASIDE)
        if understood.relation is Relation.THANKS and not first and not self.in_dialogue:
            return self.wish_for(Resolution.CONFIRMED)
        if understood.relation is Relation.ANOTHER and not first and message_ids:
            return await self.split_off(message_ids)
        goes_on = self.collecting or (self.in_dialogue and understood.issue.value == self.issue)
        if goes_on and understood.relation is not Relation.DISSATISFIED and not understood.wants_person:
            self.state = InteractionState.WITH_AI  # What was asked for: the plan goes on.
            return None
        self.issue = understood.issue.value
        return await self.route()

    async def route(self) -> None:
        """Choose a plan by the policy and begin it."""
        routed = await record(StoryActivities.choose_route, self.case(), "route")
        self.plan, self.face.route = routed.plan, routed.plan.explanation
        await self.enter(0, routed.reason)

    async def begin_stage(self, number: int) -> None:
        """The stage before is over: begin this one."""
        staging = Staging(interaction_id=self.start.interaction_id, handled_seq=self.inbox.handled_seq, stage=number)
        await record(StoryActivities.begin_stage, staging, f"stage {number + 1}")
        await self.enter(number, HandoffReason.POLICY)

    async def enter(self, number: int, reason: HandoffReason) -> None:
        """Let the stage's resource begin."""
        self.stage, self.stage_over = number, False
        stage = self.present_stage
        of_plan = stage.until is not Exit.SETTLED or stage.kind in {StageKind.FLOW, StageKind.SELF_SERVICE}
        self.face.stage = f"{number + 1}: {stage}" if of_plan else ""
        seconds = stage.deadline_seconds
        self.stage_until = workflow.now() + timedelta(seconds=seconds) if seconds is not None else None
        match stage.kind:
            case StageKind.AI | StageKind.FLOW | StageKind.SELF_SERVICE:
                self.state = InteractionState.WITH_AI
            case StageKind.QUEUE | StageKind.AGENT:
                await self.hand_to_people(reason, stage.team)
            case StageKind.SET_ASIDE:
                self.wish_for(Resolution.SET_ASIDE)

    async def split_off(self, message_ids: tuple[str, ...]) -> None:
        """The turn is about another problem: that one gets a story of its own, and this one is looked at again."""
        splitting = Splitting(
            interaction_id=self.start.interaction_id, handled_seq=self.inbox.handled_seq, message_ids=message_ids
        )
        await record(StoryActivities.split_off, splitting, "another problem: linked interaction")

    # --- waiting and closing --------------------------------------------------------------------------------------

    async def wait_for_customer(self) -> None:
        """The customer answers, or their silence closes the case."""
        overdue = self.stage_until is not None and self.waits_by_plan and self.stage_until < self.rest_until
        if await self.news(until=self.stage_until if overdue else self.rest_until):
            return
        if overdue:
            self.called, self.called_team = HandoffReason.STAGE_OVERDUE, self.fallback_team
        else:
            self.wish_for(Resolution.NO_ANSWER if self.asked else Resolution.ASSUMED)

    async def wait_for_holder(self) -> None:
        """Whoever holds the baton uses the suggestion or puts the baton down; else the case needs a person itself."""
        if not await self.news(until=self.rest_until):
            await self.hand_to_people(HandoffReason.SUGGESTION_UNANSWERED, self.fallback_team)

    async def rest(self) -> None:
        """Nothing to answer: wait for the customer."""
        pace = self.start.pace
        resting = Resting(
            interaction_id=self.start.interaction_id,
            handled_seq=self.inbox.handled_seq,
            state=InteractionState.AWAITING_CUSTOMER,
            due_in=pace.assume_resolved + pace.step,
        )
        await record(StoryActivities.rest, resting, "rest")
        self.settle_in(InteractionState.AWAITING_CUSTOMER, pace.assume_resolved)

    async def close(self, how: Resolution) -> None:
        """Close by compare-and-set; if something has come since, the story goes on."""
        self.wish = None
        await self.all_said()
        closing = Closing(interaction_id=self.start.interaction_id, handled_seq=self.inbox.handled_seq, how=how)
        if await record(StoryActivities.close, closing, f"close: {how}") and not self.inbox:
            self.resolution = how
        else:
            self.wish, self.poked = how, True

    async def last_things(self) -> None:
        """Nothing is left behind: all that was begun is finished."""
        self.face.show_details(InteractionState.RESOLVED, self.issue, self.agent_id)
        await self.all_said()

    # --- runs -----------------------------------------------------------------------------------------------------

    async def take_up(self) -> None:
        """A run that was not there before asks the store where things stand."""
        standing = await record(StoryActivities.take_up, self.case(), "take up")
        self.inbox = self.inbox.resumed(standing.handled_seq)
        self.state, self.issue, self.plan = standing.state, standing.issue, standing.plan
        self.agent_id, self.asked, self.poked = standing.agent_id, standing.asked, True
        self.reviewing = standing.reviewing
        self.reassure_at = workflow.now() + self.patience if self.reviewing else None
        self.wish = standing.resolution
        self.stage, self.tried = standing.stage, standing.tried
        if standing.stage_left is not None:
            self.stage_until = workflow.now() + timedelta(seconds=max(standing.stage_left, 0))
        lasting = {
            InteractionState.AWAITING_CUSTOMER: self.start.pace.assume_resolved,
            InteractionState.AWAITING_HOLDER: self.start.pace.suggestion,
        }.get(standing.state, 0.0)
        self.rest_until = workflow.now() + timedelta(seconds=max(lasting - standing.quiet_for, 0))
