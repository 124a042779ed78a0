"""How a story goes on: what an addressed entry makes of its state, and what becomes of the AI's words in a stage.

Pure tables; the workflow applies entries strictly in order.
"""

from domain.interaction import WITH_PEOPLE, EntryKind, InteractionState
from domain.modes import Mode
from domain.plan import Plan


def after(state: InteractionState, kind: EntryKind) -> InteractionState:
    """The state after an entry. Entries that come too late to matter leave it as it is."""
    match kind:
        case EntryKind.MESSAGE_RECEIVED if state not in WITH_PEOPLE:
            return InteractionState.NEW
        case EntryKind.WORK_ACCEPTED:
            return InteractionState.WITH_PERSON
        case EntryKind.WORK_REQUEUED | EntryKind.WORK_MOVED | EntryKind.STUCK:
            return InteractionState.AWAITING_PERSON
        case EntryKind.AGENT_RESOLVED | EntryKind.LEFT_QUEUE | EntryKind.DRAFT_RELEASED:
            return InteractionState.AWAITING_CUSTOMER
        case EntryKind.WORK_DECIDED:
            return InteractionState.WITH_AI
        case EntryKind.HANDED_BACK:
            return InteractionState.NEW
        case EntryKind.BATON_FREED if state is InteractionState.AWAITING_HOLDER:
            return InteractionState.WITH_AI
        case EntryKind.SUGGESTION_USED if state is InteractionState.AWAITING_HOLDER:
            return InteractionState.AWAITING_CUSTOMER
        case _:
            return state


def mode_in(plan: Plan | None, number: int) -> Mode:
    """What becomes of the AI's words in a stage of a plan; behind its last one, as in the last that the AI has."""
    stages = plan.stages if plan else ()
    if number < len(stages):
        return stages[number].mode
    return next((stage.mode for stage in reversed(stages) if stage.with_ai), Mode.AUTO)
