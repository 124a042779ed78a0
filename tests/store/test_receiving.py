"""Receiving: what comes is stored once, and joins what it belongs to and nothing else."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from domain.baton import HolderKind
from domain.interaction import EntryKind, InteractionState, Resolution
from domain.message import Attachment, DeliveryState
from store.conversations import Attachment as KeptAttachment
from store.conversations import Message
from store.interactions import lock_interaction, resolve
from store.people import reply
from store.speaking import post_draft
from tests.store.scene import Scene, scalar


async def close(scene: Scene, interaction_id: str, *, ago: timedelta = timedelta()) -> None:
    async with scene.database.begin() as session:
        row = await lock_interaction(session, interaction_id)
        await resolve(session, row, Resolution.CONFIRMED)
        row.handled_seq, row.closed_at = row.last_seq, row.closed_at - ago


async def count(scene: Scene, table: str) -> int:
    async with scene.database.begin() as session:
        return int(str(await scalar(session, f"SELECT count(*) FROM {table}")))  # noqa: S608


async def test_one_message_received_twenty_times_at_once_is_one_message(scene: Scene) -> None:
    receipts = await asyncio.gather(*(scene.chat("s1", key="same") for _ in range(20)))
    assert len({receipt.message_id for receipt in receipts}) == 1
    assert sum(not receipt.duplicate for receipt in receipts) == 1
    assert (await count(scene, "message"), await count(scene, "interaction"), await count(scene, "outbox")) == (1, 1, 1)


async def test_one_mail_received_twenty_times_at_once_is_one_mail(scene: Scene) -> None:
    receipts = await asyncio.gather(*(scene.mail("ada@mail.example", key="<1@x>", proven=True) for _ in range(20)))
    assert sum(not receipt.duplicate for receipt in receipts) == 1
    assert (await count(scene, "message"), await count(scene, "customer")) == (1, 1)


async def test_thirty_messages_at_once_get_numbers_without_a_gap(scene: Scene) -> None:
    receipts = await asyncio.gather(*(scene.chat("s1", key=str(number)) for number in range(30)))
    assert len({receipt.interaction_id for receipt in receipts}) == 1
    async with scene.database.begin() as session:
        seqs = (await session.execute(text("SELECT seq FROM journal WHERE seq IS NOT NULL ORDER BY seq"))).scalars()
        positions = (await session.execute(text("SELECT seq FROM message ORDER BY seq"))).scalars()
        assert list(seqs) == list(positions) == list(range(1, 31))


async def test_an_answer_joins_its_thread_and_a_strangers_copy_of_the_references_joins_nothing(scene: Scene) -> None:
    first = await scene.mail("ada@mail.example", key="<1@x>")
    answer = await scene.mail("Ada@Mail.example", answers=("<1@x>",))
    stranger = await scene.mail("mallory@mail.example", answers=("<1@x>",))
    proven_stranger = await scene.mail("eve@mail.example", answers=("<1@x>",), proven=True)
    assert answer.interaction_id == first.interaction_id
    assert len({first.interaction_id, stranger.interaction_id, proven_stranger.interaction_id}) == 3
    assert len({first.conversation_id, stranger.conversation_id, proven_stranger.conversation_id}) == 3


async def test_an_answer_to_batons_own_mail_joins_its_thread(scene: Scene) -> None:
    first = await scene.mail("ada@mail.example")
    draft_id = await scene.draft(first.interaction_id)
    async with scene.database.begin() as session:
        await post_draft(session, draft_id, suggestion_seconds=60)
        await session.execute(text("UPDATE message SET provider_message_id = '<out@shop>' WHERE author = 'ai'"))
    answer = await scene.mail("ada@mail.example", answers=("<out@shop>",))
    assert answer.interaction_id == first.interaction_id


async def test_an_address_that_is_only_typed_never_joins(scene: Scene) -> None:
    open_case = await scene.chat("s1", email="ada@mail.example")
    typed = await scene.mail("ada@mail.example")
    again = await scene.mail("ada@mail.example")
    assert len({open_case.interaction_id, typed.interaction_id, again.interaction_id}) == 3
    assert (await scene.customer(typed.interaction_id)).id != (await scene.customer(open_case.interaction_id)).id


async def test_a_proven_identity_joins_the_only_open_interaction_across_channels(scene: Scene) -> None:
    chat = await scene.chat("s1", shop="c1", email="ada@mail.example")
    mail = await scene.mail("ADA@mail.example ", proven=True)
    assert mail.interaction_id == chat.interaction_id
    assert mail.conversation_id != chat.conversation_id


async def test_with_two_open_interactions_a_proven_identity_opens_a_third(scene: Scene) -> None:
    first = await scene.chat("s1", email="ada@mail.example")
    async with scene.database.begin() as session:
        await session.execute(text("UPDATE interaction SET state = 'resolved', closed_at = clock_timestamp()"))
    second = await scene.chat("s2", email="ada@mail.example")
    async with scene.database.begin() as session:
        await session.execute(text("UPDATE interaction SET state = 'with_ai'"))
    third = await scene.mail("ada@mail.example", proven=True)
    assert len({first.interaction_id, second.interaction_id, third.interaction_id}) == 3


async def test_two_first_messages_of_one_proven_person_on_two_channels_find_one_another(scene: Scene) -> None:
    receipts = await asyncio.gather(
        *(scene.chat(f"s{number}", shop="c1", email="ada@mail.example") for number in range(4)),
        *(scene.mail(" ADA@mail.example", proven=True) for _ in range(4)),
    )
    assert len({receipt.interaction_id for receipt in receipts}) == 1
    assert await count(scene, "customer") == 1


async def test_an_answer_within_the_window_reopens_the_same_interaction(scene: Scene) -> None:
    first = await scene.chat("s1")
    await close(scene, first.interaction_id, ago=timedelta(days=6))
    again = await scene.chat("s1")
    row = await scene.interaction(first.interaction_id)
    assert again.interaction_id == first.interaction_id
    assert (row.state, row.resolution, row.runs, row.closed_at) == (InteractionState.NEW.value, "", 2, None)
    assert row.next_step_due is not None


async def test_an_answer_after_the_window_opens_a_linked_interaction(scene: Scene) -> None:
    first = await scene.chat("s1")
    await close(scene, first.interaction_id, ago=timedelta(days=8))
    later = await scene.chat("s1")
    assert later.interaction_id != first.interaction_id
    assert (await scene.interaction(later.interaction_id)).linked_to == first.interaction_id
    assert later.conversation_id == first.conversation_id


@pytest.mark.parametrize("known_before", [True, False])
async def test_a_guest_who_signs_in_becomes_the_proven_customer(scene: Scene, known_before: bool) -> None:
    if known_before:
        await scene.chat("earlier", shop="c1")
    guest = await scene.chat("s1", "who am I?")
    await scene.chat("s1", "now you know", shop="c1")
    assert (await scene.customer(guest.interaction_id)).shop_customer_id == "c1"
    async with scene.database.begin() as session:
        owners = "SELECT count(DISTINCT customer_id) FROM conversation"
        assert await scalar(session, owners) == 1
    assert (await scene.chat("s1", "and once more")).interaction_id == guest.interaction_id


async def test_a_guests_agent_goes_on_speaking_after_the_guest_is_recognised(scene: Scene) -> None:
    earlier = await scene.chat("earlier", shop="c1")
    await close(scene, earlier.interaction_id)
    guest = await scene.chat("s1")
    agent = await scene.hire()
    item = await scene.taken_by(agent, guest.interaction_id)
    async with scene.database.begin() as session:
        before = await reply(session, item.id, agent.id, "I am with you", "k1", scene.policy)
    await scene.chat("s1", shop="c1")
    customer = await scene.customer(guest.interaction_id)
    assert (customer.holder_kind, customer.holder_id) == (HolderKind.AGENT.value, agent.id)
    async with scene.database.begin() as session:
        await reply(session, item.id, agent.id, "still here", "k2", scene.policy)
    while await scene.claim(guest.conversation_id, by_commit=True):
        pass
    assert (await scene.message(before.id)).state == DeliveryState.SENT.value
    assert (await scene.message(f"{item.id}-k2")).state == DeliveryState.SENT.value


async def test_the_proven_customers_agent_silences_the_guests_ai(scene: Scene) -> None:
    proven = await scene.chat("s1", shop="c1")
    agent = await scene.hire()
    await scene.taken_by(agent, proven.interaction_id)
    guest = await scene.chat("s2")
    draft_id = await scene.draft(guest.interaction_id)
    async with scene.database.begin() as session:
        await post_draft(session, draft_id, suggestion_seconds=60)
    await scene.chat("s2", shop="c1")
    assert (await scene.customer(guest.interaction_id)).holder_id == agent.id
    assert await scene.claim(guest.conversation_id, by_commit=True) is None
    said = [row for row in await scene.messages(guest.conversation_id) if row.author == "ai"]
    assert [row.state for row in said] == [DeliveryState.CANCELLED.value]


async def test_a_message_is_kept_although_it_proves_two_different_customers(scene: Scene) -> None:
    await scene.chat("s1", shop="c1")
    await scene.chat("s2", shop="c2")
    mixed = await scene.chat("s1", shop="c2")
    assert not mixed.duplicate
    async with scene.database.begin() as session:
        proven = "SELECT count(DISTINCT customer_id) FROM identity WHERE kind = 'shop_customer'"
        assert await scalar(session, proven) == 2, "two customers of the shop are never made one"


async def test_a_message_is_told_to_its_interaction(scene: Scene) -> None:
    receipt = await scene.chat("s1")
    async with scene.database.begin() as session:
        entry = await scalar(session, "SELECT entry FROM outbox WHERE interaction_id = :id", id=receipt.interaction_id)
    assert entry == {"seq": 1, "kind": EntryKind.MESSAGE_RECEIVED.value, "ref": receipt.message_id, "by": ""}


async def test_a_picture_is_kept_with_its_message(scene: Scene) -> None:
    picture = Attachment(filename="cup.jpg", media_type="image/jpeg", size=3, content=b"jpg")
    await scene.chat("s1", "the cup is broken", files=(picture,))
    async with scene.database.begin() as session:
        kept = (await session.execute(select(KeptAttachment))).scalars().one()
        words = (await session.get_one(Message, kept.message_id)).body
    assert (kept.filename, kept.content, words) == ("cup.jpg", b"jpg", "the cup is broken")
