"""What all flows have in common: being told, waiting, asking people, speaking to the customer, and ending."""

import asyncio
import builtins
from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime, timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import RawValue

with workflow.unsafe.imports_passed_through():
    from activities.asking_people import TaskActivities
    from activities.flow_records import Asked, Effected, FlowClosing, FlowRef, Resting, ToAsk, ToDo, ToSay
    from activities.flow_speaking import FlowSpeechActivities
    from activities.flow_steps import FlowActivities
    from domain.flows.kinds import FlowEntry, FlowEntryKind, FlowOutcome, FlowStart, FlowState, TaskKind
    from domain.flows.rules import Approval
    from domain.flows.verdict import Verdict
    from domain.names import Pool, Signal
    from workflows.flow_face import FlowFace
    from workflows.inbox import Inbox
    from workflows.saga import Effect, Saga
    from workflows.verbs import Result, Verb, patiently, record

_STEP_SECONDS = 120.0
"""How much later than its own deadline the sweep looks after a flow."""
_LONGEST_REST = timedelta(days=1)
"""A flow reports in at least this often."""
_REPAIR_HOURS = 24.0

_DECISIONS = {FlowEntryKind.APPROVED: True, FlowEntryKind.REFUSED: False, FlowEntryKind.TASK_DONE: True}


