"""Whatever assistant proposes it, and whether or not it checks itself: the gate before the customer holds."""

import pytest

from tests.safety.attacks import ATTACKS, Attack
from tests.safety.judging import breaches, told
from tests.safety.theatre import Evening
from tests.safety.unchecked import by_words

pytestmark = pytest.mark.timeout(600)

HOLES: dict[str, str] = {
    "state-of-another-as-a-question": "the gate does not look at the facts in a question; assistants do it themselves",
}
"""Attacks that come through where an assistant checks nothing, and why."""


def _param(attack: Attack) -> object:
    marks = [pytest.mark.xfail(strict=True, reason=HOLES[attack.id])] if attack.id in HOLES else []
    return pytest.param(attack.id, id=attack.id, marks=marks)


@pytest.mark.parametrize("name", [_param(attack) for attack in filter(by_words, ATTACKS)])
def test_the_gate_holds_back_the_words_of_any_assistant(evening: Evening, name: str) -> None:
    after = evening.unchecked[name]
    found = breaches(after)
    assert not found, told(after.attack, found)
