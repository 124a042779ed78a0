"""Card numbers and secrets are gone before anything is kept, and what only looks like one stays."""

import re
import sys
from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import masking_cards, masking_secrets
from domain.masking import masked, masked_payload
from domain.masking_secrets import SECRET

_STARTS = [
    ("4", 16), ("4", 13), ("4", 19), ("51", 16), ("2221", 16), ("2720", 16), ("34", 15), ("37", 15), ("6011", 16),
    ("65", 16), ("3528", 16), ("305", 14), ("36", 14), ("62", 16), ("62", 19), ("6304", 13), ("2200", 16),
]  # fmt: skip
_SEPARATORS = ["", " ", "-", ".", "  ", "\u00a0", "\u202f", "\u2009", "\u2013", "\u2011", "\t", "\u200b", "\n"]
_DIGITS = ["0123456789", "０１２３４５６７８９", "٠١٢٣٤٥٦٧٨٩", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗"]


def _checked(digits: str) -> str:
    """With its Luhn digit."""
    doubled = [2 * int(one) if place % 2 == 0 else int(one) for place, one in enumerate(reversed(digits))]
    return digits + str(-sum(one - 9 * (one > 9) for one in doubled) % 10)


@st.composite
def _cards(draw: st.DrawFn) -> str:
    start, length = draw(st.sampled_from(_STARTS))
    fill = length - 1 - len(start)
    return _checked(start + draw(st.text("0123456789", min_size=fill, max_size=fill)))


def _groups(digits: str, sizes: list[int]) -> list[str]:
    cuts = [sum(sizes[:count]) for count in range(len(sizes) + 1)]
    return [digits[low:high] for low, high in pairwise(cuts)] + ([digits[cuts[-1] :]] if digits[cuts[-1] :] else [])


def _digits_of(text: str) -> str:
    return "".join(str(int(char)) if char.isdecimal() else "|" for char in text)


@given(
    card=_cards(),
    separator=st.sampled_from(_SEPARATORS),
    sizes=st.sampled_from([[], [4, 4, 4], [4, 6], [6, 6], [8], [4, 4, 4, 4], [1] * 18, [2] * 9, [5, 3], [3, 7]]),
    alphabet=st.sampled_from(_DIGITS),
    around=st.sampled_from([("", ""), ("my card is ", " thanks"), ("order BT-10423, card ", ", 04109"), ("(", ")")]),
)
def test_any_card_in_any_spelling_is_gone(
    card: str, separator: str, sizes: list[int], alphabet: str, around: tuple[str, str]
) -> None:
    fitting = [size for place, size in enumerate(sizes) if sum(sizes[: place + 1]) < len(card)]
    written = separator.join(_groups(card, fitting)).translate(str.maketrans("0123456789", alphabet))
    after = masked(around[0] + written + around[1])
    assert after == f"{around[0]}[card ending {card[-4:]}]{around[1]}"
    assert card[:6] not in _digits_of(after)


@given(card=_cards(), change=st.integers(1, 9), grouped=st.booleans())
def test_digits_that_fail_the_check_stay(card: str, change: int, grouped: bool) -> None:
    wrong = card[:-1] + str((int(card[-1]) + change) % 10)
    written = " ".join(_groups(wrong, [4, 4, 4])) if grouped and len(card) == 16 else wrong
    assert masked(f"it is {written}.") == f"it is {written}."


@pytest.mark.parametrize(
    "text",
    [
        "BT-10423 and BT-10424",
        "+49 170 12345678",
        "+4917012345678",
        "+4222222222222",
        "0151 2345678, 030 1234567",
        "DE89 3704 0044 0532 0130 00",
        "GB29 NWBK 6016 1331 9268 19",
        "DE95 4242 4242 4242 4242 42",  # an IBAN that holds what passes for a card
        "tracking 00340434161094042557",
        "1Z999AA10123456784",
        "JJD014600006290442103",
        "on 2026-03-02 09:30, 12.04.2026, 49.99 and 120.00 EUR",
        "9999 9999 9999 9995",  # a valid check digit, and no issuer
        "1234567890123452",
        "O-1 O-2 20001 20002 20003",
        "04109 Leipzig, 10115 Berlin",
        "the code is 482913",
        "my security code is 482913",
        "one-time code 482 913",
        "my password is not working",
        "Mein Passwort ist falsch!",
        "mi contraseña es incorrecta",
        "mon mot de passe est oublié",
        "I forgot my password",
        "the tan shoes, size 4280",
        "paid by bank transfer, order 10423",
        "the token of my gratitude, a bearer of good news",
    ],
)
def test_what_only_looks_like_a_card_or_a_secret_stays(text: str) -> None:
    assert masked(text) == text


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("cvv 123", "123"),
        ("CVC2: 1234", "1234"),
        ("the security code is 987", "987"),
        ("Sicherheitscode lautet 123", "123"),
        ("Kartenprüfnummer: 123", "123"),
        ("código de seguridad 321", "321"),
        ("le cryptogramme est 456", "456"),
        ("123 is my cvv", "123"),
        ("4242 4242 4242 4242 12/27 123", " 123"),
        ("4242424242424242, 987", "987"),
        ("my password is hunter2", "hunter2"),
        ("my password for the shop is hunter2, please", "hunter2"),
        ("Password: correct", "correct"),
        ("mein Passwort lautet Geheim123", "Geheim123"),
        ("mi contraseña es perro99", "perro99"),
        ("mon mot de passe est soleil", "soleil"),
        ("key sk-abcdefghijklmnop1234", "abcdefgh"),
        ("sk_live_abcdefghijklmnop1234", "abcdefgh"),
        ("Authorization: Bearer abcdefghijklmnop", "abcdefgh"),
        ("AKIAIOSFODNN7EXAMPLE", "IOSFODNN"),
        ("ghp_abcdefghijklmnopqrstuvwxyz0123456789", "abcdefgh"),
        ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmVk", "eyJzdWI"),
        ("api key: 0a1b2c3d4e5f6a7b", "0a1b2c3d"),
        ("-----BEGIN RSA PRIVATE KEY-----\nMIIabc\n-----END RSA PRIVATE KEY-----", "MIIabc"),
        ("-----BEGIN PRIVATE KEY-----\nMIIabc, cut off", "MIIabc"),
        ("mTAN 482913", "482913"),
        ("TAN: 123456", "123456"),
        ("the code from my bank is 482913", "482913"),
        ("3-D Secure code 482913", "482913"),
    ],
)
def test_a_secret_is_gone_and_its_words_stay(text: str, secret: str) -> None:
    after = masked(f"Hello, {text} bye")
    assert secret not in after
    assert SECRET in after
    assert after.startswith("Hello, ")
    assert after.endswith(" bye") or "cut off" in text


