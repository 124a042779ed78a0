"""What the bench computes from what it measures."""

import pytest

from bench.spread import spread


def test_percentiles_are_values_that_occurred() -> None:
    found = spread([float(value) for value in range(200, 0, -1)])
    assert (found.count, found.p50, found.p99, found.least, found.most) == (200, 100, 198, 1, 200)


def test_one_value_is_its_own_distribution() -> None:
    found = spread([7.0])
    assert (found.p50, found.p99) == (7, 7)


def test_no_values_have_no_distribution() -> None:
    with pytest.raises(ValueError, match="no values"):
        spread([])
