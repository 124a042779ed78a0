"""The local assistant: no key, no download, no network."""

import structlog

from domain.case import Brief, Case
from domain.parties import AuthorKind
from domain.proposal import Proposal
from domain.triage import Triage
from integrations.assistant.local.briefing import Briefer
from integrations.assistant.local.compose import Composer
from integrations.assistant.local.embedder import Embedder
from integrations.assistant.local.model import load_model
from integrations.assistant.local.settings import LocalSettings
from integrations.assistant.local.training import ExampleSet
from integrations.assistant.local.triage import Triager
from integrations.knowledge.protocol import Knowledge
from integrations.shop.protocol import Shop

log = structlog.get_logger(__name__)


class LocalAssistant:
    """Implements `Assistant` with a classifier trained on own examples, the shop's facts and the knowledge base.

    Making one loads the trained model from the cache, or trains it first, which takes some seconds.
    """

    def __init__(self, shop: Shop, knowledge: Knowledge, settings: LocalSettings | None = None) -> None:
        settings = settings or LocalSettings()
        embedder = Embedder()
        model = load_model(ExampleSet(*settings.example_folders), embedder, settings.model_dir)
        self._triager = Triager(model, embedder, settings)
        self._composer = Composer(shop, knowledge, settings, self._triager.rank)
        self._briefer = Briefer(shop)

    async def triage(self, case: Case) -> Triage:
        """Classify the customer's unanswered turns; takes a few milliseconds and awaits nothing."""
        return self._triager.triage(case)

    async def compose(self, case: Case) -> Proposal:
        """Propose an answer; a failing shop or knowledge base becomes a handoff with reason `tool_failure`."""
        return await self._composer.compose(case)

    async def brief(self, case: Case) -> Brief:
        """Prepare a person, at any time while they have the case: the suggested reply is to the newest words."""
        case = self._understood(case)
        prepared = await self._composer.prepare(case) if case.triage and case.new_turns else None
        return await self._briefer.brief(case, prepared)

    def _understood(self, case: Case) -> Case:
        """The case with a triage of its newest words, also where triage failed or people have been speaking since."""
        spoken = any(turn.author is AuthorKind.AGENT for turn in case.turns)
        if case.new_turns == 0 or (case.triage is not None and not spoken):
            return case
        try:
            triage = self._triager.triage(case.model_copy(update={"triage": None}))
        except Exception as error:
            log.warning("brief_triage_failed", interaction=case.interaction_id, error=type(error).__name__)
            return case
        return case.model_copy(update={"triage": triage})
