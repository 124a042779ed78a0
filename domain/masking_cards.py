"""Payment card numbers in running text: found by length, issuer and check digit, however they are spaced.

Lengths and prefixes: ISO/IEC 7812-1 and the issuers' published ranges. Check digit: ISO/IEC 7812-1, annex B (Luhn).
A number that is glued to more digits, or begun with a plus sign, is none; nor is a part of a valid IBAN (ISO 13616).
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from itertools import accumulate
from typing import NamedTuple

SHORTEST, LONGEST = 13, 19
_BLANKS = frozenset(" \t\n\r\u200b\u200c\u200d\u2060\ufeff\u00ad")
_POINTS = frozenset(".\u00b7\u2022\u2024\u30fb\uff0e")
_RUN = re.compile(r"[0-9](?:[ .\-]{0,3}[0-9])*+")
_GROUP = re.compile(r"[0-9]++")
_IBAN = re.compile(
    r"(?<![A-Za-z0-9])[A-Za-z]{2}[0-9]{2}(?:[ \-]?[A-Za-z0-9]{4}){2,7}(?:[ \-]?[A-Za-z0-9]{1,3})?(?![A-Za-z0-9])"
)
_ISSUERS = (
    (4, 4, (13, 16, 19)),
    (34, 34, (15,)),
    (37, 37, (15,)),
    (51, 55, (16,)),
    (2221, 2720, (16,)),
    (6011, 6011, (16, 17, 18, 19)),
    (644, 649, (16, 17, 18, 19)),
    (65, 65, (16, 17, 18, 19)),
    (3528, 3589, (16, 17, 18, 19)),
    (300, 305, (14, 15, 16, 17, 18, 19)),
    (36, 36, (14, 15, 16, 17, 18, 19)),
    (38, 39, (14, 15, 16, 17, 18, 19)),
    (309, 309, (14, 15, 16, 17, 18, 19)),
    (62, 62, (16, 17, 18, 19)),
    (81, 81, (16, 17, 18, 19)),
    (2200, 2204, (16, 17, 18, 19)),
    (50, 50, (13, 14, 15, 16, 17, 18, 19)),
    (56, 58, (13, 14, 15, 16, 17, 18, 19)),
    (60, 69, (13, 14, 15, 16, 17, 18, 19)),
)
"""First and last prefix, and the lengths: Visa, American Express, Mastercard, Discover, JCB, Diners Club, UnionPay,
RuPay (within 60 to 69, and 81), Mir, Maestro."""


class Card(NamedTuple):
    """A card number in a text: where it begins and ends, and its last four digits."""

    start: int
    end: int
    ending: str


def find_cards(text: str) -> Iterator[Card]:
    """The card numbers of a text, in order, none overlapping another. Linear in the text's length."""
    plain = plain_digits(text)
    accounts = _accounts(plain)
    for run in _RUN.finditer(plain):
        if run.end() - run.start() >= SHORTEST:
            yield from _Run(plain, run, accounts).cards()


def plain_digits(text: str) -> str:
    """The same characters, place by place, with every decimal digit, blank, dash and point in its ASCII form."""
    if text.isascii():
        return text.translate(_LINE_ENDS)
    return "".join(map(_plain, text))


_LINE_ENDS = str.maketrans("\t\n\r", "   ")


def _plain(char: str) -> str:
    if char in _BLANKS or unicodedata.category(char) == "Zs":
        return " "
    if char in _POINTS:
        return "."
    if unicodedata.category(char) == "Pd" or char == "\u2212":
        return "-"
    digit = unicodedata.digit(char, None)
    return char if digit is None else str(digit)


def _accounts(plain: str) -> set[int]:
    """The places that valid IBANs cover."""
    places: set[int] = set()
    for found in _IBAN.finditer(plain):
        letters = re.sub(r"[ \-]", "", found[0]).upper()
        if int("".join(str(int(char, 36)) for char in letters[4:] + letters[:4])) % 97 == 1:
            places.update(range(*found.span()))
    return places


