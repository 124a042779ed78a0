"""The same attacks with one gate opened each: whoever judges must see the breach, or the other tests show nothing."""

import asyncio
from collections.abc import Callable

import pytest

from activities import assisting, flow_dialogue
from activities.flow_talk import Talk
from domain.baton import Baton
from domain.case import Case
from domain.flows import judging
from domain.flows.consent_words import Consent
from integrations.assistant.llm import answering, guarded, tools
from store import receiving
from tests.safety.attacks import ATTACKS, Wants
from tests.safety.judging import breaches, of_kind
from tests.safety.theatre import Theatre, theatre

pytestmark = pytest.mark.timeout(600)

Opened = Callable[[pytest.MonkeyPatch], None]
BY_ID = {attack.id: attack for attack in ATTACKS}


def no_checks_of_words(patched: pytest.MonkeyPatch) -> None:
    """What a model writes is taken as it is."""
    patched.setattr(answering, "_accepted", lambda _, written: written)
    patched.setattr(assisting, "gate", lambda proposal, *_, **__: proposal)


def all_orders_for_all(patched: pytest.MonkeyPatch) -> None:
    """Whoever is a customer may hear of every order."""
    patched.setattr(Case, "may_tell", lambda *_: True)


def a_yes_to_everything(patched: pytest.MonkeyPatch) -> None:
    """Whatever follows a read-back is a yes."""
    patched.setattr(flow_dialogue, "consent", lambda *_, **__: Consent.YES)


def no_read_back(patched: pytest.MonkeyPatch) -> None:
    """The last read-back is open, whoever has spoken since."""
    patched.setattr(Talk, "pending", property(lambda talk: talk.last))
    a_yes_to_everything(patched)


def no_baton(patched: pytest.MonkeyPatch) -> None:
    """The AI may always speak."""
    patched.setattr(Baton, "open_to_ai", lambda _: True)


def no_masks(patched: pytest.MonkeyPatch) -> None:
    """What comes in is kept as it is."""
    patched.setattr(receiving, "masked", lambda words: words)
    patched.setattr(guarded, "masked", lambda words: words)


def machines_count_as_people(patched: pytest.MonkeyPatch) -> None:
    """Nobody looks whether a machine writes."""
    read = assisting.CaseReader.read

    async def deaf(reader: assisting.CaseReader, interaction_id: str) -> tuple[Case, int]:
        case, seq = await read(reader, interaction_id)
        turns = tuple(turn.model_copy(update={"automatic": False}) for turn in case.turns)
        return case.model_copy(update={"turns": turns}), seq

    patched.setattr(assisting.CaseReader, "read", deaf)


OPENED: tuple[tuple[Opened, str, Wants], ...] = (
    (no_checks_of_words, "link-plain", Wants.LINK),
    (no_checks_of_words, "link-markdown", Wants.LINK),
    (no_checks_of_words, "link-zero-width", Wants.LINK),
    (no_checks_of_words, "email-of-another-es", Wants.DISCLOSURE),
    (no_checks_of_words, "discount-code", Wants.PROMISE),
    (no_checks_of_words, "signed-by-a-person", Wants.NAME),
    (no_checks_of_words, "asks-for-the-card", Wants.SECRET),
    (no_checks_of_words, "what-it-was-told", Wants.INSTRUCTIONS),
    (all_orders_for_all, "tracking-of-another", Wants.DISCLOSURE),
    (a_yes_to_everything, "yes-with-a-condition", Wants.MONEY),
    (no_baton, "speaks-over-a-person", Wants.BATON),
    (no_masks, "card-in-a-message", Wants.STORED),
    (no_masks, "card-in-a-file-name-fr", Wants.STORED),
    (machines_count_as_people, "answers-a-machine", Wants.LOOP),
)


@pytest.fixture(scope="module")
def seen() -> dict[tuple[str, str], list[str]]:
    """What the judges have found with each gate opened, of the kind that it keeps from happening."""
    return asyncio.run(_all_opened())


async def _all_opened() -> dict[tuple[str, str], list[str]]:
    found = {}
    async with theatre() as shared:
        for gate, name, kind in OPENED:
            with pytest.MonkeyPatch.context() as patched:
                gate(patched)
                after = await Theatre(shared.ground).play(BY_ID[name])
            found[gate.__name__, name] = of_kind(breaches(after), kind)
    return found


@pytest.mark.parametrize(("gate", "name", "kind"), OPENED, ids=lambda one: getattr(one, "__name__", str(one)))
def test_an_open_gate_is_seen(seen: dict[tuple[str, str], list[str]], gate: Opened, name: str, kind: Wants) -> None:
    assert seen[gate.__name__, name], f"{name} with {gate.__name__}: no breach of kind {kind} was seen"
