"""The story of a change of an order, and of a refund without goods: approved, done, told."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.flow_steps import FlowActivities
    from activities.shopping import ShopActivities
    from domain.flows.kinds import FlowKind, FlowOutcome, FlowStart
    from domain.names import WorkflowType
    from workflows.flow_story import FlowStory
    from workflows.verbs import record

_DONE = {
    FlowKind.CANCELLATION: "order_cancelled",
    FlowKind.ADDRESS_CHANGE: "address_changed",
    FlowKind.ITEM_CHANGE: "items_changed",
    FlowKind.PAYMENT_CHANGE: "payment_changed",
    FlowKind.REFUND: "refund_made",
}
"""What the customer is told."""


@workflow.defn(name=WorkflowType.ORDER_CHANGE.value)
class OrderChangeWorkflow(FlowStory):
    """One effect on an order, which happens whole or not at all."""

    @workflow.init
    def __init__(self, start: FlowStart) -> None:
        super().__init__(start)

    @workflow.run
    async def run(self, start: FlowStart) -> FlowOutcome:  # noqa: ARG002  read where the run was made
        """Until the change is made, declined or called off; returns how."""
        return await self.to_the_end(self.story())

    async def story(self) -> FlowOutcome:
        """The business story."""
        brief = await record(FlowActivities.begin_change, self.ref, "begin")
        return await self.approval(brief.approval, brief.verdict) or await self.changes()

    async def changes(self) -> FlowOutcome:
        """The shop does it, or says which rule forbids it by now."""
        kind = self.start.kind
        change = await self.saga.step(ShopActivities.change_order, self.todo(), kind.value.replace("_", " "))
        if change.refused:
            return await self.declined(change.refused.rule.value)
        await self.say(_DONE[kind])
        return await self.close(FlowOutcome.SETTLED)
