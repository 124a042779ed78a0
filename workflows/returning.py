"""The story of a return: approved, sent back, looked at, refunded."""

from datetime import datetime, timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.flow_records import Effected, ReturnBrief
    from activities.flow_steps import FlowActivities
    from activities.shopping import ShopActivities
    from domain.flows.kinds import FlowEntry, FlowEntryKind, FlowOutcome, FlowStart, FlowState, TaskKind
    from domain.flows.rules import Inspects
    from domain.names import WorkflowType
    from workflows.flow_story import FlowStory
    from workflows.verbs import record


@workflow.defn(name=WorkflowType.RETURN.value)
class ReturnWorkflow(FlowStory):
    """Things come back for money."""

    @workflow.init
    def __init__(self, start: FlowStart) -> None:
        super().__init__(start)
        self.brief: ReturnBrief
        self.scanned = self.received = self.inspected = False

    @workflow.run
    async def run(self, start: FlowStart) -> FlowOutcome:  # noqa: ARG002  read where the run was made
        """Until the return is settled, declined, expired or called off; returns how."""
        return await self.to_the_end(self.story())

    async def story(self) -> FlowOutcome:
        """The business story."""
        self.brief = await record(FlowActivities.begin_return, self.ref, "begin")
        if not await self.approved(self.brief.rules.approval, self.brief.verdict):
            return await self.declined("not_approved")
        opened = await self.open_return()
        if opened.refused:
            return await self.declined(opened.refused.rule.value)
        if not self.brief.rules.settles:
            await self.say("return_opened")
            return await self.close(FlowOutcome.SETTLED)
        if not self.brief.verdict.keeps_it:
            label = await self.issue_label(opened)
            if not await self.sent_back(label.at):
                return await self.given_up()
            await self.parcel_arrives()
            await self.looked_at()
        return await self.settle(opened)

    async def open_return(self) -> Effected:
        """The shop records the return."""
        return await self.saga.step(
            ShopActivities.open_return, self.todo(), "open return", undo=ShopActivities.cancel_return
        )

    async def issue_label(self, opened: Effected) -> Effected:
        """The customer gets a label or a drop-off code."""
        part = "drop_off" if self.brief.rules.drop_off else ""
        label = await self.saga.step(
            ShopActivities.issue_label, self.todo(part, ref=opened.ref), "issue label", undo=ShopActivities.void_label
        )
        await self.say("label")
        return label

    async def sent_back(self, since: datetime) -> bool:
        """The customer hands the parcel in, reminded on the way; False if they do not in time, or call it off."""
        for number, days in enumerate(self.brief.rules.remind_days, 1):
            if await self.wait(FlowState.AWAITING_PARCEL, self.on_its_way, since + timedelta(days=days)):
                return True
            if self.called_off:
                return False
            await self.say("reminder", str(number))
        last = since + timedelta(days=self.brief.rules.ship_back_days)
        return await self.wait(FlowState.AWAITING_PARCEL, self.on_its_way, last)

    def on_its_way(self) -> bool:
        """The carrier, or the warehouse, has it."""
        return self.scanned or self.received or self.inspected

    async def parcel_arrives(self) -> None:
        """It gets to the warehouse; what is lost on the way is judged by a person."""
        self.saga.keep()
        until = workflow.now() + timedelta(days=self.brief.rules.parcel_days)
        if not await self.wait(FlowState.IN_TRANSIT, self.arrived, until, can_be_called_off=False):
            await self.people_until(TaskKind.FOLLOW_UP, "parcel_lost", self.arrived, FlowState.IN_TRANSIT)

    def arrived(self) -> bool:
        """It is at the warehouse."""
        return self.received or self.inspected

    async def looked_at(self) -> None:
        """Somebody looks at it, line by line: a person at the desk, or the warehouse by its own system."""
        rules = self.brief.rules
        if rules.inspects is Inspects.WAREHOUSE:
            await self.people_until(
                TaskKind.INSPECT,
                "inspect",
                lambda: self.inspected,
                FlowState.AWAITING_INSPECTION,
                hours=rules.inspection_hours,
            )

    async def settle(self, opened: Effected) -> FlowOutcome:
        """Accept what is as it should be, and give the money for it back."""
        self.saga.keep()
        owed = await self.ask_shop(ShopActivities.weigh, self.todo(), "weigh the inspection")
        keeps_it = "keep" if self.brief.verdict.keeps_it else ""
        await self.must(ShopActivities.accept, self.todo(keeps_it, ref=opened.ref), "accept")
        if not owed.accepted_units:
            await self.say("not_accepted")
            return await self.close(FlowOutcome.DECLINED, "not_accepted")
        if owed.refund_minor:
            await self.must(ShopActivities.refund, self.todo(amount_minor=owed.refund_minor), "refund")
        await self.say("refunded" if owed.whole else "partly_refunded")
        return await self.close(FlowOutcome.SETTLED)

    def note(self, entry: FlowEntry) -> None:
        """Where the parcel is."""
        match entry.kind:
            case FlowEntryKind.PARCEL_SCANNED:
                self.scanned = True
            case FlowEntryKind.PARCEL_RECEIVED:
                self.received = True
            case FlowEntryKind.INSPECTED:
                self.inspected = True
            case _:
                pass
