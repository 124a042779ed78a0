"""Requirements: one key for one requirement, and rings that only ever widen."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.requirement import PULLED, Requirement, Ring, Who, widening

SKILLS = ("billing", "returns", "size-advice", "größen", "a_b")
names = st.sampled_from(SKILLS) | st.from_regex(r"[\w-]{1,8}", fullmatch=True)
levels = st.integers(1, 5)
skills = st.dictionaries(names, levels, max_size=4)
languages = st.sampled_from(("", "de", "en", "pt-BR"))
agent_ids = st.sampled_from(("", "01a", "01b", "agent:x", "lang:de", "a>=1"))
requirements = st.builds(Requirement.of, skills, languages, agent_ids)
few = st.builds(Requirement.of, st.dictionaries(st.sampled_from(SKILLS), levels, max_size=3), languages, agent_ids)
agents = st.tuples(
    agent_ids.filter(bool),
    st.dictionaries(st.sampled_from(SKILLS), levels),
    st.lists(st.sampled_from(("de", "en")), unique=True),
)
people = st.lists(agents, min_size=1, max_size=12)


@st.composite
def all_rings(draw: st.DrawFn) -> list[Ring]:
    """Rings as a team may have them."""
    asked = sorted(draw(st.sets(st.sampled_from(Who), min_size=1)), key=tuple(Who).index)
    wide = asked if asked[-1] is not Who.OWN_AGENT else [*asked, Who.SKILLED]
    return [Ring(who=who, for_seconds=draw(st.floats(1, 600))) for who in wide[:-1]] + [Ring(who=wide[-1])]


@given(requirements, requirements)
def test_two_requirements_have_one_key_only_if_they_are_the_same(one: Requirement, other: Requirement) -> None:
    assert (one.key == other.key) == (one == other)


@given(requirements)
def test_a_key_tells_the_whole_requirement(requirement: Requirement) -> None:
    assert Requirement.read(requirement.key) == requirement


@given(st.lists(st.tuples(st.sampled_from(SKILLS), levels), max_size=6))
def test_skills_in_any_order_and_written_twice_are_one_requirement(asked: list[tuple[str, int]]) -> None:
    highest = {skill: max(level for name, level in asked if name == skill) for skill, _ in asked}
    assert Requirement(skills=tuple(asked)) == Requirement.of(highest)


def test_nothing_asked_for_is_the_empty_key_and_anyone_meets_it() -> None:
    assert Requirement().key == ""
    assert Requirement.read("") == Requirement()
    assert Requirement().met_by("01a", {}, [])


def test_the_key_of_work_that_is_pulled_is_no_requirement() -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        Requirement.read(PULLED)
    assert Requirement.of({PULLED: 1}).key != PULLED


@pytest.mark.parametrize(
    ("skills", "language", "agent"),
    [({"two words": 1}, "", ""), ({"a>=2 b": 1}, "", ""), ({"agent:x": 1}, "", ""), ({"x": 0}, "", ""),
     ({"x": 6}, "", ""), ({"": 1}, "", ""), ({}, "de en", ""), ({}, "", "a b")],
)  # fmt: skip
def test_what_a_key_could_not_tell_is_refused(skills: dict[str, int], language: str, agent: str) -> None:
    with pytest.raises(ValidationError):
        Requirement.of(skills, language, agent)


@pytest.mark.parametrize(
    ("agent_id", "skills", "languages", "meets"),
    [
        ("01a", {"billing": 3}, ["de", "en"], True),
        ("01a", {"billing": 5, "returns": 1}, ["de"], True),
        ("01a", {"billing": 2}, ["de"], False),
        ("01a", {"returns": 5}, ["de"], False),
        ("01a", {"billing": 3}, ["en"], False),
        ("01b", {"billing": 3}, ["de"], False),
    ],
)
def test_an_agent_meets_it_with_every_skill_at_its_level_the_language_and_the_name(
    agent_id: str, skills: dict[str, int], languages: list[str], meets: bool
) -> None:
    asked = Requirement.of({"billing": 3}, "de", "01a")
    assert asked.met_by(agent_id, skills, languages) is meets


@given(few, all_rings(), st.sampled_from(("", "01a", "01b")), people)
def test_each_ring_asks_everybody_whom_the_last_one_asked(
    requirement: Requirement, rings: list[Ring], own: str, team: list[tuple[str, dict[str, int], list[str]]]
) -> None:
    found = widening(requirement, rings, own)
    asked = [{number for number, one in enumerate(team) if Requirement.read(key).met_by(*one)} for key in found.keys]
    assert all(narrow <= wide for narrow, wide in pairwise(asked))


@given(few, all_rings(), st.sampled_from(("", "01a")))
def test_every_ring_but_the_last_has_its_time_and_no_time_is_lost(
    requirement: Requirement, rings: list[Ring], own: str
) -> None:
    found = widening(requirement, rings, own)
    assert len(found.keys) == len(set(found.keys)) == len(found.seconds) + 1
    assert all(seconds > 0 for seconds in found.seconds)
    last = next(n for n, ring in enumerate(rings) if widening(requirement, rings[n:], own).keys == found.keys[-1:])
    asked = [ring for ring in rings[:last] if ring.who is not Who.OWN_AGENT or (own and not requirement.agent)]
    assert sum(found.seconds) == pytest.approx(sum(ring.for_seconds or 0 for ring in asked))


def test_rings_widen_from_the_own_agent_to_anyone() -> None:
    rings = [Ring(who=who, for_seconds=10) for who in tuple(Who)[:-1]] + [Ring(who=Who.ANYONE)]
    found = widening(Requirement.of({"billing": 2, "returns": 1}, "de"), rings, "01a")
    assert found.keys == (
        "agent:01a lang:de billing>=2 returns>=1",
        "lang:de billing>=2 returns>=1",
        "lang:de billing>=1",
        "lang:de",
        "",
    )
    assert found.seconds == (10, 10, 10, 10)


def test_the_own_agents_ring_is_skipped_while_they_are_not_near() -> None:
    rings = [Ring(who=Who.OWN_AGENT, for_seconds=20), Ring(who=Who.SKILLED)]
    assert widening(Requirement.of({"billing": 2}), rings, "").keys == ("billing>=2",)


def test_a_case_for_one_agent_by_name_is_not_asked_of_another_first() -> None:
    rings = [Ring(who=Who.OWN_AGENT, for_seconds=20), Ring(who=Who.SKILLED)]
    assert widening(Requirement.of({}, agent="01a"), rings, "01b").keys == ("agent:01a",)


def test_rings_that_ask_the_same_people_are_one_and_last_as_long_as_both() -> None:
    rings = [Ring(who=Who.SKILLED, for_seconds=20), Ring(who=Who.LEVEL_BELOW, for_seconds=30), Ring(who=Who.ANYONE)]
    found = widening(Requirement.of({}, "de"), rings)
    assert (found.keys, found.seconds) == (("lang:de", ""), (50,))


@pytest.mark.parametrize("seconds", [0, -1, float("inf"), float("nan")])
def test_a_ring_lasts_a_time_that_can_be_waited(seconds: float) -> None:
    with pytest.raises(ValidationError):
        Ring(who=Who.SKILLED, for_seconds=seconds)
