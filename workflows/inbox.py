"""What a run has been told: entries in order, each once, whatever order and number they arrive in."""

from typing import Generic, Protocol, TypeVar


class Numbered(Protocol):
    """An entry with its place in the journal of one interaction or flow."""

    @property
    def seq(self) -> int: ...


Entry = TypeVar("Entry", bound=Numbered)


class Inbox(Generic[Entry]):
    """Holds entries back until those before them are there."""

    def __init__(self, handled_seq: int) -> None:
        self.handled_seq = handled_seq
        """Entries up to here have been taken."""
        self._waiting: dict[int, Entry] = {}

    def put(self, entries: list[Entry]) -> None:
        """Add what a signal or the store brought; what is handled already is ignored."""
        self._waiting.update({entry.seq: entry for entry in entries if entry.seq > self.handled_seq})

    def take(self) -> list[Entry]:
        """The entries that are next in line."""
        taken = []
        while (entry := self._waiting.pop(self.handled_seq + 1, None)) is not None:
            self.handled_seq = entry.seq
            taken.append(entry)
        return taken

    def correct(self, held: frozenset[int], stored: list[Entry]) -> None:
        """The store's word on everything above `handled_seq`: what was `held` before it was asked and is not there
        was never written, and would be waited for in vain.
        """
        for seq in held:
            self._waiting.pop(seq, None)
        self.put(stored)

    @property
    def held(self) -> frozenset[int]:
        """The numbers of the entries that wait for earlier ones."""
        return frozenset(self._waiting)

    def resumed(self, handled_seq: int) -> "Inbox[Entry]":
        """The same inbox for a story that has got as far as `handled_seq`."""
        inbox: Inbox[Entry] = Inbox(max(handled_seq, self.handled_seq))
        inbox.put(list(self._waiting.values()))
        return inbox

    def __bool__(self) -> bool:
        """Is anything here that has not been taken? If `take` does not give it, earlier entries are missing."""
        return bool(self._waiting)
