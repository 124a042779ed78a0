"""The ledger of a model provider's use, as the assistant knows it; in memory, for trials without a store."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Protocol

from domain.model_calls import ModelCall, ModelFailure, Purpose, Terms


class Ledger(Protocol):
    """Says on what terms a provider may be asked about a case, and keeps what was asked (`store.model_usage`)."""

    async def terms(self, interaction_id: str) -> Terms:
        """The limits of the case, and what it has spent."""
        ...

    async def keep(
        self, interaction_id: str, purpose: Purpose, calls: Sequence[ModelCall], failure: ModelFailure | None
    ) -> None:
        """Keep the calls of one question, and why they came to nothing, if they did."""
        ...


class MemoryLedger:
    """A ledger that is gone with the process, with the same terms for every case."""

    def __init__(self, terms: Terms | None = None) -> None:
        self._terms = terms or Terms()
        self.calls: defaultdict[str, list[ModelCall]] = defaultdict(list)
        self.failures: list[tuple[Purpose, ModelFailure]] = []

    async def terms(self, interaction_id: str) -> Terms:
        """The terms, with what this process has spent on the case."""
        spent = self._terms.spent
        for call in self.calls[interaction_id]:
            spent = spent.plus(call)
        return self._terms.model_copy(update={"spent": spent})

    async def keep(
        self, interaction_id: str, purpose: Purpose, calls: Sequence[ModelCall], failure: ModelFailure | None
    ) -> None:
        """Keep the calls."""
        self.calls[interaction_id] += calls
        if failure is not None:
            self.failures.append((purpose, failure))
