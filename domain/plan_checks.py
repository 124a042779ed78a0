"""Can every stage of a plan be reached, and can each one end? See `domain.plan`."""

from collections.abc import Iterator, Sequence

from domain.plan import Exit, Stage, StageKind

_PASSES_ON = {Exit.COLLECTED, Exit.DECIDED}


def unreachable(stages: Sequence[Stage]) -> Iterator[tuple[int, str]]:
    """Positions of stages that never begin or have nothing to do, each with the reason.

    A stage begins when the one before passes the case on (`collected`, `decided`), or as the fallback of an earlier
    stage that can fail: the AI may not manage, an agent may leave, and a queue may take longer than its deadline.
    """
    reached = _reached(stages)
    for position, stage in enumerate(stages):
        if position not in reached:
            yield position, f"'{stage}' is never reached: {_why(stages, position)}"
        elif stage.until is Exit.TOLD and not any(one.until is Exit.DECIDED for one in stages[:position]):
            yield position, "'until: told' needs a stage before it that is 'until: decided'"
        elif stage.kind is StageKind.QUEUE and stage.otherwise == stage.team:
            yield position, f"never ends: the fallback of team '{stage.team}' is the team itself"
        elif stage.kind is StageKind.QUEUE and stage.otherwise and stage.deadline_seconds is None:
            yield position, "'otherwise' is never used: people do not fail, so give it deadline_minutes as well"


def _reached(stages: Sequence[Stage]) -> set[int]:
    reached = {0}
    for position, stage in enumerate(stages):
        if position in reached:
            if stage.until in _PASSES_ON:
                reached.add(position + 1)
            if _can_fail(stage) and not stage.otherwise:
                later = range(position + 1, len(stages))
                reached |= set([other for other in later if stages[other].with_people][:1])
    return reached


def _can_fail(stage: Stage) -> bool:
    if stage.kind is StageKind.QUEUE:
        return stage.deadline_seconds is not None
    return stage.kind is not StageKind.SET_ASIDE


def _why(stages: Sequence[Stage], position: int) -> str:
    before = stages[position - 1]
    if before.kind is StageKind.SET_ASIDE:
        return "a case that is set aside is done"
    if before.otherwise:
        return f"the fallback of '{before}' is queue:{before.otherwise}"
    if before.with_people and before.until is Exit.SETTLED:
        return f"'{before}' settles the case; let it end as 'until: decided'"
    return f"what '{before}' cannot finish goes to people"
