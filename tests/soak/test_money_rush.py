"""The books balance whatever flows do on the same orders at the same time, and whatever fails under them."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select, text

from domain.flows.kinds import FlowOutcome
from store.audit import audit_store
from store.commerce_ledger import ShopEffect
from store.database import Database
from store.flows import Flow
from tests.soak.rush import FlowRush, parts
from tests.stage import eventually
from tests.store.shop_audit import audit, units_there
from tests.store.shop_scene import ShopScene
from tests.workflow.flow_stage import FlowStage, rules, set_flow_stage

ORDERS, ASKED = 12, 116
ENDS = {FlowOutcome.SETTLED, FlowOutcome.DECLINED, FlowOutcome.EXPIRED, FlowOutcome.CANCELLED, FlowOutcome.COMPENSATED}
RULES = rules(
    returns={"credit_bonus": 10, "approval": {"above": {"EUR": 5000}}},
    refunds={"approval": {"above": {"EUR": 1000}}},
)
_MADE_BY_FLOWS = """
    SELECT (SELECT count(*) FROM shop_payment WHERE effect_key <> '' AND amount_minor > 0)
         + (SELECT count(*) FROM shop_refund WHERE amount_minor > 0)"""

_MOVED = """
    SELECT coalesce(sum(payment.amount_minor), 0)
         - coalesce(sum((SELECT sum(amount_minor) FROM shop_refund AS r WHERE r.payment_id = payment.payment_id)), 0)
         - (SELECT coalesce(sum(amount_minor), 0) FROM shop_refund
            WHERE effect_key = ANY(:keys) AND payment_id NOT IN (
                SELECT payment_id FROM shop_payment WHERE effect_key = ANY(:keys)))
    FROM shop_payment AS payment WHERE effect_key = ANY(:keys)"""


@pytest.fixture
async def stage(database: Database, temporal_address: str) -> AsyncIterator[FlowStage]:
    async with set_flow_stage(database, temporal_address, RULES) as stage:
        yield stage


@pytest.mark.soak
async def test_no_cent_and_no_unit_is_lost_whatever_flows_do_at_the_same_time(stage: FlowStage, soak_run: int) -> None:
    rush, scene = FlowRush(stage, soak_run), ShopScene(stage.database)
    orders = await rush.prepare(ORDERS)
    units = await units_there(scene)
    await rush.run(parts(orders, rush.random, ASKED))
    await at_rest(stage)
    ((effects,),) = await scene.rows(_MADE_BY_FLOWS)
    assert await books(rush, scene, units) == []
    await every_flow_is_done(rush)
    assert effects >= 60, (effects, len(rush.parts), dict(rush.refused))
    assert rush.deaths


async def at_rest(stage: FlowStage) -> None:
    """Wait until everything addressed to a flow has been told, and the store's audit finds nothing."""

    async def nothing_is_found() -> bool:
        async with stage.database.begin() as session:
            return await audit_store(session) == []

    try:
        await eventually(nothing_is_found)
    except TimeoutError:
        async with stage.database.begin() as session:
            raise AssertionError(await audit_store(session)) from None


async def books(rush: FlowRush, scene: ShopScene, units: int) -> list[str]:
    """What does not agree; the audit of the shop counts from another stock than this stage begins with."""
    found = await audit(scene, rush.shop.answered, units=units)
    wrong = [one for one in found if not one.startswith("stock of ")] + rush.shop.changed_its_mind
    async with rush.stage.database.begin() as session:
        happened = {(row.verb, row.key) for row in (await session.execute(select(ShopEffect))).scalars()}
    return wrong + [f"answered or happened alone: {one}" for one in happened ^ rush.shop.answered.keys()]


async def every_flow_is_done(rush: FlowRush) -> None:
    """Every flow has ended, and nothing of it is half done."""
    async with rush.stage.database.begin() as session:
        flows = list((await session.execute(select(Flow))).scalars())
    assert {flow.id for flow in flows} == rush.parts.keys()
    for flow in flows:
        assert FlowOutcome(flow.outcome) in ENDS
        if flow.outcome == FlowOutcome.SETTLED.value:
            await rush.stage.nothing_is_half_done(flow.id)
        else:
            assert await moved(rush, flow) == 0, (
                flow.id,
                flow.order_number,
                flow.outcome,
                [k for k, f in rush.shop.by_hand.items() if f == flow.id],
            )


async def moved(rush: FlowRush, flow: Flow) -> int:
    """What was taken for a flow and is still there, less what else it gave back, by itself or by hand.

    Part of it may have gone back otherwise: who gives money back takes it from the newest payment.
    """
    link = f"pay_link:{flow.facts.get('payment_link', '')}"
    done = [key for _, key in rush.shop.answered if key.endswith(flow.id) or key == link]
    by_hand = [key for key, flow_id in rush.shop.by_hand.items() if flow_id == flow.id]
    async with rush.stage.database.begin() as session:
        return int((await session.execute(text(_MOVED), {"keys": done + by_hand})).scalar_one())
