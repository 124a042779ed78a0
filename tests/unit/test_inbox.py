"""The inbox of a run: each entry once and in order, whatever order and number they arrive in."""

from hypothesis import given
from hypothesis import strategies as st

from domain.interaction import Entry, EntryKind
from workflows.inbox import Inbox


def entry(seq: int) -> Entry:
    return Entry(seq=seq, kind=EntryKind.MESSAGE_RECEIVED, ref=f"m{seq}")


deliveries = st.lists(st.lists(st.integers(1, 12).map(entry), max_size=5))


@given(deliveries, st.integers(0, 12))
def test_entries_are_taken_once_in_order_and_without_a_gap(signals: list[list[Entry]], handled: int) -> None:
    inbox, taken, told = Inbox(handled), [], set()
    for signal in signals:
        inbox.put(signal)
        told |= {one.seq for one in signal}
        taken += [one.seq for one in inbox.take()]
    assert taken == list(range(handled + 1, handled + 1 + len(taken)))
    assert inbox.handled_seq + 1 not in told, "what is next in line is never held back"
    assert bool(inbox) == any(seq > inbox.handled_seq for seq in told)


@given(deliveries, st.integers(0, 12))
def test_the_store_fills_every_gap(signals: list[list[Entry]], stored: int) -> None:
    inbox, taken = Inbox(0), []
    for signal in signals:
        inbox.put(signal)
        taken += inbox.take()
    held, done = inbox.held, inbox.handled_seq
    inbox.correct(held, [entry(seq) for seq in range(done + 1, stored + 1)])
    taken += inbox.take()
    assert [one.seq for one in taken] == list(range(1, max(done, stored) + 1))
    assert not inbox, "an entry that the store does not know is not waited for"


def test_what_arrives_while_the_store_is_asked_is_kept() -> None:
    inbox = Inbox(0)
    inbox.put([entry(2)])
    held = inbox.held
    inbox.put([entry(3)])
    inbox.correct(held, [entry(1), entry(2)])
    assert [one.seq for one in inbox.take()] == [1, 2, 3]


def test_a_run_that_takes_up_later_skips_what_is_done() -> None:
    inbox = Inbox(0)
    inbox.put([entry(3), entry(4)])
    assert [one.seq for one in inbox.resumed(3).take()] == [4]
    assert Inbox(5).resumed(3).handled_seq == 5
