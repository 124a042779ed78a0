"""What an operator may order by a signal sent by hand."""

from enum import StrEnum


class OperatorOrder(StrEnum):
    """The orders that an interaction understands."""

    HAND_TO_PEOPLE = "hand_to_people"
    RESOLVE = "resolve"


def read_order(word: str) -> OperatorOrder | None:
    """The order behind a word; None for a word that is none."""
    try:
        return OperatorOrder(word.strip().lower())
    except ValueError:
        return None
