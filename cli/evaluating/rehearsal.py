"""One interaction's story without Temporal: the real verbs on a real store, in the workflow's order.

It follows `workflows.interaction` and its parts as far as the AI in mode auto goes: understand and route, answer, hand
over, close. What waits for people, timers or providers is left out; a case that people have stays with them.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

from temporalio.testing import ActivityEnvironment

from activities.assisting import AssistantActivities
from activities.delivering import DeliveryActivities
from activities.records import (
    CaseRef,
    Closing,
    Composed,
    Delivered,
    Splitting,
    Staging,
    ToDeliver,
    ToPeople,
    Understood,
)
from activities.serving_people import PeopleActivities
from activities.storytelling import StoryActivities
from domain.delivery import Posting
from domain.interaction import WITH_PEOPLE, EntryKind, InteractionState, Resolution
from domain.plan import Exit, Plan, Stage, StageKind
from domain.proposal import HandoffReason
from domain.story import after
from domain.triage import Relation
from store.database import Database
from store.interactions import Interaction

_GOES_ON = frozenset({InteractionState.NEW, InteractionState.WITH_AI})
_STEPS = 20
"""A story that has not come to rest after so many steps never will."""
_PATIENCE = 3600.0

Argument = TypeVar("Argument")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Verbs:
    """The activities that the story calls."""

    ai: AssistantActivities
    story: StoryActivities
    people: PeopleActivities
    delivery: DeliveryActivities


async def act(verb: Callable[[Argument], Awaitable[Result]], argument: Argument) -> Result:
    """Call a verb as a worker would."""
    result: Result = await ActivityEnvironment().run(verb, argument)
    return result


@dataclass
class Story:
    """One interaction, from its first message until it rests; what was said is kept for whoever judges."""

    database: Database
    verbs: Verbs
    interaction_id: str
    state: InteractionState = InteractionState.NEW
    issue: str = ""
    plan: Plan | None = None
    stage: int = 0
    asked: bool = False
    answered: bool = False
    """Something was said that is no question back."""
    turn: list[str] = field(default_factory=list)
    resolution: Resolution | None = None
    handoff: HandoffReason | None = None
    said: list[str] = field(default_factory=list)
    """Ids of drafts that reached the customer, and of notices."""
    split: str = ""
    """The interaction that was split off in this turn."""
    failed: str = ""

    async def hears(self, message_ids: list[str]) -> None:
        """The customer has written: go on until the story waits for them, or for people."""
        self.turn += message_ids
        self.state = after(self.state, EntryKind.MESSAGE_RECEIVED)
        self.resolution = None
        for _ in range(_STEPS):
            if self.state not in _GOES_ON or self.resolution is not None:
                return
            await (self._understand_and_route() if self.state is InteractionState.NEW else self._answer())
        raise RuntimeError(f"the story of interaction {self.interaction_id} does not come to rest")

    # --- understanding --------------------------------------------------------------------------------------------

    async def _understand_and_route(self) -> None:
        understood = await self._asked_ai(self.verbs.ai.triage)
        if understood is None:
            return await self._hand_over(HandoffReason.TOOL_FAILURE)
        first, message_ids, self.turn = not self.issue, tuple(self.turn), []
        if understood.nothing_new:
            return self._rest()
        if understood.auto_reply:
            return self._rest() if not first else await self._close(Resolution.SET_ASIDE)
        if understood.relation is Relation.THANKS and not first and not self._in_dialogue:
            return await self._close(Resolution.CONFIRMED)
        if understood.relation is Relation.ANOTHER and not first and message_ids:
            return await self._split_off(message_ids)
        if self._goes_on(understood):
            self.state = InteractionState.WITH_AI
            return None
        self.issue = understood.issue.value
        routed = await act(self.verbs.story.choose_route, await self._case())
        self.plan = routed.plan
        return await self._enter(0, routed.reason)

    def _goes_on(self, understood: Understood) -> bool:
        """The answer to what the plan's stage has asked for."""
        collecting = bool(self.issue) and self._stage.until is Exit.COLLECTED
        goes_on = collecting or (self._in_dialogue and understood.issue.value == self.issue)
        return goes_on and understood.relation is not Relation.DISSATISFIED and not understood.wants_person

    async def _split_off(self, message_ids: tuple[str, ...]) -> None:
        splitting = Splitting(
            interaction_id=self.interaction_id, handled_seq=await self._seq(), message_ids=message_ids
        )
        self.split = await act(self.verbs.story.split_off, splitting)

    async def _enter(self, number: int, reason: HandoffReason) -> None:
        self.stage = number
        match self._stage.kind:
            case StageKind.AI | StageKind.FLOW | StageKind.SELF_SERVICE:
                self.state = InteractionState.WITH_AI
            case StageKind.QUEUE | StageKind.AGENT:
                await self._hand_over(reason, self._stage.team)
            case StageKind.SET_ASIDE:
                await self._close(Resolution.SET_ASIDE)

    @property
    def _stage(self) -> Stage:
        return self.plan.stage(self.stage) if self.plan else Stage(kind=StageKind.AI)

    @property
    def _in_dialogue(self) -> bool:
        return bool(self.issue) and self.asked and self._stage.kind is StageKind.FLOW

    # --- answering ------------------------------------------------------------------------------------------------

    async def _answer(self) -> None:
        composed = await self._asked_ai(self.verbs.ai.compose) or Composed(handoff=HandoffReason.TOOL_FAILURE)
        if composed.collected and self._stage.until is not Exit.COLLECTED:
            composed = await self._asked_ai(self.verbs.ai.start_flow) or Composed(handoff=HandoffReason.TOOL_FAILURE)
        if composed.handoff is not None:
            return await self._hand_over(composed.handoff, self._fallback())
        if composed.collected:
            number = self.stage + 1
            seq = await self._seq()
            staging = Staging(interaction_id=self.interaction_id, handled_seq=seq, stage=number)
            await act(self.verbs.story.begin_stage, staging)
            return await self._enter(number, HandoffReason.POLICY)
        return await self._say(composed.draft_id)

    async def _say(self, draft_id: str) -> None:
        delivered = await self._deliver(draft_id=draft_id)
        if delivered.failed:
            return await self._hand_over(HandoffReason.DELIVERY_FAILED)
        match delivered.posting:
            case Posting.QUEUED:
                self.said.append(draft_id)
                self.asked, self.state = delivered.asked, InteractionState.AWAITING_CUSTOMER
                self.answered = self.answered or not delivered.asked
            case Posting.SUGGESTED:
                self.state = InteractionState.AWAITING_HOLDER
            case Posting.OUTDATED:
                self.state = InteractionState.NEW
            case Posting.STOPPED:
                await self._hand_over(HandoffReason.AI_STOPPED, self._fallback())
        return None

    def _fallback(self) -> str:
        stages = self.plan.stages[self.stage :] if self.plan else ()
        return self._stage.otherwise or next((stage.team for stage in stages if stage.with_people), "")

    # --- people, rest and end -------------------------------------------------------------------------------------

    async def _hand_over(self, reason: HandoffReason, team: str = "") -> None:
        to_people = ToPeople(
            interaction_id=self.interaction_id, handled_seq=await self._seq(), reason=reason, team=team
        )
        handed = await act(self.verbs.people.hand_over, to_people)
        self.state, self.handoff = handed.state, reason
        if handed.notice_id:
            await self._deliver(message_id=handed.notice_id)
            self.said.append(handed.notice_id)

    def _rest(self) -> None:
        self.state = InteractionState.AWAITING_CUSTOMER

    async def _close(self, how: Resolution) -> None:
        closing = Closing(interaction_id=self.interaction_id, handled_seq=await self._seq(), how=how)
        if await act(self.verbs.story.close, closing):
            self.state, self.resolution = InteractionState.RESOLVED, how

    @property
    def with_people(self) -> bool:
        """A person has it, or decides on words for it."""
        return self.state in WITH_PEOPLE or self.state is InteractionState.AWAITING_HOLDER

    # --- calling --------------------------------------------------------------------------------------------------

    async def _asked_ai(self, verb: Callable[[CaseRef], Awaitable[Result]]) -> Result | None:
        """What the assistant's pool answers; None if it fails, which in the workflow hands the case to people."""
        try:
            return await act(verb, await self._case())
        except Exception as error:
            self.failed = type(error).__name__
            return None

    async def _deliver(self, *, draft_id: str = "", message_id: str = "") -> Delivered:
        order = ToDeliver(
            interaction_id=self.interaction_id,
            handled_seq=await self._seq(),
            draft_id=draft_id,
            message_id=message_id,
            suggestion_seconds=_PATIENCE,
            rest_seconds=_PATIENCE,
        )
        return await act(self.verbs.delivery.deliver, order)

    async def _case(self) -> CaseRef:
        return CaseRef(interaction_id=self.interaction_id, handled_seq=await self._seq())

    async def _seq(self) -> int:
        """The story has been told everything so far."""
        async with self.database.begin() as session:
            return (await session.get_one(Interaction, self.interaction_id)).last_seq
