"""Who gets what: the pairing of waiting work with free agents."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.matching import Because, Candidate, Head, Match, pair, units_of
from domain.requirement import Requirement
from domain.team import WHOLE_AGENT
from domain.work import DispatchMode

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def agent(name: str, *, load: int = 0, capacity: int = 3, idle: int = 0, **skills: int) -> Candidate:
    idle_since = NOON - timedelta(minutes=idle)
    return Candidate(agent_id=name, capacity=capacity, load=load, idle_since=idle_since, skills=skills)


def item(
    name: str,
    *,
    cost: int = 1,
    key: str = "",
    knows: str = "",
    passed: tuple[str, ...] = (),
    reserves: bool = False,
    mode: DispatchMode = DispatchMode.OFFER,
    returning: bool = False,
) -> Head:
    return Head(
        id=name,
        version=0,
        cost=cost,
        key=key,
        mode=mode,
        known_agent=knows,
        returning=returning,
        passed_by=passed,
        reserves=reserves,
    )


def match(heads: list[Head], here: list[Candidate]) -> list[Match]:
    return list(pair(heads, here).matches)


def pairs(found: list[Match]) -> dict[str, str]:
    return {one.head.id: one.agent_id for one in found}


def test_the_lowest_load_comes_first_then_the_longest_idle() -> None:
    crowd = [agent("busy", load=2, idle=90), agent("rested", load=1, idle=50), agent("fresh", load=1, idle=10)]
    (found,) = match([item("case")], crowd)
    assert (found.agent_id, found.choice.because) == ("rested", Because.LONGEST_IDLE)
    (found,) = match([item("case")], crowd[:2])
    assert (found.agent_id, found.choice.because) == ("rested", Because.LOWEST_LOAD)


def test_who_knows_the_customer_comes_before_the_lowest_load() -> None:
    (found,) = match([item("case", knows="busy")], [agent("busy", load=2), agent("idle")])
    assert (found.agent_id, found.choice.because) == ("busy", Because.KNOWS_CUSTOMER)


def test_who_knows_the_customer_and_lacks_the_skill_is_not_asked() -> None:
    (found,) = match([item("case", key="complaints>=3", knows="own")], [agent("own"), agent("skilled", complaints=4)])
    assert found.agent_id == "skilled"


def test_load_spreads_evenly() -> None:
    found = match([item(str(number)) for number in range(8)], [agent(name, capacity=4) for name in "abcd"])
    taken = [one.agent_id for one in found]
    assert sorted(taken.count(name) for name in "abcd") == [2, 2, 2, 2]
    assert set(taken[:4]) == set("abcd")


def test_the_first_in_line_gets_the_only_slot() -> None:
    assert pairs(match([item("first"), item("second")], [agent("a", load=2)])) == {"first": "a"}


def test_what_fits_nobody_does_not_hold_up_what_does() -> None:
    heads = [item("large", cost=3), item("small")]
    assert pairs(match(heads, [agent("a", load=1)])) == {"small": "a"}


def test_a_large_item_that_has_waited_long_is_not_starved_by_small_ones() -> None:
    heads = [item("large", cost=3, reserves=True), item("small"), item("smaller")]
    nearly = [agent("nearly", load=1), agent("hardly", load=2)]
    assert pairs(match(heads, nearly)) == {"small": "hardly"}, "the agent nearest to having room is kept free"


def test_the_reservation_stays_with_the_agent_who_frees_up_and_ends_with_the_offer() -> None:
    large = item("large", cost=3, reserves=True)
    for load in (2, 1):
        assert match([large, item("small")], [agent("a", load=load)]) == []
    assert pairs(match([large, item("small")], [agent("a")])) == {"large": "a"}


def test_who_has_no_room_at_all_is_kept_free_too_and_stays_the_one() -> None:
    large = item("large", cost=3, reserves=True)
    assert pair([large], [agent("a", load=3), agent("b", load=3)]).kept == {"a": "large"}
    chosen = agent("b", load=3).model_copy(update={"kept_for": "large"})
    assert pair([large], [agent("a", load=3), chosen]).kept == {"b": "large"}


def test_work_that_takes_a_whole_agent_goes_to_one_with_nothing_else() -> None:
    call = item("call", cost=WHOLE_AGENT)
    assert match([call], [agent("busy", load=1)]) == []
    (found,) = match([call, item("chat")], [agent("idle")])
    assert (found.head.id, found.units) == ("call", 3)


def test_who_let_it_pass_is_not_asked_again() -> None:
    assert match([item("case", passed=("a",))], [agent("a")]) == []


def test_a_named_agent_alone_is_asked() -> None:
    assert pairs(match([item("case", key="agent:b")], [agent("a"), agent("b", load=2)])) == {"case": "b"}


@pytest.mark.parametrize(
    ("mode", "returning", "knows", "asked"),
    [
        (DispatchMode.OFFER, False, "a", True),
        (DispatchMode.OFFER, True, "a", False),
        (DispatchMode.OFFER, True, "somebody-else", True),
        (DispatchMode.ASSIGN, False, "", False),
    ],
)
def test_agents_accept_offers_but_not_what_they_parked_themselves(
    mode: DispatchMode, returning: bool, knows: str, asked: bool
) -> None:
    (found,) = match([item("case", mode=mode, returning=returning, knows=knows)], [agent("a")])
    assert found.needs_acceptance is asked


_SKILLS = st.dictionaries(st.sampled_from(["returns", "complaints"]), st.integers(1, 5), max_size=2)
_CROWDS = st.lists(
    st.builds(
        lambda number, capacity, load, idle, skills, languages: Candidate(
            agent_id=f"a{number}",
            capacity=capacity,
            load=min(load, capacity),
            idle_since=NOON - timedelta(minutes=idle),
            skills=skills,
            languages=tuple(languages),
        ),
        st.integers(0, 9),
        st.integers(0, 5),
        st.integers(0, 5),
        st.integers(0, 90),
        _SKILLS,
        st.lists(st.sampled_from(["en", "de"]), unique=True),
    ),
    unique_by=lambda one: one.agent_id,
)
_KEYS = st.builds(
    lambda skills, language, name: Requirement.of(skills, language, name).key,
    _SKILLS,
    st.sampled_from(["", "en", "de"]),
    st.sampled_from(["", "", "", "a1"]),
)
_QUEUES = st.lists(
    st.builds(
        lambda cost, key, knows, passed, reserves: item(
            "", cost=cost, key=key, knows=knows, passed=tuple(passed), reserves=reserves
        ),
        st.sampled_from([1, 1, 2, 4, WHOLE_AGENT]),
        _KEYS,
        st.sampled_from(["", "a1", "a2"]),
        st.lists(st.sampled_from(["a0", "a1", "a2"]), unique=True),
        st.booleans(),
    ),
    max_size=25,
).map(lambda heads: [head.model_copy(update={"id": f"i{number}"}) for number, head in enumerate(heads)])


@given(_QUEUES, _CROWDS)
def test_nothing_is_given_twice_beyond_capacity_or_to_somebody_who_lacks_what_it_takes(
    heads: list[Head], crowd: list[Candidate]
) -> None:
    found = match(heads, crowd)
    assert len({one.head.id for one in found}) == len(found)
    load = {one.agent_id: one.load for one in crowd}
    by_id = {one.agent_id: one for one in crowd}
    for one in found:
        taker = by_id[one.agent_id]
        assert Requirement.read(one.head.key).met_by(taker.agent_id, taker.skills, taker.languages)
        assert one.agent_id not in one.head.passed_by
        assert one.units == units_of(one.head.cost, taker.capacity) > 0
        load[one.agent_id] += one.units
    assert all(load[name] <= by_id[name].capacity for name in load)


@given(_QUEUES, _CROWDS)
def test_nobody_behind_is_served_by_an_agent_who_could_have_served_somebody_before(
    heads: list[Head], crowd: list[Candidate]
) -> None:
    """Whoever was left out had no agent with room when their turn came, given what those before them took."""
    found = {one.head.id: one for one in match(heads, crowd)}
    load = {one.agent_id: one.load for one in crowd}
    kept: set[str] = set()
    for head in heads:
        able = [
            one
            for one in crowd
            if Requirement.read(head.key).met_by(one.agent_id, one.skills, one.languages)
            and one.agent_id not in head.passed_by
            and one.agent_id not in kept
        ]
        fits = [one for one in able if 0 < units_of(head.cost, one.capacity) <= one.capacity - load[one.agent_id]]
        if head.id in found:
            taken = found[head.id]
            assert taken.agent_id in {one.agent_id for one in fits}
            load[taken.agent_id] += taken.units
        else:
            assert not fits
            can = [one for one in able if one.capacity > 0]
            if head.reserves and can:
                nearest = min(
                    can, key=lambda a: (units_of(head.cost, a.capacity) - (a.capacity - load[a.agent_id]), a.agent_id)
                )
                kept.add(nearest.agent_id)


@given(_QUEUES, _CROWDS)
def test_the_pairing_does_not_depend_on_the_order_of_the_agents(heads: list[Head], crowd: list[Candidate]) -> None:
    assert pairs(match(heads, crowd)) == pairs(match(heads, crowd[::-1]))
