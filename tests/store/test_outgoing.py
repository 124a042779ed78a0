"""The outbound queue: in order, one at a time, never twice without a mark, and never blocked for good."""

import asyncio

import pytest

from domain.message import DeliveryState, OutboundMessage, SendOutcome, SendResult
from store.audit import Problem
from store.outgoing import Busy, Claimed, give_back, mark_unknown, settle
from store.people import reply
from tests.store.scene import Scene

SENT = SendOutcome(result=SendResult.SENT)
FAILED = SendOutcome(result=SendResult.FAILED, code="550")
UNKNOWN = SendOutcome(result=SendResult.UNKNOWN)


async def conversation_with(scene: Scene, *words: str) -> str:
    """A mail thread in which an agent has said something that nobody has sent yet."""
    receipt = await scene.mail("ada@mail.example")
    agent = await scene.hire(capacity=10)
    item = await scene.taken_by(agent, receipt.interaction_id)
    for word in words:
        async with scene.database.begin() as session:
            await reply(session, item.id, agent.id, word, word, scene.policy)
    return receipt.conversation_id


async def claimed(scene: Scene, conversation_id: str, attempt: str = "first") -> tuple[OutboundMessage, bool]:
    found = await scene.claim(conversation_id, attempt)
    assert isinstance(found, Claimed)
    return found.message, found.reconcile


async def end(
    scene: Scene, message_id: str, outcome: SendOutcome, attempt: str = "first", *, resend: bool = True
) -> None:
    async with scene.database.begin() as session:
        await settle(session, message_id, attempt, outcome, resend=resend)


async def test_a_conversation_is_sent_in_the_order_of_writing(scene: Scene) -> None:
    thread = await conversation_with(scene, "one", "two", "three")
    sent = []
    for _ in range(3):
        message, _ = await claimed(scene, thread)
        sent.append(message.text)
        await end(scene, message.message_id, SENT)
    assert sent == ["one", "two", "three"]
    assert await scene.claim(thread) is None
    assert await scene.problems(Problem.OUT_OF_ORDER, Problem.UNSENT) == []


async def test_many_senders_at_once_keep_the_order_and_send_each_once(scene: Scene) -> None:
    words = [f"w{number}" for number in range(10)]
    thread = await conversation_with(scene, *words)
    sent: list[str] = []

    async def sender(name: str) -> None:
        while (found := await scene.claim(thread, name)) is not None:
            if isinstance(found, Claimed):
                sent.append(found.message.text)
                await end(scene, found.message.message_id, SENT, name)
            else:
                await asyncio.sleep(0.01)

    await asyncio.gather(*(sender(f"sender {number}") for number in range(5)))
    assert sent == words
    assert await scene.problems(Problem.OUT_OF_ORDER, Problem.UNSENT) == []


async def test_a_failed_message_blocks_nothing_behind_it(scene: Scene) -> None:
    thread = await conversation_with(scene, "one", "two")
    first, _ = await claimed(scene, thread)
    await end(scene, first.message_id, FAILED)
    second, _ = await claimed(scene, thread)
    assert second.text == "two"
    assert (await scene.message(first.message_id)).code == "550"


async def test_nobody_touches_a_message_while_its_sender_has_time(scene: Scene) -> None:
    thread = await conversation_with(scene, "one", "two")
    await claimed(scene, thread, "first")
    other = await scene.claim(thread, "second")
    assert isinstance(other, Busy)
    assert 0 < other.retry_in <= 15


async def test_a_dead_senders_message_is_reconciled_before_it_is_sent_again(scene: Scene) -> None:
    thread = await conversation_with(scene, "one")
    message, _ = await claimed(scene, thread, "dead")
    await scene.lease_runs_out(message.message_id)
    again, reconcile = await claimed(scene, thread, "second")
    assert (again.message_id, reconcile) == (message.message_id, True)
    assert (await scene.message(message.message_id)).state == DeliveryState.UNKNOWN.value


