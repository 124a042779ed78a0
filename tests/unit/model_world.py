"""An assistant with a model in it: over real clients and a server on loopback, or a model that is a function."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from pydantic import SecretStr
from pydantic_ai.messages import ModelMessage, ModelResponse, ToolCallPart, ToolReturnPart
from pydantic_ai.models import Model
from pydantic_ai.models.function import AgentInfo, FunctionModel

from domain.commerce import OrderState, ShipmentState
from domain.model_calls import Terms
from domain.policy import AssistantRules
from integrations.assistant.llm import LlmAssistant, MemoryLedger, provider_model
from integrations.assistant.llm.breaker import CircuitBreaker
from tests.fakes.assistant import ScriptedAssistant
from tests.fakes.model_server import ModelServer, model_server
from tests.unit.assistant_world import MemoryKnowledge, MemoryShop, order, parcel

PROVIDERS = ("openai", "anthropic")
RULES = AssistantRules(link_domains=("shop.example",))
ARTICLE = "You can return items within 30 days of delivery. We refund within 5 days."
MINE, THEIRS = "BT-10423", "BT-99999"
Turn = list[tuple[str, dict[str, Any]]]


def a_shop() -> MemoryShop:
    """One order of the customer's, and one of somebody else's."""
    mine = order(MINE, OrderState.SHIPPED, parcel("s1", ShipmentState.IN_TRANSIT, "l1"))
    return MemoryShop(mine, order(THEIRS, OrderState.SHIPPED, customer_id="c2", title="Silk Robe"))


@dataclass
class World:
    """What a test holds in its hands."""

    assistant: LlmAssistant
    local: ScriptedAssistant
    shop: MemoryShop
    ledger: MemoryLedger
    knowledge: MemoryKnowledge


def world_with(model: Model, terms: Terms | None = None, breaker: CircuitBreaker | None = None) -> World:
    """An assistant that asks this model."""
    local, shop, knowledge = ScriptedAssistant(), a_shop(), MemoryKnowledge(returns=ARTICLE)
    ledger = MemoryLedger(terms or Terms(rules=RULES, work_seconds=10))
    assistant = LlmAssistant(model, local, shop, knowledge, ledger, breaker)
    return World(assistant, local, shop, ledger, knowledge)


@asynccontextmanager
async def served(
    provider: str, terms: Terms | None = None, breaker: CircuitBreaker | None = None
) -> AsyncIterator[tuple[World, ModelServer]]:
    """An assistant whose provider is the server on loopback, spoken to by the provider's own client."""
    async with model_server() as server:
        url = server.openai_url if provider == "openai" else server.anthropic_url
        async with provider_model(f"{provider}:fake-model", url, SecretStr("test-key")) as model:
            yield world_with(model, terms, breaker), server


def playing(*turns: Turn | Callable[[str], Turn]) -> FunctionModel:
    """A model that calls these tools turn by turn; a function sees what the tools have returned last."""
    script = list(turns)

    def play(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
        turn = script.pop(0) if len(script) > 1 else script[0]
        calls = turn(_returned(messages)) if callable(turn) else turn
        return ModelResponse(parts=[ToolCallPart(name, given) for name, given in calls])

    return FunctionModel(play)


def _returned(messages: list[ModelMessage]) -> str:
    return "\n".join(str(part.content) for part in messages[-1].parts if isinstance(part, ToolReturnPart))


def said(text: str, *sources: str) -> Turn:
    """The model replies."""
    return [("reply", {"statements": [{"text": text, "sources": list(sources)}]})]
