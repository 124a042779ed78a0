"""What a customer's words name of an order: its lines, how many of them, which variants instead."""

import re
from collections.abc import Mapping, Sequence, Set

from domain.commerce import Order, OrderLine, Product, Variant
from domain.flows.reason_words import says
from domain.values import Value

Products = Mapping[str, Product]
"""Line id to the product of the line."""

_WORD = re.compile(r"\w+(?:['’]\w+)*")
_CLAUSE = re.compile(r"[.;,:!?()\n]+|\b(?:and|und|y|et|but|sondern|aber|sino|pero|mais)\b", re.IGNORECASE)
_DENIED = re.compile(
    r"\W*(?:sorry |no |nein |non )?(?:not (?:the|my|these|those)|nicht (?:die|den|das|mein\w*)"
    r"|no (?:el|la|los|las|mis?)|pas (?:le|la|les|mon|ma|mes))\b",
    re.IGNORECASE,
)
"""Begins a clause that takes back what it names: `not the shoes, I mean the trousers`."""
_SHORTEST = 3
_NUMBERS = {"one": 1, "two": 2, "three": 3, "ein": 1, "eine": 1, "einen": 1, "zwei": 2, "drei": 3}
_NUMBERS |= {"uno": 1, "una": 1, "dos": 2, "tres": 3, "un": 1, "une": 1, "deux": 2, "trois": 3}
_COUNTED = re.compile(rf"\b([1-9])\s?(?:x|×|of|von|de|stück|pieces?|pairs?|units?)\b|\b({'|'.join(_NUMBERS)})\b")
_LETTERS = re.compile(r"^[A-Z]{1,4}$")


class Gathered(Value):
    """What was read so far."""

    units: dict[str, int] = {}
    """Line id to units."""
    options: dict[str, dict[str, str]] = {}
    """Line id to the options that its replacement is to have."""
    unclear: bool = False
    """Something was named that fits several lines alike."""


def gather(turns: Sequence[str], order: Order, products: Products) -> Gathered:
    """Reads the customer's turns, oldest first: what was said later counts."""
    gathered = Gathered()
    for turn in turns:
        gathered = _after(gathered, turn, order, products)
    return gathered


def _after(before: Gathered, turn: str, order: Order, products: Products) -> Gathered:
    """What holds after one more turn."""
    named: dict[str, int] = {}
    options = dict(before.options)
    unclear, latest, denied = False, tuple(before.units), set[str]()
    for clause in filter(str.strip, _CLAUSE.split(turn)):
        lines, torn = _lines_named(clause, order, products)
        unclear = unclear or torn
        if lines and _DENIED.match(clause):
            denied |= set(lines)
            continue
        if lines:
            latest = lines
            named |= {line_id: _units(clause, order, line_id) for line_id in lines}
        elif latest and (count := _count(clause)) and not named:
            named |= {line_id: min(count, before.units[line_id]) for line_id in latest if line_id in before.units}
        about = latest or tuple(products)
        for line_id in about:
            if found := _options_named(clause, order, line_id, products):
                options[line_id] = {**options.get(line_id, {}), **found}
    units = _units_after(before.units, named, denied, turn)
    return Gathered(units=units, options=options, unclear=unclear or (before.unclear and not named))


def _units_after(before: Mapping[str, int], named: Mapping[str, int], denied: Set[str], turn: str) -> dict[str, int]:
    """A correction of what was chosen leaves the rest of it; something else takes its place, or joins it (`also`)."""
    if denied:
        return {line_id: count for line_id, count in {**before, **named}.items() if line_id not in denied}
    if before and named and says("leave_out", turn):
        return {line_id: count for line_id, count in before.items() if line_id not in named}
    joins = says("also", turn) or (set(named) <= set(before) and not says("only", turn))
    return {**before, **named} if joins or not named else dict(named)


# --- lines ----------------------------------------------------------------------------------------------------------


