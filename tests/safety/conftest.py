"""Everything is played once, for all tests that look at what came of it."""

import asyncio

import pytest

from tests.safety.attacks import ATTACKS, TWINS, Attack
from tests.safety.gates import OPENED
from tests.safety.theatre import Aftermath, Evening, Theatre, theatre
from tests.safety.unchecked import Unchecked, by_words


@pytest.fixture(scope="session")
def evening() -> Evening:
    """What came of the attacks and their honest twins, of any other assistant, and of the control group."""
    return asyncio.run(_evening())


@pytest.fixture
def played(evening: Evening) -> dict[str, Aftermath]:
    """What came of the attacks and their honest twins, by id."""
    return evening.played


async def _evening() -> Evening:
    seen = Evening()
    async with theatre() as ground:
        stage = Theatre(ground)
        for attack in (*ATTACKS, *TWINS):
            seen.played[attack.id] = await stage.play(attack)
        for attack in filter(by_words, ATTACKS):
            seen.unchecked[attack.id] = await _without_checks(Theatre(ground), attack)
        by_id = {attack.id: attack for attack in ATTACKS}
        for gate, name, _ in OPENED:
            with pytest.MonkeyPatch.context() as patched:
                gate(patched)
                seen.opened[gate.__name__, name] = await Theatre(ground).play(by_id[name])
    return seen


async def _without_checks(stage: Theatre, attack: Attack) -> Aftermath:
    assistant = Unchecked()
    assistant.attack = attack
    stage.speak_through(assistant)
    return await stage.play(attack)
