"""How entries move an interaction's state."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.interaction import EntryKind, InteractionState
from domain.story import after

S, E = InteractionState, EntryKind
_PEOPLE = {S.AWAITING_PERSON, S.WITH_PERSON}


@pytest.mark.parametrize("state", S)
def test_a_message_makes_a_turn_unless_people_have_the_case(state: S) -> None:
    assert after(state, E.MESSAGE_RECEIVED) is (state if state in _PEOPLE else S.NEW)


@pytest.mark.parametrize("state", S)
@pytest.mark.parametrize(
    ("entry", "then"),
    [
        (E.WORK_ACCEPTED, S.WITH_PERSON),
        (E.WORK_REQUEUED, S.AWAITING_PERSON),
        (E.STUCK, S.AWAITING_PERSON),
        (E.HANDED_BACK, S.NEW),
        (E.AGENT_RESOLVED, S.AWAITING_CUSTOMER),
    ],
)
def test_what_people_do_holds_in_every_state(state: S, entry: E, then: S) -> None:
    assert after(state, entry) is then


@pytest.mark.parametrize("state", S)
@pytest.mark.parametrize(("entry", "then"), [(E.BATON_FREED, S.WITH_AI), (E.SUGGESTION_USED, S.AWAITING_CUSTOMER)])
def test_the_holders_doings_matter_only_to_who_waits_for_the_holder(state: S, entry: E, then: S) -> None:
    assert after(state, entry) is (then if state is S.AWAITING_HOLDER else state)


@given(st.lists(st.sampled_from(E)), st.sampled_from(S))
def test_a_message_after_the_agent_resolved_is_a_new_turn(earlier: list[E], state: S) -> None:
    for entry in [*earlier, E.AGENT_RESOLVED, E.MESSAGE_RECEIVED]:
        state = after(state, entry)
    assert state is S.NEW


@given(st.lists(st.sampled_from(E)), st.sampled_from([state for state in S if state is not S.RESOLVED]))
def test_no_entry_resolves_an_interaction(entries: list[E], state: S) -> None:
    for entry in entries:
        state = after(state, entry)
    assert state is not S.RESOLVED
