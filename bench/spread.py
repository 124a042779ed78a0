"""Distributions in one line."""

from collections.abc import Sequence

from domain.values import Value


class Spread(Value):
    """How values lie. Times are in milliseconds, unless the name of the figure says otherwise."""

    count: int
    p50: float
    p99: float
    least: float
    most: float


def spread(values: Sequence[float]) -> Spread:
    """Median, 99th percentile (nearest rank) and both ends. Raises `ValueError` if there are no values."""
    if not values:
        raise ValueError("no values")
    ordered = sorted(values)

    def at(share: float) -> float:
        return round(ordered[min(len(ordered) - 1, max(0, -int(-share * len(ordered) // 1) - 1))], 3)

    return Spread(count=len(ordered), p50=at(0.5), p99=at(0.99), least=round(ordered[0], 3), most=round(ordered[-1], 3))
