"""What the story of an interaction knows, and what follows from that alone."""

import asyncio
from datetime import datetime, timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.records import CaseRef, Resting
    from domain.interaction import WITH_PEOPLE, Entry, InteractionStart, InteractionState, Resolution
    from domain.modes import Mode
    from domain.parties import Channel
    from domain.plan import Exit, Plan, Stage, StageKind
    from domain.proposal import HandoffReason
    from domain.story import mode_in
    from workflows.face import Face
    from workflows.inbox import Inbox

_SILENCE, _SILENCE_BY_MAIL = timedelta(minutes=1), timedelta(minutes=30)
"""How long a draft may lie before people until its customer is told that a person answers."""


class StoryState:
    """The state of a story, and the plan that it follows."""

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
        self.reviewing = self.drafting = False
        self.reassure_at: datetime | None = None
        self.released = ""
        self.brief_asked = self.briefing = False
        self.called: HandoffReason | None = None
        self.called_team = ""
        self.wish: Resolution | None = None
        self.resolution: Resolution | None = None

    # --- the plan -------------------------------------------------------------------------------------------------

    @property
    def present_stage(self) -> Stage:
        """The stage of the plan that is under way."""
        return self.plan.stage(self.stage) if self.plan else Stage(kind=StageKind.AI)

    @property
    def mode(self) -> Mode:
        """What becomes of the AI's words in the present stage."""
        return mode_in(self.plan, self.stage)

    @property
    def decided_stage(self) -> int:
        """The stage that asks for a decision, which people may have come to as the fallback of an earlier one."""
        stages = enumerate(self.plan.stages if self.plan else ())
        asks = (number for number, stage in stages if number >= self.stage and stage.until is Exit.DECIDED)
        return next(asks, self.stage)

    @property
    def fallback_team(self) -> str:
        """The team that takes over from the present stage."""
        stages = self.plan.stages[self.stage :] if self.plan else ()
        return self.present_stage.otherwise or next((stage.team for stage in stages if stage.with_people), "")

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

    # --- where it stands ------------------------------------------------------------------------------------------

    @property
    def patience(self) -> timedelta:
        """How long a customer is left without a word while people look over a draft."""
        return _SILENCE_BY_MAIL if self.start.channel == Channel.EMAIL.value else _SILENCE

    def settle_in(self, state: InteractionState, seconds: float) -> None:
        """Enter a state that lasts until something happens or its time is over."""
        self.state, self.rest_until = state, workflow.now() + timedelta(seconds=seconds)

    def wish_for(self, how: Resolution) -> None:
        """Close as soon as every entry is handled."""
        self.wish = how

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
