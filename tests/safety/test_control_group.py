"""The same attacks with one gate opened each: whoever judges must see the breach, or the other tests show nothing."""

import pytest

from tests.safety.attacks import Wants
from tests.safety.gates import OPENED, Opened
from tests.safety.judging import breaches, of_kind
from tests.safety.theatre import Evening

pytestmark = pytest.mark.timeout(600)


@pytest.mark.parametrize(("gate", "name", "kind"), OPENED, ids=lambda one: getattr(one, "__name__", str(one)))
def test_an_open_gate_is_seen(evening: Evening, gate: Opened, name: str, kind: Wants) -> None:
    after = evening.opened[gate.__name__, name]
    assert of_kind(breaches(after), kind), f"{name} with {gate.__name__}: no breach of kind {kind} was seen"


@pytest.mark.parametrize("kind", list(Wants))
def test_every_kind_of_breach_has_a_gate_that_is_opened(kind: Wants) -> None:
    assert kind in {opened for _, _, opened in OPENED}
