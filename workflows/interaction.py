"""The story of one interaction: understand, route, answer or hand over, wait, close."""

import asyncio
import builtins
from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime, timedelta
from typing import Any

from temporalio import exceptions, workflow
from temporalio.common import RawValue
from temporalio.exceptions import ActivityError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from activities.assisting import AssistantActivities
    from activities.delivering import DeliveryActivities
    from activities.records import (
        CaseRef,
        Closing,
        Composed,
        Delivered,
        OperatorDid,
        Resting,
        Splitting,
        Staging,
        ToDeliver,
        ToPeople,
        Understood,
    )
    from activities.serving_people import PeopleActivities
    from activities.storytelling import StoryActivities
    from domain.delivery import Posting
    from domain.interaction import WITH_PEOPLE, Entry, EntryKind, InteractionStart, InteractionState, Resolution
    from domain.names import Pool, Signal, WorkflowType
    from domain.operator import OperatorOrder, read_order
    from domain.plan import Exit, Plan, Stage, StageKind
    from domain.proposal import HandoffReason
    from domain.story import after
    from domain.triage import Relation
    from workflows.face import Face
    from workflows.inbox import Inbox
    from workflows.verbs import ask_ai, patiently, record

_LONGEST_RUN = timedelta(days=7)
_ASK_AGAIN = timedelta(seconds=30)
"""How long an overdue stage is left to the person who is just being asked."""
_LONGEST_TURN = 10
"""Pauses after which a customer who never stops typing is answered all the same."""

_SAID = {EntryKind.AGENT_REPLIED, EntryKind.NOTICE_QUEUED}
"""Entries that bring words for the customer."""
_CALLS = {
    EntryKind.SHIFTED_TO_PEOPLE: HandoffReason.PRESSURE_EASED,
    EntryKind.COMMITMENT_DUE: HandoffReason.COMMITMENT_DUE,
}
"""Entries that call people to the case, if they do not have it."""
_ENDS = {EntryKind.AGENT_RESOLVED: Resolution.BY_AGENT, EntryKind.LEFT_QUEUE: Resolution.LEFT_QUEUE}
"""Entries that end the case."""