class _Run:
    """Groups of digits with nothing but blanks, dashes and points between them."""

    def __init__(self, plain: str, run: re.Match[str], accounts: set[int]) -> None:
        self._plain = plain
        self.groups = [group for group in _GROUP.finditer(plain, *run.span()) if group.start() not in accounts]
        self._digits = "".join(group[0] for group in self.groups)
        self._places = list(accumulate((len(group[0]) for group in self.groups), initial=0))
        self._sums = _luhn_sums(self._digits)

    def cards(self) -> list[Card]:
        """The card numbers, those that are written as usual first, so that nothing beside one takes a part of it."""
        found: list[Card] = []
        stretches = [(0, len(self.groups))]
        for shape in (_is_usual, _is_possible):
            left: list[tuple[int, int]] = []
            for first, end in stretches:
                place = first
                for begin, after in self._in_stretch(first, end, shape):
                    found.append(self._card(begin, after))
                    left.append((place, begin))
                    place = after
                left.append((place, end))
            stretches = left
        return sorted(found)

    def _in_stretch(self, first: int, end: int, shape: Callable[[list[int]], bool]) -> Iterator[tuple[int, int]]:
        while first < end:
            after = self._longest_from(first, end, shape)
            if after:
                yield first, after
            first = after or first + 1

    def _longest_from(self, first: int, end: int, shape: Callable[[list[int]], bool]) -> int:
        """Where the longest card number ends that begins with a group; 0 if none does."""
        start, found = self._places[first], 0
        lengths = _lengths(self._digits[start : start + 4])
        glued = self._plain[max(0, self.groups[first].start() - 1) : self.groups[first].start()] == "+"
        for after in range(first + 1, min(first + LONGEST, end) + 1) if lengths and not glued else ():
            stop = self._places[after]
            if stop - start > LONGEST:
                break
            if stop - start in lengths and _passes(self._sums, start, stop) and shape(self._sizes(first, after)):
                found = after
        return found

    def _sizes(self, first: int, after: int) -> list[int]:
        return [len(group[0]) for group in self.groups[first:after]]

    def _card(self, first: int, after: int) -> Card:
        stop = self._places[after]
        return Card(self.groups[first].start(), self.groups[after - 1].end(), self._digits[stop - 4 : stop])


def _is_usual(sizes: list[int]) -> bool:
    """In one piece, in groups of one size with a shorter last one, or as American Express and Diners Club print it."""
    even = all(size == sizes[0] for size in sizes[:-1]) and sizes[-1] <= sizes[0]
    return sizes in ([4, 6, 5], [4, 6, 4]) or (even and (len(sizes) == 1 or sizes[0] in {1, 2, 4, 8}))


def _is_possible(sizes: list[int]) -> bool:
    """Any grouping, but for a short number before longer ones, such as the end of an order number."""
    return sizes[0] >= 3


def _lengths(prefix: str) -> frozenset[int]:
    found: set[int] = set()
    for low, high, lengths in _ISSUERS:
        width = len(str(low))
        if len(prefix) >= width and low <= int(prefix[:width]) <= high:
            found.update(lengths)
    return frozenset(found)


def _luhn_sums(digits: str) -> tuple[list[int], list[int]]:
    """Running sums, with the digits of even and of odd places doubled, so that any part is checked in one step."""
    even, odd = [0], [0]
    for place, char in enumerate(digits):
        digit = int(char)
        doubled = 2 * digit - 9 * (digit > 4)
        even.append(even[-1] + (doubled if place % 2 == 0 else digit))
        odd.append(odd[-1] + (doubled if place % 2 else digit))
    return even, odd


def _passes(sums: tuple[list[int], list[int]], start: int, end: int) -> bool:
    """The check digit stands last and is not doubled; the one before it is."""
    doubled = sums[end % 2]
    return (doubled[end] - doubled[start]) % 10 == 0
