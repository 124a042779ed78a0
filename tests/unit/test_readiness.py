"""Readiness: what is proposed for a cell from what people made of its drafts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.cells import spoken_candidates, spoken_cells
from domain.modes import Mode
from domain.policy_file import read_policy
from domain.readiness import ENOUGH, Judged, RejectionReason, Step, likeness, proposed, wilson_lower

_POLICY = """
brand: {name: Shop, ai_label: Shop AI}
overflow: support
teams: {support: {title: Support}}
tiers: {guest: {}, vip: {}}
assistant: {mode: draft}
matrix:
  return:
    vip: [{plan: ["queue:support"]}]
    any:
      - {plan: ["queue:support"], when: {languages: [de]}}
      - {plan: [ai, "queue:support"], mode: auto}
      - {plan: [self_service], mode: shadow}
defaults: [{plan: [ai]}]
"""


def found(sent: int, edited: int = 0, rejected: int = 0, ignored: int = 0, **why: int) -> Judged:
    reasons = {RejectionReason(reason): number for reason, number in why.items()}
    return Judged(sent=sent, edited=edited, rejected=rejected, ignored=ignored, reasons=reasons)


@pytest.mark.parametrize(
    ("judged", "step"),
    [
        (found(30), Step.PROMOTE_TO_AUTO),
        (found(29), Step.KEEP_IN_DRAFT),
        (found(95, 5), Step.PROMOTE_TO_AUTO),
        (found(85, 15), Step.KEEP_IN_DRAFT),
        (found(28, 2), Step.KEEP_IN_DRAFT),
        (found(99, 0, 1, wrong=1), Step.KEEP_IN_DRAFT),
        (found(95, 0, 5, tone=5), Step.PROMOTE_TO_AUTO),
        (found(28, ignored=12), Step.KEEP_IN_DRAFT),
        (found(8, 0, 2, wrong=2), Step.BACK_TO_SHADOW),
        (found(0, 1, 1, wrong=1), Step.KEEP_IN_DRAFT),
        (found(10, 11), Step.BACK_TO_SHADOW),
    ],
)
def test_a_cell_in_draft_is_promoted_when_people_change_almost_nothing(judged: Judged, step: Step) -> None:
    assert proposed(Mode.DRAFT, judged).step is step


@pytest.mark.parametrize(
    ("compared", "alike", "step"),
    [(30, 0.3, Step.PROMOTE_TO_DRAFT), (29, 0.9, Step.KEEP_IN_SHADOW), (30, 0.29, Step.KEEP_IN_SHADOW)],
)
def test_a_cell_in_shadow_is_promoted_when_it_says_what_people_say(compared: int, alike: float, step: Step) -> None:
    assert proposed(Mode.SHADOW, Judged(shadowed=50, compared=compared, likeness=alike)).step is step


def test_a_cell_that_answers_by_itself_is_left_alone() -> None:
    proposal = proposed(Mode.AUTO, Judged())
    assert (proposal.step, proposal.mode) == (Step.KEEP_IN_AUTO, None)


def test_every_proposal_says_why() -> None:
    for mode in Mode:
        assert proposed(mode, found(10, 3, 4, wrong=1)).why


@given(st.integers(0, 200), st.integers(0, 60), st.integers(0, 60))
def test_more_drafts_sent_unchanged_never_speak_against_promotion(sent: int, edited: int, rejected: int) -> None:
    fewer = proposed(Mode.DRAFT, found(sent, edited, rejected))
    more = proposed(Mode.DRAFT, found(sent + 10, edited, rejected))
    if fewer.step is Step.PROMOTE_TO_AUTO:
        assert more.step is Step.PROMOTE_TO_AUTO


@given(st.integers(1, 500), st.data())
def test_the_lower_end_of_a_share_is_below_it_and_nears_it_with_more_evidence(of: int, data: st.DataObject) -> None:
    successes = data.draw(st.integers(0, of))
    low = wilson_lower(successes, of)
    assert -1e-9 <= low <= successes / of + 1e-9
    assert wilson_lower(successes * 10, of * 10) >= low - 1e-9


def test_wilson_at_known_values() -> None:
    assert wilson_lower(0, 0) == 0
    assert wilson_lower(ENOUGH, ENOUGH) == pytest.approx(0.886, abs=0.001)
    assert wilson_lower(90, 100) == pytest.approx(0.826, abs=0.001)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("It left us today.", "it left us TODAY", 1.0),
        ("It left us today.", "", 0.0),
        ("", "", 1.0),
        ("one two three four", "one two five six", 0.5),
    ],
)
def test_texts_are_as_alike_as_the_words_they_share(one: str, other: str, alike: float) -> None:
    assert likeness(one, other) == likeness(other, one) == alike


def test_the_cells_in_which_the_ai_speaks_and_where_a_policy_says_their_mode() -> None:
    policy = read_policy(_POLICY)
    assert [(one.cell, one.mode, one.path) for one in spoken_candidates(policy)] == [
        ("return x any", Mode.AUTO, "matrix.return.any[1].mode"),
        ("return x any", Mode.SHADOW, "matrix.return.any[2].mode"),
        ("defaults", Mode.DRAFT, "defaults[0].mode"),
    ]
    assert spoken_cells(policy) == ("return x any", "defaults")
