"""Articles are read as they are written, split at their headings, and refused with the reason when broken."""

import re
from pathlib import Path

import pytest

from integrations.knowledge.importer import DEMO_ARTICLES, read_folder
from integrations.knowledge.markdown import (
    PASSAGE_CHARACTERS,
    ArticleInvalid,
    parse_article,
    plain_text,
    split_sections,
)


def test_front_matter_gives_title_language_and_address() -> None:
    article = parse_article("wool", "---\ntitle: Wool\nlanguage: de\nurl: https://example.com/w\n---\n\n## A\nKalt.\n")
    assert article.front.model_dump() == {"title": "Wool", "language": "de", "url": "https://example.com/w"}
    assert article.body == "## A\nKalt."


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("## A\nText", "wool: front matter is missing"),
        ("---\nlanguage: en\n---\nText", "wool: title"),
        ("---\ntitle: A\nlanguage: english\n---\nText", "wool: language"),
        ("---\ntitle: A\nlangauge: en\n---\nText", "wool: langauge"),
        ("---\ntitle: [\n---\nText", "wool: front matter is not YAML"),
        ("---\njust words\n---\nText", "wool: front matter"),
        ("---\ntitle: A\n---\n## Heading only\n", "wool: body is empty"),
    ],
)
def test_a_broken_article_is_refused_with_file_and_field(source: str, reason: str) -> None:
    with pytest.raises(ArticleInvalid, match=re.escape(reason)):
        parse_article("wool", source)


def test_a_file_that_is_not_utf8_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "wool.md").write_bytes(b"---\ntitle: A\n---\n\xff\xfe")
    with pytest.raises(ArticleInvalid, match=r"wool\.md: not UTF-8"):
        read_folder(tmp_path)


def test_every_broken_file_is_named_at_once(tmp_path: Path) -> None:
    (tmp_path / "de").mkdir()
    (tmp_path / "a.md").write_text("no front matter", "utf-8")
    (tmp_path / "de" / "b.md").write_text("---\ntitle: B\nlanguage: deutsch\n---\nText", "utf-8")
    with pytest.raises(ArticleInvalid) as refused:
        read_folder(tmp_path)
    first, second = str(refused.value).splitlines()
    assert first.startswith("a.md: front matter is missing")
    assert second.startswith("de/b.md: language not as expected")


def test_one_name_stands_for_one_article_in_each_language(tmp_path: Path) -> None:
    (tmp_path / "de").mkdir()
    (tmp_path / "wool.md").write_text("---\ntitle: Wool\n---\nCold.", "utf-8")
    (tmp_path / "de" / "wool.md").write_text("---\ntitle: Wolle\nlanguage: de\n---\nKalt.", "utf-8")
    found = read_folder(tmp_path)
    assert sorted((one.slug, one.front.language) for one in found) == [("wool", "de"), ("wool", "en")]
    (tmp_path / "de" / "wool.md").write_text("---\ntitle: Wolle\n---\nKalt.", "utf-8")
    with pytest.raises(ArticleInvalid, match=r"wool\.md: same name and language as"):
        read_folder(tmp_path)


def test_a_folder_without_articles_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("x", "utf-8")
    with pytest.raises(ArticleInvalid, match="no articles"):
        read_folder(tmp_path)


def test_wordings_of_customers_belong_to_their_section_and_are_never_quoted() -> None:
    one, two = split_sections("## One\n<!-- asked: first way |  second\nthird -->\nText.\n## Two\nMore.")
    assert one.asked == ("first way", "second", "third")
    assert (one.text, two.asked) == ("Text.", ())


def test_each_heading_starts_a_passage_and_text_above_the_first_is_kept() -> None:
    sections = split_sections("Intro.\n\n## One\nFirst.\n\nSecond.\n### Two ##\nThird.\n## Empty\n")
    assert [(s.heading, s.text) for s in sections] == [("", "Intro."), ("One", "First.\n\nSecond."), ("Two", "Third.")]


def test_a_hash_in_a_fenced_block_is_no_heading() -> None:
    sections = split_sections("## One\n```\n# not a heading\n```\nAfter.")
    assert [s.heading for s in sections] == ["One"]
    assert "# not a heading" in sections[0].text


def test_a_long_section_is_split_between_paragraphs() -> None:
    paragraph = "word " * 100
    sections = split_sections("## One\n" + "\n\n".join([paragraph] * 5))
    assert [s.heading for s in sections] == ["One"] * len(sections)
    assert len(sections) == 3
    assert all(len(s.text) <= PASSAGE_CHARACTERS for s in sections)


@pytest.mark.parametrize(
    ("markdown", "plain"),
    [
        ("**Bold** and *soft* and `code`", "Bold and soft and code"),
        ("See [the guide](https://example.com/a_b).", "See the guide."),
        ("![A box](box.png) arrives", "A box arrives"),
        ("one\nline", "one line"),
        ("* first\n* second\n  goes on", "- first\n- second goes on"),
        ("1. wash\n2. dry", "1. wash\n2. dry"),
        ("> quoted", "quoted"),
        ("snake_case_word and 2 * 3 * 4", "snake_case_word and 2 * 3 * 4"),
        ("a <!-- hidden --> b", "a b"),
    ],
)
def test_plain_text_can_be_quoted(markdown: str, plain: str) -> None:
    assert plain_text(markdown) == plain


def test_the_demo_articles_are_quotable() -> None:
    articles = read_folder(DEMO_ARTICLES)
    assert len(articles) >= 100
    for article in articles:
        assert len(article.sections) >= 3, article.name
        for section in article.sections:
            assert section.heading
            assert section.asked, (article.name, section.heading)
            assert section.text.endswith((".", "!")), (article.name, section.heading)
            assert len(section.text) < 450, (article.name, section.heading)


@pytest.mark.parametrize("language", ["de", "es", "fr"])
def test_the_demo_articles_of_each_language_say_the_same(language: str) -> None:
    """Every number of the English article stands in the translated one: days, amounts, hours."""
    articles = {(one.slug, one.front.language): one for one in read_folder(DEMO_ARTICLES)}
    translated = [one for (_, spoken), one in articles.items() if spoken == language]
    assert len(translated) >= 16
    for article in translated:
        english = articles[article.slug, "en"]
        for told, original in zip(article.sections, english.sections, strict=True):
            missing = set(_numbers(original.text)) - set(_numbers(told.text))
            assert not missing, (article.name, told.heading, missing)


def _numbers(text: str) -> list[str]:
    return [number.replace(",", ".").removesuffix(":00") for number in re.findall(r"\d+(?:[.,:]\d+)?", text)]
