"""What is owed after an inspection: never more than was paid, nothing twice, and all of it when all is well."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.flows.effects import Accepted
from domain.flows.settling import ExchangeSettlement, Terms, agreed_difference, exchange_settlement

PRICES = st.integers(min_value=0, max_value=5000)


def swap(place: str, old: int, new: int, quantity: int = 1, line: str = "") -> Terms:
    return Terms(place=place, line_id=line or f"l{place}", quantity=quantity, old_minor=old, new_minor=new)


def accepted(swaps: list[Terms], *units: int) -> list[Accepted]:
    return [Accepted(line_id=one.line_id, received=u, accepted=u) for one, u in zip(swaps, units, strict=True)]


def owed(
    swaps: list[Terms], lines: list[Accepted], agreed: int, charged: int, shipped: str = "", missing: str = ""
) -> ExchangeSettlement:
    return exchange_settlement(
        swaps,
        lines,
        shipped=shipped.split(),
        missing=missing.split(),
        agreed_minor=agreed,
        charged_minor=charged,
    )


@pytest.mark.parametrize(
    ("swaps", "units", "agreed", "charged", "shipped", "missing", "back", "instead", "open_minor"),
    [
        pytest.param([swap("1", 20, 27)], [1], 7, 7, "1", "", 0, 0, 0, id="charged and accepted"),
        pytest.param([swap("1", 20, 14)], [1], -6, 0, "1", "", 6, 0, 0, id="cheaper"),
        pytest.param([swap("1", 20, 14)], [1], -4, 0, "1", "", 4, 0, 0, id="cheaper, with a fee of 2"),
        pytest.param([swap("1", 20, 27)], [0], 7, 7, "", "", 7, 0, 0, id="not accepted, nothing left"),
        pytest.param([swap("1", 20, 27)], [0], 7, 7, "1", "", 0, 0, 20, id="not accepted, but shipped"),
        pytest.param([swap("1", 20, 14)], [0], -6, 0, "1", "", 0, 0, 14, id="not accepted, cheaper one shipped"),
        pytest.param([swap("1", 20, 27), swap("2", 30, 30)], [1, 1], 7, 7, "1", "2", 0, 30, 0, id="one out of stock"),
        pytest.param([swap("1", 20, 27, 2)], [1], 14, 14, "", "", 7, 0, 0, id="one of two accepted"),
        pytest.param([swap("1", 20, 30), swap("2", 30, 20)], [1, 0], 0, 0, "", "", 0, 0, 10, id="only the dearer one"),
    ],
)
def test_what_is_owed(
    swaps: list[Terms],
    units: list[int],
    agreed: int,
    charged: int,
    shipped: str,
    missing: str,
    back: int,
    instead: int,
    open_minor: int,
) -> None:
    settled = owed(swaps, accepted(swaps, *units), agreed, charged, shipped, missing)
    assert (settled.back_minor, settled.instead_minor, settled.open_minor) == (back, instead, open_minor)


def test_units_of_one_line_that_become_several_things_are_counted_once() -> None:
    swaps = [swap("1", 20, 20, 2, "l"), swap("2", 20, 20, 1, "l")]
    settled = owed(swaps, [Accepted(line_id="l", received=2, accepted=2)], 0, 0)
    assert [(one.place, one.units, one.whole) for one in settled.send] == [("1", 2, True)]


@given(st.lists(st.tuples(PRICES, PRICES, st.integers(1, 4), st.integers(0, 4), st.booleans()), max_size=4), st.data())
def test_what_goes_back_was_paid_before(lines: list[tuple[int, int, int, int, bool]], data: st.DataObject) -> None:
    swaps = [swap(str(n), old, new, quantity) for n, (old, new, quantity, _, _) in enumerate(lines, 1)]
    missing = {one.place for one, line in zip(swaps, lines, strict=True) if line[4]}
    agreed = sum(one.more_minor * one.quantity for one in swaps) + data.draw(st.integers(0, 300))
    charged = max(agreed_difference(swaps, missing, agreed), 0)
    shipped = {one.place for one in swaps if one.place not in missing} if data.draw(st.booleans()) else set()
    units = [min(line[3], line[2]) for line in lines]
    settled = owed(swaps, accepted(swaps, *units), agreed, charged, " ".join(shipped), " ".join(missing))
    paid = sum(one.old_minor * one.quantity for one in swaps) + charged
    assert 0 <= settled.back_minor + settled.instead_minor <= paid
    assert settled.open_minor >= 0
    if settled.whole:
        kept = sum(one.new_minor * one.quantity for one in swaps if one.place not in missing)
        assert paid - settled.back_minor - settled.instead_minor + settled.open_minor >= kept
