"""How a story hears: entries of the journal in order, operators' orders, and the end of a wait."""

import builtins
from datetime import datetime, timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.records import OperatorDid
    from activities.storytelling import StoryActivities
    from domain.interaction import WITH_PEOPLE, Entry, EntryKind, InteractionState, Resolution
    from domain.operator import OperatorOrder, read_order
    from domain.proposal import HandoffReason
    from domain.story import after
    from workflows.interaction_handing import HandingOver
    from workflows.verbs import record

_LONGEST_RUN = timedelta(days=7)
_SAID = {EntryKind.AGENT_REPLIED, EntryKind.NOTICE_QUEUED}
"""Entries that bring words for the customer."""
_CALLS = {
    EntryKind.SHIFTED_TO_PEOPLE: HandoffReason.PRESSURE_EASED,
    EntryKind.COMMITMENT_DUE: HandoffReason.COMMITMENT_DUE,
    EntryKind.AI_STOPPED: HandoffReason.AI_STOPPED,
    EntryKind.RATED_LOW: HandoffReason.LOW_SATISFACTION,
}
"""Entries that call people to the case, if they do not have it."""
_ENDS = {EntryKind.AGENT_RESOLVED: Resolution.BY_AGENT, EntryKind.LEFT_QUEUE: Resolution.LEFT_QUEUE}
"""Entries that end the case."""
_JUDGES = frozenset(
    {
        EntryKind.DRAFT_RELEASED,
        EntryKind.DRAFT_REJECTED,
        EntryKind.AGENT_REPLIED,
        EntryKind.AGENT_RESOLVED,
        EntryKind.HANDED_BACK,
        EntryKind.LEFT_QUEUE,
        EntryKind.WORK_DECIDED,
    }
)
"""Entries after which no draft lies before people any more, or they have gone past it."""


class Hearing(HandingOver):
    """What a story is told, and what it makes of it."""

    async def news(self, until: datetime | None = None) -> bool:
        """Wait for something to happen; False at the deadline. A quiet point, where a long run is continued."""
        self.face.reviewing, self.face.mode = self.reviewing, self.mode
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
            self.called, self.called_team = _CALLS[entry.kind], self.fallback_team
        if entry.kind in _ENDS:
            self.wish_for(_ENDS[entry.kind])
        if entry.kind is EntryKind.FLOW_REPORTED:
            self.face.flow, self.poked = entry.ref, True  # The store learns that the story has heard of it.
        self.note_turn(entry)
        self.note_people(entry)
        self.note_wishes(entry)

    def note_turn(self, entry: Entry) -> None:
        """Whose turn it is to speak."""
        match entry.kind:
            case EntryKind.MESSAGE_RECEIVED:
                self.turn.append(entry.ref)
                self.wish = None  # Whatever was to be closed, the customer has more to say.
            case EntryKind.AGENT_REPLIED:
                self.turn = []
            case EntryKind.DRAFT_RELEASED:
                self.turn, self.released, self.poked = [], entry.ref, True
            case EntryKind.SUGGESTION_USED:
                self.settle_in(self.state, self.start.pace.assume_resolved)
            case EntryKind.SUGGESTION_DISMISSED if self.state is InteractionState.AWAITING_HOLDER:
                self.rest_until = workflow.now()
            case _:
                pass

    def note_people(self, entry: Entry) -> None:
        """What people have done with the case."""
        self.reviewing = self.reviewing and entry.kind not in _JUDGES
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

    def note_wishes(self, entry: Entry) -> None:
        """What people want of the case."""
        match entry.kind:
            case EntryKind.RATED_LOW:
                self.wish, self.called_team = None, entry.ref
            case EntryKind.BRIEF_ASKED:
                self.brief_asked = self.poked = True
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
                await self.hand_to_people(HandoffReason.OPERATOR, self.fallback_team)
            case OperatorOrder.RESOLVE:
                self.wish_for(Resolution.BY_OPERATOR)
            case None:
                pass

    def continue_as_new_if_long(self) -> None:
        """Keep histories short: at a quiet point a long run goes on as a new one."""
        info = workflow.info()
        old = workflow.now() - info.start_time > _LONGEST_RUN
        idle = not (self.inbox or self.orders or self.poked or any(not task.done() for task in self.beside))
        if idle and (old or info.is_continue_as_new_suggested()):
            on = {"handled_seq": self.inbox.handled_seq, "fresh": False}
            workflow.continue_as_new(self.start.model_copy(update=on))
