"""The story of an exchange: approved, set aside, paid, sent back, replaced."""

from datetime import timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.flow_records import Came, Effected, ToDo, ToWeigh
    from activities.flow_steps import FlowActivities
    from activities.paying import MoneyActivities
    from activities.shopping import ShopActivities
    from domain.flows.kinds import FlowEntry, FlowEntryKind, FlowOutcome, FlowStart, FlowState, TaskKind
    from domain.flows.rules import ShipsWhen
    from domain.flows.settling import ExchangeSettlement
    from domain.flows.waiting import Waited
    from domain.names import WorkflowType
    from workflows.setting_aside import STORE_CREDIT, SettingAside
    from workflows.verbs import record


@workflow.defn(name=WorkflowType.EXCHANGE.value)
class ExchangeWorkflow(SettingAside):
    """Things come back for other things."""

    @workflow.init
    def __init__(self, start: FlowStart) -> None:
        super().__init__(start)
        self.paid: set[str] = set()
        """Payment links that were paid."""
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
        rules = self.brief.rules
        return await self.recorded(ShopActivities.open_exchange, rules, shown="Exchange", word="exchange_opened")

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
        """Where the parcel is, what the customer chooses, and what was paid."""
        super().note(entry)
        if entry.kind is FlowEntryKind.PAID:
            self.paid.add(entry.ref)
