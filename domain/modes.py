"""How far the AI may go in a cell of the matrix: unseen, with a person's release, or by itself."""

from enum import StrEnum


class Mode(StrEnum):
    """What becomes of the AI's words in a stage."""

    SHADOW = "shadow"
    """Drafted and kept for comparison; nobody sees them, and people do the work."""
    DRAFT = "draft"
    """An agent sends, edits or rejects each of them."""
    AUTO = "auto"
    """Sent as they are, past the gate."""


EVERY_CELL = "*"
"""The name of the switch that stops the AI of the whole brand."""
