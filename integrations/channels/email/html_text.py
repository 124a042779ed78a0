"""HTML mail as plain text: sanitised first, quoted parts marked with `> ` as in plain mail."""

import re
from html import unescape
from html.parser import HTMLParser

import nh3

_BLOCKS = {"p", "div", "tr", "table", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "section", "hr"}
_TAGS = _BLOCKS | {"br", "li", "td", "th", "a", "blockquote"}
_MARKUP_LIMIT = 30_000
"""Tags and entities that are worth a careful reading; ten times those of a long newsletter. Nested ones cost the square
of their number."""
_TAG = re.compile(r"<[^<>]*>")
_DROPPED_WITH_CONTENT = {"script", "style", "title", "template", "noscript", "svg", "math"}


def html_to_text(html: str) -> str:
    """What a reader sees, without images and styles; a link's address follows its words where they differ."""
    if html.count("<") + html.count("&") > _MARKUP_LIMIT:
        return unescape(_TAG.sub(" ", html))
    safe = nh3.clean(
        html,
        tags=_TAGS,
        clean_content_tags=_DROPPED_WITH_CONTENT,
        attributes={"a": {"href"}},
        url_schemes={"http", "https"},
        link_rel=None,
    )
    writer = _TextWriter()
    writer.feed(safe)
    writer.close()
    return writer.text()


class _TextWriter(HTMLParser):
    """Turns sanitised HTML into lines."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[str] = []
        self._line: list[str] = []
        self._quote_depth = 0
        self._preformatted = 0
        self._link = ""
        self._link_words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a line where the tag begins one."""
        if tag == "br":
            self._end_line()
        elif tag in {"td", "th"}:
            self._line.append(" ")
        elif tag == "a":
            self._link, self._link_words = dict(attrs).get("href") or "", []
        elif tag == "li":
            self._begin_block()
            self._line.append("- ")
        else:
            self._begin_block(blank_before=tag in {"p", "blockquote"})
            self._enter(tag, 1)

    def handle_endtag(self, tag: str) -> None:
        """End a line where the tag ends one."""
        if tag == "a":
            self._end_link()
        elif tag in _BLOCKS or tag in {"li", "blockquote"}:
            self._begin_block(blank_before=tag == "p")
            self._enter(tag, -1)

    def handle_data(self, data: str) -> None:
        """Add words; outside `pre`, blanks and line ends are one blank."""
        self._link_words.append(data)
        if self._preformatted:
            first, *more = data.split("\n")
            self._line.append(first)
            for line in more:
                self._end_line()
                self._line.append(line)
        elif data.strip():
            self._line.append(" " * data[:1].isspace() + " ".join(data.split()) + " " * data[-1:].isspace())
        else:
            self._line.append(" ")

    def text(self) -> str:
        """All lines, with no more than one blank line in a row."""
        self._begin_block()
        kept: list[str] = []
        for line in self._lines:
            if line.strip("> ") or (kept and kept[-1].strip("> ")):
                kept.append(line)
        return "\n".join(kept).strip()

    def _enter(self, tag: str, step: int) -> None:
        if tag == "blockquote":
            self._quote_depth = max(self._quote_depth + step, 0)
        elif tag == "pre":
            self._preformatted = max(self._preformatted + step, 0)

    def _begin_block(self, *, blank_before: bool = False) -> None:
        if "".join(self._line).strip():
            self._end_line()
        self._line.clear()
        if blank_before:
            self._end_line()

    def _end_line(self) -> None:
        words = "".join(self._line)
        words = words.rstrip() if self._preformatted else " ".join(words.split())
        self._lines.append(("> " * min(self._quote_depth, 20) + words).rstrip())
        self._line.clear()

    def _end_link(self) -> None:
        words = "".join(self._link_words).strip()
        if self._link and self._link.split("://")[-1].rstrip("/") not in words:
            self._line.append(f" ({self._link})")
        self._link = ""
