"""The part of a mail that its sender wrote now, without quoted history and signature."""

import re

from mailparser_reply.parser import EmailMessage

_LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "da", "sv")
_SPLIT_LIMIT, _LINE_LIMIT = 20_000, 500
"""Characters that the splitter sees of a text and of a line: its patterns take quadratic time."""
_FORWARD = re.compile(r"\s*(?:fwd?|wg|tr|rv|vs|doorst)\s*:", re.IGNORECASE)
_HIDDEN = re.compile("\x02([0-9]+)\x03")
_BLANK_LINES = re.compile(r"\n(?:[ \t]*\n){2,}")
_SIGNATURE = re.compile(r"(?:\A|\n)-- ?(?:\n[^\n]*){1,12}\Z")
"""RFC 3676, section 4.3; what is longer is text below a dividing line.

Closing words are left alone: `Thanks, but it does not fit` is no signature."""
_SENT_FROM = re.compile(
    r"\n\s*(?:sent from my|get outlook for|gesendet von|envoyé de mon|enviado desde mi|inviato da)[^\n]{0,80}\Z",
    re.IGNORECASE,
)


def newest_reply(text: str, subject: str = "") -> str:
    """What was written above, below or between quoted lines. A forwarded mail and one that is all quote stay whole."""
    text = _BLANK_LINES.sub("\n\n", text).strip()
    if _FORWARD.match(subject):
        return text
    newest, *older = _sections(text)
    pieces = [_unquoted(newest), *(_inline_answers(section) for section in older)]
    written = "\n\n".join(piece for piece in pieces if piece)
    return _without_signature(written) or text


def _sections(text: str) -> list[str]:
    """The text split where a mail program announces a quotation; the first section is the newest."""
    visible, long_lines = _hide_long_lines(text)
    try:
        replies = EmailMessage(visible[:_SPLIT_LIMIT], languages=list(_LANGUAGES)).read().replies
    except Exception:  # a splitter that fails must not cost us the mail
        return [text]
    sections = [reply.content for reply in replies]
    sections[-1] += visible[_SPLIT_LIMIT:]
    shown = [_HIDDEN.sub(lambda match: long_lines[int(match[1])], section) for section in sections]
    return ["", *shown] if replies[0].headers else shown


def _hide_long_lines(text: str) -> tuple[str, list[str]]:
    """No program announces a quotation in a line that long."""
    lines = text.split("\n")
    hidden: list[str] = []
    for number, line in enumerate(lines):
        if len(line) > _LINE_LIMIT:
            mark = ">" if line.startswith(">") else ""
            lines[number] = f"{mark}\x02{len(hidden)}\x03"
            hidden.append(line.removeprefix(mark))
    return "\n".join(lines), hidden


def _unquoted(section: str) -> str:
    """The lines without `>` and without the line that announces them."""
    kept: list[str] = []
    for line in section.split("\n"):
        if not line.startswith(">"):
            kept.append(line)
        elif kept and kept[-1].endswith(":"):
            kept.pop()
    return "\n".join(kept).strip()


def _inline_answers(section: str) -> str:
    """Lines after a quoted one. History that is not marked line by line has none."""
    lines = section.split("\n")
    quoted = [index for index, line in enumerate(lines) if line.startswith(">")]
    return _unquoted("\n".join(lines[quoted[0] :])) if quoted else ""


def _without_signature(text: str) -> str:
    return _SENT_FROM.sub("", "\n" + _SIGNATURE.sub("", text)).strip()
