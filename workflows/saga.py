"""Steps and what undoes them: a flow ends with everything done, or with everything undone that was done."""

from dataclasses import dataclass

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.flow_records import Effected, ToDo
    from workflows.verbs import Verb, effect

Effect = Verb[ToDo, Effected]


@dataclass(frozen=True)
class Undo:
    """What takes a step back."""

    effect: Effect
    todo: ToDo
    name: str


class Saga:
    """The steps of one flow that can be undone, in order. A step is called by its name, which is once in a flow."""

    def __init__(self) -> None:
        self._undos: dict[str, Undo] = {}

    async def step(self, verb: Effect, todo: ToDo, name: str, *, undo: Effect | None = None) -> Effected:
        """Do it. What undoes it is registered before, and stays unless the shop refuses: no answer is not a no."""
        if undo is not None:
            self._undos[name] = Undo(undo, todo, name)
        answer = await effect(verb, todo, name)
        if undo is not None and answer.done is not None:
            self._undos[name] = Undo(undo, todo.model_copy(update={"ref": answer.ref}), name)
        if answer.refused is not None:
            self.forget(name)
        return answer

    def forget(self, *names: str) -> None:
        """Steps that cannot, or need not, be undone any more, e.g. a hold that was shipped."""
        for name in names:
            self._undos.pop(name, None)

    def keep(self) -> None:
        """What was done so far stays: from here on the flow only goes forward."""
        self._undos.clear()

    async def take_back(self, name: str) -> tuple[Undo, Effected] | None:
        """Undo one step, if it was done and can be."""
        undo = self._undos.pop(name, None)
        return (undo, await effect(undo.effect, undo.todo, f"undo: {name}")) if undo else None

    async def unwind(self) -> list[tuple[Undo, Effected]]:
        """Undo the steps, the last one first. Returns those whose undoing was refused: people put them right."""
        undone = [await self.take_back(name) for name in reversed(list(self._undos))]
        return [one for one in undone if one is not None and one[1].refused is not None]
