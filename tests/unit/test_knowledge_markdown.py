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
    with pytest.raises(ArticleInvalid, match="wool: not UTF-8"):
        read_folder(tmp_path)


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
    assert len(articles) >= 40
    for article in articles:
        assert len(article.sections) >= 3, article.slug
        assert article.front.language == "en"
        for section in article.sections:
            assert section.heading
            assert section.text.endswith((".", "!")), (article.slug, section.heading)
            assert len(section.text) < 400, (article.slug, section.heading)
