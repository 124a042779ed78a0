"""The baton: one holder, and an epoch that grows with each passing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.baton import Baton, HolderKind

passings = st.lists(st.tuples(st.sampled_from(HolderKind), st.sampled_from(["", "robin", "kim"])))


@given(passings)
def test_each_passing_raises_the_epoch_by_one_and_none_lowers_it(passed: list[tuple[HolderKind, str]]) -> None:
    baton = Baton()
    for kind, holder in passed:
        after = baton.passed_to(kind, holder)
        same = (baton.kind, baton.holder_id) == (kind, holder)
        assert after.epoch == baton.epoch + (0 if same else 1)
        assert (after.kind, after.holder_id) == (kind, holder)
        baton = after


@pytest.mark.parametrize(
    ("before", "after", "silences"),
    [
        (HolderKind.AI, HolderKind.AGENT, True),
        (HolderKind.AGENT, HolderKind.AGENT, True),
        (HolderKind.NOBODY, HolderKind.AGENT, True),
        (HolderKind.AI, HolderKind.FLOW, True),
        (HolderKind.FLOW, HolderKind.AI, True),
        (HolderKind.AGENT, HolderKind.NOBODY, False),
        (HolderKind.NOBODY, HolderKind.AI, False),
    ],
)
def test_a_takeover_silences_and_putting_down_does_not(before: HolderKind, after: HolderKind, silences: bool) -> None:
    assert Baton(kind=before).taken_over_by(after) is silences


@pytest.mark.parametrize("kind", HolderKind)
def test_the_ai_speaks_only_when_no_other_holds_it(kind: HolderKind) -> None:
    assert Baton(kind=kind).open_to_ai() is (kind in {HolderKind.NOBODY, HolderKind.AI})
