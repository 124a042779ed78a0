"""What can go wrong with the store.

StoreError
├── StoreUnavailable   the database does not answer: nothing was stored, try again later
├── NotFound           no such row: check the id
└── Conflict           the row moved on since it was read: read it again and decide anew
"""


class StoreError(Exception):
    """Base of the store's errors; messages hold ids and constant words only."""


class StoreUnavailable(StoreError):
    """The database does not answer; nothing was stored. Try again later."""


class NotFound(StoreError):
    """No such row. Check the id."""


class Conflict(StoreError):
    """The row moved on since it was read. Read it again and decide anew."""
