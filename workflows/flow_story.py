"""What all flows have in common: being told, waiting, asking people, speaking to the customer, and ending.

A new run of a flow, after an operator has terminated the last one, tells the same story again: what the shop answered
and how each wait ended are in the ledger, so it goes the same way up to where the last run had got.
"""

import asyncio
import builtins
from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime, timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import RawValue

with workflow.unsafe.imports_passed_through():
    from activities.asking_people import TaskActivities
    from activities.flow_records import (
        Concluding,
        Effected,
        FlowClosing,
        FlowRef,
        PhotoWish,
        Resting,
        ToAsk,
        ToDo,
        ToSay,
    )
    from activities.flow_speaking import FlowSpeechActivities
    from activities.flow_steps import FlowActivities
    from domain.flows.kinds import FlowEntry, FlowEntryKind, FlowOutcome, FlowStart, FlowState, TaskKind
    from domain.flows.rules import Approval
    from domain.flows.verdict import Verdict
    from domain.flows.waiting import Ending, Wait, Waited
    from domain.names import Pool, Signal
    from workflows.flow_face import FlowFace
    from workflows.inbox import Inbox
    from workflows.saga import Effect, Saga
    from workflows.verbs import Result, Verb, patiently, record

Reached = Callable[[], bool | str]
"""Has it come about? A word says which of several things has."""

_LONGEST_REST = timedelta(days=1)
"""A flow reports in at least this often."""
_REPAIR_HOURS = 24.0

APPROVED, REFUSED, DONE = "approved", "refused", "done"
_DECISIONS = {FlowEntryKind.APPROVED: APPROVED, FlowEntryKind.REFUSED: REFUSED, FlowEntryKind.TASK_DONE: DONE}


def _never() -> str:
    return ""