def test_a_card_beside_other_numbers_is_masked_whole() -> None:
    assert masked("order 40423 4242 4242 4242 4242 49.99 EUR") == "order 40423 [card ending 4242] 49.99 EUR"


_PIECES = st.sampled_from(
    ["4242 4242 4242 4242", "378282246310005", "cvv 123", "password is x1", "pass", "word: ", "[card ending 4242]",
     " 12/27 ", SECRET, "sk-", "abcdefghijklmnopq", "Bearer ", "eyJabcdef.", "-----BEGIN PRIVATE KEY-----", "-----END ",
     "-----", "DE89 3704 0044 0532 0130 00", "TAN ", "482913", "cvv 123cvv 123", "1eyJabcdefg.abcdefg",
     " ", "-", "4", "42", "\n", "is", ":", "１２３", "+"]
)  # fmt: skip


@given(st.lists(_PIECES, max_size=12).map("".join))
def test_masking_again_changes_nothing(text: str) -> None:
    assert masked(masked(text)) == masked(text)


@given(st.text())
def test_any_text_can_be_masked(text: str) -> None:
    assert masked(masked(text)) == masked(text)


_NUMBERS = ["4 ", "4242 ", "4242-4242-4242-4243 ", "1", "+4", "AA00 ", "４"]
_MARKS = ["-----BEGIN ", "-----BEGIN PRIVATE KEY-----", "eyJ", "eyJaaaaaa.", "eyJ1", "sk-", "sk-1"]
_WORDS = ["password ", "password for a", "cvv is ", "TAN "]


@pytest.mark.parametrize("piece", _NUMBERS + _MARKS + _WORDS)
def test_the_work_grows_with_the_length_and_not_faster(piece: str) -> None:
    small, large = (_calls(piece * (size // len(piece))) for size in (50_000, 100_000))
    assert large <= 2.2 * small + 100


def _calls(text: str) -> int:
    """Calls of functions, Python's own included, while a text is masked."""
    count = 0

    def counts(*_: object) -> None:
        nonlocal count
        count += 1

    sys.setprofile(counts)
    try:
        masked(text)
    finally:
        sys.setprofile(None)
    return count


def _patterns() -> Iterator[re.Pattern[str]]:
    for module in (masking_cards, masking_secrets):
        yield from (value for value in vars(module).values() if isinstance(value, re.Pattern))
    yield from (pattern for pattern, _ in masking_secrets._RULES)


@pytest.mark.parametrize("pattern", [*_patterns()], ids=lambda pattern: pattern.pattern[:30])
def test_no_pattern_gives_back_what_it_has_repeated_without_end(pattern: re.Pattern[str]) -> None:
    from re import _constants, _parser  # type: ignore[attr-defined]  # noqa: PLC0415

    def check(tree: object) -> None:
        for kind, value in tree:  # type: ignore[attr-defined]
            if kind in {_constants.MAX_REPEAT, _constants.MIN_REPEAT}:
                assert value[1] <= 400, "repeats without end, and tries again from each place"
            for part in value if isinstance(value, tuple | list) else ():
                for inner in part if isinstance(part, list) else [part]:
                    if isinstance(inner, _parser.SubPattern):
                        check(inner)

    check(_parser.parse(pattern.pattern, pattern.flags))


def test_a_payload_that_is_no_text_is_masked_where_it_is() -> None:
    raw = b"\xff\xfecard 4242\xc2\xa04242\xc2\xa04242\xc2\xa04242 \x80"
    assert masked_payload(raw) == b"\xff\xfecard [card ending 4242] \x80"
