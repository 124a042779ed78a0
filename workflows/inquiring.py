"""The story of a question to an outside party: asked, reminded, answered or seen to by people, passed on."""

from datetime import datetime, timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.asking_people import TaskActivities
    from activities.flow_records import InquiryBrief, ToAsk
    from activities.flow_steps import FlowActivities
    from activities.inquiring import InquiryActivities, PartyAsked, ToAskParty
    from domain.flows.inquiry import FOLLOW_UP
    from domain.flows.kinds import FlowEntry, FlowEntryKind, FlowOutcome, FlowStart, FlowState, TaskKind
    from domain.names import Pool, WorkflowType
    from workflows.flow_story import FlowStory
    from workflows.verbs import patiently, record

_PEOPLE_HOURS = 24.0


@workflow.defn(name=WorkflowType.INQUIRY.value)
class InquiryWorkflow(FlowStory):
    """Somebody outside is asked something."""

    @workflow.init
    def __init__(self, start: FlowStart) -> None:
        super().__init__(start)
        self.brief: InquiryBrief
        self.answered = False

    @workflow.run
    async def run(self, start: FlowStart) -> FlowOutcome:  # noqa: ARG002  read where the run was made
        """Until it is answered, seen to by people, or called off; returns how."""
        return await self.to_the_end(self.story())

    async def story(self) -> FlowOutcome:
        """The business story. The customer hears nothing of it."""
        self.brief = await record(FlowActivities.begin_inquiry, self.ref, "begin")
        self.face.facts["Partner"] = self.brief.request.partner
        asked = await self.ask(0)
        if not await self.answer_comes(asked) and not self.called_off:
            await self.people_see_to_it(reached=asked.reached)
        await patiently(InquiryActivities.pass_on, self.letter(0), Pool.INTEGRATION, "wake whoever asked")
        if self.called_off and not self.answered:
            return await self.close(FlowOutcome.CANCELLED, self.called_off)
        return await self.close(FlowOutcome.SETTLED)

    async def ask(self, number: int) -> PartyAsked:
        """Send the question, or a reminder of it."""
        summary = f"remind: {number}" if number else "ask"
        return await patiently(InquiryActivities.ask, self.letter(number), Pool.INTEGRATION, summary)

    def letter(self, number: int) -> ToAskParty:
        """One mail of this inquiry."""
        return ToAskParty(flow_id=self.start.flow_id, number=number)

    async def answer_comes(self, asked: PartyAsked) -> bool:
        """They answer, reminded on the way; False if they cannot be reached, do not in time, or it is called off."""
        if not asked.reached:
            return False
        last = asked.at + timedelta(hours=self.brief.partner.answer_hours)
        for number, at in enumerate(self.reminders(asked.at, last), 1):
            if await self.party_answers(at):
                return True
            if self.called_off:
                return False
            await self.ask(number)
        return await self.party_answers(last)

    def reminders(self, since: datetime, last: datetime) -> list[datetime]:
        """When they are reminded: not after the deadline, and not where the link was given on by hand."""
        partner = self.brief.partner
        moments = (since + timedelta(hours=partner.remind_hours * (1 + number)) for number in range(partner.attempts))
        return [at for at in moments if at < last] if partner.email else []

    async def party_answers(self, until: datetime) -> bool:
        """Wait for the answer."""
        return await self.wait(FlowState.AWAITING_PARTY, lambda: self.answered, until)

    async def people_see_to_it(self, *, reached: bool) -> None:
        """The partner's team looks after it, until they say that it is done, or an answer comes after all."""
        order = ToAsk(
            flow_id=self.start.flow_id,
            key=FOLLOW_UP,
            kind=TaskKind.FOLLOW_UP,
            team=self.brief.partner.team,
            hours=_PEOPLE_HOURS,
            facts={"partner": self.brief.request.partner, "why": "no_answer" if reached else "unreachable"},
        )
        asked = await patiently(TaskActivities.open_task, order, Pool.HUMAN, "ask people: follow up")
        if not await self.seen_to(asked.task_id, asked.due_at) and not self.called_off:
            await patiently(TaskActivities.mark_overdue, order, Pool.HUMAN, "overdue: follow up")
            await self.seen_to(asked.task_id, None)
        await patiently(TaskActivities.withdraw_task, order, Pool.HUMAN, "no longer needed: follow up")

    async def seen_to(self, task_id: str, until: datetime | None) -> bool:
        """Wait for people, or for the late answer."""
        return await self.wait(FlowState.AWAITING_PARTY, lambda: self.answered or task_id in self.decided, until)

    def note(self, entry: FlowEntry) -> None:
        """The party has answered."""
        self.answered = self.answered or entry.kind is FlowEntryKind.PARTY_ANSWERED
