"""How the words of flows are kept for a language."""

from dataclasses import dataclass

from domain.flows.kinds import FlowKind


@dataclass(frozen=True, eq=False)
class FlowTexts:
    """The words of one language. A sentence is left out if something that it names in braces is not known."""

    subjects: dict[FlowKind, str]
    """What a flow is to its customer, e.g. `your return`; begins subject lines and most texts."""
    of_order: str
    """Subject and order number: `{subject}`, `{order}`."""
    words: dict[str, tuple[str, ...]]
    """Word, or `word:part`, to sentences."""
    choices: dict[str, str]
    """What a customer can choose, as it stands in a list."""
    either: str
    """Between the last two choices."""
