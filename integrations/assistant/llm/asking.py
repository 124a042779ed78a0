"""Asking a provider one question about a case: within limits, in time, and in the ledger whatever comes of it."""

import asyncio
from typing import TypeVar

import structlog
from pydantic_ai import Agent
from pydantic_ai.models import Model
from pydantic_ai.usage import UsageLimits

from domain.case import Case
from domain.model_calls import ModelFailure, Purpose, Terms
from integrations.assistant.llm.breaker import CircuitBreaker
from integrations.assistant.llm.failures import PROVIDER_FAILED, NoAnswer, why_failed
from integrations.assistant.llm.guarded import GuardedModel, Meter
from integrations.assistant.llm.ledger import Ledger

log = structlog.get_logger(__name__)

REDO = 2
"""How often an answer is sent back to the model."""
_SHARE_OF_TIME = 0.6
"""Of the time that an answer may take; the rest is for doing without it."""
_MOST_REQUESTS = 8
_MOST_TOOL_CALLS = 12

Desk = TypeVar("Desk")
Output = TypeVar("Output")


class Asking:
    """Asks one provider, as long as it answers."""

    def __init__(self, model: Model, ledger: Ledger, breaker: CircuitBreaker | None = None) -> None:
        self._model = model
        self._ledger = ledger
        self._breaker = breaker or CircuitBreaker()

    async def terms(self, case: Case) -> Terms:
        """What the case may still spend, and what policy lets an assistant do."""
        return await self._ledger.terms(case.interaction_id)

    async def ask(
        self, case: Case, purpose: Purpose, terms: Terms, agent: Agent[Desk, Output], prompt: str, desk: Desk
    ) -> Output:
        """The model's answer. Raises `NoAnswer` where it does not help, and whatever a tool raises."""
        meter, failure = Meter(terms), None
        try:
            return await self._run(meter, agent, prompt, desk)
        except (NoAnswer, TimeoutError, *PROVIDER_FAILED) as error:
            failure = why_failed(error)
            if failure is ModelFailure.MALFORMED:
                meter.reject_last()
            log.warning("model_failed", interaction=case.interaction_id, purpose=purpose.value, why=failure.value)
            raise NoAnswer(failure) from None  # what the client raises quotes texts
        finally:
            await self._ledger.keep(case.interaction_id, purpose, meter.calls, failure)

    async def _run(self, meter: Meter, agent: Agent[Desk, Output], prompt: str, desk: Desk) -> Output:
        if meter.terms.exhausted:
            raise NoAnswer(ModelFailure.LIMIT)
        left = meter.terms.rules.model.seconds - meter.terms.spent.seconds
        async with asyncio.timeout(min(left, meter.terms.work_seconds * _SHARE_OF_TIME)):
            result = await agent.run(
                prompt,
                model=GuardedModel(self._model, meter, self._breaker),
                deps=desk,
                usage_limits=UsageLimits(request_limit=_MOST_REQUESTS, tool_calls_limit=_MOST_TOOL_CALLS),
            )
        return result.output
