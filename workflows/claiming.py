"""The story of a claim: an item is damaged, wrong or missing; shown, judged, replaced or refunded."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.flow_records import ClaimBrief, ToWeigh
    from activities.flow_steps import FlowActivities
    from activities.paying import MoneyActivities
    from activities.shop_steps import KEPT
    from activities.shopping import ShopActivities
    from domain.flows.kinds import FlowOutcome, FlowStart, TaskKind
    from domain.flows.requests import Remedy
    from domain.names import WorkflowType
    from workflows.flow_story import FlowStory
    from workflows.verbs import record


@workflow.defn(name=WorkflowType.CLAIM.value)
class ClaimWorkflow(FlowStory):
    """What was wrong with a parcel is put right; nothing has to come back."""

    @workflow.init
    def __init__(self, start: FlowStart) -> None:
        super().__init__(start)
        self.brief: ClaimBrief
        self.holds: dict[str, str] = {}
        """What is set aside: place of the item to the shop's hold."""

    @workflow.run
    async def run(self, start: FlowStart) -> FlowOutcome:  # noqa: ARG002  read where the run was made
        """Until the claim is settled, declined, expired or called off; returns how."""
        return await self.to_the_end(self.story())

    async def story(self) -> FlowOutcome:
        """The business story: a chapter that does not end it is followed by the next."""
        self.brief = await record(FlowActivities.begin_claim, self.ref, "begin")
        return await self.shown(self.brief.photo) or await self.is_judged() or await self.is_put_right()

    async def is_judged(self) -> FlowOutcome | None:
        """A person looks at it, or approves it, where policy says so."""
        brief = self.brief
        if not brief.rules.judged_by_person:
            return await self.approval(brief.rules.approval, brief.verdict)
        why = {"why": brief.complaint.value}
        return await self.judged(TaskKind.JUDGE, brief.rules.approval, brief.verdict, why)

    async def is_put_right(self) -> FlowOutcome:
        """The same again where there is stock and the customer wants it, else the money."""
        places = [str(number) for number in range(1, self.brief.items + 1)]
        replaced = await self.replaced(places) if self.wants_goods else []
        refunded = [place for place in places if place not in replaced]
        ended = await self.refunded(refunded, nothing_sent=not replaced) if refunded else None
        return ended or await self.close(FlowOutcome.SETTLED)

    @property
    def wants_goods(self) -> bool:
        """A replacement comes first, unless the customer asked for money."""
        return self.brief.rules.replace_first and self.brief.remedy is Remedy.REPLACEMENT

    async def replaced(self, places: list[str]) -> list[str]:
        """Set aside and send what is in stock; which items were replaced."""
        for place in places:
            hold = await self.saga.step(
                ShopActivities.reserve, self.todo(place), f"reserve {place}", undo=ShopActivities.release
            )
            if hold.done:
                self.holds[place] = hold.ref
        if not self.holds:
            return []
        sent = await self.saga.step(ShopActivities.ship, self.todo(ref=" ".join(self.holds.values())), "ship")
        if sent.refused:
            await self.undo_all()
            return []
        self.saga.keep()
        await self.say("shipped")
        return list(self.holds)

    async def refunded(self, places: list[str], *, nothing_sent: bool) -> FlowOutcome | None:
        """The shop counts the items as returned, though nothing comes back, and gives their price back."""
        todo = self.todo(ref=" ".join(places))
        opened = await self.saga.step(ShopActivities.open_return, todo, "open", undo=ShopActivities.cancel_return)
        if opened.refused and nothing_sent:
            return await self.declined(opened.refused.rule.value)
        if opened.refused:
            await self.repaired("open", opened, todo)
            return None
        self.saga.keep()
        weighing = ToWeigh(flow_id=self.start.flow_id, missing=tuple(places))
        owed = await self.ask_shop(MoneyActivities.weigh_claim, weighing, "what is owed")
        await self.must(ShopActivities.accept, self.todo(KEPT, ref=opened.ref), "accept")
        if owed.refund_minor:
            await self.must(MoneyActivities.refund, self.todo(amount_minor=owed.refund_minor), "refund")
        await self.say("refunded")
        return None
