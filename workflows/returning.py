"""The story of a return: approved, sent back, looked at, refunded."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.flow_records import ReturnBrief
    from activities.flow_steps import FlowActivities
    from activities.paying import MoneyActivities
    from activities.shopping import ShopActivities
    from domain.flows.kinds import FlowOutcome, FlowStart
    from domain.names import WorkflowType
    from workflows.coming_back import ComingBack
    from workflows.verbs import record


@workflow.defn(name=WorkflowType.RETURN.value)
class ReturnWorkflow(ComingBack):
    """Things come back for money."""

    @workflow.init
    def __init__(self, start: FlowStart) -> None:
        super().__init__(start)
        self.brief: ReturnBrief

    @workflow.run
    async def run(self, start: FlowStart) -> FlowOutcome:  # noqa: ARG002  read where the run was made
        """Until the return is settled, declined, expired or called off; returns how."""
        return await self.to_the_end(self.story())

    async def story(self) -> FlowOutcome:
        """The business story: a chapter that does not end it is followed by the next."""
        self.brief = await record(FlowActivities.begin_return, self.ref, "begin")
        return (
            await self.is_agreed(self.brief.photo, self.brief.rules, self.brief.verdict)
            or await self.opens()
            or await self.comes_back()
            or await self.settles()
        )

    async def opens(self) -> FlowOutcome | None:
        """The shop records the return."""
        rules = self.brief.rules
        return await self.recorded(ShopActivities.open_return, rules, shown="Return", word="return_opened")

    async def comes_back(self) -> FlowOutcome | None:
        """Unless the customer keeps it: handed in, under way, at the warehouse, looked at."""
        rules = self.brief.rules
        if self.brief.verdict.keeps_it:
            await self.say("keep_it")
            return None
        ended = (
            await self.labelled(rules) or await self.sent_back(rules) or await self.arrives(rules, self.brief.verdict)
        )
        if ended is None:
            await self.looked_at(rules)
        return ended

    async def settles(self) -> FlowOutcome:
        """Accept what is as it should be, and give the money for it back."""
        keeps_it = self.brief.verdict.keeps_it
        owed = await self.ask_shop(MoneyActivities.weigh_return, self.weighing(keeps_it=keeps_it), "what is owed")
        await self.accept(keeps_it=keeps_it)
        if not owed.accepted_units:
            await self.say("not_accepted")
            return await self.close(FlowOutcome.DECLINED, "not_accepted")
        if owed.refund_minor:
            await self.must(MoneyActivities.refund, self.todo(amount_minor=owed.refund_minor), "refund")
        await self.say("refunded" if owed.whole else "partly_refunded")
        return await self.close(FlowOutcome.SETTLED)
