"""The assistant behind a model provider. Whatever the provider does, `local` triages and a person answers."""

import structlog
from pydantic_ai import Agent
from pydantic_ai.models import Model

from domain.case import Brief, Case
from domain.facts import facts_in, held_by
from domain.model_calls import Purpose, Terms
from domain.must_hand_off import must_hand_off
from domain.proposal import Handoff, HandoffReason, Proposal, Question, Reply
from domain.triage import Relation, Triage
from integrations.assistant.llm.answering import Answerer, proposal_of
from integrations.assistant.llm.asking import REDO, Asking
from integrations.assistant.llm.breaker import CircuitBreaker
from integrations.assistant.llm.failures import NoAnswer
from integrations.assistant.llm.ledger import Ledger
from integrations.assistant.llm.outputs import ReadTurn, WrittenSummary
from integrations.assistant.llm.prompts import SUMMARY, TRIAGE, case_prompt
from integrations.assistant.llm.reading import united
from integrations.assistant.llm.tools import Desk, ToolBroke
from integrations.assistant.protocol import Assistant
from integrations.knowledge.protocol import Knowledge
from integrations.shop.protocol import ShopReads

log = structlog.get_logger(__name__)

_COURTESIES = frozenset({Relation.GREETING, Relation.THANKS})
"""They are answered from templates: nothing is looked up for them."""


class LlmAssistant:
    """Implements `Assistant` with a model of any provider that pydantic-ai knows.

    `local` runs beside its triage, takes its place when the provider does not help, and answers courtesies. A model has
    tools that only read, and proposes; everything that it is sent is masked (`domain.masking`).
    """

    def __init__(
        self,
        model: Model,
        local: Assistant,
        shop: ShopReads,
        knowledge: Knowledge,
        ledger: Ledger,
        breaker: CircuitBreaker | None = None,
    ) -> None:
        self._local = local
        self._shop = shop
        self._knowledge = knowledge
        self._asking = Asking(model, ledger, breaker)
        self._answerer = Answerer()
        self._reader = Agent(
            output_type=ReadTurn, deps_type=type(None), instructions=TRIAGE, retries=REDO, name="triage"
        )
        self._writer = Agent(
            output_type=WrittenSummary, deps_type=type(None), instructions=SUMMARY, retries=REDO, name="summary"
        )

    async def triage(self, case: Case) -> Triage:
        """The model's reading with the warning signs of both; the local one where the model does not help."""
        local = await self._local.triage(case)
        terms = await self._asking.terms(case)
        try:
            read = await self._asking.ask(case, Purpose.TRIAGE, terms, self._reader, case_prompt(case), None)
        except NoAnswer:
            return local
        return united(local, read, case)

    async def compose(self, case: Case) -> Proposal:
        """A proposal; where the model does not help, a handoff (`ai_unavailable`). Raises ValueError without triage."""
        if case.triage is None:
            raise ValueError("compose needs case.triage")
        terms = await self._asking.terms(case)
        handoff = must_hand_off(case.triage, terms.rules.languages)
        if handoff is not None:
            return Handoff(reason=handoff)
        if case.triage.relation in _COURTESIES:
            return await self._local.compose(case)
        try:
            return await self._answer(case, terms, Purpose.COMPOSE)
        except NoAnswer:
            return Handoff(reason=HandoffReason.AI_UNAVAILABLE)
        except ToolBroke as broken:
            log.warning("compose_tool_failed", interaction=case.interaction_id, error=type(broken.__cause__).__name__)
            return Handoff(reason=HandoffReason.TOOL_FAILURE)

    async def brief(self, case: Case) -> Brief:
        """The local brief, with the model's summary and suggested reply where it gives any that hold."""
        brief = await self._local.brief(case)
        try:
            summary = await self._summary(case, brief)
            suggested = await self._suggested(case)
        except (NoAnswer, ToolBroke):
            return brief
        return brief.model_copy(update={**summary, **suggested})

    async def _answer(self, case: Case, terms: Terms, purpose: Purpose) -> Proposal:
        desk = Desk(case, self._shop, self._knowledge, terms.rules)
        agent = self._answerer.agent(terms.rules, proven=case.verified)
        written = await self._asking.ask(case, purpose, terms, agent, case_prompt(case), desk)
        return proposal_of(written, desk)

    async def _summary(self, case: Case, brief: Brief) -> dict[str, object]:
        notes = [statement.text for statement in brief.statements]
        terms = await self._asking.terms(case)
        prompt = case_prompt(case, notes=notes)
        written = await self._asking.ask(case, Purpose.BRIEF, terms, self._writer, prompt, None)
        known = held_by([brief.summary, *notes, *(turn.text for turn in case.turns)])
        invented = any(not fact & known for fact in facts_in(written.summary))
        return {} if invented else {"summary": written.summary}

    async def _suggested(self, case: Case) -> dict[str, object]:
        """What the assistant would say, for a person to judge."""
        if case.triage is None or case.new_turns == 0:
            return {}
        proposal = await self._answer(case, await self._asking.terms(case), Purpose.BRIEF)
        match proposal:
            case Reply():
                return {"suggested_reply": proposal.text, "suggested_sources": proposal.citations}
            case Question(asks_proof=False):
                return {"suggested_reply": proposal.text, "suggested_sources": ()}
            case _:
                return {}
