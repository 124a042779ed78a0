"""The ledger of a model provider's use: each call is kept, and the limits of the case's policy count them all."""

import pytest
from sqlalchemy import select
from sqlmodel import col

from domain.model_calls import ModelCall, ModelFailure, Purpose, Terms
from domain.policy import ModelRules
from store.database import Database
from store.journal import Happening, JournalRow
from store.model_usage import ModelUsage, StoredLedger
from tests.store.scene import Scene

CALL = ModelCall(model="m", tokens_in=100, tokens_out=20, microdollars=5_000, seconds=1.5)
FAILED = ModelCall(model="m", seconds=2.0, failure=ModelFailure.UNAVAILABLE)


@pytest.fixture
async def case(database: Database) -> str:
    """A case under a policy with limits of its own."""
    scene = Scene(database)
    rules = scene.policy.assistant.model_copy(update={"model": ModelRules(tokens=240, seconds=60, cost_cents=2)})
    await scene.prepare(scene.policy.model_copy(update={"assistant": rules}))
    return (await scene.chat("thread")).interaction_id


async def test_every_call_is_kept_whether_it_helped_or_not(database: Database, case: str) -> None:
    await StoredLedger(database).keep(case, Purpose.COMPOSE, [FAILED, CALL], None)
    async with database.begin() as session:
        rows = (await session.execute(select(ModelUsage).order_by(col(ModelUsage.seconds)))).scalars().all()
    assert [(row.purpose, row.failure, row.cost_microdollars) for row in rows] == [
        ("compose", "", 5_000),
        ("compose", "unavailable", None),
    ]


async def test_the_limits_of_the_case_count_all_its_calls(database: Database, case: str) -> None:
    ledger = StoredLedger(database)
    assert not (await ledger.terms(case)).exhausted
    await ledger.keep(case, Purpose.TRIAGE, [CALL], None)
    terms = await ledger.terms(case)
    assert (terms.spent.tokens, terms.spent.seconds, terms.spent.microdollars) == (120, 1.5, 5_000)
    assert not terms.exhausted
    await ledger.keep(case, Purpose.COMPOSE, [CALL], None)
    assert (await ledger.terms(case)).exhausted


async def test_the_calls_of_another_case_do_not_count(database: Database, case: str) -> None:
    ledger = StoredLedger(database)
    await ledger.keep("another", Purpose.TRIAGE, [CALL, CALL, CALL], None)
    assert (await ledger.terms(case)).spent.tokens == 0
    assert await ledger.terms("no case at all") == Terms()


@pytest.mark.parametrize(
    "spent", [{"tokens_in": 240}, {"seconds": 60.0}, {"microdollars": 20_000}], ids=["tokens", "seconds", "cost"]
)
async def test_each_limit_ends_it(database: Database, case: str, spent: dict[str, float]) -> None:
    ledger = StoredLedger(database)
    await ledger.keep(case, Purpose.TRIAGE, [ModelCall(model="m").model_copy(update=spent)], None)
    assert (await ledger.terms(case)).exhausted


async def test_a_failure_is_journalled_with_its_reason_and_no_text(database: Database, case: str) -> None:
    ledger = StoredLedger(database)
    await ledger.keep(case, Purpose.COMPOSE, [CALL], None)
    await ledger.keep(case, Purpose.COMPOSE, [FAILED, FAILED], ModelFailure.UNAVAILABLE)
    async with database.begin() as session:
        query = select(JournalRow).where(col(JournalRow.kind) == Happening.MODEL_FAILED.value)
        [row] = (await session.execute(query)).scalars()
    assert (row.interaction_id, row.facts) == (case, {"purpose": "compose", "why": "unavailable", "calls": 2})
