"""Questions without an article are counted by topics that are safe to show, and closed when an article answers them."""

from pathlib import Path

import pytest
from sqlalchemy import text, update

from integrations.knowledge.importer import close_answered_gaps, import_articles
from store.commerce import ShopProduct
from store.gap_topics import topic_of
from store.interactions import Interaction, lock_interaction
from store.knowledge_gaps import GapGroup, gap_report, note_gap, open_gaps
from tests.store.scene import Scene


async def ask(scene: Scene, thread: str, words: str, issue: str = "product_question") -> str:
    """A customer asks what no article answers; returns the message's id."""
    receipt = await scene.chat(thread, words)
    async with scene.database.begin() as session:
        await session.execute(update(Interaction).values(issue=issue))
        interaction = await lock_interaction(session, receipt.interaction_id)
        for _ in range(2):
            await note_gap(session, interaction, receipt.message_id)
            await session.flush()
    return receipt.message_id


async def report(scene: Scene) -> list[GapGroup]:
    async with scene.database.begin() as session:
        return await gap_report(session, days=30)


def write(folder: Path, slug: str, heading: str, body: str) -> None:
    (folder / f"{slug}.md").write_text(f"---\ntitle: {heading}\n---\n\n## {heading}\n{body}\n", "utf-8")


async def test_gaps_are_grouped_by_topic_with_the_most_frequent_first(scene: Scene) -> None:
    await ask(scene, "t1", "Is the wool organic?")
    rent = [await ask(scene, thread, words) for thread, words in (("t2", "Can I rent skis?"), ("t3", "rent a tent?"))]
    first, second = await report(scene)
    assert (first.topic, first.issue, first.language, first.open) == ("rent", "product_question", "en", 2)
    assert first.examples == tuple(reversed(rent))
    assert (second.topic, second.open) == ("organic", 1)
    async with scene.database.begin() as session:
        assert await open_gaps(session) == {"product_question": 3}


async def test_a_topic_is_a_word_of_the_brand_and_never_the_customers(scene: Scene, tmp_path: Path) -> None:
    write(tmp_path, "ponchos", "Washing ponchos", "Cold water, says Miller.")
    await import_articles(scene.database, tmp_path)
    async with scene.database.begin() as session:
        session.add(ShopProduct(product_id="p1", title="Trail Lantern", category="light", description="For Smith"))
        await session.flush()
        told = "I am Anna Miller, 12 Smith Street, anna@mail.example, +49 170 123456"
        assert await topic_of(session, told, "en") == ""
        assert await topic_of(session, f"{told}. How loud are ponchos?", "en") == "ponchos"
        assert await topic_of(session, f"{told}. Do ponchos fit the lantern?", "en") == "lantern"
        assert await topic_of(session, f"{told}. Any discount on the lantern?", "en") == "discount"
        assert await topic_of(session, "", "en") == ""


async def test_an_article_that_answers_closes_the_gap_at_import(scene: Scene, tmp_path: Path) -> None:
    await ask(scene, "t1", "How do I wash the poncho?")
    await ask(scene, "t2", "Who founded this brand?")
    write(tmp_path, "poncho", "Wash the poncho", "Wash the poncho in cold water.")
    assert (await import_articles(scene.database, tmp_path)).gaps_closed == 1
    assert [group.topic for group in await report(scene)] == ["brand"]


async def test_what_was_published_before_the_question_does_not_close_it(scene: Scene, tmp_path: Path) -> None:
    write(tmp_path, "poncho", "Wash the poncho", "Wash the poncho in cold water.")
    await import_articles(scene.database, tmp_path)
    await ask(scene, "t1", "How do I wash the poncho? And who founded this brand?")
    assert await close_answered_gaps(scene.database) == 0
    assert len(await report(scene)) == 1


@pytest.mark.parametrize("days", [1, 30])
async def test_a_gap_is_reported_for_as_long_as_asked(scene: Scene, days: int) -> None:
    await ask(scene, "t1", "Can I rent skis?")
    async with scene.database.begin() as session:
        await session.execute(text("UPDATE knowledge_gap SET at = at - interval '2 days'"))
        assert len(await gap_report(session, days)) == (days > 2)
