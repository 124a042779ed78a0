"""Requests for flows: written once for each intent, never two for one unit, and closed only when all is handled."""

import asyncio

import pytest
from sqlalchemy import text
from sqlmodel import col, select

from domain.commerce import ReturnedLine, ReturnRecord, ReturnState
from domain.flows.effects import Done
from domain.flows.kinds import FlowEntryKind, FlowOutcome, FlowState
from domain.flows.refusal import Rule
from domain.flows.requests import CancellationRequest, FlowRequest, OutreachReason, OutreachRequest, ReturnRequest
from domain.flows.rules import CommerceRules
from domain.flows.verdict import RequestFacts
from domain.interaction import EntryKind
from store.errors import Conflict
from store.flow_closing import close_flow
from store.flow_requests import Requested, request_flow
from store.flows import Flow, FlowClaim, FlowStep, FlowTask, flow_entries_after, lock_flow, tell_flow
from store.ids import new_id
from store.journal import Happening
from store.outbox import OutboxRow
from tests.store.scene import Scene
from tests.unit.flow_world import AGENT, CUSTOMER, NOW, PARCEL, POLICY, facts, items, order, rules, unpacked

RETURN = ReturnRequest(order="BT-1", items=items())
LONG = {"unlimited": True}


async def ask(
    scene: Scene,
    request: FlowRequest = RETURN,
    known: RequestFacts | None = None,
    *,
    intent: str = "",
    by: CommerceRules | None = None,
    shop_customer_id: str = "c1",
    interaction_id: str | None = None,
) -> Requested:
    policy = scene.policy.model_copy(update={"commerce": by or rules(returns=LONG)})
    async with scene.database.begin() as session:
        return await request_flow(
            session,
            request,
            known or facts(),
            CUSTOMER,
            policy,
            intent=intent or new_id(),
            shop_customer_id=shop_customer_id,
            interaction_id=interaction_id,
            words="too small",
        )


async def end(scene: Scene, flow_id: str, outcome: FlowOutcome = FlowOutcome.SETTLED, handled_seq: int = 1) -> bool:
    async with scene.database.begin() as session:
        return await close_flow(session, flow_id, outcome, "done", handled_seq=handled_seq)


async def flow(scene: Scene, flow_id: str) -> Flow:
    async with scene.database.begin() as session:
        return await session.get_one(Flow, flow_id)


async def claims(scene: Scene) -> dict[tuple[str, str], int]:
    async with scene.database.begin() as session:
        rows = (await session.execute(select(FlowClaim))).scalars()
        return {(row.flow_id, row.line_id): row.quantity for row in rows}


def rule_of(requested: Requested) -> Rule | None:
    return requested.verdict.refused.rule if requested.verdict.refused else None


async def test_a_request_becomes_a_flow_that_is_told_so_and_holds_its_units(scene: Scene) -> None:
    twice = ReturnRequest(order="BT-1", items=(*items(1), *items(1)))
    asked = await ask(scene, twice, intent="customer:1")
    row = await flow(scene, asked.flow_id)
    assert asked.fresh
    assert (row.kind, row.order_number, row.asked_by, row.words) == ("return", "BT-1", "customer", "too small")
    assert row.policy_version == scene.policy.version
    assert row.verdict == asked.verdict.model_dump(mode="json")
    assert row.next_step_due is not None
    assert await claims(scene) == {(row.id, "l1"): 2}
    async with scene.database.begin() as session:
        entries = await flow_entries_after(session, row.id, 0)
        addressed = (await session.execute(select(OutboxRow))).scalars().all()
    assert [(entry.seq, entry.kind) for entry in entries] == [(1, FlowEntryKind.REQUESTED)]
    assert [one.workflow_id for one in addressed] == [f"return-{row.id}"]
    started = await scene.happened(Happening.FLOW_STARTED)
    assert [(one.flow_id, one.facts["kind_of_flow"]) for one in started] == [(row.id, "return")]


async def test_the_same_intent_gives_the_same_flow_also_after_its_end(scene: Scene) -> None:
    first = await ask(scene, intent="customer:1")
    again = await ask(scene, intent="customer:1")
    assert (again.flow_id, again.fresh, again.verdict) == (first.flow_id, False, first.verdict)
    assert await end(scene, first.flow_id)
    late = await ask(scene, intent="customer:1", by=rules(returns={"offered": False}))
    assert (late.flow_id, late.fresh, late.verdict.allowed) == (first.flow_id, False, True)


