"""Steps and what undoes them: a flow ends with everything done, or with everything undone that was done."""

from dataclasses import dataclass
from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from activities.flow_records import Effected, ToDo
    from domain.names import Pool
    from workflows.verbs import Verb

Effect = Verb[ToDo, Effected]

_ATTEMPT = timedelta(seconds=60)
_PATIENT = RetryPolicy(initial_interval=timedelta(milliseconds=500), maximum_interval=timedelta(minutes=1))


@dataclass(frozen=True)
class Undo:
    """What takes a step back."""

    effect: Effect
    todo: ToDo
    name: str


async def effect(verb: Effect, todo: ToDo, summary: str) -> Effected:
    """Ask the shop until it answers, however long it is away; the key makes it happen once."""
    return await workflow.execute_activity_method(
        verb,
        todo,
        task_queue=Pool.INTEGRATION.value,
        start_to_close_timeout=_ATTEMPT,
        retry_policy=_PATIENT,
        summary=summary,
    )


class Saga:
    """The steps of one flow that can be undone, in order."""

    def __init__(self) -> None:
        self._undos: list[Undo] = []

    async def step(self, verb: Effect, todo: ToDo, name: str, *, undo: Effect | None = None) -> Effected:
        """Do it. What undoes it is registered before, since an answer may get lost after the step was done."""
        if undo is not None:
            self._undos.append(Undo(undo, todo, name))
        answer = await effect(verb, todo, name)
        if undo is not None:
            self._undos.pop()
            if answer.done is not None:
                self._undos.append(Undo(undo, todo.model_copy(update={"ref": answer.ref}), name))
        return answer

    def keep(self) -> None:
        """What was done so far stays: from here on the flow only goes forward."""
        self._undos.clear()

    def forget(self, name: str) -> None:
        """A step needs no undoing any more, e.g. a hold that was shipped."""
        self._undos = [undo for undo in self._undos if undo.name != name]

    async def unwind(self) -> list[tuple[str, Effected]]:
        """Undo the steps, the last one first. Returns those whose undoing was refused: people put them right."""
        failed: list[tuple[str, Effected]] = []
        while self._undos:
            undo = self._undos.pop()
            answer = await effect(undo.effect, undo.todo, f"undo: {undo.name}")
            if answer.refused is not None:
                failed.append((undo.name, answer))
        return failed
