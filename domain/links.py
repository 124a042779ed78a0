"""Links in a text that goes out: where each would really lead, however it is written.

Reading follows what mail programs and browsers make of a text: the WHATWG URL Standard for hosts (a backslash is a
slash, what stands before an @ is no host), CommonMark 0.31 for Markdown, and Unicode TR 39 for look-alikes.
"""

import html
import re
import unicodedata
from collections.abc import Iterator, Sequence

_ENDINGS = """
com net org info biz name pro mobi io co app dev ai gg sh shop store online site website web page link click live
life club xyz top icu vip win bid loan men date stream download work works world today news blog email support help
care services service solutions center cloud tech digital space fun zone group team agency company ltd inc bank
finance money cash credit pay deals sale buy gift gifts promo discount market markets fashion shoes beauty delivery
express post zip mov example test invalid onion localhost internal local lan eu us uk de at ch fr es it nl be lu dk
se no fi is ie pt pl cz sk hu ro bg gr hr si ee lv lt mt cy tr ua ru by rs ba mk al md ge am az kz uz cn jp kr tw hk
sg my th vn id ph in pk bd lk np ir iq il sa ae qa kw om jo lb eg ma dz tn ly za ng ke gh tz ug et ca mx br ar cl pe
ve ec bo py uy cr pa gt cu do jm tt au nz fj to tv ws cc vc ag me so su tk ml ga cf gq pw nu st
"""
_ENDING = "|".join(sorted({*_ENDINGS.split()}, key=len, reverse=True))
_ANY_SCHEME = re.compile(r"(?<![a-z0-9+.\-])([a-z][a-z0-9+.\-]*):[/\\]{1,}([^\s<>\"'()\[\]{}|^`]*)", re.IGNORECASE)
_NO_SLASHES = re.compile(
    r"(?<![a-z0-9])(?:javascript|vbscript|data|file|blob|about|mailto|tel|sms|smsto|callto|skype|whatsapp|tg|intent|"
    r"market|itms|geo|view-source|ftp|https?):(?=[^\s/\\])([^\s<>\"'()\[\]]*)",
    re.IGNORECASE,
)
_WWW = re.compile(r"(?<![a-z0-9./@\\-])www\.[^\s/\\:?#<>\"')\]]+", re.IGNORECASE)
_NO_SCHEME = re.compile(r"(?<![:/\\\w])[/\\]{2}([^\s/\\:?#<>\"')\]]+)")
_BARE = re.compile(
    rf"(?<![\w@./\\-])((?:[^\W_](?:[\w-]*[^\W_])?\.)+(?:{_ENDING}|xn--[a-z0-9-]+))(?![\w-]|\.\w)", re.IGNORECASE
)
_ADDRESS = re.compile(r"[\w.+%-]+@((?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_]{2,})", re.IGNORECASE)
_NUMERIC_HOST = re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.])")
_MARKDOWN = re.compile(r"\]\(\s*<?([^)\s>]+)|^\s{0,3}\[[^\]]+\]:\s*<?(\S+?)>?\s*$", re.MULTILINE)
_TAG = re.compile(r"<\s*[/!?]?\s*[a-z][a-z0-9]*(?=[\s/>])[^>]*>?", re.IGNORECASE)
_HANDLES = re.compile(r"\b(?:on\w{2,12}|href|src|srcdoc|formaction)\s*=\s*[\"']", re.IGNORECASE)
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
_DISGUISED_DOT = re.compile(r"\s*(?:[\[({]\s*(?:\.|dot|punkt|punto|point)\s*[\])}])\s*", re.IGNORECASE)
_SPOKEN = r"(?:com|net|org|info|io|co|shop|store|online|xyz|example)"
_SPELLED_DOT = re.compile(rf"(?<=\w)\s+(?:dot|punkt|punto|point)\s+(?={_SPOKEN}\b)", re.IGNORECASE)
_SPACED_DOT = re.compile(rf"(?<=\w)\s+[.]\s*(?={_SPOKEN}\b)", re.IGNORECASE)
_IDEOGRAPHIC_DOTS = str.maketrans("。．｡․·", ".....")


def links_allowed(text: str, domains: Sequence[str]) -> bool:
    """Does everything in the text that a program or a person could follow lead to one of these domains?

    A subdomain belongs to its domain. Markup, names before an `@`, other schemes than `http` and `https`, and hosts
    that are not written in plain letters are never allowed; an address in numbers only if it is named as it stands.
    """
    allowed = frozenset(domain.lower().strip(".") for domain in domains)
    return not _BIDI.search(text) and all(_reading_allowed(reading, allowed) for reading in _readings(text))


def _readings(text: str) -> Iterator[str]:
    """The text as it stands, and as programs and people may read it."""
    yield text
    visible = "".join(character for character in text if unicodedata.category(character) != "Cf")
    plain = unicodedata.normalize("NFKC", html.unescape(visible).translate(_IDEOGRAPHIC_DOTS))
    if plain != text:
        yield plain
    spoken = _SPACED_DOT.sub(".", _SPELLED_DOT.sub(".", _DISGUISED_DOT.sub(".", plain)))
    if spoken != plain:
        yield spoken


def _reading_allowed(text: str, allowed: frozenset[str]) -> bool:
    in_numbers = set(_NUMERIC_HOST.findall(text))
    if _TAG.search(text) or _HANDLES.search(text) or in_numbers - allowed:
        return False
    hosts = list(_hosts(text))
    return None not in hosts and all(_belongs(host, allowed) for host in hosts if host is not None)


def _hosts(text: str) -> Iterator[str | None]:
    """The host of each link; None for what is no plain link."""
    for scheme, rest in _ANY_SCHEME.findall(text):
        yield _host(rest) if scheme.lower() in {"http", "https"} else None
    for found in _NO_SLASHES.finditer(text):
        yield found[1].rpartition("@")[2] if found[0].lower().startswith("mailto:") else None
    without = _ANY_SCHEME.sub(" ", text)
    yield from (_host(found) for pattern in (_WWW, _NO_SCHEME) for found in pattern.findall(without))
    yield from _ADDRESS.findall(without)
    yield from _BARE.findall(_ADDRESS.sub(" ", without))
    for first, second in _MARKDOWN.findall(text):
        if not _ANY_SCHEME.match(first or second):
            yield None


def _host(rest: str) -> str | None:
    """The host of what stands behind the slashes of a link."""
    if "\\" in rest:
        return None
    place = re.split(r"[/?#]", rest, maxsplit=1)[0]
    return None if "@" in place or "%" in place else re.sub(r":\d*$", "", place).rstrip(".,;:!*_~")


def _belongs(host: str, allowed: frozenset[str]) -> bool:
    host = host.lower().strip(".")
    return host.isascii() and any(host == domain or host.endswith("." + domain) for domain in allowed)
