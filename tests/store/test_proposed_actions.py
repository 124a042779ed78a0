"""What the AI proposes in an `ai` stage: judged by policy, read back, and begun on the customer's plain yes only."""

import pytest

from activities.stage_orders import awaits_yes
from domain.commerce import Address
from domain.flows.kinds import FlowKind
from domain.flows.requests import (
    AddressChange,
    CancellationRequest,
    ExchangeRequest,
    FlowRequest,
    ItemWanted,
    PaymentChange,
    RefundRequest,
    RefundTo,
    ReturnRequest,
    Swap,
    read_request,
)
from domain.policy import Policy
from domain.policy_file import read_policy
from domain.proposal import Action, HandoffReason
from store.database import Database
from store.proofs import IdentityProof
from tests.fakes.assistant import cited
from tests.store.talk import _POLICY, Talk

MUG = ReturnRequest(order="O-1", items=(ItemWanted(line_id="O-1-2"),))


def policy(*actions: FlowKind) -> Policy:
    plain = read_policy(_POLICY)
    kinds = actions or plain.assistant.actions
    return plain.model_copy(update={"assistant": plain.assistant.model_copy(update={"actions": kinds})})


@pytest.fixture
async def talk(database: Database) -> Talk:
    return await Talk(database).prepare()


def proposes(talk: Talk, request: FlowRequest) -> None:
    """Whatever the customer says, the AI proposes this."""
    talk.assistant.answer = lambda _: Action(request=request)


async def says_yes(talk: Talk, words: str = "yes please") -> str:
    composed = await talk.says(words, "ai")
    assert composed.collected, await talk.text(composed)
    return await talk.said(await talk.verbs.start_flow(talk.ref))


async def test_a_proposed_return_is_read_back_with_the_verdicts_amounts_and_begun_on_a_yes(talk: Talk) -> None:
    proposes(talk, MUG)
    read = await talk.hears("the mug does not please me", "ai")
    assert "1 × mug" in read
    assert "7.00 EUR" in read
    assert await talk.flows() == []
    assert "under way" in await says_yes(talk)
    [flow] = await talk.flows()
    assert read_request(flow.request) == MUG
    assert (flow.asked_by, flow.shop_customer_id, flow.interaction_id) == ("ai", "mia", talk.interaction_id)


@pytest.mark.parametrize("words", ["ok", "yes but without the fee", "yes?", "hm", "do what you think is right"])
async def test_nothing_is_begun_on_anything_but_a_plain_yes(talk: Talk, words: str) -> None:
    proposes(talk, MUG)
    read = await talk.hears("return the mug", "ai")
    again = await talk.hears(words, "ai")
    assert again.endswith(read)
    assert await talk.flows() == []


async def test_a_yes_that_answers_no_read_back_begins_nothing(talk: Talk) -> None:
    proposes(talk, MUG)
    assert "1 × mug" in await talk.hears("yes yes yes", "ai")
    assert await talk.flows() == []


async def test_a_yes_to_a_draft_that_nobody_has_seen_begins_nothing(talk: Talk) -> None:
    proposes(talk, MUG)
    await talk.says("return the mug", "ai")
    assert not (await talk.says("yes", "ai")).collected
    assert await talk.flows() == []


async def test_the_model_is_not_asked_what_a_yes_means(talk: Talk) -> None:
    proposes(talk, MUG)
    await talk.hears("return the mug", "ai")
    asked = len(talk.assistant.composed)
    await says_yes(talk)
    assert len(talk.assistant.composed) == asked


async def test_what_is_neither_yes_nor_no_is_put_to_the_assistant(talk: Talk) -> None:
    proposes(talk, MUG)
    await talk.hears("return the mug", "ai")
    talk.assistant.answer = lambda _: cited("The label is free.")
    assert await talk.hears("what does the label cost?", "ai") == "The label is free."
    assert await talk.flows() == []


async def test_a_no_is_confirmed_and_nothing_is_done(talk: Talk) -> None:
    proposes(talk, MUG)
    await talk.hears("return the mug", "ai")
    assert "nothing has been done" in await talk.hears("no thanks", "ai")
    assert await talk.flows() == []


async def test_a_start_that_is_tried_again_starts_once(talk: Talk) -> None:
    proposes(talk, MUG)
    await talk.hears("return the mug", "ai")
    await talk.says("yes", "ai")
    await talk.verbs.start_flow(talk.ref)
    await talk.verbs.start_flow(talk.ref)
    assert len(await talk.flows()) == 1


async def test_what_has_changed_since_is_read_back_again(talk: Talk) -> None:
    proposes(talk, MUG)
    await talk.hears("return the mug", "ai")
    await talk.shop.execute("UPDATE shop_order_line SET unit_price_minor = 900 WHERE line_id = 'O-1-2'")
    composed = await talk.says("yes", "ai")
    assert not composed.collected
    read = await talk.said(composed)
    assert "Something has changed" in read
    assert "6.00 EUR" in read
    assert await talk.flows() == []


async def test_after_too_many_read_backs_a_person_gets_it(talk: Talk) -> None:
    proposes(talk, MUG)
    await talk.hears("return the mug", "ai")
    for _ in range(2):
        await talk.hears("hm", "ai")
    assert (await talk.says("hm", "ai")).handoff is HandoffReason.LOW_CONFIDENCE


