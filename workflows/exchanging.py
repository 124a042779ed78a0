"""The story of an exchange: approved, set aside, paid, sent back, replaced."""

from datetime import datetime, timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.flow_records import Came, Effected, ExchangeBrief, ToChoose, ToDo, ToWeigh
    from activities.flow_steps import FlowActivities
    from activities.paying import MoneyActivities
    from activities.shopping import ShopActivities
    from domain.commerce import MethodKind
    from domain.flows.kinds import FlowEntry, FlowEntryKind, FlowOutcome, FlowStart, FlowState, TaskKind
    from domain.flows.refusal import Rule
    from domain.flows.rules import ShipsWhen
    from domain.flows.settling import ExchangeSettlement
    from domain.flows.waiting import Ending, Waited
    from domain.names import WorkflowType
    from workflows.coming_back import ComingBack
    from workflows.verbs import record

REFUND, STORE_CREDIT, WAIT = "refund", "store_credit", "wait"
"""What a customer can choose when a replacement is out of stock."""
_TRIES = 4
"""How often stock is looked for while the customer waits for it, over the hours they have to choose."""
_GONE = frozenset({Rule.VARIANT_UNAVAILABLE, Rule.UNKNOWN_VARIANT})


@workflow.defn(name=WorkflowType.EXCHANGE.value)
class ExchangeWorkflow(ComingBack):
    """Things come back for other things."""

    @workflow.init
    def __init__(self, start: FlowStart) -> None:
        super().__init__(start)
        self.brief: ExchangeBrief
        self.choice = ""
        self.paid: set[str] = set()
        """Payment links that were paid."""
        self.holds: dict[str, str] = {}
        """What is set aside: place of the swap to the shop's hold."""
        self.missing: list[str] = []
        """Swaps whose replacement is out of stock."""
        self.instead = REFUND
        """What becomes of those."""
        self.shipped: tuple[str, ...] = ()
        self.charged_minor = 0

    @workflow.run
    async def run(self, start: FlowStart) -> FlowOutcome:  # noqa: ARG002  read where the run was made
        """Until the exchange is settled, declined, expired or called off; returns how."""
        return await self.to_the_end(self.story())

    async def story(self) -> FlowOutcome:
        """The business story: a chapter that does not end it is followed by the next."""
        self.brief = await record(FlowActivities.begin_exchange, self.ref, "begin")
        return (
            await self.is_agreed(self.brief.photo, self.brief.rules, self.brief.verdict)
            or await self.opens()
            or await self.sets_aside()
            or await self.is_paid()
            or await self.comes_back()
            or await self.settles()
        )

    async def opens(self) -> FlowOutcome | None:
        """The shop records the exchange."""
        self.opened = await self.saga.step(
            ShopActivities.open_exchange, self.todo(), "open", undo=ShopActivities.cancel_return
        )
        if self.opened.refused:
            return await self.declined(self.opened.refused.rule.value)
        self.face.facts["Exchange"] = self.opened.ref
        if self.brief.rules.settles:
            return None
        await self.say("exchange_opened")
        return await self.close(FlowOutcome.SETTLED)

    # --- the replacement ------------------------------------------------------------------------------------------

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

    # --- the price difference -------------------------------------------------------------------------------------

    async def is_paid(self) -> FlowOutcome | None:
        """What the replacement costs more is taken by the method that the customer named, else by a payment link."""
        weighing = ToWeigh(flow_id=self.start.flow_id, missing=tuple(self.missing))
        amount = await self.ask_shop(MoneyActivities.price_difference, weighing, "price difference")
        if amount <= 0 or await self.charged(amount):
            return None
        return await self.paid_by_link(amount)

    async def charged(self, amount_minor: int) -> bool:
        """Take it by the named method; False if there is none, or it does not give the money."""
        if not (self.brief.named_method and self.brief.rules.stored_methods):
            return False
        todo = self.todo(amount_minor=amount_minor)
        charge = await self.saga.step(MoneyActivities.charge, todo, "charge", undo=MoneyActivities.undo_charge)
        self.charged_minor = amount_minor if charge.done else 0
        return charge.done is not None

    async def paid_by_link(self, amount_minor: int) -> FlowOutcome | None:
        """The customer pays on a page, in time."""
        link = await self.saga.step(
            MoneyActivities.open_payment_link,
            self.todo(amount_minor=amount_minor),
            "payment link",
            undo=MoneyActivities.close_payment_link,
        )
        if link.refused:
            return await self.compensated(link)
        await self.say("pay")
        until = link.at + timedelta(hours=self.brief.rules.payment_hours)
        paid = await self.wait(FlowState.AWAITING_PAYMENT, lambda: link.ref in self.paid, until)
        if not paid:
            return await self.called_back(paid, "payment")
        self.charged_minor = amount_minor
        return None

    # --- the way back and the way out -----------------------------------------------------------------------------

    async def comes_back(self) -> FlowOutcome | None:
        """Handed in, under way, at the warehouse, looked at; the replacement leaves when policy says."""
        rules = self.brief.rules
        if self.brief.verdict.keeps_it:
            await self.say("keep_it")
            return None
        ended = (
            await self.labelled(rules)
            or await self.ships(ShipsWhen.ON_APPROVAL)
            or await self.sent_back(rules, can_be_called_off=not self.shipped)
            or await self.ships(ShipsWhen.ON_SCAN)
            or await self.arrives(rules, self.brief.verdict)
            or await self.ships(ShipsWhen.ON_RECEIPT)
        )
        if ended is None:
            await self.looked_at(rules)
        return ended

    async def ships(self, now: ShipsWhen) -> FlowOutcome | None:
        """Send everything that is set aside, if this is the time that policy names."""
        if self.brief.rules.ships is not now or not self.holds:
            return None
        sent = await self.saga.step(ShopActivities.ship, self.shipping, "ship")
        if sent.refused and now is ShipsWhen.ON_APPROVAL:
            return await self.compensated(sent)
        await self.has_left(sent)
        return None

    @property
    def shipping(self) -> ToDo:
        """The parcel with all that is set aside."""
        return self.todo(ref=" ".join(self.holds.values()))

    async def has_left(self, sent: Effected) -> None:
        """The replacement is on its way, sent by the shop or, where that was refused, by people."""
        if sent.refused:
            await self.repaired("ship", sent, self.shipping)
        self.shipped = tuple(self.holds)
        self.saga.forget(*(f"reserve {place}" for place in self.shipped), "charge", "payment link")
        await self.say("shipped")

    async def never_sent(self, waited: Waited) -> FlowOutcome:
        """The parcel was not handed in: taken back, or, where the replacement has left, a matter for people."""
        if not self.shipped:
            return await super().never_sent(waited)
        await self.undo_all()
        await self.say("not_sent_back")
        owed = await self.weigh(Came.NONE)
        await self.see_to_open(owed)
        return await self.close(FlowOutcome.EXPIRED, "not_sent_back")

    # --- the end --------------------------------------------------------------------------------------------------

    async def settles(self) -> FlowOutcome:
        """Replace what is as it should be, give back what is too much, and let people see to what is open."""
        keeps_it = self.brief.verdict.keeps_it
        owed = await self.weigh(self.weighing(keeps_it=keeps_it).came)
        await self.accept(keeps_it=keeps_it)
        if not owed.accepted_units and not self.shipped:
            return await self.taken_back(FlowOutcome.DECLINED, "not_accepted", "not_accepted")
        await self.send_accepted(owed)
        await self.give_back(owed)
        await self.see_to_open(owed)
        await self.say(self.last_word(owed))
        return await self.close(FlowOutcome.SETTLED)

    async def weigh(self, came: Came) -> ExchangeSettlement:
        """What is owed and to be sent."""
        weighing = ToWeigh(
            flow_id=self.start.flow_id,
            shipped=self.shipped,
            missing=tuple(self.missing),
            charged_minor=self.charged_minor,
            came=came,
        )
        return await self.ask_shop(MoneyActivities.weigh_exchange, weighing, "what is owed")

    async def send_accepted(self, owed: ExchangeSettlement) -> None:
        """Send what is set aside for accepted goods, if it has not left yet; the rest goes back into stock."""
        if self.shipped or not self.holds:
            return
        sending = {parcel.place: parcel for parcel in owed.send}
        for place in list(self.holds):
            parcel = sending.get(place)
            if parcel is None or not parcel.whole:
                await self.undo(f"reserve {place}")
                del self.holds[place]
            if parcel is not None and not parcel.whole:
                await self.set_aside_fewer(place, parcel.units)
        if self.holds:
            await self.has_left(await self.saga.step(ShopActivities.ship, self.shipping, "ship"))

    async def set_aside_fewer(self, place: str, units: int) -> None:
        """Only some units were accepted; if others took the stock in between, people see to it."""
        hold = await self.reserve(place, "accepted", units)
        if hold.refused:
            await self.repaired(f"reserve {place}", hold, self.todo(place, quantity=units))

    async def give_back(self, owed: ExchangeSettlement) -> None:
        """The price difference, and the price of what could not be replaced."""
        if owed.back_minor:
            todo = self.todo("difference", amount_minor=owed.back_minor)
            await self.must(MoneyActivities.refund, todo, "refund difference")
        if owed.instead_minor:
            credit = self.instead == STORE_CREDIT
            bonus = owed.instead_minor * round(self.brief.rules.credit_bonus * 100) // 10_000 if credit else 0
            todo = self.todo(
                "instead",
                ref=STORE_CREDIT if credit else "",
                amount_minor=owed.instead_minor,
                bonus_minor=bonus,
            )
            await self.must(MoneyActivities.refund, todo, "refund instead")

    async def see_to_open(self, owed: ExchangeSettlement) -> None:
        """The customer has more than they paid for: a person sees to it, nothing is charged by itself."""
        self.saga.keep()
        if owed.open_minor:
            await self.asked_people(
                TaskKind.FOLLOW_UP,
                "open_amount",
                hours=self.brief.rules.inspection_hours,
                team=self.brief.rules.approval.team,
                amount_minor=owed.open_minor,
                facts={"why": "open_amount", "amount_minor": str(owed.open_minor)},
                forever=True,
            )

    def last_word(self, owed: ExchangeSettlement) -> str:
        """What the customer is told in the end."""
        if not self.shipped:
            return "refunded" if owed.whole else "partly_refunded"
        if not owed.accepted_units:
            return "not_accepted"
        return "exchanged" if owed.whole else "partly_exchanged"

    def note(self, entry: FlowEntry) -> None:
        """Where the parcel is, what was paid, and what the customer wants."""
        super().note(entry)
        if entry.kind is FlowEntryKind.PAID:
            self.paid.add(entry.ref)
        if entry.kind is FlowEntryKind.CUSTOMER_CHOSE and entry.ref in (REFUND, STORE_CREDIT, WAIT):
            self.choice = entry.ref