@pytest.mark.parametrize(
    ("request_", "shop_customer_id"),
    [
        (RETURN, "c2"),
        (CancellationRequest(order="BT-1"), "c1"),
        (ReturnRequest(order="BT-2", items=items()), "c1"),
    ],
    ids=["customer", "kind", "order"],
)
async def test_an_intent_that_is_somebody_elses_opens_nothing(
    scene: Scene, request_: FlowRequest, shop_customer_id: str
) -> None:
    await ask(scene, intent="customer:1")
    known = facts(order(number=request_.order))
    with pytest.raises(Conflict):
        await ask(scene, request_, known, intent="customer:1", shop_customer_id=shop_customer_id)


async def test_a_refused_request_is_journalled_with_its_rule_and_leaves_nothing_else(scene: Scene) -> None:
    refused = await ask(scene, ReturnRequest(order="BT-1", items=items(9)))
    assert (refused.flow_id, refused.fresh, rule_of(refused)) == ("", False, Rule.QUANTITY_NOT_LEFT)
    noted = await scene.happened(Happening.FLOW_REQUEST_REFUSED)
    assert [row.facts for row in noted] == [
        {"kind_of_flow": "return", "order": "BT-1", "rule": "quantity_not_left"},
    ]
    async with scene.database.begin() as session:
        assert (await session.execute(text("SELECT count(*) FROM flow"))).scalar_one() == 0
        assert (await session.execute(text("SELECT count(*) FROM outbox"))).scalar_one() == 0
    assert await claims(scene) == {}


async def test_of_many_who_ask_at_once_for_the_same_units_only_so_many_get_them(scene: Scene) -> None:
    answers = await asyncio.gather(*(ask(scene) for _ in range(6)))
    assert sorted(answer.verdict.allowed for answer in answers) == [False] * 4 + [True] * 2
    assert {rule_of(answer) for answer in answers} == {None, Rule.QUANTITY_NOT_LEFT}
    assert sum((await claims(scene)).values()) == 2


async def test_one_click_that_arrives_many_times_at_once_starts_one_flow(scene: Scene) -> None:
    answers = await asyncio.gather(*(ask(scene, intent="customer:1") for _ in range(6)))
    assert len({answer.flow_id for answer in answers}) == 1
    assert sum(answer.fresh for answer in answers) == 1


async def test_a_whole_cancellation_and_a_return_never_hold_the_same_unit(scene: Scene) -> None:
    assert (await ask(scene, CancellationRequest(order="BT-1"), facts(unpacked()))).verdict.allowed
    assert sorted((await claims(scene)).values()) == [1, 2]
    assert rule_of(await ask(scene)) is Rule.QUANTITY_NOT_LEFT


async def test_units_that_the_shop_counts_already_are_not_counted_again(scene: Scene) -> None:
    first = await ask(scene)
    async with scene.database.begin() as session:
        done = Done(ref="r1", at=NOW).model_dump(mode="json")
        session.add(FlowStep(flow_id=first.flow_id, name="open_return", state="done", result=done))
    taken = ReturnedLine(line_id="l1", quantity=1)
    record = ReturnRecord(return_id="r1", state=ReturnState.OPEN, exchange=False, reason="", lines=(taken,))
    told = order(returns=(record,))
    told = told.model_copy(update={"lines": (told.lines[0].model_copy(update={"returning": 1}), told.lines[1])})
    assert (await ask(scene, known=facts(told))).verdict.allowed
    assert rule_of(await ask(scene, known=facts(told))) is Rule.QUANTITY_NOT_LEFT


async def test_a_limit_is_not_passed_by_asking_in_small_parts(scene: Scene) -> None:
    worth = (await ask(scene)).verdict.at_stake_minor
    limited = rules(returns={**LONG, "approval": {"above": {"EUR": worth}}})
    second = await ask(scene, by=limited)
    assert second.verdict.needs_approval == "amount"
    await end(scene, second.flow_id, FlowOutcome.DECLINED)
    alone = rules(returns={**LONG, "approval": {"above": {"EUR": 2 * worth}}})
    assert (await ask(scene, by=alone)).verdict.needs_approval == ""


@pytest.mark.parametrize(
    ("outcome", "counts"),
    [
        (FlowOutcome.SETTLED, True),
        (FlowOutcome.DECLINED, False),
        (FlowOutcome.EXPIRED, False),
        (FlowOutcome.CANCELLED, False),
        (FlowOutcome.COMPENSATED, False),
    ],
)
async def test_of_what_is_allowed_once_only_that_counts_of_which_something_came(
    scene: Scene, outcome: FlowOutcome, counts: bool
) -> None:
    once = rules(returns={**LONG, "once_per_order": True})
    first = await ask(scene, by=once)
    assert rule_of(await ask(scene, by=once)) is Rule.SECOND_REQUEST
    await end(scene, first.flow_id, outcome)
    assert (rule_of(await ask(scene, by=once)) is Rule.SECOND_REQUEST) is counts


