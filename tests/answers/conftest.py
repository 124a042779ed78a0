"""The conversations that are judged here: the ready cases, and those of assistants that are wrong on purpose."""

import asyncio
from functools import partial
from pathlib import Path

import pytest

from activities import assisting
from cli.evaluating.answers import evaluate_cases, play_all
from cli.evaluating.case_files import read_cases
from cli.evaluating.cases import ReadyCase
from cli.evaluating.ground import rehearsal_ground
from cli.evaluating.report import AnswersReport, JudgedCase
from cli.policies import STARTER, read
from domain.policy import Policy
from domain.proposal import Proposal
from tests.answers import liars
from workers.wiring import Adapters, chosen_adapters

READY = read_cases(Path(__file__).with_name("cases"))

SAM = {"customer": "sam.3@example.com", "verified": True}
_WHERE = ({"text": "where is BT-10703?"},)

SCRIPTED: dict[str, tuple[liars.Scripted, ReadyCase]] = {
    name: (assistant, ReadyCase.model_validate({"name": name, "outcome": "resolved", "turns": _WHERE, **SAM, **wants}))
    for name, assistant, wants in (
        ("honest", liars.HONEST, {"orders": "BT-10703"}),
        ("other amount", liars.OTHER_AMOUNT, {}),
        ("other day", liars.OTHER_DAY, {}),
        ("no source", liars.NO_SOURCE, {}),
        ("invented source", liars.INVENTED_SOURCE, {}),
        ("asks falsely", liars.ASKS_FALSELY, {"outcome": "question"}),
        ("tells of another", liars.TELLS_OF_ANOTHER, {}),
        ("tells before proof", liars.HONEST, {"verified": False}),
        ("names another", liars.NAMES_ANOTHER, {}),
        ("other order of theirs", liars.HONEST, {"orders": "BT-10999"}),
        ("forbidden", liars.FORBIDDEN, {"must_not": "free of charge"}),
        ("never hands off", liars.NEVER_HANDS_OFF, {"outcome": "handoff"}),
        ("always hands off", liars.ALWAYS_HANDS_OFF, {}),
        ("crashes", liars.CRASHES, {}),
        (
            "wrong flow",
            liars.CANCELS,
            {"customer": "kim.4@example.com", "turns": ({"text": "where is BT-10704?"}, {"text": "yes"})},
        ),
        ("honest after all these", liars.HONEST, {}),
    )
}


@pytest.fixture(scope="session")
def ready() -> AnswersReport:
    """The ready cases with the local assistant, played once."""
    return asyncio.run(evaluate_cases(READY, demo_policy(), _silent))


@pytest.fixture(scope="session")
def scripted() -> dict[str, JudgedCase]:
    """The cases of assistants that are wrong on purpose, by name, played one after the other."""
    return asyncio.run(_scripted(demo_policy()))


def demo_policy() -> Policy:
    """The demo shop's, in all languages that Baton writes."""
    policy = read(STARTER)
    rules = policy.assistant.model_copy(update={"languages": ("en", "de", "es", "fr")})
    return policy.model_copy(update={"assistant": rules})


async def _scripted(policy: Policy) -> dict[str, JudgedCase]:
    found = {}
    async with rehearsal_ground(policy, _silent) as ground:
        chosen = chosen_adapters(ground.settings, ground.database)
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(assisting, "gate", _open_gate)
            for name, (assistant, case) in SCRIPTED.items():
                adapters = Adapters(shop=chosen.shop, assistant=partial(_same, assistant), channels=chosen.channels)
                found[name] = (await play_all([case], ground, adapters, _silent)).cases[0]
    return found


def _open_gate(proposal: Proposal, *_: object, **__: object) -> Proposal:
    """Lets everything through, so that what lies reaches whoever judges."""
    return proposal


def _same(assistant: liars.Scripted) -> liars.Scripted:
    return assistant


def _silent(line: str) -> None:
    """Nobody waits for a line of progress."""