async def test_what_the_dead_sender_did_send_is_not_sent_again(scene: Scene) -> None:
    thread = await conversation_with(scene, "one")
    message, _ = await claimed(scene, thread, "dead")
    await scene.lease_runs_out(message.message_id)
    await claimed(scene, thread, "second")
    await end(scene, message.message_id, SENT, "second")
    row = await scene.message(message.message_id)
    assert (row.state, row.ambiguous) == (DeliveryState.SENT.value, False)


async def test_what_it_surely_did_not_send_is_sent_without_a_mark(scene: Scene) -> None:
    thread = await conversation_with(scene, "one")
    message, _ = await claimed(scene, thread, "dead")
    await scene.lease_runs_out(message.message_id)
    await claimed(scene, thread, "second")
    await end(scene, message.message_id, FAILED, "second")
    again, reconcile = await claimed(scene, thread, "second")
    assert (again.message_id, reconcile) == (message.message_id, False)
    await end(scene, message.message_id, SENT, "second")
    assert not (await scene.message(message.message_id)).ambiguous


async def test_what_nobody_can_tell_is_sent_once_more_and_marked(scene: Scene) -> None:
    thread = await conversation_with(scene, "one")
    message, _ = await claimed(scene, thread, "dead")
    await scene.lease_runs_out(message.message_id)
    await claimed(scene, thread, "second")
    await end(scene, message.message_id, UNKNOWN, "second")
    again, reconcile = await claimed(scene, thread, "second")
    assert (again.message_id, reconcile) == (message.message_id, False)
    await end(scene, message.message_id, SENT, "second")
    row = await scene.message(message.message_id)
    assert (row.state, row.ambiguous) == (DeliveryState.SENT.value, True)
    assert await scene.claim(thread) is None


async def test_where_the_channel_forbids_a_second_try_people_see_it(scene: Scene) -> None:
    thread = await conversation_with(scene, "one", "two")
    message, _ = await claimed(scene, thread, "dead")
    await scene.lease_runs_out(message.message_id)
    await claimed(scene, thread, "second")
    await end(scene, message.message_id, UNKNOWN, "second", resend=False)
    row = await scene.message(message.message_id)
    assert (row.state, row.code, row.ambiguous) == (DeliveryState.FAILED.value, "fate_unknown", True)
    assert (await claimed(scene, thread, "third"))[0].text == "two"


async def test_the_word_of_a_sender_that_was_given_up_is_ignored(scene: Scene) -> None:
    thread = await conversation_with(scene, "one")
    message, _ = await claimed(scene, thread, "slow")
    await scene.lease_runs_out(message.message_id)
    await claimed(scene, thread, "second")
    await end(scene, message.message_id, SENT, "slow")
    async with scene.database.begin() as session:
        await give_back(session, message.message_id, "slow")
        await mark_unknown(session, message.message_id, "slow")
    assert (await scene.message(message.message_id)).attempt == "second"
    await end(scene, message.message_id, SENT, "second")
    await end(scene, message.message_id, FAILED, "second")
    row = await scene.message(message.message_id)
    assert (row.state, row.seq) == (DeliveryState.SENT.value, 2)


async def test_what_the_provider_did_not_take_stays_first_in_line(scene: Scene) -> None:
    thread = await conversation_with(scene, "one", "two")
    first, _ = await claimed(scene, thread)
    async with scene.database.begin() as session:
        await give_back(session, first.message_id, "first")
    assert (await claimed(scene, thread, "second")) == (first, False)


@pytest.mark.parametrize("channel", ["chat"])
async def test_in_chat_a_message_is_visible_exactly_when_it_is_sent(scene: Scene, channel: str) -> None:
    receipt = await scene.chat("s1")
    agent = await scene.hire()
    item = await scene.taken_by(agent, receipt.interaction_id)
    for word in ("one", "two"):
        async with scene.database.begin() as session:
            message = await reply(session, item.id, agent.id, word, word, scene.policy)
        assert (await scene.message(message.id)).seq is None
    assert await scene.claim(receipt.conversation_id, by_commit=True) is None
    rows = await scene.messages(receipt.conversation_id)
    assert [(row.state, row.seq) for row in rows] == [("received", 1), ("sent", 2), ("sent", 3)]
