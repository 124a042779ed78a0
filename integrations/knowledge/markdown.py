"""Reads an article: front matter, Markdown body, and the body split into passages of plain text at its headings."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

import yaml
from pydantic import Field, ValidationError

from domain.values import Value

PASSAGE_CHARACTERS = 1000
"""A section longer than this is split between paragraphs, since a passage is quoted as a whole."""

_FRONT_MATTER = re.compile(r"\A---\s*\n(.*?\n)---\s*(?:\n|\Z)", re.DOTALL)
_HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*\s*$")
_FENCE = re.compile(r"^\s*(```|~~~)")
_ASKED = re.compile(r"<!--\s*asked:(.*?)-->", re.DOTALL)
_BLANK_LINES = re.compile(r"\n\s*\n")
_PLAINER = (
    (re.compile(r"<!--.*?-->", re.DOTALL), ""),
    (re.compile(r"!\[([^\]]*)\]\([^)]*\)"), r"\1"),
    (re.compile(r"\[([^\]]+)\]\([^)]*\)"), r"\1"),
    (re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<!\w)([*_])(?=\S)(.+?)(?<=\S)\1(?!\w)"), r"\2"),
    (re.compile(r"`([^`]+)`"), r"\1"),
    (re.compile(r"^\s*>\s?", re.MULTILINE), ""),
    (re.compile(r"^\s*[*+]\s+", re.MULTILINE), "- "),
    (re.compile(r"^\s*(```|~~~).*$", re.MULTILINE), ""),
)
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_SHELTER = 0xE000
"""Characters after a backslash wait in this private part of Unicode while marks are taken out."""


class ArticleInvalid(ValueError):
    """An article cannot be imported; the message names the file and the field. Correct the file and import again."""


class FrontMatter(Value):
    """What stands above an article between two lines of `---`."""

    title: str = Field(min_length=1)
    language: str = Field(default="en", pattern="^[a-z]{2}$")
    """ISO 639-1."""
    url: str = ""
    """Where customers read the article."""


class Section(Value):
    """A passage before it is stored; `heading` is empty above the first heading."""

    heading: str
    text: str
    asked: tuple[str, ...] = ()
    """Other words in which customers ask what it answers: `<!-- asked: one | another -->` below the heading."""


class ParsedArticle(Value):
    """An article as written in its file."""

    name: str
    """The file's, within the folder."""
    slug: str
    front: FrontMatter
    body: str
    sections: tuple[Section, ...]


def parse_article(name: str, source: str) -> ParsedArticle:
    """Read the source of one article; `name` is its file's, within the folder. Raises `ArticleInvalid`."""
    front = _FRONT_MATTER.match(source)
    if front is None:
        raise ArticleInvalid(f"{name}: front matter is missing: begin with title and language between two lines of ---")
    return parsed(name, slug_of(name), _front_matter(name, front[1]), source[front.end() :].strip())


def parsed(name: str, slug: str, front: FrontMatter, body: str) -> ParsedArticle:
    """The article with its passages. Raises `ArticleInvalid` if it has none."""
    sections = split_sections(body)
    if not sections:
        raise ArticleInvalid(f"{name}: body is empty: write a paragraph below a heading")
    return ParsedArticle(name=name, slug=slug, front=front, body=body, sections=sections)


def slug_of(name: str) -> str:
    """The file's name without folder and ending; the same in all languages."""
    return PurePosixPath(name).stem


def split_sections(body: str) -> tuple[Section, ...]:
    """The passages of a Markdown body, in order; headings without text below them are left out."""
    return tuple(
        Section(heading=plain_text(heading), text=part, asked=_asked("\n".join(lines)))
        for heading, lines in _by_heading(body)
        for part in _portions(plain_text("\n".join(lines)))
    )


def _asked(markdown: str) -> tuple[str, ...]:
    lines = (line for comment in _ASKED.findall(markdown) for line in re.split(r"[|\n]", comment))
    return tuple(" ".join(line.split()) for line in lines if line.strip())


def plain_text(markdown: str) -> str:
    """Markdown as sentences to be quoted: no marks, links as their words, lists as lines that begin with a dash."""
    markdown = _ESCAPED.sub(lambda found: chr(_SHELTER + ord(found[1])), markdown)
    for pattern, replacement in _PLAINER:
        markdown = pattern.sub(replacement, markdown)
    paragraphs = (_unwrapped(paragraph) for paragraph in _BLANK_LINES.split(markdown))
    plain = "\n\n".join(paragraph for paragraph in paragraphs if paragraph)
    return plain.translate({_SHELTER + code: code for code in range(128)})


def _front_matter(name: str, source: str) -> FrontMatter:
    try:
        return FrontMatter.model_validate(yaml.safe_load(source))
    except yaml.YAMLError as error:
        raise ArticleInvalid(f"{name}: front matter is not YAML: put quotation marks around its texts") from error
    except ValidationError as error:
        fields = ", ".join(".".join(map(str, one["loc"])) or "front matter" for one in error.errors())
        raise ArticleInvalid(
            f"{name}: {fields} not as expected: it has title, language (such as en) and url"
        ) from error


def _by_heading(body: str) -> Iterator[tuple[str, list[str]]]:
    """Each heading with the lines below it. A # inside a fenced block is no heading (CommonMark 0.31, section 4.5)."""
    heading, lines, fenced = "", [], False
    for line in body.splitlines():
        fenced ^= bool(_FENCE.match(line))
        found = None if fenced else _HEADING.match(line)
        if found is None:
            lines.append(line)
            continue
        yield heading, lines
        heading, lines = found[1], []
    yield heading, lines


def _unwrapped(paragraph: str) -> str:
    """Lines of a paragraph joined, entries of a list each on a line."""
    text = re.sub(r"\s*\n\s*(?!-\s|\d+\.\s)", " ", paragraph.strip())
    return re.sub(r"[ \t]+", " ", text)


def _portions(text: str) -> Iterator[str]:
    portion = ""
    for paragraph in text.split("\n\n"):
        if portion and len(portion) + len(paragraph) > PASSAGE_CHARACTERS:
            yield portion
            portion = ""
        portion = f"{portion}\n\n{paragraph}" if portion else paragraph
    if portion:
        yield portion
