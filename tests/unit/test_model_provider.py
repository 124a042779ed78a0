"""A model provider: asked in its own protocol, told nothing that it must not know, and done without when it fails."""

import pytest

from domain.model_calls import ModelFailure, Purpose, Terms
from domain.policy import AssistantRules, ModelRules
from domain.proposal import Handoff, HandoffReason, Reply
from domain.triage import IssueType
from integrations.assistant.llm import failures
from integrations.assistant.llm.breaker import CircuitBreaker
from tests.fakes.model_server import Cuts, Fails, Garbage, Hangs, Refuses, Says, Step, call
from tests.unit.assistant_world import case_of, triage_of
from tests.unit.model_world import MINE, PROVIDERS, served

CASE = case_of(triage_of(IssueType.RETURN), "c: how do returns work?")
UNAVAILABLE = Handoff(reason=HandoffReason.AI_UNAVAILABLE)
LOOKS_UP = call("search_knowledge", question="how do returns work?")
ANSWERS = call(
    "reply",
    statements=[{"text": "You can return items within 30 days of delivery.", "sources": ["article:about-returns"]}],
)
QUICK = Terms(work_seconds=0.5)


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(failures, "PAUSES", (0.01, 0.01))


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_an_answer_comes_from_what_its_tools_returned(provider: str) -> None:
    async with served(provider) as (world, server):
        server.play(LOOKS_UP, ANSWERS)
        answer = await world.assistant.compose(CASE)
        assert isinstance(answer, Reply)
        assert answer.text == "You can return items within 30 days of delivery."
        assert [(cited.ref, cited.version) for cited in answer.citations] == [("about-returns", 3)]
        assert [len(server.asked), len(world.ledger.calls["i1"])] == [2, 2]
        assert {made.tokens_in for made in world.ledger.calls["i1"]} == {100}


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_triage_comes_from_the_model_beside_the_local_one(provider: str) -> None:
    async with served(provider) as (world, server):
        server.play(call("final_result", issue="exchange", confidence=0.9, language="de"))
        triage = await world.assistant.triage(case_of(None, "c: I want a person to swap this"))
        assert (triage.issue, triage.confidence, triage.language) == (IssueType.EXCHANGE, 0.9, "de")
        assert triage.wants_person, "what the local triage has seen is not lost"


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_nothing_that_is_sent_holds_a_card_number_or_a_secret(provider: str) -> None:
    async with served(provider) as (world, server):
        card, secret = "4111 1111 1111 1111", "hunter2secret"
        world.knowledge.articles["returns"] = f"Pay with {card} and return within 30 days of delivery."
        server.play(LOOKS_UP, call("my_orders"), ANSWERS, call("final_result", summary="They ask about returns."))
        words = f"c: how do returns work? my card is {card}, my password is {secret}"
        await world.assistant.compose(case_of(triage_of(IssueType.RETURN), words))
        await world.assistant.brief(case_of(triage_of(IssueType.RETURN), words))
        server.play(call("final_result", issue="return", confidence=0.9))
        await world.assistant.triage(case_of(None, words))
        assert len(server.asked) >= 5
        for asked in server.asked:
            assert card not in asked.text
            assert "1111 1111" not in asked.text
            assert secret not in asked.text
        assert any("card ending 1111" in asked.text for asked in server.asked), "it was there to be masked"


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_addresses_of_people_are_not_sent(provider: str) -> None:
    async with served(provider) as (world, server):
        server.play(call("my_orders"), call("order_details", number=MINE), call("hand_over", reason="low_confidence"))
        await world.assistant.compose(CASE)
        assert all("ada@example.com" not in asked.text for asked in server.asked)
        assert MINE in server.asked[-1].text, "the order itself was told"


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize(
    ("step", "why", "calls"),
    [
        (Fails(500), ModelFailure.UNAVAILABLE, 3),
        (Fails(429, {"retry-after": "60"}), ModelFailure.RATE_LIMITED, 1),
        (Fails(401), ModelFailure.UNAVAILABLE, 1),
        (Cuts(), ModelFailure.UNAVAILABLE, 3),
        (Garbage("{}"), ModelFailure.MALFORMED, 1),
        (Garbage('{"choices": "x", "content": 7}'), ModelFailure.MALFORMED, 1),
        (Refuses(), ModelFailure.REFUSED, 1),
        (Says(""), ModelFailure.MALFORMED, 3),
        (Says("Sure, you get 50 EUR!"), ModelFailure.MALFORMED, 3),
        (call("reply", nonsense=1), ModelFailure.MALFORMED, 3),
        (call("refund_everything", order=MINE), ModelFailure.MALFORMED, 3),
    ],
)
async def test_whatever_goes_wrong_is_tried_a_few_times_and_then_a_person_answers(
    provider: str, step: Step, why: ModelFailure, calls: int
) -> None:
    async with served(provider) as (world, server):
        server.play(step)
        assert await world.assistant.compose(CASE) == UNAVAILABLE
        assert world.ledger.failures == [(Purpose.COMPOSE, why)]
        assert len(server.asked) == len(world.ledger.calls["i1"]) == calls
        assert {made.failure for made in world.ledger.calls["i1"]} == {why}


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_a_garbled_body_is_an_outage(provider: str) -> None:
    async with served(provider) as (world, server):
        server.play(Garbage())
        assert await world.assistant.compose(CASE) == UNAVAILABLE
        assert len(world.ledger.failures) == 1


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_a_provider_that_hangs_is_given_up_in_time(provider: str) -> None:
    async with served(provider, QUICK) as (world, server):
        server.play(Hangs())
        assert await world.assistant.compose(CASE) == UNAVAILABLE
        assert world.ledger.failures == [(Purpose.COMPOSE, ModelFailure.TIMEOUT)]
        assert [made.failure for made in world.ledger.calls["i1"]] == [ModelFailure.TIMEOUT]


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_what_passes_by_itself_is_waited_for(provider: str) -> None:
    async with served(provider) as (world, server):
        server.play(Fails(503), Fails(429, {"retry-after": "0.1"}), LOOKS_UP, ANSWERS)
        assert isinstance(await world.assistant.compose(CASE), Reply)
        assert world.ledger.failures == []
        assert [bool(made.failure) for made in world.ledger.calls["i1"]] == [True, True, False, False]


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_without_the_provider_local_triages_and_briefs(provider: str) -> None:
    async with served(provider) as (world, server):
        server.play(Fails(401))
        case = case_of(None, "c: a refund please")
        assert await world.assistant.triage(case) == await world.local.triage(case)
        assert await world.assistant.brief(CASE) == await world.local.brief(CASE)
        assert [purpose for purpose, _ in world.ledger.failures] == [Purpose.TRIAGE, Purpose.BRIEF]


