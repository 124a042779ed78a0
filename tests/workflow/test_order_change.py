"""Changes of an order: each happens whole, once, or not at all, and the customer hears which."""

from collections.abc import AsyncIterator

import pytest

from domain.commerce import Address
from domain.flows.kinds import FlowOutcome, TaskKind
from domain.flows.requests import (
    AddressChange,
    CancellationRequest,
    FlowRequest,
    ItemChange,
    PaymentChange,
    RefundRequest,
    Swap,
)
from store.database import Database
from tests.workflow.flow_stage import CARD, CUSTOMER, FlowStage, rules, set_flow_stage


@pytest.fixture
async def stage(database: Database, temporal_address: str) -> AsyncIterator[FlowStage]:
    async with set_flow_stage(database, temporal_address) as stage:
        yield stage


def changes(order: str) -> dict[str, FlowRequest]:
    """Each change of an order that is paid and not packed, by what the customer is told of it."""
    return {
        "address_changed": AddressChange(
            order=order, address=Address(line1="Canary Road 2", city="Hamburg", postcode="20095", country="DE")
        ),
        "items_changed": ItemChange(order=order, swaps=(Swap(line_id=f"{order}-1", new_sku="dear"),), method_id=CARD),
        "payment_changed": PaymentChange(order=order, method_id=f"{CUSTOMER}-paypal"),
        "order_cancelled": CancellationRequest(order=order, reason="changed_mind"),
        "refund_made": RefundRequest(order=order, amount_minor=300, currency="EUR"),
    }


WORDS = tuple(changes("x"))


@pytest.mark.parametrize("word", WORDS)
async def test_a_change_is_made_once_and_told(stage: FlowStage, word: str) -> None:
    order = await stage.order(1, state="paid")
    flow_id = await stage.begin(changes(order)[word], by="agent:kim" if word == "refund_made" else "customer")
    await stage.ends(flow_id, FlowOutcome.SETTLED)
    assert stage.words(flow_id) == [word]
    assert await stage.steps(flow_id) == {"change_order": "done"}
    refunded = {"order_cancelled": 2000, "refund_made": 300, "payment_changed": 2000}
    assert (await stage.paid(order))[1] == refunded.get(word, 0)
    await stage.nothing_is_half_done(flow_id)


async def test_no_history_holds_the_customers_words_or_address(stage: FlowStage) -> None:
    order = await stage.order(1, state="paid")
    flow_id = await stage.begin(changes(order)["address_changed"])
    await stage.ends(flow_id, FlowOutcome.SETTLED)
    told = b"".join(event.SerializeToString() for event in (await stage.history(flow_id)).events).lower()
    assert b"canary" not in told
    assert b"hamburg" not in told


async def test_what_has_left_the_house_meanwhile_is_declined(database: Database, temporal_address: str) -> None:
    always = {"approval": {"always": True}}
    async with set_flow_stage(database, temporal_address, rules(cancellations=always)) as stage:
        order = await stage.order(1, state="paid")
        flow_id = await stage.begin(changes(order)["order_cancelled"])
        task = await stage.task(flow_id, TaskKind.APPROVE)
        await stage.send_everything(order)
        await stage.finish(task, "approved")
        row = await stage.ends(flow_id, FlowOutcome.DECLINED)
        assert row.reason in {"order_state", "already_shipped"}
        assert stage.words(flow_id) == ["in_review", f"declined:{row.reason}"]
        assert await stage.refunds(order) == []


async def test_a_refund_above_what_an_agent_may_give_waits_for_somebody_who_may(
    database: Database, temporal_address: str
) -> None:
    above = {"approval": {"above": {"EUR": 100}}}
    async with set_flow_stage(database, temporal_address, rules(refunds=above)) as stage:
        order = await stage.order(1)
        flow_id = await stage.begin(changes(order)["refund_made"], by="agent:kim")
        task = await stage.task(flow_id, TaskKind.APPROVE)
        assert await stage.refunds(order) == []
        await stage.finish(task, "approved", agent="robin")
        await stage.ends(flow_id, FlowOutcome.SETTLED)
        assert await stage.refunds(order) == [(300, "card")]
