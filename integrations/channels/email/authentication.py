"""Whether the brand's own mail server vouches for the author: Authentication-Results (RFC 8601), method dmarc."""

import re
from collections.abc import Sequence

_QUOTED = r'"(?:[^"\\]|\\.)*"'
_STATEMENTS = re.compile(rf'(?:[^;"]|{_QUOTED})+')
_DMARC = re.compile(r"\s*dmarc(?:\s*/\s*\d+)?\s*=\s*(\w+)", re.IGNORECASE)
_HEADER_FROM = re.compile(rf"(?<!\S)header\s*\.\s*from\s*=\s*({_QUOTED}|[^\s;]+)", re.IGNORECASE)


def vouches_for(domain: str, headers: Sequence[str], authserv_id: str) -> bool:
    """Whether the top-most result of the server named `authserv_id` says that DMARC passed for `domain`.

    `headers` are all Authentication-Results of a mail, top first. A sender can write such headers too, but only below
    those that the receiving server adds; so results of other servers, and further ones of ours, are ignored.
    """
    if not authserv_id or not domain:
        return False
    for header in headers:
        statements = _STATEMENTS.findall(_without_comments(header))
        if statements and _is_ours(statements[0], authserv_id):
            return _passes(statements[1:], domain)
    return False


def _is_ours(statement: str, authserv_id: str) -> bool:
    words = statement.split()
    return bool(words) and words[0].strip('"').lower() == authserv_id.lower()


def _passes(statements: Sequence[str], domain: str) -> bool:
    verdicts = [(match[1], one) for one in statements if (match := _DMARC.match(one))]
    if len(verdicts) != 1:
        return False  # a server states one verdict; two mean that somebody smuggled one in
    verdict, statement = verdicts[0]
    checked = _HEADER_FROM.findall(_without_reason(statement))
    return verdict.lower() == "pass" and [_domain_of(value) for value in checked] == [_domain_of(domain)]


def _without_reason(statement: str) -> str:
    return re.sub(rf"reason\s*=\s*(?:{_QUOTED}|[^\s;]+)", "", statement, flags=re.IGNORECASE)


def _domain_of(value: str) -> str:
    return value.strip('"').rpartition("@")[2].rstrip(".").lower()


def _without_comments(value: str) -> str:
    """The header without RFC 5322 comments, which nest; empty if a comment or a quotation is left open."""
    kept: list[str] = []
    depth, quoted, escaped = 0, False, False
    for char in value:
        if not depth:
            kept.append(char)
        if escaped:
            escaped = False
        elif char == "\\":
            escaped = True
        elif char == '"' and not depth:
            quoted = not quoted
        elif char == "(" and not quoted:
            if not depth:
                kept[-1] = " "
            depth += 1
        elif char == ")" and not quoted and depth:
            depth -= 1
    return "" if depth or quoted else "".join(kept)
