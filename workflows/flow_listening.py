"""How a flow listens: it is told of entries and orders, and waits; what it learns and how each wait ended is kept.

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
    from activities.flow_records import Concluding, FlowRef, Resting
    from activities.flow_steps import OPERATOR, FlowActivities
    from domain.flows.kinds import FlowEntry, FlowEntryKind, FlowOutcome, FlowStart, FlowState
    from domain.flows.waiting import Ending, Wait, Waited
    from domain.names import Signal
    from workflows.flow_face import FlowFace
    from workflows.inbox import Inbox
    from workflows.verbs import record

Reached = Callable[[], bool | str]
"""Has it come about? A word says which of several things has."""

_LONGEST_REST = timedelta(days=1)
"""A flow reports in at least this often."""

APPROVED, REFUSED, DONE = "approved", "refused", "done"
DECISIONS = {FlowEntryKind.APPROVED: APPROVED, FlowEntryKind.REFUSED: REFUSED, FlowEntryKind.TASK_DONE: DONE}
"""What people have decided about a task."""


class FlowListener:
    """A flow that can be told things, and waits for them."""

    def __init__(self, start: FlowStart) -> None:
        self.start = start
        self.inbox: Inbox[FlowEntry] = Inbox(0)
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
        self.poked = True

    @workflow.signal(dynamic=True)
    def misdirected(self, name: str, args: Sequence[RawValue]) -> None:  # noqa: ARG002  what it holds may be text
        """A signal that Baton does not know: shown, and nothing else."""
        self.face.operator, self.poked = "unknown signal", True

    # --- being told -----------------------------------------------------------------------------------------------

    def apply(self, entry: FlowEntry) -> None:
        """What an entry means for every flow; each adds its own in `note`."""
        if entry.kind in DECISIONS:
            self.decided[entry.ref] = DECISIONS[entry.kind]
        if entry.kind is FlowEntryKind.CUSTOMER_CANCELLED:
            self.called_off = self.called_off or (OPERATOR if entry.by == OPERATOR else "customer")
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

    @property
    def ref(self) -> FlowRef:
        """This flow, for activities."""
        return FlowRef(flow_id=self.start.flow_id)
