"""The story of a word to a customer who has not asked: said in time, or not at all, and seen through afterwards."""

from datetime import datetime, timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.flow_records import OutreachBrief
    from activities.flow_steps import FlowActivities
    from activities.outreach_records import Aftermath, Choice, OutreachTurn, ToHelp, Turned
    from activities.outreaching import OutreachActivities
    from domain.commerce import ShipmentState
    from domain.flows.kinds import FlowEntry, FlowEntryKind, FlowOutcome, FlowStart, FlowState, TaskKind
    from domain.flows.waiting import Ending
    from domain.names import WorkflowType
    from workflows.flow_story import PEOPLE_HOURS, FlowStory
    from workflows.verbs import record

_CHANGED, _MOVED, _CALLED_OFF = "changed", "moved", "called_off"


@workflow.defn(name=WorkflowType.OUTREACH.value)
class OutreachWorkflow(FlowStory):
    """A customer hears that their parcel is delayed, and what can be done."""

    @workflow.init
    def __init__(self, start: FlowStart) -> None:
        super().__init__(start)
        self.brief: OutreachBrief
        self.changed = False
        """Tracking has told something that has not been looked at."""
        self.arrived = False
        self.choice = ""
        """What the customer wants, until it is seen to."""

    @workflow.run
    async def run(self, start: FlowStart) -> FlowOutcome:  # noqa: ARG002  read where the run was made
        """Until there is nothing to say, or what was said has come to an end; returns how."""
        return await self.to_the_end(self.story())

    async def story(self) -> FlowOutcome:
        """The business story."""
        self.brief = await record(FlowActivities.begin_outreach, self.ref, "begin")
        turn = await self.speak()
        if turn.told_at is None:
            return await self.close(turn.outcome or FlowOutcome.CANCELLED, turn.reason)
        return await self.see_through(turn.told_at)

    # --- before it is said ----------------------------------------------------------------------------------------

    async def speak(self) -> Turned:
        """Wait for allowed hours, look at the parcel again, and tell the customer if it is still true."""
        while True:
            await self.catch_up()
            if self.called_off:
                return Turned(outcome=FlowOutcome.CANCELLED, reason=self.called_off)
            self.changed = False
            turn = await self.ask_shop(OutreachActivities.look_and_speak, self.turn, "look, and speak")
            if turn.told_at or turn.outcome:
                return turn
            if turn.speak_at:
                await self.wait(FlowState.WAITING, self.news_of_parcel, turn.speak_at)
            self.poked = True

    def news_of_parcel(self) -> str:
        """Tracking has told something."""
        return _CHANGED if self.changed else ""

    # --- after it was said ----------------------------------------------------------------------------------------

    async def see_through(self, told_at: datetime) -> FlowOutcome:
        """Until the parcel moves, the customer chooses or writes, or a person looks."""
        patience = timedelta(days=self.brief.rules.person_after_days)
        until = told_at + patience
        while True:
            heard = await self.wait(FlowState.AWAITING_CUSTOMER, self.news_of_anything, until)
            if heard.how is Ending.CALLED_OFF:
                return await self.close(FlowOutcome.CANCELLED, heard.what)
            if heard.what == Choice.WAIT:
                until = told_at + 2 * patience
                await self.waits_for_it()
            elif heard.what in set(Choice):
                return await self.help(Choice(heard.what))
            else:
                after = await self.look_afterwards()
                if after.moved:
                    return await self.close(FlowOutcome.SETTLED, _MOVED)
                if not heard and after.answered:
                    return await self.close(FlowOutcome.SETTLED, "answered")
                if not heard:
                    return await self.person_looks("silence")

    def news_of_anything(self) -> str:
        """The customer has chosen, or tracking has told something."""
        return self.choice or self.news_of_parcel()

    async def look_afterwards(self) -> Aftermath:
        """What has become of it since."""
        self.changed = False
        return await self.ask_shop(OutreachActivities.look_afterwards, self.turn, "look again")

    async def waits_for_it(self) -> None:
        """The customer would rather wait: a person looks after as long again."""
        self.seen_to(Choice.WAIT)
        await self.say("delay_waiting")

    async def help(self, choice: Choice) -> FlowOutcome:
        """The things again, or the money: a flow of its own, or a person where a rule stands against it."""
        self.seen_to(choice)
        wish = ToHelp(flow_id=self.start.flow_id, choice=choice)
        asked = await self.ask_shop(OutreachActivities.ask_for_help, wish, f"the customer wants: {choice}")
        if asked.refused is None:
            await self.say("delay_choice_taken", choice)
            return await self.close(FlowOutcome.SETTLED, choice)
        await self.say("delay_person", choice)
        return await self.person_looks(choice, asked.refused.rule)

    def seen_to(self, choice: Choice) -> None:
        """What the customer wants now may be something else by now."""
        if self.choice == choice:
            self.choice = ""

    async def person_looks(self, why: str, rule: str = "") -> FlowOutcome:
        """A person sees to it, until they have, the parcel has arrived, or the customer has chosen something else."""
        seen = await self.asked_people(
            TaskKind.FOLLOW_UP,
            f"follow_up:{why}",
            hours=PEOPLE_HOURS,
            facts={"why": why, "delay": self.brief.request.reason} | ({"rule": rule} if rule else {}),
            forever=True,
            meanwhile=self.overtaken,
        )
        if seen.what == _CALLED_OFF:
            return await self.close(FlowOutcome.CANCELLED, self.called_off)
        if seen.what in {Choice.RESHIP, Choice.REFUND}:
            return await self.help(Choice(seen.what))
        return await self.close(FlowOutcome.SETTLED, _MOVED if seen.what == _MOVED else "person")

    def overtaken(self) -> str:
        """What makes the person's look unnecessary."""
        if self.choice and self.choice != Choice.WAIT:
            return self.choice
        return _MOVED if self.arrived else _CALLED_OFF if self.called_off else ""

    # --- being told -----------------------------------------------------------------------------------------------

    @property
    def turn(self) -> OutreachTurn:
        """This flow, and what it knows."""
        return OutreachTurn(flow_id=self.start.flow_id, handled_seq=self.inbox.handled_seq)

    def note(self, entry: FlowEntry) -> None:
        """The parcel, and what the customer wants."""
        if entry.kind is FlowEntryKind.SHIPMENT_CHANGED:
            self.changed = True
            self.arrived = self.arrived or entry.ref == ShipmentState.DELIVERED
        elif entry.kind is FlowEntryKind.CUSTOMER_CHOSE and entry.ref in set(Choice):
            self.choice = entry.ref