class FlowStory:
    """The part of a flow's story that is the same for each. A flow's own file tells the rest in its `run`."""

    def __init__(self, start: FlowStart) -> None:
        self.start = start
        self.inbox: Inbox[FlowEntry] = Inbox(0)
        self.saga = Saga()
        self.face = FlowFace(start)
        self.state = FlowState.WORKING
        self.reported: FlowState | None = None
        self.decided: dict[str, bool] = {}
        """Task id to what people decided."""
        self.called_off = ""
        """Who called it off: `customer` or `operator`."""
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
                self.called_off = self.called_off or "operator"
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
        self.called_off = self.called_off or ("operator" if order == "cancel" else "")

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
            self.called_off = self.called_off or "customer"
        self.note(entry)

    def note(self, entry: FlowEntry) -> None:
        """What an entry means for this kind of flow."""

    async def catch_up(self) -> None:
        """Apply, in order, what has been told; read from the store what was not."""
        self.apply_all()
        if self.poked or self.inbox:
            await self.report()

    async def report(self, deadline: datetime | None = None) -> None:
        """Tell the store where the flow stands, and learn what it has missed."""
        self.poked, held = False, self.inbox.held
        latest = workflow.now() + _LONGEST_REST
        left = min(deadline or latest, latest) - workflow.now()
        resting = Resting(
            flow_id=self.start.flow_id,
            handled_seq=self.inbox.handled_seq,
            state=self.state,
            due_in=max(left.total_seconds(), 0) + _STEP_SECONDS,
        )
        missed = await record(FlowActivities.report_in, resting, f"report in: {self.state}")
        self.reported = self.state
        self.inbox.correct(held, list(missed.entries))
        self.apply_all()

    def apply_all(self) -> None:
        """Apply every entry that is next in line."""
        for entry in self.inbox.take():
            self.apply(entry)

    # --- waiting --------------------------------------------------------------------------------------------------

    async def wait(
        self, state: FlowState, reached: Callable[[], bool], until: datetime | None, *, can_be_called_off: bool = True
    ) -> bool:
        """Wait in a state until something is reached: True; False at the deadline, or if the flow is called off."""
        self.state, self.poked = state, True
        while True:
            await self.catch_up_by(until)
            if reached():
                return True
            if can_be_called_off and self.called_off:
                return False
            if not await self.news(until):
                return False

    async def catch_up_by(self, until: datetime | None) -> None:
        """As `catch_up`, and the store learns the deadline."""
        self.apply_all()
        if self.poked or self.inbox or self.reported is not self.state:
            await self.report(until)

    async def news(self, until: datetime | None) -> bool:
        """Wait for something to happen; False at the deadline. An operator's cancel calls the flow off."""
        self.face.show(self.state, until)
        called_off, rest = self.called_off, workflow.now() + _LONGEST_REST
        nearest = min(until, rest) if until else rest
        try:
            await workflow.wait_condition(
                lambda: bool(self.inbox) or self.poked or self.called_off != called_off,
                timeout=max(nearest - workflow.now(), timedelta()),
                timeout_summary=f"{self.state} until then",
            )
        except builtins.TimeoutError:
            self.poked = True
            return until is None or workflow.now() < until
        return True

    # --- steps in the shop ----------------------------------------------------------------------------------------

    def todo(self, part: str = "", *, ref: str = "", amount_minor: int = 0) -> ToDo:
        """A step of this flow."""
        return ToDo(flow_id=self.start.flow_id, part=part, ref=ref, amount_minor=amount_minor)

    async def undo_all(self) -> None:
        """Undo what was done, the last step first; what the shop does not let be undone goes to people."""
        self.state = FlowState.WORKING
        for name, answer in await self.saga.unwind():
            facts = {"step": f"undo: {name}", "rule": str(answer.refused)}
            await self.asked_people(TaskKind.REPAIR, f"undo:{name}", hours=_REPAIR_HOURS, facts=facts, forever=True)

    async def ask_shop(self, verb: Verb[ToDo, Result], todo: ToDo, summary: str) -> Result:
        """A question to the shop, asked until it answers."""
        return await patiently(verb, todo, Pool.INTEGRATION, summary)

    async def must(self, verb: Effect, todo: ToDo, name: str) -> Effected:
        """A step on the way forward that nothing undoes: if the shop refuses it, people do it by hand."""
        answer = await self.saga.step(verb, todo, name)
        if answer.refused is not None:
            facts = {"step": name, "rule": str(answer.refused), "amount_minor": str(todo.amount_minor)}
            await self.asked_people(TaskKind.REPAIR, f"repair:{name}", hours=_REPAIR_HOURS, facts=facts, forever=True)
        return answer

    async def declined(self, reason: str) -> FlowOutcome:
        """Nothing comes of it: what was done is undone, and the customer is told why."""
        if self.called_off:
            return await self.given_up()
        self.face.facts["Declined"] = reason
        await self.undo_all()
        await self.say("declined", reason)
        return await self.close(FlowOutcome.DECLINED, reason)

    async def given_up(self) -> FlowOutcome:
        """The customer, an operator or the time has ended it: what was done is undone."""
        await self.undo_all()
        await self.say("called_off" if self.called_off else "expired")
        return await self.close(FlowOutcome.CANCELLED if self.called_off else FlowOutcome.EXPIRED, self.called_off)

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
    ) -> bool | None:
        """Ask people and wait: what they decided. None if nobody did, or the flow is called off meanwhile.

        When it is overdue the leads of all teams see it, and it waits as long again; with `forever`, until it is done.
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
        if await self.people_answer(asked, asked.due_at, state, forever=forever):
            return self.decided[asked.task_id]
        if not (self.called_off and not forever):
            await patiently(TaskActivities.mark_overdue, order, Pool.HUMAN, f"overdue: {kind}")
            last = None if forever else asked.due_at + timedelta(hours=hours)
            if await self.people_answer(asked, last, state, forever=forever):
                return self.decided[asked.task_id]
        await patiently(TaskActivities.withdraw_task, order, Pool.HUMAN, f"withdrawn: {kind}")
        await self.catch_up()
        return self.decided.get(asked.task_id)

    async def people_answer(self, asked: Asked, until: datetime | None, state: FlowState, *, forever: bool) -> bool:
        """Wait for people's answer."""
        return await self.wait(state, lambda: asked.task_id in self.decided, until, can_be_called_off=not forever)

    async def people_until(
        self,
        kind: TaskKind,
        key: str,
        reached: Callable[[], bool],
        state: FlowState,
        *,
        hours: float = _REPAIR_HOURS,
        facts: dict[str, str] | None = None,
    ) -> None:
        """Ask people to see to something, and wait until it has come about, by whomever."""
        order = ToAsk(flow_id=self.start.flow_id, key=key, kind=kind, hours=hours, facts=facts or {})
        asked = await patiently(TaskActivities.open_task, order, Pool.HUMAN, f"ask people: {kind}")
        if not await self.wait(state, reached, asked.due_at, can_be_called_off=False):
            await patiently(TaskActivities.mark_overdue, order, Pool.HUMAN, f"overdue: {kind}")
            await self.wait(state, reached, None, can_be_called_off=False)
        await patiently(TaskActivities.withdraw_task, order, Pool.HUMAN, f"no longer needed: {kind}")

    async def approved(self, approval: Approval, verdict: Verdict) -> bool:
        """A person approves, where policy asks for it; nobody in time means no."""
        if not verdict.needs_approval:
            return True
        amount = verdict.refund_minor or verdict.charge_minor
        said = await self.asked_people(
            TaskKind.APPROVE,
            "approve",
            hours=approval.hours,
            team=approval.team,
            amount_minor=amount or None,
            facts={"why": verdict.needs_approval},
            state=FlowState.AWAITING_APPROVAL,
        )
        return bool(said) and not self.called_off

    # --- speaking and ending --------------------------------------------------------------------------------------

    async def say(self, word: str, part: str = "") -> None:
        """Tell the customer, once for each word, through whoever holds the baton."""
        said = ToSay(flow_id=self.start.flow_id, word=word, part=part)
        await patiently(FlowSpeechActivities.say, said, Pool.INTEGRATION, f"say: {word}")

    async def close(self, outcome: FlowOutcome, reason: str = "") -> FlowOutcome:
        """End by compare-and-set: what has been told meanwhile is taken note of first."""
        self.face.show(FlowState.CLOSED, None, outcome.value)
        while True:
            await self.catch_up()
            closing = FlowClosing(
                flow_id=self.start.flow_id, handled_seq=self.inbox.handled_seq, outcome=outcome, reason=reason
            )
            if await record(FlowActivities.close, closing, f"close: {outcome}"):
                return outcome
            self.poked = True

    @property
    def ref(self) -> FlowRef:
        """This flow, for activities."""
        return FlowRef(flow_id=self.start.flow_id)
