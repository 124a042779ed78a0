"""Returns: each ends settled, declined, expired or called off, and the customer hears how."""

from collections.abc import AsyncIterator

import pytest

from domain.flows.kinds import FlowEntryKind, FlowOutcome, FlowState, TaskKind
from domain.flows.requests import ItemWanted, RefundTo, ReturnRequest
from store.commerce_ledger import ShopReturn
from store.database import Database
from tests.workflow.flow_stage import MS, MS_HOURS, FlowStage, rules, set_flow_stage

SOON = 300 * MS


@pytest.fixture
async def stage(database: Database, temporal_address: str) -> AsyncIterator[FlowStage]:
    async with set_flow_stage(database, temporal_address) as stage:
        yield stage


def returning(order: str, *quantities: int, **more: object) -> ReturnRequest:
    """The first lines of an order."""
    items = tuple(ItemWanted(line_id=f"{order}-{n}", quantity=q) for n, q in enumerate(quantities or (1,), 1))
    return ReturnRequest(order=order, items=items, reason="too_small", **more)


async def test_what_comes_back_is_refunded_the_way_it_was_paid(stage: FlowStage) -> None:
    order = await stage.order(2)
    flow_id = await stage.begin(returning(order, 2))
    await stage.comes_back(flow_id)
    await stage.ends(flow_id, FlowOutcome.SETTLED)
    assert await stage.refunds(order) == [(4000, "card")]
    assert stage.words(flow_id) == ["label", "received", "refunded"]
    assert await stage.stock("base") == 1002
    await stage.nothing_is_half_done(flow_id)
