"""The knowledge base keeps versions, and its search answers what the articles answer and is silent otherwise."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from cli.local.postgres import LocalPostgres
from integrations.knowledge.fusion import RELEVANT
from integrations.knowledge.importer import DEMO_URL, ImportReport, import_articles, load_demo_articles
from integrations.knowledge.markdown import ArticleInvalid
from integrations.knowledge.postgres import PostgresKnowledge
from integrations.knowledge.protocol import Knowledge
from store.database import Database
from store.migrate import upgrade
from tests.store import paraphrases
from tests.store.paraphrases import Questions, read
from tests.store.questions import ANSWERED, HELD_BACK, HELD_BACK_UNANSWERED, UNANSWERED


@pytest.fixture(scope="module")
def demo_url(postgres: LocalPostgres) -> Iterator[str]:
    """A database with the demo articles, for tests that only read."""
    postgres.create_database("demo_articles")
    upgrade(postgres.url("demo_articles"))
    asyncio.run(_fill(postgres.url("demo_articles")))
    yield postgres.url("demo_articles")
    postgres.drop_database("demo_articles")


async def _fill(url: str) -> None:
    database = Database(url)
    await load_demo_articles(database)
    await database.close()


@pytest.fixture
async def knowledge(demo_url: str) -> AsyncIterator[Knowledge]:
    database = Database(demo_url)
    yield PostgresKnowledge(database)
    await database.close()


async def _shares(knowledge: Knowledge, questions: Questions, language: str = "en") -> tuple[float, float]:
    """The shares of questions whose first passage is right, and whose first passage is wrong."""
    found = [(accepted, await knowledge.search(question, language)) for question, accepted in questions]
    right = sum(bool(passages) and passages[0].slug in accepted for accepted, passages in found)
    wrong = sum(bool(passages) and passages[0].slug not in accepted for accepted, passages in found)
    return right / len(questions), wrong / len(questions)


@pytest.mark.parametrize("questions", [ANSWERED, HELD_BACK])
async def test_questions_that_the_search_was_developed_on_are_answered(
    knowledge: Knowledge, questions: Questions
) -> None:
    right, wrong = await _shares(knowledge, questions)
    assert right >= 0.70
    assert wrong <= 0.05


async def test_questions_that_it_was_not_developed_on_are_answered_or_left_alone(knowledge: Knowledge) -> None:
    right, wrong = await _shares(knowledge, read(paraphrases.ENGLISH_HELD_OUT))
    assert right >= 0.60
    assert wrong <= 0.05


@pytest.mark.parametrize(
    ("language", "questions"),
    [
        ("de", paraphrases.GERMAN_HELD_OUT),
        ("es", paraphrases.SPANISH_HELD_OUT),
        ("fr", paraphrases.FRENCH_HELD_OUT),
    ],
)
async def test_other_languages_are_answered_from_their_own_articles(
    knowledge: Knowledge, language: str, questions: str
) -> None:
    right, wrong = await _shares(knowledge, read(questions), language)
    assert right >= 0.55
    assert wrong <= 0.05


async def test_a_question_that_no_article_answers_finds_nothing(knowledge: Knowledge) -> None:
    near = [question for question, _ in read(paraphrases.UNANSWERED + paraphrases.UNANSWERED_HELD_OUT)]
    questions = (*UNANSWERED, *HELD_BACK_UNANSWERED, *near)
    silent = sum([await knowledge.search(question) == () for question in questions])
    assert silent / len(questions) >= 0.92


async def test_a_passage_is_ready_to_be_quoted_and_cited(knowledge: Knowledge) -> None:
    (passage,) = await knowledge.search("how long is a gift card valid?", limit=1)
    assert (passage.slug, passage.version, passage.title) == ("gift-cards", 1, "Gift cards")
    assert passage.heading == "Balance and validity"
    assert passage.text.startswith("Gift cards are valid for three years")
    assert passage.url == f"{DEMO_URL}/gift-cards"


async def test_scores_fall_from_best_to_last_between_the_bar_and_one(knowledge: Knowledge) -> None:
    for question, _ in ANSWERED:
        scores = [passage.score for passage in await knowledge.search(question, limit=20)]
        assert [round(score, 2) for score in scores] == sorted((round(score, 2) for score in scores), reverse=True)
        assert all(RELEVANT < score <= 1 for score in scores)


async def test_words_that_no_article_holds_lower_the_score(knowledge: Knowledge) -> None:
    plain = await knowledge.search("pause the sock subscription")
    padded = await knowledge.search("pause the sock subscription zeppelin")
    assert padded[0].slug == plain[0].slug == "sock-club"
    assert padded[0].score < plain[0].score


async def test_a_question_is_found_in_the_message_around_it(knowledge: Knowledge) -> None:
    message = (
        "Hi there! I ordered a bright orange poncho for my aunt's birthday in June. How long is a gift card valid? Bye"
    )
    assert (await knowledge.search(message))[0].slug == "gift-cards"


async def test_a_question_that_says_nothing_leaves_the_message_to_speak(knowledge: Knowledge) -> None:
    assert (await knowledge.search("I forgot my password. Can you help me please?"))[0].slug == "password-and-login"


async def test_each_of_two_questions_is_answered(knowledge: Knowledge) -> None:
    found = await knowledge.search("How long is a gift card valid? And which payment methods do you accept?", limit=20)
    assert {"gift-cards", "payment-methods"} <= {passage.slug for passage in found}
    assert len({(passage.slug, passage.text) for passage in found}) == len(found)


async def test_limit_holds(knowledge: Knowledge) -> None:
    assert len(await knowledge.search("refund", limit=2)) == 2


@pytest.mark.parametrize(
    "question",
    [
        "' | refund & (",
        "refund\\",
        "re:fund <-> *",
        "'; DROP TABLE article; --",
        "\u2603",
        "refund\x00?",
        "refund " * 4000,
    ],
)
async def test_signs_in_a_question_are_only_signs(knowledge: Knowledge, question: str) -> None:
    await knowledge.search(question)
    assert (await knowledge.search("when do I get my refund"))[0].slug == "refund-time"


async def test_articles_in_another_language_are_not_quoted(knowledge: Knowledge) -> None:
    assert (await knowledge.search("how long is a gift card valid?"))[0].slug == "gift-cards"
    assert await knowledge.search("how long is a gift card valid?", language="de") == ()
    assert await knowledge.search("how long is a gift card valid?", language="fi") == ()


async def test_meaning_finds_what_shares_no_word(database: Database, tmp_path: Path) -> None:
    _write(tmp_path, "shrink", "Wool contracts in hot water.", title="Shrinking")
    _write(tmp_path, "invoice", "An invoice is sent by email.", title="Invoices")
    await import_articles(database, tmp_path)
    asked = "<!-- asked: my sweater became smaller after laundry -->"
    _write(tmp_path, "shrink", f"{asked}\nWool contracts in hot water.", title="Shrinking")
    found = PostgresKnowledge(database)
    assert await found.search("my jumper got smaller when I did the washing") == ()
    await import_articles(database, tmp_path)
    (passage,) = await found.search("my jumper got smaller when I did the washing", limit=1)
    assert (passage.slug, passage.version, passage.text) == ("shrink", 2, "Wool contracts in hot water.")


async def test_each_language_is_searched_by_its_own_stems(database: Database, tmp_path: Path) -> None:
    _write(tmp_path, "wolle", "Pullover aus Wolle waschen Sie kalt.", title="Pullover waschen", language="de")
    await import_articles(database, tmp_path)
    (passage,) = await PostgresKnowledge(database).search("Wie wasche ich den Pullover?", language="de")
    assert passage.slug == "wolle"


async def test_importing_again_changes_nothing(database: Database) -> None:
    first, second = await load_demo_articles(database), await load_demo_articles(database)
    assert len(first.added) >= 40
    assert second == ImportReport(unchanged=len(first.added))
    assert await _versions(database, "warranty") == [(1, "published")]


async def test_a_changed_body_makes_a_new_version_and_only_that_is_found(database: Database, tmp_path: Path) -> None:
    _write(tmp_path, "wash", "Wash the poncho in cold water.")
    _write(tmp_path, "dry", "Dry the towel outside.")
    await import_articles(database, tmp_path)
    _write(tmp_path, "wash", "Wash the poncho in warm water.")
    report = await import_articles(database, tmp_path)
    assert report == ImportReport(changed=("wash.md",), unchanged=1)
    assert await _versions(database, "wash") == [(1, "superseded"), (2, "published")]
    found = await PostgresKnowledge(database).search("wash the poncho")
    assert [(passage.version, passage.text) for passage in found] == [(2, "Wash the poncho in warm water.")]


async def test_a_superseded_version_keeps_its_text_for_citations(database: Database, tmp_path: Path) -> None:
    _write(tmp_path, "wash", "Cold water.")
    await import_articles(database, tmp_path)
    _write(tmp_path, "wash", "Warm water.")
    await import_articles(database, tmp_path)
    async with database.begin() as session:
        old = "SELECT p.text FROM article_passage p JOIN article a USING (article_id) WHERE a.version = 1"
        assert (await session.execute(text(old))).scalars().all() == ["Cold water."]


async def test_one_broken_file_stops_the_import_before_anything_is_written(database: Database, tmp_path: Path) -> None:
    _write(tmp_path, "a-good", "Fine.")
    (tmp_path / "b-broken.md").write_text("no front matter", "utf-8")
    with pytest.raises(ArticleInvalid, match="b-broken"):
        await import_articles(database, tmp_path)
    assert await _versions(database, "a-good") == []


async def test_pruning_withdraws_what_the_folder_lacks_and_its_return_is_a_new_version(
    database: Database, tmp_path: Path
) -> None:
    _write(tmp_path, "wash", "Wash the poncho in cold water.")
    _write(tmp_path, "dry", "Dry the towel outside.")
    await import_articles(database, tmp_path)
    (tmp_path / "wash.md").unlink()
    assert await import_articles(database, tmp_path) == ImportReport(unchanged=1)
    report = await import_articles(database, tmp_path, prune=True)
    assert report == ImportReport(unchanged=1, withdrawn=("wash (en)",))
    assert await PostgresKnowledge(database).search("wash the poncho") == ()
    _write(tmp_path, "wash", "Wash the poncho in cold water.")
    await import_articles(database, tmp_path)
    assert await _versions(database, "wash") == [(1, "superseded"), (2, "published")]


async def test_an_address_is_the_base_with_the_path_in_the_folder(database: Database, tmp_path: Path) -> None:
    (tmp_path / "de").mkdir()
    _write(tmp_path / "de", "wash", "Kalt waschen.", language="de")
    (tmp_path / "dry.html").write_text("<h1>Dry</h1><p>Outside.</p>", "utf-8")
    await import_articles(database, tmp_path, base_url="https://shop.example/help/")
    async with database.begin() as session:
        urls = (await session.execute(text("SELECT url FROM article ORDER BY url"))).scalars().all()
    assert urls == ["https://shop.example/help/de/wash", "https://shop.example/help/dry"]


async def test_a_search_sees_what_was_imported_since_the_last_one(database: Database, tmp_path: Path) -> None:
    knowledge = PostgresKnowledge(database)
    assert await knowledge.search("wash the poncho") == ()
    _write(tmp_path, "wash", "Wash the poncho in cold water.")
    await import_articles(database, tmp_path)
    assert [passage.version for passage in await knowledge.search("wash the poncho")] == [1]
    _write(tmp_path, "wash", "Wash the poncho in warm water.")
    await import_articles(database, tmp_path)
    assert [passage.version for passage in await knowledge.search("wash the poncho")] == [2]


async def test_two_imports_at_once_make_one_version(database: Database, tmp_path: Path) -> None:
    _write(tmp_path, "wash", "Cold water.")
    reports = await asyncio.gather(import_articles(database, tmp_path), import_articles(database, tmp_path))
    assert sorted(report.unchanged for report in reports) == [0, 1]
    assert await _versions(database, "wash") == [(1, "published")]


def _write(folder: Path, slug: str, body: str, *, title: str = "Care", language: str = "en") -> None:
    (folder / f"{slug}.md").write_text(f"---\ntitle: {title}\nlanguage: {language}\n---\n\n## How\n{body}\n", "utf-8")


async def _versions(database: Database, slug: str) -> list[tuple[int, str]]:
    query = text("SELECT version, state FROM article WHERE slug = :slug ORDER BY version")
    async with database.begin() as session:
        return [(row.version, row.state) for row in await session.execute(query, {"slug": slug})]
