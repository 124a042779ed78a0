"""Whatever assistant proposes it, and whether or not it checks itself: the gate before the customer holds."""

import pytest

from tests.safety.attacks import ATTACKS
from tests.safety.judging import breaches, told
from tests.safety.theatre import Evening
from tests.safety.unchecked import by_words

pytestmark = pytest.mark.timeout(600)


@pytest.mark.parametrize("name", [attack.id for attack in filter(by_words, ATTACKS)])
def test_the_gate_holds_back_the_words_of_any_assistant(evening: Evening, name: str) -> None:
    after = evening.unchecked[name]
    found = breaches(after)
    assert not found, told(after.attack, found)
