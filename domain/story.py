"""How an addressed entry moves an interaction's state. A pure table; the workflow applies entries strictly in order."""

from domain.interaction import WITH_PEOPLE, EntryKind, InteractionState


def after(state: InteractionState, kind: EntryKind) -> InteractionState:
    """The state after an entry. Entries that come too late to matter leave it as it is."""
    match kind:
        case EntryKind.MESSAGE_RECEIVED if state not in WITH_PEOPLE:
            return InteractionState.NEW
        case EntryKind.WORK_ACCEPTED:
            return InteractionState.WITH_PERSON
        case EntryKind.WORK_REQUEUED | EntryKind.WORK_MOVED | EntryKind.STUCK:
            return InteractionState.AWAITING_PERSON
        case EntryKind.AGENT_RESOLVED | EntryKind.LEFT_QUEUE:
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