class FlowStory:
    """The part of a flow's story that is the same for each. A flow's own file tells the rest in its `run`."""

    def __init__(self, start: FlowStart) -> None:
        self.start = start
        self.inbox: Inbox[FlowEntry] = Inbox(0)
        self.saga = Saga()
        self.face = FlowFace(start)
        self.state = FlowState.WORKING
        self.waits: dict[FlowState, int] = {}
        """How often the flow has waited in each state: names a wait, the same in every run."""
        self.reported_seq = 0
        """Up to here the store knows what the flow has dealt with."""
        self.wait_name = ""
        self.lasting = Wait()
        """The wait that the flow is in, as the store has it."""
        self.decided: dict[str, str] = {}
        """Task id to what people decided."""
        self.photo_sent = False
        self.called_off = ""
        """Who has called it off: `customer` or `operator`."""
        self.operator_calls_off = False
        """An operator says so, and the store has not been told yet."""
        self.poked = True
        """A run reads the store first: it may not be the first one."""

    async def to_the_end(self, story: Coroutine[Any, Any, FlowOutcome]) -> FlowOutcome:
        """Tell the story to its end: a cancelled run calls the flow off instead of stopping in the middle."""
        task = asyncio.ensure_future(story)
        while not task.done():
            try:
                await asyncio.shield(task)
            except asyncio.CancelledError:
                if task.cancelled():
                    raise
                self.ordered("cancel")
        return task.result()

    # --- signals: record and return -------------------------------------------------------------------------------

    @workflow.signal(name=Signal.ENTRIES.value)
    def told(self, entries: list[FlowEntry]) -> None:
        """Entries of the journal; an empty list asks the story to report in."""
        self.inbox.put(entries)
        self.poked = self.poked or not entries

    @workflow.signal(name=Signal.OPERATOR.value)
    def ordered(self, order: Any = None) -> None:
        """An operator's order, sent by hand: `cancel`. Whatever else it holds is ignored and shown."""
        self.face.operator = "cancel" if order == "cancel" else "no such order"
        self.operator_calls_off = self.operator_calls_off or order == "cancel"

    @workflow.signal(dynamic=True)
    def misdirected(self, name: str, args: Sequence[RawValue]) -> None:  # noqa: ARG002  what it holds may be text
        """A signal that Baton does not know: shown, and nothing else."""
        self.face.operator = "unknown signal"

    # --- being told -----------------------------------------------------------------------------------------------

    def apply(self, entry: FlowEntry) -> None:
        """What an entry means for every flow; each adds its own in `note`."""
        if entry.kind in _DECISIONS:
            self.decided[entry.ref] = _DECISIONS[entry.kind]
        if entry.kind is FlowEntryKind.CUSTOMER_CANCELLED:
            self.called_off = self.called_off or ("operator" if entry.by == "operator" else "customer")
        self.photo_sent = self.photo_sent or entry.kind is FlowEntryKind.PHOTO_SENT
        self.note(entry)

    def note(self, entry: FlowEntry) -> None:
        """What an entry means for this kind of flow."""

    async def catch_up(self) -> None:
        """Apply, in order, what has been told; read from the store what was not."""
        if self.operator_calls_off:
            await record(FlowActivities.call_off, self.ref, "called off by an operator")
            self.operator_calls_off, self.poked = False, True
        self.apply_all()
        if self.poked or self.inbox:
            await self.report()

    async def report(self, until: datetime | None = None) -> None:
        """Tell the store where the flow stands, and learn what it has missed, and of the wait that it is in."""
        self.poked, held = False, self.inbox.held
        resting = Resting(
            flow_id=self.start.flow_id,
            handled_seq=self.inbox.handled_seq,
            state=self.state,
            wait=self.wait_name,
            until=until,
        )
        missed = await record(FlowActivities.report_flow, resting, f"report in: {self.state}")
        self.reported_seq, self.lasting = resting.handled_seq, missed.wait
        self.inbox.correct(held, list(missed.entries))
        self.apply_all()

    def apply_all(self) -> None:
        """Apply every entry that is next in line."""
        for entry in self.inbox.take():
            self.apply(entry)

    # --- waiting --------------------------------------------------------------------------------------------------

    async def wait(
        self, state: FlowState, reached: Reached, until: datetime | None, *, can_be_called_off: bool = True
    ) -> Waited:
        """Wait in a state until something is reached, the deadline has passed, or the flow is called off.

        How it ends, and its deadline, are kept: a new run that comes to this wait finds both.
        """
        self.state, self.waits[state] = state, self.waits.get(state, 0) + 1
        self.wait_name = f"{state}:{self.waits[state]}"
        await self.report(until)
        while self.lasting.ended is None:
            await self.catch_up()
            ended = self.ending(reached, self.lasting.until, can_be_called_off=can_be_called_off)
            if ended is None and self.inbox.handled_seq > self.reported_seq:
                await self.report()
            elif ended is None:
                await self.news(self.lasting.until)
            elif self.lasting.ended is None:
                concluding = Concluding(flow_id=self.start.flow_id, wait=self.wait_name, ended=ended)
                ended = await record(FlowActivities.conclude, concluding, f"{state}: {ended.how}")
                self.lasting = Wait(ended=ended)
        self.state, self.wait_name = FlowState.WORKING, ""
        return self.lasting.ended

    def ending(self, reached: Reached, until: datetime | None, *, can_be_called_off: bool) -> Waited | None:
        """Why there is nothing more to wait for; None if there is."""
        if what := reached():
            return Waited(how=Ending.REACHED, what=what if isinstance(what, str) else "")
        if can_be_called_off and self.called_off:
            return Waited(how=Ending.CALLED_OFF, what=self.called_off)
        if until is not None and workflow.now() >= until:
            return Waited(how=Ending.OVERDUE)
        return None

    async def news(self, until: datetime | None) -> None:
        """Wait for something to happen, the deadline, or a time at which the flow reports in anyway."""
        self.face.show(self.state, until)
        rest = workflow.now() + _LONGEST_REST
        nearest = min(until, rest) if until else rest
        try:
            await workflow.wait_condition(
                lambda: bool(self.inbox) or self.poked or self.operator_calls_off,
                timeout=max(nearest - workflow.now(), timedelta()),
                timeout_summary=f"{self.state} until then",
            )
        except builtins.TimeoutError:
            self.poked = True

    # --- steps in the shop ----------------------------------------------------------------------------------------

    def todo(
        self, part: str = "", *, ref: str = "", amount_minor: int = 0, bonus_minor: int = 0, quantity: int = 0
    ) -> ToDo:
        """A step of this flow."""
        return ToDo(
            flow_id=self.start.flow_id,
            part=part,
            ref=ref,
            amount_minor=amount_minor,
            bonus_minor=bonus_minor,
            quantity=quantity,
        )

    async def undo_all(self) -> None:
        """Undo what was done, the last step first; what the shop does not let be undone goes to people."""
        for undo, answer in await self.saga.unwind():
            await self.repaired(f"undo: {undo.name}", answer, undo.todo)

    async def undo(self, name: str) -> None:
        """Undo one step; what the shop does not let be undone goes to people."""
        undone = await self.saga.take_back(name)
        if undone is not None and undone[1].refused is not None:
            await self.repaired(f"undo: {name}", undone[1], undone[0].todo)

    async def must(self, verb: Effect, todo: ToDo, name: str) -> Effected:
        """A step on the way forward that nothing undoes: if the shop refuses it, people do it by hand."""
        answer = await self.saga.step(verb, todo, name)
        if answer.refused is not None:
            await self.repaired(name, answer, todo)
        return answer

    async def repaired(self, step: str, answer: Effected, todo: ToDo) -> None:
        """People put a refused step right in the shop; the flow waits until they have."""
        facts = {"step": step, "rule": answer.refused.rule.value if answer.refused else ""}
        facts |= {"detail": answer.refused.detail} if answer.refused and answer.refused.detail else {}
        facts |= {"ref": todo.ref} if todo.ref else {}
        facts |= {"amount_minor": str(todo.amount_minor)} if todo.amount_minor else {}
        await self.asked_people(TaskKind.REPAIR, f"repair: {step}", hours=_REPAIR_HOURS, facts=facts, forever=True)

    async def ask_shop(self, verb: Verb[Any, Result], question: Any, summary: str) -> Result:
        """A question to the shop, asked until it answers."""
        return await patiently(verb, question, Pool.INTEGRATION, summary)

    # --- people ---------------------------------------------------------------------------------------------------

    async def asked_people(
        self,
        kind: TaskKind,
        key: str,
        *,
        hours: float,
        team: str = "",
        amount_minor: int | None = None,
        facts: dict[str, str] | None = None,
        forever: bool = False,
        state: FlowState = FlowState.AWAITING_PERSON,
        meanwhile: Reached = _never,
    ) -> Waited:
        """Ask people and wait for what they decide (`approved`, `refused`, `done`), or for it to come about without.

        When it is overdue the leads of all teams see it, and it waits as long again; with `forever`, until it is done,
        whoever calls the flow off. False if nobody has done it.
        """
        order = ToAsk(
            flow_id=self.start.flow_id,
            key=key,
            kind=kind,
            team=team,
            hours=hours,
            amount_minor=amount_minor,
            facts=facts or {},
        )
        asked = await patiently(TaskActivities.open_task, order, Pool.HUMAN, f"ask people: {kind}")

        def answered() -> bool | str:
            return meanwhile() or self.decided.get(asked.task_id, "")

        answer = await self.wait(state, answered, asked.due_at, can_be_called_off=not forever)
        if answer.how is Ending.OVERDUE:
            await patiently(TaskActivities.mark_overdue, order, Pool.HUMAN, f"overdue: {kind}")
            last = None if forever else asked.due_at + timedelta(hours=hours)
            answer = await self.wait(state, answered, last, can_be_called_off=not forever)
        if answer.what in _DECISIONS.values():
            return answer
        decision = await patiently(TaskActivities.withdraw_task, order, Pool.HUMAN, f"not needed now: {kind}")
        late = answer.how is Ending.OVERDUE and decision
        return Waited(how=Ending.REACHED, what=decision) if late else answer

    async def people_until(
        self,
        kind: TaskKind,
        key: str,
        reached: Reached,
        state: FlowState,
        *,
        hours: float = _REPAIR_HOURS,
        facts: dict[str, str] | None = None,
    ) -> None:
        """Ask people to see to something, and wait until it has come about, by whomever."""
        await self.asked_people(kind, key, hours=hours, facts=facts, forever=True, state=state, meanwhile=reached)

    async def shown(self, photo: PhotoWish) -> FlowOutcome | None:
        """The customer shows what is wrong, where they have to."""
        if not photo.wanted:
            return None
        if not photo.there:
            await self.say("photo_wanted")
        until = workflow.now() + timedelta(hours=photo.hours)
        shown = await self.wait(FlowState.AWAITING_PHOTO, lambda: photo.there or self.photo_sent, until)
        return None if shown else await self.called_back(shown, "photo")

    async def approval(self, approval: Approval, verdict: Verdict) -> FlowOutcome | None:
        """A person approves, where policy asks for it; nobody in time means no."""
        if not verdict.needs_approval:
            return None
        why = {"why": verdict.needs_approval}
        return await self.judged(TaskKind.APPROVE, approval, verdict, why, FlowState.AWAITING_APPROVAL)

    async def judged(
        self,
        kind: TaskKind,
        approval: Approval,
        verdict: Verdict,
        facts: dict[str, str],
        state: FlowState = FlowState.AWAITING_PERSON,
    ) -> FlowOutcome | None:
        """A person says yes, or the flow has ended: declined, or called off meanwhile."""
        await self.say("in_review")
        said = await self.asked_people(
            kind,
            kind.value,
            hours=approval.hours,
            team=approval.team,
            amount_minor=verdict.at_stake_minor,
            facts=facts,
            state=state,
        )
        if said.how is Ending.CALLED_OFF:
            return await self.called_back(said)
        return None if said.what == APPROVED else await self.declined("not_approved")

    # --- speaking and ending --------------------------------------------------------------------------------------

    async def say(self, word: str, part: str = "") -> None:
        """Tell the customer, once for each word, through whoever holds the baton."""
        said = ToSay(flow_id=self.start.flow_id, word=word, part=part)
        await patiently(FlowSpeechActivities.say, said, Pool.INTEGRATION, f"say: {word}")

    async def declined(self, reason: str) -> FlowOutcome:
        """Nothing comes of it: what was done is undone, and the customer is told why."""
        return await self.taken_back(FlowOutcome.DECLINED, "declined", reason)

    async def compensated(self, answer: Effected) -> FlowOutcome:
        """The shop refused a step halfway: what was done before it is undone."""
        rule = answer.refused.rule.value if answer.refused else ""
        return await self.taken_back(FlowOutcome.COMPENSATED, "undone", rule)

    async def called_back(self, waited: Waited, awaited: str = "") -> FlowOutcome:
        """The flow was called off, or what was `awaited` has not come in time: what was done is undone."""
        if waited.how is Ending.CALLED_OFF:
            return await self.taken_back(FlowOutcome.CANCELLED, "called_off", waited.what)
        return await self.taken_back(FlowOutcome.EXPIRED, "expired", awaited)

    async def taken_back(self, outcome: FlowOutcome, word: str, reason: str) -> FlowOutcome:
        """Undo everything, tell the customer, and end."""
        self.face.facts["Taken back"] = reason
        await self.undo_all()
        await self.say(word, reason)
        return await self.close(outcome, reason)

    async def close(self, outcome: FlowOutcome, reason: str = "") -> FlowOutcome:
        """End by compare-and-set: what has been told meanwhile is taken note of first."""
        self.face.show(FlowState.CLOSED, None, outcome.value)
        while True:
            await self.catch_up()
            closing = FlowClosing(
                flow_id=self.start.flow_id, handled_seq=self.inbox.handled_seq, outcome=outcome, reason=reason
            )
            if await record(FlowActivities.close_flow, closing, f"close: {outcome}"):
                return outcome
            self.poked = True

    @property
    def ref(self) -> FlowRef:
        """This flow, for activities."""
        return FlowRef(flow_id=self.start.flow_id)