async def test_a_flow_may_be_named_by_its_subject(scene: Scene) -> None:
    moving = order(shipments=(PARCEL.model_copy(update={"state": "in_transit"}),))
    late = OutreachRequest(order="BT-1", shipment_id="s1", reason=OutreachReason.LATE)
    policy = scene.policy.model_copy(update={"commerce": rules(delays={"offered": True})})
    async with scene.database.begin() as session:
        asked = await request_flow(
            session, late, facts(moving), POLICY, policy, intent="outreach:s1:late", flow_id="delay-s1-late"
        )
    row = await flow(scene, asked.flow_id)
    assert (row.id, row.workflow_id, row.asked_by) == ("delay-s1-late", "outreach-delay-s1-late", "policy")
    assert await claims(scene) == {}


async def test_an_agent_is_named_as_who_asked(scene: Scene) -> None:
    policy = scene.policy.model_copy(update={"commerce": rules(returns=LONG)})
    async with scene.database.begin() as session:
        asked = await request_flow(session, RETURN, facts(), AGENT, policy, intent="agent:1")
    assert (await flow(scene, asked.flow_id)).asked_by == "agent:a1"


# --- the end ----------------------------------------------------------------------------------------------------------


async def test_a_flow_that_was_told_something_meanwhile_does_not_close(scene: Scene) -> None:
    asked = await ask(scene)
    async with scene.database.begin() as session:
        tell_flow(session, await lock_flow(session, asked.flow_id), FlowEntryKind.PARCEL_SCANNED)
    assert not await end(scene, asked.flow_id)
    assert (await flow(scene, asked.flow_id)).is_open
    assert await claims(scene) != {}
    assert await end(scene, asked.flow_id, handled_seq=2)


async def test_the_end_frees_units_and_withdraws_tasks(scene: Scene) -> None:
    asked = await ask(scene, ReturnRequest(order="BT-1", items=items(2)))
    async with scene.database.begin() as session:
        for key, state in (("approve", "done"), ("inspect", "open")):
            session.add(FlowTask(flow_id=asked.flow_id, key=key, kind=key, team_id="support", state=state))
    assert await end(scene, asked.flow_id, FlowOutcome.EXPIRED)
    row = await flow(scene, asked.flow_id)
    assert (row.state, row.outcome, row.reason) == (FlowState.CLOSED.value, "expired", "done")
    assert row.closed_at is not None
    assert row.next_step_due is None
    assert await claims(scene) == {}
    async with scene.database.begin() as session:
        tasks = (await session.execute(select(FlowTask).order_by(col(FlowTask.key)))).scalars().all()
    assert [(task.key, task.state) for task in tasks] == [("approve", "done"), ("inspect", "withdrawn")]
    assert (await ask(scene, ReturnRequest(order="BT-1", items=items(2)))).verdict.allowed


async def test_closing_again_changes_nothing_and_what_comes_later_is_late(scene: Scene) -> None:
    asked = await ask(scene)
    assert await end(scene, asked.flow_id)
    assert await end(scene, asked.flow_id, FlowOutcome.COMPENSATED, handled_seq=7)
    assert (await flow(scene, asked.flow_id)).outcome == "settled"
    assert len(await scene.happened(Happening.FLOW_CLOSED)) == 1
    async with scene.database.begin() as session:
        assert not tell_flow(session, await lock_flow(session, asked.flow_id), FlowEntryKind.PARCEL_SCANNED)
    assert len(await scene.happened(Happening.LATE)) == 1


@pytest.mark.parametrize("is_open", [True, False])
async def test_an_open_case_is_told_of_the_end_of_its_flow(scene: Scene, is_open: bool) -> None:
    receipt = await scene.chat("thread")
    if not is_open:
        async with scene.database.begin() as session:
            await session.execute(text("UPDATE interaction SET state = 'resolved'"))
    asked = await ask(scene, interaction_id=receipt.interaction_id)
    assert await end(scene, asked.flow_id)
    told = (await scene.told(receipt.interaction_id)).count(EntryKind.FLOW_REPORTED.value)
    assert told == (1 if is_open else 0)


async def test_an_order_spelled_otherwise_is_the_same_order(scene: Scene) -> None:
    first = await ask(scene, ReturnRequest(order="bt-1", items=items(2)))
    assert (await flow(scene, first.flow_id)).order_number == "BT-1"
    assert rule_of(await ask(scene, ReturnRequest(order="BT-1", items=items(2)))) is Rule.QUANTITY_NOT_LEFT
