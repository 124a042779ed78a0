"""While people have a case: their steps arrive as entries, and the AI helps them from beside."""

from datetime import datetime, timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.records import Laying
    from activities.serving_people import PeopleActivities
    from domain.delivery import Posting
    from domain.interaction import InteractionState, Resolution
    from domain.names import Pool
    from domain.proposal import HandoffReason
    from domain.triage import Relation
    from workflows.interaction_answering import Answering
    from workflows.verbs import patiently

_ASK_AGAIN = timedelta(seconds=30)
"""How long an overdue stage is left to the person who is just being asked."""


class WithPeople(Answering):
    """What a story does while people have the case."""

    async def wait_for_people(self) -> None:
        """People act; each of their steps arrives as an entry. A stage that takes too long goes to its fallback."""
        waits = self.state is InteractionState.AWAITING_PERSON
        if waits and self.may_try:
            return await self.try_meanwhile()
        if waits and self.tried and self.turn:
            return await self.ask_whether_it_helped()
        self.help_people()
        if await self.news(until=self.next_look if waits else None):
            return None
        if self.reassure_at is not None and self.reassure_at <= workflow.now():
            return await self.reassure()
        moving = self.to_people(HandoffReason.STAGE_OVERDUE, self.fallback_team)
        moved = await patiently(PeopleActivities.move_on, moving, Pool.HUMAN, "stage overdue: move on")
        self.stage_until = None if moved else workflow.now() + _ASK_AGAIN
        return None

    @property
    def next_look(self) -> datetime | None:
        """When a case that waits for a person is looked at again."""
        if not self.reviewing:
            self.reassure_at = None
        return min((due for due in (self.stage_until, self.reassure_at) if due is not None), default=None)

    # --- under pressure -------------------------------------------------------------------------------------------

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

    # --- for the person who has it --------------------------------------------------------------------------------

    def help_people(self) -> None:
        """Begin beside the story what people can use: the brief that they asked for, a draft that is not outdated."""
        if self.brief_asked:
            self.brief_asked = False
            self.meanwhile(self.brief())
        if self.reviewing and self.turn and not self.drafting:
            self.drafting = True
            self.meanwhile(self.draft_again())

    async def draft_again(self) -> None:
        """The customer has written while a draft lay before people: another one takes its place."""
        try:
            while self.reviewing and self.turn:
                await self.typing_ends()
                self.turn = []
                await self.lay(await self.redrafted())
        finally:
            self.drafting = False

    async def typing_ends(self) -> None:
        """A pause in the customer's typing, while the story goes on."""
        pause = timedelta(seconds=self.start.pace.pause)
        while (quiet := self.last_word_at + pause) > workflow.now():
            await workflow.sleep(quiet - workflow.now(), summary="pause in the customer's typing")

    async def redrafted(self) -> Laying:
        """What the AI would say now, or why it has nothing to say."""
        laying = Laying(interaction_id=self.start.interaction_id)
        understood = await self.triage()
        if isinstance(understood, HandoffReason):
            return laying.model_copy(update={"without": understood})
        composed = await self.compose()
        if composed.draft_id:
            return laying.model_copy(update={"draft_id": composed.draft_id})
        return laying.model_copy(update={"without": composed.handoff or HandoffReason.POLICY})

    async def lay(self, laying: Laying) -> None:
        """Lay it before whoever judges it, unless they have gone past it."""
        if self.reviewing:
            await patiently(PeopleActivities.lay, laying, Pool.HUMAN, "another draft")

    async def reassure(self) -> None:
        """A draft has waited for its reviewer for a while: the customer hears what all hear who wait for a person."""
        self.reassure_at = None
        waiting = self.to_people(HandoffReason.DRAFT_REVIEW, self.face.team)
        notice_id = await patiently(PeopleActivities.reassure, waiting, Pool.HUMAN, "the review takes long")
        if notice_id:
            self.speak(notice_id)
