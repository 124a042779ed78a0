"""Readiness as the store counts it: by cell and mode, with what people said beside what the AI would have said."""

import json
from datetime import timedelta

import pytest

from cli.readiness import show
from cli.settings import CommandSettings
from cli.switching import NoSuchCell, start, status, stop
from domain.modes import Mode
from domain.parties import AuthorKind
from domain.policy import Policy
from domain.readiness import Judged, Step, Verdict
from store.conversations import Message
from store.ids import new_id
from store.locking import database_now
from store.readiness import Readiness, readiness
from store.speaking import Draft, DraftState
from tests.policies import small_policy
from tests.store.scene import Scene


def in_mode(mode: Mode) -> Policy:
    policy = small_policy()
    return policy.model_copy(update={"assistant": policy.assistant.model_copy(update={"mode": mode})})


async def drafted(scene: Scene, mode: Mode, state: DraftState, *, said: str = "", verdict: str = "") -> None:
    """A draft about a case of its own, and what a person said after it."""
    receipt = await scene.chat(new_id())
    async with scene.database.begin() as session:
        draft = Draft(
            interaction_id=receipt.interaction_id, answers_seq=1, body="it left us today", mode=mode.value,
            cell="defaults", state=state.value, verdict=verdict,
        )  # fmt: skip
        session.add(draft)
    if said:
        async with scene.database.begin() as session:
            message = Message(
                id=draft.id if verdict else new_id(), conversation_id=receipt.conversation_id,
                interaction_id=receipt.interaction_id, account="chat", provider_message_id=f"out:{new_id()}",
                author=AuthorKind.AGENT.value, body=said, state="sent",
            )  # fmt: skip
            session.add(message)
            if verdict:
                (await session.get_one(Draft, draft.id)).message_id = message.id


async def report(scene: Scene, policy: Policy) -> Readiness:
    async with scene.database.begin() as session:
        since = await database_now(session) - timedelta(days=1)
        return (await readiness(session, policy, since))[0]


async def test_drafts_count_by_what_people_made_of_them(scene: Scene) -> None:
    await drafted(scene, Mode.DRAFT, DraftState.POSTED, said="it left us today", verdict=Verdict.SENT)
    await drafted(scene, Mode.DRAFT, DraftState.POSTED, said="it left us on Monday", verdict=Verdict.EDITED)
    await drafted(scene, Mode.DRAFT, DraftState.OFFERED, said="let me see")
    await drafted(scene, Mode.DRAFT, DraftState.OFFERED)
    await drafted(scene, Mode.AUTO, DraftState.POSTED, said="it left us today", verdict=Verdict.SENT)
    found = (await report(scene, in_mode(Mode.DRAFT))).found
    assert found == Judged(drafts=4, sent=1, edited=1, ignored=1, median_edit=0.333)


async def test_what_nobody_saw_is_compared_with_what_a_person_said(scene: Scene) -> None:
    await drafted(scene, Mode.SHADOW, DraftState.SHADOWED, said="it left us yesterday")
    await drafted(scene, Mode.SHADOW, DraftState.SHADOWED)
    line = await report(scene, in_mode(Mode.SHADOW))
    assert (line.found.shadowed, line.found.compared, line.found.likeness) == (2, 1, 0.75)
    assert line.proposal.step is Step.KEEP_IN_SHADOW


async def test_the_command_prints_the_line_to_change(scene: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    await scene.prepare(in_mode(Mode.DRAFT))
    for _ in range(30):
        await drafted(scene, Mode.DRAFT, DraftState.POSTED, said="it left us today", verdict=Verdict.SENT)
    settings = CommandSettings(database_url=scene.database.url)
    await show(30, settings, as_json=False)
    assert "defaults[0].mode: auto" in capsys.readouterr().out
    await show(30, settings, as_json=True)
    assert json.loads(capsys.readouterr().out)[0]["proposal"]["step"] == "promote_to_auto"


async def test_the_switch_on_the_command_line(scene: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    settings = CommandSettings(database_url=scene.database.url)
    assert await stop("*", "wrong prices", settings) == "the AI is stopped everywhere; 0 case(s) go to people"
    await status(settings, as_json=True)
    assert [one["why"] for one in json.loads(capsys.readouterr().out)["stopped"]] == ["wrong prices"]
    assert await start("*", settings) == "the AI may start again everywhere"
    await status(settings, as_json=False)
    assert "stopped nowhere" in capsys.readouterr().out
    with pytest.raises(NoSuchCell, match="defaults"):
        await stop("nowhere", "x", settings)
