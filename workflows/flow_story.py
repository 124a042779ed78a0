"""What all flows have in common: steps in the shop and their undoing, asking people, speaking, and ending."""

from datetime import timedelta
from typing import Any

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.asking_people import TaskActivities
    from activities.flow_records import Effected, FlowClosing, PhotoWish, ToAsk, ToDo, ToSay
    from activities.flow_speaking import FlowSpeechActivities
    from activities.flow_steps import FlowActivities
    from domain.flows.kinds import FlowOutcome, FlowStart, FlowState, TaskKind
    from domain.flows.rules import Approval
    from domain.flows.verdict import Verdict
    from domain.flows.waiting import Ending, Waited
    from domain.names import Pool
    from workflows.flow_listening import APPROVED, DECISIONS, DONE, REFUSED, FlowListener, Reached
    from workflows.saga import Effect, Saga
    from workflows.verbs import Result, Verb, patiently, record

PEOPLE_HOURS = 24.0
"""Within which people look at what no policy gives a time for."""

__all__ = ["APPROVED", "DONE", "PEOPLE_HOURS", "REFUSED", "FlowStory"]


def _never() -> str:
    return ""


class FlowStory(FlowListener):
    """The part of a flow's story that is the same for each. A flow's own file tells the rest in its `run`."""

    def __init__(self, start: FlowStart) -> None:
        super().__init__(start)
        self.saga = Saga()

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
        await self.asked_people(TaskKind.REPAIR, f"repair: {step}", hours=PEOPLE_HOURS, facts=facts, forever=True)

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
        if answer.what in DECISIONS.values():
            return answer
        decision = await patiently(TaskActivities.withdraw_task, order, Pool.HUMAN, f"not needed now: {kind}")
        late = answer.how is Ending.OVERDUE and decision
        return Waited(how=Ending.REACHED, what=decision) if late else answer

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
