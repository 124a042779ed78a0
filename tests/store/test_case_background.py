"""What a case holds beside its conversation, on the real store: flows, other cases, refunds, how far a proof goes."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event

from activities.cases import CaseReader
from domain.commerce import MethodKind
from domain.flows.kinds import FlowKind, FlowOutcome, FlowState
from domain.money import Money
from domain.parties import Channel
from domain.proposal import HandoffReason
from store.database import Database
from store.interactions import lock_interaction
from store.proofs import IdentityProof
from tests.store.talk import Talk


@pytest.fixture
async def talk(database: Database) -> Talk:
    return await Talk(database).prepare()


def reader(talk: Talk) -> CaseReader:
    return CaseReader(talk.database, talk.shop.shop)


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """The statements that are sent meanwhile."""
    seen: list[str] = []

    def remember(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(database.engine.sync_engine, "before_cursor_execute", remember)
    yield seen
    event.remove(database.engine.sync_engine, "before_cursor_execute", remember)


async def with_issue(talk: Talk, issue: str) -> None:
    async with talk.database.begin() as session:
        (await lock_interaction(session, talk.interaction_id)).issue = issue


async def test_a_brief_reads_flows_other_cases_and_the_reason(talk: Talk) -> None:
    await talk.hears("return the mug of O-1")
    await talk.agrees()
    before = talk.interaction_id
    await talk.shop.execute("UPDATE interaction SET state = 'resolved', closed_at = opened_at - interval '30 days'")
    receipt = await talk.scene.chat("elsewhere", "another matter", shop="mia")
    await talk.scene.hand_over(receipt.interaction_id)
    case, _ = await reader(talk).read_whole(receipt.interaction_id)
    [flow] = case.flows
    assert (flow.kind, flow.order, flow.interaction_id, flow.is_open) == (FlowKind.RETURN, "O-1", before, True)
    assert [(one.interaction_id, one.channel) for one in case.earlier] == [(before, Channel.CHAT)]
    assert case.handoff is HandoffReason.POLICY


async def test_a_flow_is_read_with_its_end_and_what_it_paid_back(talk: Talk) -> None:
    await talk.hears("return the mug of O-1")
    await talk.agrees()
    await talk.shop.execute("UPDATE flow SET state = 'closed', outcome = 'settled', closed_at = changed_at")
    await talk.shop.execute(
        "INSERT INTO flow_step (id, flow_id, name, state, result)"
        """ SELECT 'step', id, 'refund:1', 'done', '{"amount_minor": 700}'::jsonb FROM flow"""
    )
    case, _ = await reader(talk).read_whole(talk.interaction_id)
    [flow] = case.flows
    assert (flow.state, flow.outcome) == (FlowState.CLOSED, FlowOutcome.SETTLED)
    assert flow.refunded == Money(minor=700, currency="EUR")


@pytest.mark.parametrize(("issue", "reads"), [("return", True), ("order_status", False)])
async def test_flows_are_read_for_an_answer_only_where_it_may_be_about_one(
    talk: Talk, issue: str, *, reads: bool
) -> None:
    await talk.hears("return the mug of O-1")
    await talk.agrees()
    await with_issue(talk, issue)
    with counted(talk.database) as statements:
        case, _ = await reader(talk).read(talk.interaction_id)
    assert bool(case.flows) is reads
    assert any("FROM flow f" in statement for statement in statements) is reads


async def test_flows_and_orders_beyond_the_proof_are_not_read(talk: Talk) -> None:
    await talk.shop.place("O-2")
    await talk.hears("return the mug of O-1")
    await talk.agrees()
    receipt = await talk.scene.chat("stranger", "where is my return?")
    talk.interaction_id = receipt.interaction_id
    await with_issue(talk, "return")
    case, _ = await reader(talk).read_whole(talk.interaction_id)
    assert (case.flows, case.earlier, await reader(talk).own_orders(case)) == ((), (), ())
    await prove(talk, "O-2")
    case, _ = await reader(talk).read_whole(talk.interaction_id)
    assert case.flows == ()
    assert [order.number for order in await reader(talk).own_orders(case)] == ["O-2"]
    assert (await reader(talk).read(talk.interaction_id))[0].flows == ()


async def prove(talk: Talk, order: str) -> None:
    async with talk.database.begin() as session:
        session.add(
            IdentityProof(
                interaction_id=talk.interaction_id,
                means="order_email",
                tried=order,
                claim=order,
                proven=True,
                order_number=order,
                shop_customer_id="mia",
            )
        )


async def test_what_was_paid_back_is_read_as_it_went(talk: Talk) -> None:
    shop = talk.shop.shop
    assert await shop.refunds("O-1") == ()
    await shop.refund("one", "O-1", 700, reason="size")
    await shop.refund("two", "O-1", 300, to="store_credit", reason="size")
    told = await shop.refunds("o-1")
    assert [(one.amount, one.to) for one in told] == [
        (Money(minor=700, currency="EUR"), MethodKind.CARD),
        (Money(minor=300, currency="EUR"), MethodKind.STORE_CREDIT),
    ]
    assert told[1].at - told[0].at < timedelta(minutes=5)
