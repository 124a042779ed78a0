"""Setting a replacement aside, and what becomes of it when the stock has vanished."""

from datetime import datetime, timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.flow_records import Effected, ExchangeBrief, ToChoose
    from activities.flow_steps import FlowActivities
    from activities.shopping import ShopActivities
    from domain.commerce import MethodKind
    from domain.flows.kinds import FlowEntry, FlowEntryKind, FlowOutcome, FlowStart, FlowState
    from domain.flows.refusal import Rule
    from domain.flows.waiting import Ending, Waited
    from workflows.coming_back import ComingBack
    from workflows.verbs import record

REFUND, STORE_CREDIT, WAIT = "refund", "store_credit", "wait"
"""What a customer can choose when a replacement is out of stock."""
_TRIES = 4
"""How often stock is looked for while the customer waits for it, over the hours they have to choose."""
_GONE = frozenset({Rule.VARIANT_UNAVAILABLE, Rule.UNKNOWN_VARIANT})


class SettingAside(ComingBack):
    """A flow whose goods are replaced by others."""

    brief: ExchangeBrief

    def __init__(self, start: FlowStart) -> None:
        super().__init__(start)
        self.holds: dict[str, str] = {}
        """What is set aside: place of the swap to the shop's hold."""
        self.missing: list[str] = []
        """Swaps whose replacement is out of stock."""
        self.choice = ""
        self.instead = REFUND
        """What becomes of what is missing."""

    async def sets_aside(self) -> FlowOutcome | None:
        """Every replacement is set aside at once; of what is out of stock the customer says what becomes of it."""
        for place in map(str, range(1, self.brief.swaps + 1)):
            hold = await self.reserve(place)
            if hold.refused and hold.refused.rule not in _GONE:
                return await self.compensated(hold)
        return await self.chosen() if self.missing else None

    async def reserve(self, place: str, attempt: str = "", units: int = 0) -> Effected:
        """Set the replacement of one swap aside, or note that it is missing."""
        todo = self.todo(f"{place}:{attempt}" if attempt else place, quantity=units)
        hold = await self.saga.step(ShopActivities.reserve, todo, f"reserve {place}", undo=ShopActivities.release)
        if hold.done:
            self.holds[place] = hold.ref
        self.missing = [one for one in self.missing if one != place] + ([] if hold.done else [place])
        return hold

    async def chosen(self) -> FlowOutcome | None:
        """The customer chooses: money, or to wait for stock; without a word in time it is money."""
        await self.offer(self.choices)
        await self.say("out_of_stock")
        said = await self.wait(FlowState.AWAITING_CUSTOMER, lambda: self.choice, self.from_now(1))
        if said.what == WAIT:
            said = await self.stock_comes_back()
        if said.how is Ending.CALLED_OFF:
            return await self.called_back(said)
        await self.offer(())
        if self.missing:
            self.instead = said.what if said.what in self.choices and said.what != WAIT else REFUND
            await self.say("swapped_for_refund", self.instead)
        return None

    async def stock_comes_back(self) -> Waited:
        """Look for stock from time to time, until there is some, the time is over, or the customer chooses anew."""
        for attempt in range(1, _TRIES + 1):
            said = await self.wait(FlowState.AWAITING_CUSTOMER, self.another_choice, self.from_now(1 / _TRIES))
            if said.how is not Ending.OVERDUE:
                return said
            for place in list(self.missing):
                await self.reserve(place, str(attempt))
            if not self.missing:
                await self.say("back_in_stock")
                break
        return said

    def another_choice(self) -> str:
        """What the customer has chosen since they chose to wait."""
        return "" if self.choice == WAIT else self.choice

    @property
    def choices(self) -> tuple[str, ...]:
        """What the customer can choose."""
        credit = (STORE_CREDIT,) if MethodKind.STORE_CREDIT in self.brief.rules.refund_to else ()
        return (REFUND, *credit, WAIT)

    async def offer(self, choices: tuple[str, ...]) -> None:
        """Show what can be chosen; nothing: it has been chosen."""
        places = tuple(self.missing)
        choosing = ToChoose(flow_id=self.start.flow_id, places=places, choices=choices)
        await record(FlowActivities.offer_choice, choosing, "offer a choice" if choices else "a choice was made")

    def from_now(self, share: float) -> datetime:
        """The end of a share of the hours that the customer has to choose."""
        return workflow.now() + timedelta(hours=self.brief.rules.choice_hours * share)

    def note(self, entry: FlowEntry) -> None:
        """Where the parcel is, and what the customer chooses."""
        super().note(entry)
        if entry.kind is FlowEntryKind.CUSTOMER_CHOSE and entry.ref in (REFUND, STORE_CREDIT, WAIT):
            self.choice = entry.ref
