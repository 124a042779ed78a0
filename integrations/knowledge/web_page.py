"""Reads an article from a web page: its title, headings, paragraphs, lists and tables as text; all else is dropped."""

import re
from html.parser import HTMLParser

from integrations.knowledge.markdown import ArticleInvalid, FrontMatter, ParsedArticle, parsed, slug_of

_NOT_READ = "script style template noscript svg nav header footer aside form button select iframe object dialog"
_DROPPED = frozenset(_NOT_READ.split())
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_READ = "p li ul ol dl dt dd table caption tr div section article main blockquote pre figure figcaption br hr title"
_BLOCKS = _HEADINGS | frozenset(_READ.split())
_CELLS = frozenset({"td", "th"})
_CONTENT = re.compile(r"<(main|article)[\s>]", re.IGNORECASE)
_LANGUAGE = re.compile(r"^[a-z]{2}")
_MARKS = re.compile(r"([\\`*_#<>\[\]|~!])")


def parse_web_page(name: str, source: str) -> ParsedArticle:
    """Read the source of one page. The title is its first `h1`, else its `title`; scripts never become text.

    If it has a `main` or `article`, only what stands there counts. Raises `ArticleInvalid`.
    """
    page = _Page(everywhere=_CONTENT.search(source) is None)
    page.feed(source)
    page.close()
    title = page.heading or page.title
    if not title:
        raise ArticleInvalid(f"{name}: no title: give the page an <h1> or a <title>")
    language = _LANGUAGE.match(page.language)
    front = FrontMatter(title=title, language=language[0] if language else "en")
    body = "\n\n".join(page.blocks)
    return parsed(name, slug_of(name), front, body)


class _Page(HTMLParser):
    """Collects blocks of Markdown; a table's row becomes a line of a list, its cells under their headings."""

    def __init__(self, *, everywhere: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.title = self.heading = self.language = ""
        self.blocks: list[str] = []
        self._inside = int(everywhere)
        self._dropped: list[str] = []
        self._words: list[str] = []
        self._tag = ""
        self._columns: list[str] = []
        self._cells: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _DROPPED or self._dropped:
            if tag in _DROPPED:
                self._dropped.append(tag)
            return
        if tag == "html":
            self.language = dict(attrs).get("lang") or ""
        if tag in _BLOCKS:
            self._end_block()
            self._tag = "" if tag == "br" else tag
        if tag == "table":
            self._columns = []
        self._inside += tag in {"main", "article"}

    def handle_endtag(self, tag: str) -> None:
        if self._dropped:
            if tag == self._dropped[-1]:
                self._dropped.pop()
            return
        if tag in _CELLS:
            self._end_cell(tag)
        elif tag == "tr":
            self._end_row()
        elif tag in _BLOCKS:
            self._end_block()
            self._tag = ""
        self._inside -= tag in {"main", "article"}

    def handle_data(self, data: str) -> None:
        if not self._dropped and (self._inside > 0 or self._tag == "title"):
            self._words.append(data)

    def close(self) -> None:
        super().close()
        self._end_block()

    def _taken(self) -> str:
        text = " ".join("".join(self._words).split())
        self._words = []
        return text

    def _end_block(self) -> None:
        text = self._taken()
        if not text:
            return
        if self._tag == "title":
            self.title = self.title or text
        elif self._tag == "h1" and not self.heading:
            self.heading = text
        elif self._tag in _HEADINGS:
            self.blocks.append(f"## {_literal(text)}")
        else:
            self.blocks.append(f"- {_literal(text)}" if self._tag == "li" else _literal(text))

    def _end_cell(self, tag: str) -> None:
        self._cells.append((tag, self._taken()))

    def _end_row(self) -> None:
        """A row of headings names the columns of those that follow."""
        texts = [text for _, text in self._cells]
        if texts and all(tag == "th" for tag, _ in self._cells):
            self._columns = texts
        elif any(texts):
            columns = self._columns if len(self._columns) == len(texts) else [""] * len(texts)
            cells = (f"{column}: {text}" if column else text for column, text in zip(columns, texts, strict=True))
            self.blocks.append("- " + _literal(", ".join(cells)))
        self._cells = []


def _literal(text: str) -> str:
    """Text that a page shows is not read as Markdown's marks."""
    return _MARKS.sub(r"\\\1", text)