@pytest.mark.parametrize(
    "request_",
    [
        RefundRequest(order="O-1", amount_minor=5500, currency="EUR"),
        AddressChange(order="O-1", address=Address(name="Eve", city="Elsewhere")),
        PaymentChange(order="O-1", method_id="mia-card"),
    ],
    ids=lambda request: request.kind.value,
)
async def test_what_cannot_be_read_back_goes_to_a_person_even_where_policy_names_it(
    database: Database, request_: FlowRequest
) -> None:
    talk = await Talk(database).prepare(policy(request_.kind))
    proposes(talk, request_)
    assert (await talk.says("do it", "ai")).handoff is HandoffReason.UNSUPPORTED_REQUEST
    assert await talk.flows() == []


async def test_an_action_that_policy_does_not_name_goes_to_a_person(database: Database) -> None:
    talk = await Talk(database).prepare(policy(FlowKind.CANCELLATION))
    proposes(talk, MUG)
    assert (await talk.says("return the mug", "ai")).handoff is HandoffReason.UNSUPPORTED_REQUEST
    proposes(talk, CancellationRequest(order="O-1"))
    assert "not possible" in await talk.text(await talk.says("cancel it", "ai"))


@pytest.mark.parametrize("number", ["O-7", "O-404"])
async def test_an_order_of_somebody_else_and_one_that_does_not_exist_are_asked_for_alike(
    talk: Talk, number: str
) -> None:
    await talk.shop.place("O-7")
    await talk.shop.execute("UPDATE shop_order SET customer_id = 'leo' WHERE number = 'O-7'")
    proposes(talk, ReturnRequest(order=number, items=(ItemWanted(line_id=f"{number}-2"),)))
    asked = await talk.hears("return it", "ai")
    assert asked.startswith("Which order is it about?")
    assert "O-1" in asked
    assert number not in asked


async def test_items_that_are_not_in_the_order_are_refused_by_the_rule(talk: Talk) -> None:
    proposes(talk, ReturnRequest(order="O-1", items=(ItemWanted(line_id="O-9-9"),)))
    assert await talk.hears("return it", "ai") == "This item is not part of the order."


async def test_money_above_the_limit_still_needs_a_person(talk: Talk) -> None:
    everything = tuple(ItemWanted(line_id=f"O-1-{line}", quantity=units) for line, units in ((1, 2), (2, 1)))
    proposes(talk, ReturnRequest(order="O-1", items=everything))
    assert "A colleague has to approve it first" in await talk.hears("return all of it", "ai")
    await says_yes(talk)
    [flow] = await talk.flows()
    assert flow.verdict["needs_approval"] == "amount"


async def test_an_exchange_may_be_proposed(talk: Talk) -> None:
    swap = Swap(line_id="O-1-1", quantity=1, new_sku="shirt-l")
    proposes(talk, ExchangeRequest(order="O-1", swaps=(swap,)))
    assert "1 × shirt-m for 1 × Shirt, L" in await talk.hears("L instead of M please", "ai")
    await says_yes(talk)
    assert [flow.kind for flow in await talk.flows()] == ["exchange"]


async def test_whoever_is_not_proven_is_asked_for_proof(talk: Talk) -> None:
    proposes(talk, MUG)
    asked = await talk.hears("return the mug", "ai", who="")
    assert "7.00 EUR" not in asked
    assert await talk.flows() == []


async def test_a_person_is_not_talked_out_of_wanting_one(talk: Talk) -> None:
    proposes(talk, MUG)
    assert (await talk.says("I want a person to return the mug", "ai")).handoff is HandoffReason.CUSTOMER_REQUEST


async def test_a_proof_by_order_number_sends_no_money_elsewhere(talk: Talk) -> None:
    elsewhere = MUG.model_copy(update={"refund_to": RefundTo.STORE_CREDIT})
    proposes(talk, elsewhere)
    composed = await talk.says("return the mug", "ai", who="")
    async with talk.database.begin() as session:
        proof = IdentityProof(
            interaction_id=talk.interaction_id,
            means="order_postcode",
            tried="order:O-1",
            claim="x",
            proven=True,
            order_number="O-1",
            shop_customer_id="mia",
        )
        session.add(proof)
    del composed
    asked = await talk.hears("to my credit please", "ai", who="")
    assert "EUR" not in asked
    proposes(talk, MUG)
    assert "7.00 EUR" in await talk.hears("then the way I paid", "ai", who="")


async def awaited(talk: Talk, words: str) -> bool:
    """The customer writes: does it answer a read-back?"""
    await talk.scene.chat("thread", words, shop="mia")
    case, _ = await talk.verbs._cases.read(talk.interaction_id)
    async with talk.database.begin() as session:
        return await awaits_yes(session, case)


async def test_what_follows_a_read_back_answers_it(talk: Talk) -> None:
    proposes(talk, MUG)
    await talk.hears("return the mug", "ai")
    assert await awaited(talk, "yes, thanks")


async def test_what_follows_its_end_or_a_draft_that_nobody_saw_does_not(talk: Talk) -> None:
    proposes(talk, MUG)
    await talk.says("return the mug", "ai")
    assert not await awaited(talk, "yes")
    await talk.hears("the mug", "ai")
    await talk.hears("no thanks", "ai")
    assert not await awaited(talk, "thanks")
