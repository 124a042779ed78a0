"""Whatever a model's provider answers, and however it fails: no word of the customer's reaches a history or a log."""

import logging
import re

import pytest
from pydantic import SecretStr
from pydantic_ai.models import Model
from structlog.testing import capture_logs

from domain.proposal import HandoffReason
from domain.work import WorkState
from integrations.assistant.llm import LlmAssistant, provider_model
from integrations.assistant.llm.breaker import CircuitBreaker
from integrations.knowledge.postgres import PostgresKnowledge
from integrations.shop.local import LocalShop
from store.database import Database
from store.model_usage import StoredLedger
from tests.e2e.recorded import recorded
from tests.fakes.assistant import ScriptedAssistant
from tests.fakes.model_server import Asked, Calls, Cuts, Fails, Garbage, Refuses, Says, Step, call, model_server
from tests.policies import small_policy
from tests.stage import Stage, set_stage

CANARY = "qzmodelcanary"
KEY = "qzmodelkey"
_PLANTED = re.compile(f"{CANARY}|{KEY}".encode())
WORDS = f"where is my order {CANARY}"
_REPEATED = f'{{"error": {{"message": "cannot read: {WORDS}, key {KEY}", "type": "{CANARY}"}}, "type": "error"}}'
FAILURES: dict[str, Step] = {
    "refused key": Fails(401, body=_REPEATED),
    "bad request": Fails(400, body=_REPEATED),
    "rate limit": Fails(429, {"retry-after": "0"}, _REPEATED),
    "outage": Fails(500, body=_REPEATED),
    "cut off": Cuts(),
    "no json": Garbage(f"<html>{CANARY}"),
    "another protocol": Garbage(f'{{"{CANARY}": "{CANARY}"}}'),
    "plain words": Says(CANARY),
    "refusal": Refuses(),
    "unknown tool": call(CANARY, **{CANARY: CANARY}),
    "nonsense in a tool": Calls((("final_result", {CANARY: [CANARY]}), ("reply", {"statements": CANARY}))),
}


def as_planned(asked: Asked) -> Step:
    """The failure that the customer's words name."""
    return next(step for name, step in FAILURES.items() if f"({name})" in asked.text)


@pytest.mark.parametrize("provider", ["openai", "anthropic"])
async def test_no_failure_of_a_provider_tells_what_the_customer_wrote(
    provider: str, database: Database, temporal_address: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    with capture_logs() as logs:
        async with model_server() as server, set_stage(database, temporal_address, small_policy()) as stage:
            server.play(as_planned)
            url = server.openai_url if provider == "openai" else server.anthropic_url
            async with provider_model(f"{provider}:fake-model", url, SecretStr(KEY)) as model:
                use_model(stage, model)
                receipts = {name: await stage.write(name, f"({name}) {WORDS}") for name in FAILURES}
                for name, receipt in receipts.items():
                    item = await stage.work(receipt.interaction_id, WorkState.WAITING, within=60)
                    assert item.reason == HandoffReason.AI_UNAVAILABLE, name
            assert {name for asked in server.asked for name in FAILURES if f"({name})" in asked.text} == set(FAILURES)
            held = [where async for where, content in recorded(stage.client) if _PLANTED.search(content)]
    assert held == []
    assert not _PLANTED.search("\n".join([*map(str, logs), caplog.text]).encode())


def use_model(stage: Stage, model: Model) -> None:
    """The stage's assistant is one with a model in it, which is asked however often it has failed."""
    shop, knowledge, ledger = LocalShop(stage.database), PostgresKnowledge(stage.database), StoredLedger(stage.database)
    patient = CircuitBreaker(failures=1000)
    assistant = LlmAssistant(model, ScriptedAssistant(), shop, knowledge, ledger, patient)
    for name in ("triage", "compose", "brief"):
        setattr(stage.assistant, name, getattr(assistant, name))
