"""What a flow says reaches the customer through the case's own story, whatever that story is at."""

from collections.abc import AsyncIterator

import pytest

from domain.flows.kinds import FlowKind
from domain.front_door import FrontDoor
from domain.interaction import InteractionState
from domain.names import WorkflowType
from domain.parties import Channel
from integrations.channels.chat import ChatOutbound
from integrations.channels.email.sending import SmtpOutbound
from integrations.channels.protocol import Outbound
from store.commerce import ShopCustomer
from store.database import Database
from store.flow_speaking import say_for_flow
from store.flows import Flow
from store.locking import database_now
from store.policy_versions import PolicyShelf
from tests.fakes.smtp import FakeSmtpServer
from tests.policies import small_policy
from tests.stage import Stage, eventually, set_stage

DOOR = FrontDoor(mail_account="support@shop.example")


@pytest.fixture
async def smtp() -> AsyncIterator[FakeSmtpServer]:
    async with FakeSmtpServer() as server:
        yield server


@pytest.fixture
async def stage(database: Database, temporal_address: str, smtp: FakeSmtpServer) -> AsyncIterator[Stage]:
    channels: dict[Channel, Outbound] = {
        Channel.CHAT: ChatOutbound(),
        Channel.EMAIL: SmtpOutbound("127.0.0.1", smtp.port),
    }
    async with set_stage(database, temporal_address, small_policy(), channels=channels) as stage:
        yield stage


async def flow_of(stage: Stage, interaction_id: str | None) -> None:
    """A return's row; what it is about does not matter here."""
    async with stage.database.begin() as session:
        policy = await PolicyShelf().active(session)
        session.add(
            Flow(
                id="f1",
                kind=FlowKind.RETURN.value,
                intent="f1",
                order_number="BT-1",
                shop_customer_id="cus-1",
                interaction_id=interaction_id,
                asked_by="customer",
                request={"kind": "return", "order": "BT-1", "items": []},
                policy_version=policy.version,
                state="closed",
            )
        )


async def say(stage: Stage, word: str) -> None:
    async with stage.database.begin() as session:
        await say_for_flow(session, "f1", word, "", PolicyShelf(), DOOR)


async def test_a_resolved_case_hears_it_and_goes_to_nobody(stage: Stage) -> None:
    receipt = await stage.write("s1", "where is my order")
    await stage.answered(receipt.conversation_id)
    await stage.story(receipt.interaction_id).signal("operator", "resolve")
    await stage.reaches(receipt.interaction_id, InteractionState.RESOLVED)
    await stage.story(receipt.interaction_id).result()
    await flow_of(stage, receipt.interaction_id)
    await say(stage, "keep_it")
    await say(stage, "keep_it")

    async def heard() -> bool:
        return (await stage.said(receipt.conversation_id))[-1][0] == "system"

    await eventually(heard)
    await stage.handled_by_relay()
    assert (
        await stage.story(receipt.interaction_id).result()
        == (await stage.interaction(receipt.interaction_id)).resolution
    )
    assert [author for author, _ in await stage.said(receipt.conversation_id)] == ["customer", "ai", "system"]
    assert (await stage.interaction(receipt.interaction_id)).state == InteractionState.RESOLVED
    await stage.all_is_well()


async def test_an_open_case_hears_it_between_two_answers(stage: Stage) -> None:
    receipt = await stage.write("s1", "where is my order")
    await stage.answered(receipt.conversation_id)
    await flow_of(stage, receipt.interaction_id)
    await say(stage, "keep_it")
    await eventually(lambda: heard_from_baton(stage, receipt.conversation_id))
    await stage.write("s1", "and the other one?")
    said = await stage.answered(receipt.conversation_id, times=2)
    assert [author for author, _ in said] == ["customer", "ai", "system", "customer", "ai"]


async def heard_from_baton(stage: Stage, conversation_id: str) -> bool:
    return any(author == "system" for author, _ in await stage.said(conversation_id))


async def test_a_case_that_baton_opens_sends_its_mail_and_waits_for_the_customer(
    stage: Stage, smtp: FakeSmtpServer
) -> None:
    async with stage.database.begin() as session:
        session.add(
            ShopCustomer(
                customer_id="cus-1", name="Ada", email="ada@mail.example", tier="vip", currency="EUR",
                created_at=await database_now(session),
            )
        )  # fmt: skip
    await flow_of(stage, None)
    await say(stage, "keep_it")
    mail = await smtp.wait_for(lambda mail: mail.recipient == "ada@mail.example")
    assert mail.subject == "Your return, order BT-1"
    (case,) = await stage.interactions()
    await stage.handled(case.id)
    assert (await stage.interaction(case.id)).state == InteractionState.AWAITING_CUSTOMER
    description = await stage.story(case.id).describe()
    assert description.workflow_type == WorkflowType.INTERACTION
    await stage.all_is_well()
