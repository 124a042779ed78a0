"""Tables at the terminal: as wide as it is, and always the same width where nobody looks."""

import sys

import rich.table
import rich.text
from rich import box
from rich.console import Console

_WIDTH = 116


class Table:
    """Rows of plain text under headings."""

    def __init__(self, *headings: str) -> None:
        self.shown = rich.table.Table(*headings, box=box.SIMPLE_HEAD)

    def row(self, *cells: str) -> None:
        """Add a row; nothing in it is markup."""
        self.shown.add_row(*(rich.text.Text(cell) for cell in cells))


def show(*parts: Table | str) -> None:
    """Print tables and lines on standard output."""
    console = Console(width=None if sys.stdout.isatty() else _WIDTH, highlight=False)
    for part in parts:
        if isinstance(part, Table):
            console.print(part.shown)
        else:
            console.print(part, markup=False, soft_wrap=True)