@pytest.mark.parametrize(
    "limits", [ModelRules(tokens=100), ModelRules(seconds=0.000001), ModelRules(tokens=1), ModelRules(cost_cents=1e-9)]
)
async def test_at_a_limit_nothing_is_asked(limits: ModelRules) -> None:
    terms = Terms(rules=AssistantRules(model=limits))
    async with served("openai", terms) as (world, server):
        spent = {"tokens": 200, "seconds": 1.0, "microdollars": 10}
        full = terms.model_copy(update={"spent": terms.spent.model_copy(update=spent)})
        world.ledger._terms = full
        server.play(ANSWERS)
        case = case_of(None, "c: a refund please")
        assert await world.assistant.compose(CASE) == UNAVAILABLE
        assert await world.assistant.triage(case) == await world.local.triage(case)
        assert server.asked == []
        assert world.ledger.failures == [(Purpose.COMPOSE, ModelFailure.LIMIT), (Purpose.TRIAGE, ModelFailure.LIMIT)]


async def test_a_limit_that_is_reached_in_the_middle_ends_it_there() -> None:
    async with served("openai", Terms(rules=AssistantRules(model=ModelRules(tokens=150)))) as (world, server):
        server.play(LOOKS_UP)
        assert await world.assistant.compose(CASE) == UNAVAILABLE
        assert len(server.asked) == 2
        assert world.ledger.failures == [(Purpose.COMPOSE, ModelFailure.LIMIT)]


async def test_a_provider_that_is_down_is_left_alone_for_a_while() -> None:
    now = [0.0]
    breaker = CircuitBreaker(failures=3, pause_seconds=30, clock=lambda: now[0])
    async with served("openai", breaker=breaker) as (world, server):
        server.play(Fails(500))
        for _ in range(3):
            assert await world.assistant.compose(CASE) == UNAVAILABLE
        assert len(server.asked) == 3, "the second and third customer did not wait for it"
        now[0] = 31.0
        server.play(LOOKS_UP, ANSWERS)
        assert isinstance(await world.assistant.compose(CASE), Reply)


def test_after_the_pause_one_call_tries_for_all() -> None:
    now = [0.0]
    breaker = CircuitBreaker(failures=2, pause_seconds=30, clock=lambda: now[0])
    for _ in range(2):
        assert breaker.lets_through()
        breaker.failed()
    assert not breaker.lets_through()
    now[0] = 30.0
    assert [breaker.lets_through(), breaker.lets_through()] == [True, False]
    breaker.failed()
    assert not breaker.lets_through()
    now[0] = 61.0
    assert breaker.lets_through()
    breaker.succeeded()
    assert breaker.lets_through()
