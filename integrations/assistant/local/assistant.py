"""The local assistant: no key, no download, no network."""

from domain.case import Brief, Case
from domain.proposal import Proposal
from domain.triage import Triage
from integrations.assistant.local.briefing import Briefer
from integrations.assistant.local.classifier import Embedder
from integrations.assistant.local.compose import Composer
from integrations.assistant.local.model import load_model
from integrations.assistant.local.settings import LocalSettings
from integrations.assistant.local.training import ExampleSet
from integrations.assistant.local.triage import Triager
from integrations.knowledge.protocol import Knowledge
from integrations.shop.protocol import Shop


class LocalAssistant:
    """Implements `Assistant` with a classifier trained on own examples, the shop's facts and the knowledge base.

    Making one loads the trained model from the cache, or trains it first, which takes some seconds.
    """

    def __init__(self, shop: Shop, knowledge: Knowledge, settings: LocalSettings | None = None) -> None:
        settings = settings or LocalSettings()
        embedder = Embedder()
        model = load_model(ExampleSet(), embedder, settings.model_dir)
        self._triager = Triager(model, embedder, settings)
        self._composer = Composer(shop, knowledge, settings)
        self._briefer = Briefer(shop)

    async def triage(self, case: Case) -> Triage:
        """Classify the customer's unanswered turns; takes a few milliseconds and awaits nothing."""
        return self._triager.triage(case)

    async def compose(self, case: Case) -> Proposal:
        """Propose an answer; a failing shop or knowledge base becomes a handoff with reason `tool_failure`."""
        return await self._composer.compose(case)

    async def brief(self, case: Case) -> Brief:
        """Prepare a person; the suggested reply is what the assistant would say, where it would say anything."""
        proposal = await self._composer.compose(case) if case.triage else None
        return await self._briefer.brief(case, proposal)
