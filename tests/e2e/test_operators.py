"""What an operator does in the Temporal UI is part of the design: cancel, terminate, signals by hand."""

import pytest
from sqlalchemy import text
from temporalio.client import WorkflowExecutionStatus, WorkflowHandle
from temporalio.common import SearchAttributeKey
from temporalio.service import RPCError

from cli.demo.chat import ChatCustomer
from cli.demo.checks import eventually
from cli.demo.scenarios.closing import goodbye, resolved
from cli.demo.scenarios.questions import QUESTIONS
from cli.demo.world import World
from domain.names import SearchAttribute, Signal, interaction_workflow_id
from tests.e2e.recorded import current_details

_QUESTION, _FACT = QUESTIONS[0]


def _story(world: World, customer: ChatCustomer) -> WorkflowHandle[object, object]:
    return world.temporal.get_workflow_handle(interaction_workflow_id(customer.interaction_id))


async def _is_with_people(customer: ChatCustomer) -> None:
    async def look() -> bool:
        return await customer.state() == "awaiting_person"

    await eventually(look, within=20, expected="a case that waits for a person")


async def _facts(world: World, customer: ChatCustomer, kind: str) -> list[dict[str, str]]:
    query = text("SELECT facts FROM journal WHERE interaction_id = :id AND kind = :kind ORDER BY id")
    async with world.database.begin() as session:
        rows = await session.execute(query, {"id": customer.interaction_id, "kind": kind})
        return list(rows.scalars())


@pytest.mark.parametrize("answered_first", [True, False], ids=["at rest", "in the customer's pause"])
async def test_cancel_ends_in_a_handoff(world: World, answered_first: bool) -> None:
    async with world.at_desk(world.staff.jules) as jules, world.chat() as customer:
        await customer.say(_QUESTION)
        if answered_first:
            await customer.gets(1)
        await eventually(lambda: _started(world, customer), within=20, expected="a running story")
        await _story(world, customer).cancel()
        item = await jules.accept(customer.interaction_id)
        assert item["reason"] == "operator"
        assert (await _story(world, customer).describe()).status is WorkflowExecutionStatus.RUNNING
        await jules.reply(item, "A person here.")
        await customer.gets(2 if answered_first else 1)
        await jules.resolve(item)
        await resolved(customer)
        assert customer.answers[-1].author == "agent"
    assert await world.at_rest() == []


async def test_a_terminated_run_is_repaired_and_nothing_is_said_twice(world: World) -> None:
    async with world.chat() as customer:
        await customer.ask(_QUESTION)
        story = _story(world, customer)
        first = (await story.describe()).run_id
        await story.terminate()

        async def look() -> bool:
            now = await story.describe()
            return now.run_id != first and now.status is WorkflowExecutionStatus.RUNNING

        await eventually(look, within=30, expected="a new run")
        answer = await customer.ask("Which payment methods can I use?")
        assert "PayPal" in answer.text
        await goodbye(customer)
        assert [said.author for said in customer.seen] == ["customer", "ai", "customer", "ai", "customer"]
    assert await world.at_rest() == []


async def test_a_run_terminated_in_the_middle_of_a_turn_still_answers_it_once(world: World) -> None:
    async with world.chat() as customer:
        await customer.say(_QUESTION)
        await eventually(lambda: _started(world, customer), within=20, expected="a running story")
        await _story(world, customer).terminate()
        [answer] = await customer.gets(1, within=60)
        assert _FACT in answer.text
        await goodbye(customer)
        assert len(customer.answers) == 1
    assert await world.at_rest() == []


async def test_orders_sent_by_hand_are_executed_and_journalled(world: World) -> None:
    async with world.chat() as customer:
        await customer.ask(_QUESTION)
        await _story(world, customer).signal(Signal.OPERATOR, "hand_to_people")
        await _is_with_people(customer)
        await _story(world, customer).signal(Signal.OPERATOR, "resolve")
        await resolved(customer)
        done = [fact["order"] for fact in await _facts(world, customer, "operator_did")]
        assert done == ["hand_to_people", "resolve"]
    assert await world.at_rest() == []


async def test_an_order_that_is_none_is_refused_visibly_and_changes_nothing(world: World) -> None:
    async with world.chat() as customer:
        await customer.ask(_QUESTION)
        story = _story(world, customer)
        await story.signal(Signal.OPERATOR, "make it so")

        async def look() -> bool:
            return "no such order" in await current_details(story)

        await eventually(look, within=20, expected="a refusal in the current details")
        assert [fact["refused"] for fact in await _facts(world, customer, "operator_refused")] == ["no such order"]
        assert await customer.state() == "awaiting_customer"
        await goodbye(customer)
    assert await world.at_rest() == []


async def test_a_run_explains_itself_in_the_temporal_ui(world: World) -> None:
    async with world.chat() as customer:
        await customer.ask(_QUESTION)
        story = _story(world, customer)

        async def look() -> str:
            details = await current_details(story)
            return details if "the customer" in details else ""

        details = await eventually(look, within=20, expected="details that say who is waited for")
        for line in ("**Issue**: product_question", "**Holder**: ai", "**Next deadline**", "/desk?interaction="):
            assert line in details
        described = await story.describe()
        assert await described.static_summary() == "chat · guest"
        shown = {
            name: described.typed_search_attributes.get(SearchAttributeKey.for_keyword(name.value))
            for name in SearchAttribute
        }
        assert shown[SearchAttribute.CHANNEL] == "chat"
        assert shown[SearchAttribute.STATE] == "awaiting_customer"
        assert shown[SearchAttribute.HOLDER] == "ai"
        assert shown[SearchAttribute.ISSUE] == "product_question"
        await goodbye(customer)


async def _started(world: World, customer: ChatCustomer) -> bool:
    try:
        return bool(await _story(world, customer).describe())
    except RPCError:
        return False
