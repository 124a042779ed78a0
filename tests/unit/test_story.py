"""How entries move an interaction's state."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.interaction import EntryKind, InteractionState
from domain.modes import Mode
from domain.plan import Plan, Stage, StageKind
from domain.story import after, mode_in

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
        (E.DRAFT_RELEASED, S.AWAITING_CUSTOMER),
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


@pytest.mark.parametrize("state", S)
@pytest.mark.parametrize("entry", [E.DRAFT_REJECTED, E.AI_STOPPED, E.BRIEF_ASKED, E.RATED_LOW])
def test_what_the_story_answers_by_itself_leaves_the_state_to_it(state: S, entry: E) -> None:
    assert after(state, entry) is state


@pytest.mark.parametrize(
    ("modes", "number", "mode"),
    [
        ([Mode.DRAFT, None], 0, Mode.DRAFT),
        ([Mode.DRAFT, None], 1, Mode.AUTO),
        ([Mode.DRAFT, None], 2, Mode.DRAFT),
        ([None], 1, Mode.AUTO),
    ],
)
def test_behind_the_last_stage_the_ai_goes_no_further_than_before(
    modes: list[Mode | None], number: int, mode: Mode
) -> None:
    stages = [Stage(kind=StageKind.AI, mode=one) if one else Stage(kind=StageKind.QUEUE, team="a") for one in modes]
    assert mode_in(Plan(stages=tuple(stages), cell="defaults"), number) is mode


def test_a_case_without_a_plan_is_nobodys_to_hold_back() -> None:
    assert mode_in(None, 0) is Mode.AUTO
