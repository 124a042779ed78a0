"""A correction reaches everyone who was told the version that it corrects, once each, and never over a person."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import select, text, update
from sqlmodel import col

from domain.interaction import EntryKind, InteractionState, Resolution
from domain.message import Receipt
from domain.parties import AuthorKind
from integrations.knowledge.importer import import_articles
from store.conversations import Message
from store.errors import Conflict, NotFound
from store.flow_speaking import customers_with_unsaid_words, say_overdue_words
from store.interactions import lock_interaction, resolve
from store.people import finish, use_suggestion
from store.policy_versions import PolicyShelf
from store.recalling import send_correction
from store.recalls import Told, Version, begin_recall, check_version, told_of
from store.speaking import Draft, DraftState, Suggestion
from tests.store.scene import Scene

FIRST = Version(slug="wash", version=1)
BODY = "We told you to wash it in hot water. Please wash it in cold water."


@pytest.fixture
async def told(scene: Scene, tmp_path: Path) -> Receipt:
    """A customer who was told version 1 by the AI; version 2 is published since."""
    for body in ("Hot water.", "Cold water."):
        (tmp_path / "wash.md").write_text(f"---\ntitle: Wash\n---\n{body}\n", "utf-8")
        await import_articles(scene.database, tmp_path)
    return await tell(scene, "t1")


async def tell(scene: Scene, thread: str, *, version: int = 1, state: str = "sent") -> Receipt:
    receipt = await scene.chat(thread, "How do I wash my poncho, and when?")
    async with scene.database.begin() as session:
        session.add(
            Message(
                id=f"answer-{thread}",
                conversation_id=receipt.conversation_id,
                interaction_id=receipt.interaction_id,
                account="chat",
                provider_message_id=f"out:answer-{thread}",
                author=AuthorKind.AI.value,
                body="Hot water.",
                citations=cited(version),
                state=state,
            )
        )
    return receipt


def cited(version: int, **more: object) -> list[dict[str, object]]:
    return [
        {"kind": "order", "ref": "BT-1"},
        {"kind": "article", "ref": "wash", "version": version, "title": "Wash", "url": "", **more},
    ]


async def who(scene: Scene, version: Version = FIRST) -> list[Told]:
    async with scene.database.begin() as session:
        return await told_of(session, version)


async def send(scene: Scene, version: Version = FIRST, body: str = BODY) -> int:
    """What the command does."""
    async with scene.database.begin() as session:
        recall_id = await begin_recall(session, version, body, "operator")
    sent = 0
    for one in await who(scene, version):
        async with scene.database.begin() as session:
            sent += await send_correction(session, recall_id, one, PolicyShelf())
    return sent


async def notices(scene: Scene) -> list[Message]:
    async with scene.database.begin() as session:
        query = select(Message).where(col(Message.author) == AuthorKind.SYSTEM.value)
        return list((await session.execute(query)).scalars())


async def test_those_who_were_told_are_listed_by_case_channel_and_date(scene: Scene, told: Receipt) -> None:
    await tell(scene, "t2", version=2)
    await tell(scene, "t3", state="cancelled")
    await scene.chat("t4", "hello")
    (one,) = await who(scene)
    assert (one.interaction_id, one.channel, one.corrected) == (told.interaction_id, "chat", False)
    assert "poncho" not in one.model_dump_json()


async def test_a_version_in_another_language_is_another_version(scene: Scene, told: Receipt) -> None:
    german = Version(slug="wash", version=1, language="de")
    assert await who(scene, german) == []
    async with scene.database.begin() as session:
        await session.execute(update(Message).values(citations=cited(1, language="de")))
    assert [one.interaction_id for one in await who(scene, german)] == [told.interaction_id]
    assert await who(scene) == []


async def test_each_hears_the_correction_once_however_often_it_is_sent(scene: Scene, told: Receipt) -> None:
    assert await send(scene) == 1
    assert await send(scene) == 0
    (notice,) = await notices(scene)
    assert (notice.body, notice.interaction_id) == (BODY, told.interaction_id)
    assert (await scene.told(told.interaction_id)).count(EntryKind.NOTICE_QUEUED) == 1
    assert [one.corrected for one in await who(scene)] == [True]
    assert await scene.unsound() == []


async def test_two_who_send_at_once_send_it_once(scene: Scene, told: Receipt) -> None:
    async with scene.database.begin() as session:
        recall_id = await begin_recall(session, FIRST, BODY, "operator")
    (one,) = await who(scene)

    async def once() -> bool:
        async with scene.database.begin() as session:
            return await send_correction(session, recall_id, one, PolicyShelf())

    assert sorted(await asyncio.gather(once(), once())) == [False, True]
    assert len(await notices(scene)) == 1


async def test_who_is_told_later_is_told_by_sending_again(scene: Scene, told: Receipt) -> None:
    assert await send(scene) == 1
    await tell(scene, "t2")
    assert await send(scene) == 1
    assert len(await notices(scene)) == 2


async def test_a_resolved_case_hears_it_and_stays_with_no_person(scene: Scene, told: Receipt) -> None:
    async with scene.database.begin() as session:
        await resolve(session, await lock_interaction(session, told.interaction_id), Resolution.ASSUMED)
    assert await send(scene) == 1
    assert (await scene.interaction(told.interaction_id)).state == InteractionState.RESOLVED.value
    async with scene.database.begin() as session:
        assert (await session.execute(text("SELECT count(*) FROM work_item"))).scalar_one() == 0


async def test_a_person_who_holds_the_baton_gets_it_as_a_suggestion_and_may_say_it(scene: Scene, told: Receipt) -> None:
    agent = await scene.hire()
    item = await scene.taken_by(agent, told.interaction_id)
    assert await send(scene) == 1
    assert await notices(scene) == []
    async with scene.database.begin() as session:
        suggestion = (await session.execute(select(Suggestion))).scalar_one()
        assert suggestion.body == BODY
        await use_suggestion(session, item.id, agent.id, suggestion.id, BODY, scene.policy)
    assert await send(scene) == 0
    assert (await scene.messages(told.conversation_id))[-1].author == AuthorKind.AGENT.value


async def test_what_the_person_does_not_say_is_said_at_the_deadline(scene: Scene, told: Receipt) -> None:
    await scene.taken_by(await scene.hire(), told.interaction_id)
    await send(scene)
    async with scene.database.begin() as session:
        await session.execute(text("UPDATE suggestion SET expires_at = clock_timestamp()"))
        (customer,) = await customers_with_unsaid_words(session)
        assert await say_overdue_words(session, customer) == 1
    assert [notice.body for notice in await notices(scene)] == [BODY]


async def test_what_the_person_leaves_unsaid_is_said_when_they_finish(scene: Scene, told: Receipt) -> None:
    agent = await scene.hire()
    item = await scene.taken_by(agent, told.interaction_id)
    await send(scene)
    async with scene.database.begin() as session:
        await finish(session, item.id, agent.id, scene.policy)
    assert [notice.body for notice in await notices(scene)] == [BODY]


async def test_a_suggestion_that_an_agent_used_counts_as_told(scene: Scene, told: Receipt) -> None:
    other = await scene.chat("t2", "wash?")
    async with scene.database.begin() as session:
        customer = (await scene.customer(other.interaction_id)).id
        draft = Draft(
            interaction_id=other.interaction_id,
            answers_seq=1,
            body="Hot.",
            citations=cited(1),
            state=DraftState.SUGGESTED.value,
        )
        session.add(draft)
        await session.flush()
        session.add(
            Suggestion(
                customer_id=customer, interaction_id=other.interaction_id, draft_id=draft.id, body="Hot.", state="used"
            )
        )
    assert {one.interaction_id for one in await who(scene)} == {told.interaction_id, other.interaction_id}
    async with scene.database.begin() as session:
        await session.execute(text("UPDATE suggestion SET state = 'dismissed'"))
    assert [one.interaction_id for one in await who(scene)] == [told.interaction_id]


async def test_a_version_that_is_still_told_is_not_recalled(scene: Scene, told: Receipt) -> None:
    with pytest.raises(Conflict, match="still_published"):
        await send(scene, Version(slug="wash", version=2))
    with pytest.raises(NotFound):
        await send(scene, Version(slug="wash", version=9))
    async with scene.database.begin() as session:
        await check_version(session, FIRST)


async def test_another_text_for_the_same_version_is_refused(scene: Scene, told: Receipt) -> None:
    await send(scene)
    with pytest.raises(Conflict, match="other_correction"):
        await send(scene, body="Something else.")


async def test_a_mistaken_correction_is_corrected_by_recalling_what_it_cited(scene: Scene, told: Receipt) -> None:
    await send(scene)
    assert [one.interaction_id for one in await who(scene, Version(slug="wash", version=2))] == [told.interaction_id]
