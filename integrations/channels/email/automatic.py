"""Whether a machine wrote a mail. Such mail is never answered automatically (RFC 3834, section 2)."""

from integrations.channels.email.headers import Headers

_BULK = {"bulk", "junk", "list"}
_SUPPRESSES_REPLIES = {"all", "oof", "autoreply"}
"""Values of X-Auto-Response-Suppress that concern answers ([MS-OXCMAIL], 2.1.3.2.14); the others concern receipts."""


def is_automatic(headers: Headers, *, content_type: str, null_return_path: bool) -> bool:
    """True for auto-replies, bounces, reports and list mail."""
    return (
        null_return_path
        or headers.first("return-path").strip() == "<>"
        or content_type == "multipart/report"
        or bool(headers.all("list-id"))
        or _first_word(headers, "auto-submitted") not in {"", "no"}
        or _first_word(headers, "precedence") in _BULK
        or _suppresses_replies(headers)
    )


def _first_word(headers: Headers, name: str) -> str:
    return headers.first(name).partition(";")[0].partition("(")[0].strip().lower()


def _suppresses_replies(headers: Headers) -> bool:
    values = headers.first("x-auto-response-suppress").lower().split(",")
    return not _SUPPRESSES_REPLIES.isdisjoint(value.strip() for value in values)