def _lines_named(clause: str, order: Order, products: Products) -> tuple[tuple[str, ...], bool]:
    """The lines that a clause names, and whether what it names fits several alike."""
    open_lines = [line for line in order.lines if line.open_quantity > 0]
    if says("everything", clause):
        return tuple(line.line_id for line in open_lines), False
    words = _stems(clause)
    scores = {line.line_id: len(words & _title(line, products)) for line in open_lines}
    best = max(scores.values(), default=0)
    first = [line for line in open_lines if best and scores[line.line_id] == best]
    if len(first) > 1:
        first = _told_apart(first, words)
    return (tuple(line.line_id for line in first), False) if len(first) == 1 else ((), len(first) > 1)


def _told_apart(lines: list[OrderLine], words: set[str]) -> list[OrderLine]:
    """Equals are told apart by everything that their titles hold, the colour or size that they have included."""
    scores = [len(words & _stems(line.title)) for line in lines]
    return [line for line, score in zip(lines, scores, strict=True) if score == max(scores)]


def _title(line: OrderLine, products: Products) -> set[str]:
    """The words of a title; where the product is known, without the values that another variant may have, too."""
    product = products.get(line.line_id)
    values = {value for variant in product.variants for value in variant.options.values()} if product else set()
    return _stems(line.title) - _stems(" ".join(values))


def _stems(text: str) -> set[str]:
    words = (word.lower() for word in _WORD.findall(text))
    return {word.rstrip("s") for word in words if len(word) >= _SHORTEST and not word.isdigit()}


def names_line_of(order: Order, text: str) -> bool:
    """Do the words name something in this order?"""
    words = _stems(text)
    return any(words & _stems(line.title) for line in order.lines)


# --- how many -------------------------------------------------------------------------------------------------------


def _units(clause: str, order: Order, line_id: str) -> int:
    """As many as were said, else all that the customer has."""
    line = order.line(line_id)
    held = line.open_quantity if line else 0
    return _count(clause) or held if held > 1 else held


def _count(clause: str) -> int:
    found = _COUNTED.search(clause.lower())
    return int(found[1] or _NUMBERS[found[2]]) if found else 0


# --- variants -------------------------------------------------------------------------------------------------------


def _options_named(clause: str, order: Order, line_id: str, products: Products) -> dict[str, str]:
    """The options that a clause gives a line's replacement: the last value named that the line has not now."""
    product, now = products.get(line_id), present_variant(order, line_id, products)
    if product is None:
        return {}
    found: dict[str, str] = {}
    for option in dict.fromkeys(option for variant in product.variants for option in variant.options):
        values = dict.fromkeys(one.options[option] for one in product.variants if option in one.options)
        places = {value: place for value in values if (place := _place(value, option, clause)) >= 0}
        others = {value: place for value, place in places.items() if not now or value != now.options.get(option)}
        if others:
            found[option] = max(others, key=lambda value: others[value])
    return found


def _place(value: str, option: str, clause: str) -> int:
    """Where a value is named, or -1. A bare letter counts in capitals, or behind the option's name, e.g. `size m`."""
    written = list(re.finditer(rf"(?<![\w'’-]){re.escape(value)}(?![\w'’-])", clause, re.IGNORECASE))
    if _LETTERS.match(value):
        written = [one for one in written if one[0].isupper() or says(option, clause[: one.start()])]
    return written[-1].start() if written else -1


def present_variant(order: Order, line_id: str, products: Products) -> Variant | None:
    """The variant that a line is of."""
    line, product = order.line(line_id), products.get(line_id)
    variants = product.variants if product else ()
    return next((one for one in variants if line and one.sku == line.sku), None)


def variant_with(order: Order, line_id: str, options: Mapping[str, str], products: Products) -> Variant | None:
    """The variant of a line's product that has these options, and the line's own where none is named."""
    now, product = present_variant(order, line_id, products), products.get(line_id)
    wanted = {**(now.options if now else {}), **options}
    variants = product.variants if product else ()
    return next((one for one in variants if options and one.options == wanted), None)
