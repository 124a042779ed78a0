"""The story of a question to an outside party: asked, reminded, answered or seen to by people, passed on."""

from datetime import datetime, timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.flow_records import InquiryBrief
    from activities.flow_steps import FlowActivities
    from activities.inquiring import InquiryActivities, PartyAsked, ToAskParty
    from domain.flows.inquiry import FOLLOW_UP
    from domain.flows.kinds import FlowEntry, FlowEntryKind, FlowOutcome, FlowStart, FlowState, TaskKind
    from domain.flows.waiting import Ending, Waited
    from domain.names import Pool, WorkflowType
    from workflows.flow_story import PEOPLE_HOURS, FlowStory
    from workflows.verbs import patiently, record


@workflow.defn(name=WorkflowType.INQUIRY.value)
class InquiryWorkflow(FlowStory):
    """Somebody outside is asked something. The customer hears nothing of it."""

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
        """The business story."""
        self.brief = await record(FlowActivities.begin_inquiry, self.ref, "begin")
        self.face.facts["Partner"] = self.brief.request.partner
        asked = await self.ask(0)
        waited = await self.answer_comes(asked)
        if waited.how is Ending.OVERDUE:
            waited = await self.people_see_to_it(reached=asked.reached)
        await patiently(InquiryActivities.pass_answer_on, self.letter(0), Pool.INTEGRATION, "wake whoever asked")
        if waited.how is Ending.CALLED_OFF:
            return await self.close(FlowOutcome.CANCELLED, waited.what)
        return await self.close(FlowOutcome.SETTLED)

    async def ask(self, number: int) -> PartyAsked:
        """Send the question, or a reminder of it."""
        summary = f"remind: {number}" if number else "ask"
        return await patiently(InquiryActivities.ask_party, self.letter(number), Pool.INTEGRATION, summary)

    def letter(self, number: int) -> ToAskParty:
        """One mail of this inquiry."""
        return ToAskParty(flow_id=self.start.flow_id, number=number)

    async def answer_comes(self, asked: PartyAsked) -> Waited:
        """They answer, reminded on the way; overdue at once if they cannot be reached."""
        if not asked.reached:
            return Waited(how=Ending.OVERDUE)
        last = asked.at + timedelta(hours=self.brief.partner.answer_hours)
        for number, at in enumerate(self.reminders(asked.at, last), 1):
            waited = await self.party_answers(at)
            if waited.how is not Ending.OVERDUE:
                return waited
            await self.ask(number)
        return await self.party_answers(last)

    def reminders(self, since: datetime, last: datetime) -> list[datetime]:
        """When they are reminded: not after the deadline, and not where the link was given on by hand."""
        partner = self.brief.partner
        moments = (since + timedelta(hours=partner.remind_hours * (1 + number)) for number in range(partner.attempts))
        return [at for at in moments if at < last]

    async def party_answers(self, until: datetime) -> Waited:
        """Wait for the answer."""
        return await self.wait(FlowState.AWAITING_PARTY, lambda: self.answered, until)

    async def people_see_to_it(self, *, reached: bool) -> Waited:
        """The partner's team looks after it, until they say that it is done, or an answer comes after all.

        What nobody has seen to when it has been overdue for as long again ends without an answer, and whoever asked
        goes on.
        """
        return await self.asked_people(
            TaskKind.FOLLOW_UP,
            FOLLOW_UP,
            hours=PEOPLE_HOURS,
            team=self.brief.partner.team,
            facts={"partner": self.brief.request.partner, "why": "no_answer" if reached else "unreachable"},
            state=FlowState.AWAITING_PARTY,
            meanwhile=lambda: self.answered,
        )

    def note(self, entry: FlowEntry) -> None:
        """The party has answered."""
        self.answered = self.answered or entry.kind is FlowEntryKind.PARTY_ANSWERED