@workflow.defn(name=WorkflowType.INTERACTION.value)
class InteractionWorkflow:
    """One problem of one customer, until it is resolved."""

    @workflow.init
    def __init__(self, start: InteractionStart) -> None:
        self.start = start
        self.inbox: Inbox[Entry] = Inbox(start.handled_seq)
        self.face = Face(start)
        self.state = InteractionState.NEW
        self.issue = ""
        self.plan: Plan | None = None
        self.agent_id = ""
        self.turn: list[str] = []
        self.last_word_at = self.rest_until = workflow.now()
        self.attempts = 0
        self.asked = self.poked = False
        self.orders: list[str] = []
        self.beside: list[asyncio.Task[None]] = []
        self.stage = 0
        self.stage_until: datetime | None = None
        self.stage_over = self.may_try = self.tried = False
        self.called: HandoffReason | None = None
        self.wish: Resolution | None = None
        self.resolution: Resolution | None = None

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
        if self.wish is not None:
            await self.close(self.wish)
        elif self.called is not None:
            await self.hand_to_people(self.called, self.fallback_team())
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
            return _why(error)

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

    @property
    def present_stage(self) -> Stage:
        """The stage of the plan that is under way."""
        return self.plan.stage(self.stage) if self.plan else Stage(kind=StageKind.AI)

    @property
    def decided_stage(self) -> int:
        """The stage that asks for a decision, which people may have come to as the fallback of an earlier one."""
        stages = enumerate(self.plan.stages if self.plan else ())
        asks = (number for number, stage in stages if number >= self.stage and stage.until is Exit.DECIDED)
        return next(asks, self.stage)

    @property
    def collecting(self) -> bool:
        """Is the AI collecting what the plan needs?"""
        return bool(self.issue) and self.present_stage.until is Exit.COLLECTED

    @property
    def in_dialogue(self) -> bool:
        """Does the AI wait for an answer that a flow needs, or for the yes to begin it?"""
        return bool(self.issue) and self.asked and self.present_stage.kind is StageKind.FLOW

    @property
    def waits_by_plan(self) -> bool:
        """Does the plan's present stage need the customer to go on? Its deadline then counts."""
        return self.collecting or self.in_dialogue or self.present_stage.kind is StageKind.SELF_SERVICE

    async def split_off(self, message_ids: tuple[str, ...]) -> None:
        """The turn is about another problem: that one gets a story of its own, and this one is looked at again."""
        splitting = Splitting(
            interaction_id=self.start.interaction_id, handled_seq=self.inbox.handled_seq, message_ids=message_ids
        )
        await record(StoryActivities.split_off, splitting, "another problem: linked interaction")

    # --- the AI's stage -------------------------------------------------------------------------------------------

    async def answer(self) -> None:
        """Compose, pass the gate, deliver."""
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
            return await self.hand_to_people(composed.handoff, self.fallback_team())
        if composed.collected:
            self.attempts, self.stage_over = 0, True
            return None
        self.face.order = composed.order or self.face.order
        return await self.say(composed.draft_id)

    async def compose(self, *, only_grounded: bool = False) -> Composed:
        """A draft, or the handoff that stands in for it."""
        case = self.case().model_copy(update={"only_grounded": only_grounded})
        try:
            return await ask_ai(AssistantActivities.compose, case, self.start.pace, "compose")
        except ActivityError as error:
            return Composed(handoff=_why(error))

    async def start_flow(self) -> Composed:
        """Start what the customer has said yes to, or pass their choice on; what they are told of it is a draft."""
        try:
            return await ask_ai(AssistantActivities.start_flow, self.case(), self.start.pace, "start the flow")
        except ActivityError as error:
            return Composed(handoff=_why(error))

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
        return None

    def fallback_team(self) -> str:
        """The team that takes over from the present stage."""
        stages = self.plan.stages[self.stage :] if self.plan else ()
        return self.present_stage.otherwise or next((stage.team for stage in stages if stage.with_people), "")

    # --- people ---------------------------------------------------------------------------------------------------

    async def hand_to_people(self, reason: HandoffReason, team: str = "") -> None:
        """Open a work item; the brief follows, so that a person never waits for the AI."""
        to_people = self.to_people(reason, team)
        handed = await patiently(PeopleActivities.hand_over, to_people, Pool.HUMAN, f"hand over: {reason}")
        self.state, self.agent_id = handed.state, handed.agent_id
        self.wish, self.called, self.attempts = None, None, 0
        self.face.team, self.face.reason = handed.team, reason.value
        if handed.notice_id:
            self.speak(handed.notice_id)
        if reason is not HandoffReason.AI_UNAVAILABLE:
            self.meanwhile(self.brief())

    def to_people(self, reason: HandoffReason, team: str) -> ToPeople:
        """The case, for people."""
        return ToPeople(
            interaction_id=self.start.interaction_id, handled_seq=self.inbox.handled_seq, reason=reason, team=team
        )

    async def brief(self) -> None:
        """Prepare the person; without the assistant they read the conversation itself."""
        try:
            await ask_ai(AssistantActivities.brief, self.case(), self.start.pace, "brief")
        except ActivityError as error:
            workflow.logger.info("brief_unavailable: %s", _why(error))

    async def wait_for_people(self) -> None:
        """People act; each of their steps arrives as an entry. A stage that takes too long goes to its fallback."""
        waits = self.state is InteractionState.AWAITING_PERSON
        if waits and self.may_try:
            return await self.try_meanwhile()
        if waits and self.tried and self.turn:
            return await self.ask_whether_it_helped()
        if not await self.news(until=self.stage_until if waits else None):
            moving = self.to_people(HandoffReason.STAGE_OVERDUE, self.fallback_team())
            moved = await patiently(PeopleActivities.move_on, moving, Pool.HUMAN, "stage overdue: move on")
            self.stage_until = None if moved else workflow.now() + _ASK_AGAIN
        return None

    async def try_meanwhile(self) -> None:
        """Under pressure: the AI may answer, while the customer keeps their place in the queue."""
        self.may_try = False
        composed = await self.compose(only_grounded=True)
        await self.catch_up()
        if composed.draft_id and self.state is InteractionState.AWAITING_PERSON:
            delivered = await self.deliver(draft_id=composed.draft_id)
            self.tried, self.turn = delivered.posting is Posting.QUEUED and not delivered.failed, []
        self.poked = True  # The store learns how far the story has got.

    async def ask_whether_it_helped(self) -> None:
        """The customer has written after the AI's try: thanks closes the case, everything else goes on waiting."""
        await self.customer_pauses()
        understood = await self.triage()
        self.turn, self.tried, self.poked = [], False, True
        if not isinstance(understood, HandoffReason) and understood.relation is Relation.THANKS:
            self.wish_for(Resolution.CONFIRMED)

    def speak(self, message_id: str) -> None:
        """Send a queued message of a person or of Baton without holding up the story."""
        self.meanwhile(self.send(message_id))

    def meanwhile(self, doing: Coroutine[Any, Any, None]) -> None:
        """Do something beside the story; it is finished before the run ends."""
        self.beside = [task for task in self.beside if not task.done()]
        self.beside.append(asyncio.create_task(doing))

    async def send(self, message_id: str) -> None:
        """Deliver a queued message; a failure is on the desk for the person who wrote it."""
        await self.deliver(message_id=message_id)

    # --- waiting and closing --------------------------------------------------------------------------------------

    async def wait_for_customer(self) -> None:
        """The customer answers, or their silence closes the case."""
        overdue = self.stage_until is not None and self.waits_by_plan and self.stage_until < self.rest_until
        if await self.news(until=self.stage_until if overdue else self.rest_until):
            return
        if overdue:
            self.called = HandoffReason.STAGE_OVERDUE
        else:
            self.wish_for(Resolution.NO_ANSWER if self.asked else Resolution.ASSUMED)

    async def wait_for_holder(self) -> None:
        """Whoever holds the baton uses the suggestion or puts the baton down; else the case needs a person itself."""
        if not await self.news(until=self.rest_until):
            await self.hand_to_people(HandoffReason.SUGGESTION_UNANSWERED, self.fallback_team())

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

    def settle_in(self, state: InteractionState, seconds: float) -> None:
        """Enter a state that lasts until something happens or its time is over."""
        self.state, self.rest_until = state, workflow.now() + timedelta(seconds=seconds)

    def wish_for(self, how: Resolution) -> None:
        """Close as soon as every entry is handled."""
        self.wish = how

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

    async def all_said(self) -> None:
        """Wait for what is being sent, without cancelling it when the run is cancelled."""
        if self.beside:
            await workflow.wait(self.beside)

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

    # --- being told -----------------------------------------------------------------------------------------------

    async def news(self, until: datetime | None = None) -> bool:
        """Wait for something to happen; False at the deadline. A quiet point, where a long run is continued."""
        self.face.show(self.state, self.issue, self.agent_id, until)
        self.continue_as_new_if_long()
        left = max(until - workflow.now(), timedelta()) if until else None
        try:
            await workflow.wait_condition(
                lambda: bool(self.inbox) or self.poked or bool(self.orders),
                timeout=left,
                timeout_summary=f"{self.state} until then",
            )
        except builtins.TimeoutError:
            return False
        return True

    async def catch_up(self) -> None:
        """Apply, in order, what has been told; read from the store what was not."""
        self.apply_all()
        if self.poked or self.inbox:
            self.poked, held = False, self.inbox.held
            missed = await record(StoryActivities.report_in, self.resting(), "report in")
            self.inbox.correct(held, list(missed.entries))
            self.apply_all()
        while self.orders:
            await self.obey(self.orders.pop(0))

    def apply_all(self) -> None:
        """Apply every entry that is next in line."""
        for entry in self.inbox.take():
            self.apply(entry)

    def apply(self, entry: Entry) -> None:
        """What an entry changes: the state by the table, and what only the story knows."""
        self.state = after(self.state, entry.kind)
        if entry.kind in _SAID:
            self.speak(entry.ref)
        if entry.kind in _CALLS and self.state not in WITH_PEOPLE:
            self.called = _CALLS[entry.kind]
        if entry.kind in _ENDS:
            self.wish_for(_ENDS[entry.kind])
        if entry.kind is EntryKind.FLOW_REPORTED:
            self.face.flow, self.poked = entry.ref, True  # The store learns that the story has heard of it.
        self.note_turn(entry)
        self.note_people(entry)

    def note_turn(self, entry: Entry) -> None:
        """Whose turn it is to speak."""
        match entry.kind:
            case EntryKind.MESSAGE_RECEIVED:
                self.turn.append(entry.ref)
                self.wish = None  # Whatever was to be closed, the customer has more to say.
            case EntryKind.AGENT_REPLIED:
                self.turn = []
            case EntryKind.SUGGESTION_USED:
                self.settle_in(self.state, self.start.pace.assume_resolved)
            case EntryKind.SUGGESTION_DISMISSED if self.state is InteractionState.AWAITING_HOLDER:
                self.rest_until = workflow.now()
            case _:
                pass

    def note_people(self, entry: Entry) -> None:
        """What people have done with the case."""
        match entry.kind:
            case EntryKind.WORK_ACCEPTED:
                self.agent_id = entry.by
            case EntryKind.WORK_MOVED:
                self.face.team = entry.ref
            case EntryKind.WORK_DECIDED:
                self.stage, self.stage_over = self.decided_stage, True
            case EntryKind.SHIFTED_TO_AI:
                self.may_try = self.state is InteractionState.AWAITING_PERSON
            case _:
                pass

    async def obey(self, order: str) -> None:
        """Carry out an operator's order and journal it, or refuse it visibly."""
        known = read_order(order)
        did = OperatorDid(
            interaction_id=self.start.interaction_id,
            order=known.value if known else "unknown",
            refused="" if known else "no such order",
        )
        await record(StoryActivities.note_operator, did, f"operator: {did.order} {did.refused}".strip())
        self.face.operator = f"{did.order} {did.refused}".strip()
        match known:
            case OperatorOrder.HAND_TO_PEOPLE:
                await self.hand_to_people(HandoffReason.OPERATOR, self.fallback_team())
            case OperatorOrder.RESOLVE:
                self.wish_for(Resolution.BY_OPERATOR)
            case None:
                pass

    # --- runs -----------------------------------------------------------------------------------------------------

    async def take_up(self) -> None:
        """A run that was not there before asks the store where things stand."""
        standing = await record(StoryActivities.take_up, self.case(), "take up")
        self.inbox = self.inbox.resumed(standing.handled_seq)
        self.state, self.issue, self.plan = standing.state, standing.issue, standing.plan
        self.agent_id, self.asked, self.poked = standing.agent_id, standing.asked, True
        self.wish = standing.resolution
        self.stage, self.tried = standing.stage, standing.tried
        if standing.stage_left is not None:
            self.stage_until = workflow.now() + timedelta(seconds=max(standing.stage_left, 0))
        lasting = {
            InteractionState.AWAITING_CUSTOMER: self.start.pace.assume_resolved,
            InteractionState.AWAITING_HOLDER: self.start.pace.suggestion,
        }.get(standing.state, 0.0)
        self.rest_until = workflow.now() + timedelta(seconds=max(lasting - standing.quiet_for, 0))

    def continue_as_new_if_long(self) -> None:
        """Keep histories short: at a quiet point a long run goes on as a new one."""
        info = workflow.info()
        old = workflow.now() - info.start_time > _LONGEST_RUN
        idle = not (self.inbox or self.orders or self.poked or any(not task.done() for task in self.beside))
        if idle and (old or info.is_continue_as_new_suggested()):
            on = {"handled_seq": self.inbox.handled_seq, "fresh": False}
            workflow.continue_as_new(self.start.model_copy(update=on))

    def case(self) -> CaseRef:
        """The interaction and how far the story has dealt with it."""
        return CaseRef(interaction_id=self.start.interaction_id, handled_seq=self.inbox.handled_seq)

    def resting(self) -> Resting:
        """The present state, for the store's deadline."""
        pace = self.start.pace
        waits = self.state in {InteractionState.AWAITING_CUSTOMER, InteractionState.AWAITING_HOLDER}
        left = max((self.rest_until - workflow.now()).total_seconds(), 0) if waits else 0
        return Resting(
            interaction_id=self.start.interaction_id,
            handled_seq=self.inbox.handled_seq,
            state=self.state,
            due_in=pace.check_in if self.state in WITH_PEOPLE else left + pace.step,
        )


def _why(error: ActivityError) -> HandoffReason:
    """What an unanswered question to the assistant means for the case; a cancellation is raised again."""
    if is_cancelled_exception(error):
        raise error
    return (
        HandoffReason.AI_UNAVAILABLE if isinstance(error.cause, exceptions.TimeoutError) else HandoffReason.TOOL_FAILURE
    )
