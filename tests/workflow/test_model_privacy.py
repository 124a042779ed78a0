"""Whatever a model's provider answers, and however it fails: no word of the customer's reaches a history or a log."""

import logging
from collections.abc import Callable

import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from domain.proposal import HandoffReason
from integrations.assistant.llm import LlmAssistant, provider_model
from integrations.knowledge.postgres import PostgresKnowledge
from integrations.shop.local import LocalShop
from store.database import Database
from store.model_usage import StoredLedger
from tests.e2e.recorded import recorded
from tests.fakes.model_server import Asked, Calls, Cuts, Fails, Garbage, Refuses, Says, Step, call, model_server
from tests.policies import small_policy
from tests.stage import Stage, set_stage

CANARY = "qzmodelcanary"
KEY = "qzmodelkey"
_WORDS = f"where is my order {CANARY}"
_REPEATED = f'{{"error": {{"message": "cannot read: {_WORDS}, key {KEY}", "type": "{CANARY}"}}, "type": "error"}}'
FAILURES: dict[str, Step | Callable[[Asked], Step]] = {
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


def use_model(stage: Stage, assistant: LlmAssistant) -> None:
    """The stage's assistant is one with a model in it."""
    for name in ("triage", "compose", "brief"):
        setattr(stage.assistant, name, getattr(assistant, name))


@pytest.mark.parametrize("provider", ["openai", "anthropic"])
async def test_no_failure_of_a_provider_tells_what_the_customer_wrote(
    provider: str, database: Database, temporal_address: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    with capture_logs() as logs:
        async with model_server() as server, set_stage(database, temporal_address, small_policy()) as stage:
            url = server.openai_url if provider == "openai" else server.anthropic_url
            for name, failure in FAILURES.items():
                async with provider_model(f"{provider}:fake-model", url, SecretStr(KEY)) as model:
                    shop, knowledge, ledger = LocalShop(database), PostgresKnowledge(database), StoredLedger(database)
                    plain = type(stage.assistant)()
                    use_model(stage, LlmAssistant(model, plain, shop, knowledge, ledger))
                    server.play(failure)
                    receipt = await stage.write(name, _WORDS)
                    item = await stage.work(receipt.interaction_id, "waiting", within=30)
                assert item.reason == HandoffReason.AI_UNAVAILABLE, name
                assert server.asked, "the provider was asked"
            leaks = [
                where async for where, held in recorded(stage.client) if CANARY.encode() in held or KEY.encode() in held
            ]
    assert leaks == []
    told = "\n".join([*map(str, logs), caplog.text])
    assert CANARY not in told
    assert KEY not in told
