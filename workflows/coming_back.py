"""The way back of goods, the same for a return and an exchange: label, reminders, parcel, inspection."""

from datetime import datetime, timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.flow_records import Came, Effected, PhotoWish, ToWeigh
    from activities.shop_steps import KEPT
    from activities.shopping import ShopActivities
    from domain.flows.kinds import FlowEntry, FlowEntryKind, FlowOutcome, FlowState, TaskKind
    from domain.flows.rules import Inspects, ReturnRules
    from domain.flows.verdict import Verdict
    from domain.flows.waiting import Ending, Waited
    from workflows.flow_story import APPROVED, REFUSED, FlowStory
    from workflows.saga import Effect


class ComingBack(FlowStory):
    """A flow whose goods come back. Each chapter says how the flow has ended, or nothing if the story goes on."""

    opened: Effected
    """The shop's record of the return or exchange."""
    labelled_at: datetime
    scanned = received = inspected = False
    lost = False
    """A person has decided that a parcel which never arrived counts as received."""

    async def is_agreed(self, photo: PhotoWish, rules: ReturnRules, verdict: Verdict) -> FlowOutcome | None:
        """Shown and judged by a person, where policy wants a photo, else approved, where it wants that."""
        if not photo.wanted:
            return await self.approval(rules.approval, verdict)
        why = {"why": "photo"}
        return await self.shown(photo) or await self.judged(TaskKind.JUDGE, rules.approval, verdict, why)

    async def recorded(self, verb: Effect, rules: ReturnRules, *, shown: str, word: str) -> FlowOutcome | None:
        """The shop records it, `shown` to operators; one that settles itself does the rest, and `word` says so."""
        self.opened = await self.saga.step(verb, self.todo(), "open", undo=ShopActivities.cancel_return)
        if self.opened.refused:
            return await self.declined(self.opened.refused.rule.value)
        self.face.facts[shown] = self.opened.ref
        if rules.settles:
            return None
        await self.say(word)
        return await self.close(FlowOutcome.SETTLED)

    async def labelled(self, rules: ReturnRules) -> FlowOutcome | None:
        """The customer gets a label or a drop-off code."""
        todo = self.todo("drop_off" if rules.drop_off else "", ref=self.opened.ref)
        label = await self.saga.step(ShopActivities.issue_label, todo, "issue label", undo=ShopActivities.void_label)
        if label.refused:
            return await self.compensated(label)
        self.labelled_at = label.at
        await self.say("label")
        return None

    async def sent_back(self, rules: ReturnRules, *, can_be_called_off: bool = True) -> FlowOutcome | None:
        """The customer hands the parcel in, reminded on the way."""
        reminders = [days for days in sorted(rules.remind_days) if days < rules.ship_back_days]
        for number, days in enumerate([*reminders, rules.ship_back_days], 1):
            until = self.labelled_at + timedelta(days=days)
            sent = await self.wait(
                FlowState.AWAITING_PARCEL, self.on_its_way, until, can_be_called_off=can_be_called_off
            )
            if sent:
                self.saga.forget("issue label")
                return None
            if sent.how is Ending.CALLED_OFF or number > len(reminders):
                break
            await self.say("reminder", str(number))
        return await self.never_sent(sent)

    def on_its_way(self) -> bool:
        """The carrier, or the warehouse, has it."""
        return self.scanned or self.received or self.inspected

    async def never_sent(self, waited: Waited) -> FlowOutcome:
        """The parcel was not handed in."""
        return await self.called_back(waited, "parcel")

    async def arrives(self, rules: ReturnRules, verdict: Verdict) -> FlowOutcome | None:
        """It gets to the warehouse. Of a parcel that is lost on the way a person says whether it counts."""
        until = workflow.now() + timedelta(days=rules.parcel_days)
        if not await self.wait(FlowState.IN_TRANSIT, self.arrived, until, can_be_called_off=False):
            judged = await self.parcel_judged(rules, verdict)
            if judged.what == REFUSED:
                return await self.declined("parcel_lost")
            self.lost = judged.what == APPROVED
        if not self.lost:
            # What the shop may refuse of this it refuses again when the inspection is recorded; people see to it there.
            await self.saga.step(ShopActivities.receive, self.todo(ref=self.opened.ref), "receive")
            await self.say("received")
        return None

    def arrived(self) -> bool:
        """It is at the warehouse."""
        return self.received or self.inspected

    async def parcel_judged(self, rules: ReturnRules, verdict: Verdict) -> Waited:
        """A person looks for the parcel, until it arrives after all."""
        return await self.asked_people(
            TaskKind.JUDGE,
            "parcel_lost",
            hours=rules.inspection_hours,
            team=rules.approval.team,
            amount_minor=verdict.at_stake_minor,
            facts={"why": "parcel_lost"},
            forever=True,
            state=FlowState.IN_TRANSIT,
            meanwhile=self.arrived,
        )

    async def looked_at(self, rules: ReturnRules) -> None:
        """Somebody looks at it, line by line: a person at the desk, or the warehouse by its own system."""
        if rules.inspects is Inspects.WAREHOUSE and not self.lost:
            await self.asked_people(
                TaskKind.INSPECT,
                "inspect",
                hours=rules.inspection_hours,
                team=rules.approval.team,
                forever=True,
                state=FlowState.AWAITING_INSPECTION,
                meanwhile=lambda: self.inspected,
            )

    async def accept(self, *, keeps_it: bool) -> Effected:
        """The shop closes its record with what came back."""
        self.saga.forget("open")
        kept = KEPT if keeps_it or self.lost else ""
        return await self.must(ShopActivities.accept, self.todo(kept, ref=self.opened.ref), "accept")

    def weighing(self, *, keeps_it: bool) -> ToWeigh:
        """The question what is owed for what came back."""
        return ToWeigh(flow_id=self.start.flow_id, came=Came.ALL if keeps_it or self.lost else Came.AS_COUNTED)

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
