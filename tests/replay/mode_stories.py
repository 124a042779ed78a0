"""The stories of drafts, switches, briefs, typed actions and satisfaction whose histories are kept, with canaries."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from unittest import mock

from domain.baton import HolderKind
from domain.flows.requests import ItemWanted, ReturnRequest
from domain.interaction import InteractionState
from domain.message import Receipt
from domain.modes import Mode
from domain.names import interaction_workflow_id, satisfaction_workflow_id
from domain.policy import Policy
from domain.proposal import Action
from domain.readiness import RejectionReason
from domain.satisfaction import QuestionState
from domain.work import WorkState
from store import asking
from store.asking_briefs import ask_for_brief
from store.drafts import reject_draft
from store.work import Agent, WorkItem
from tests.policies import small_policy
from tests.replay.stories import SESSION, said_by_customer
from tests.stage import eventually
from tests.store.shop_scene import ShopScene
from tests.workflow.test_flow_stages import flow_policy
from tests.workflow.test_flow_stages import write as write_signed_in
from tests.workflow.test_modes import Modes, in_mode
from tests.workflow.test_satisfaction import HOUR, SECOND, Play
from tests.workflow.test_satisfaction import policy as asking_policy

ModeStory = Callable[[Modes], Awaitable[str]]
_SOON = 1 / 3600
_LONGER_THAN_SILENCE = 90.0
"""Seconds: a customer in a chat is told after a minute that a person answers."""
_DRAFTING = in_mode(Mode.DRAFT, small_policy(assume_resolved_hours=_SOON))


async def draft_released_and_edited(stage: Modes) -> str:
    """One draft is sent as it is, the next one edited; then silence."""
    agent, item, interaction_id, conversation_id = await _reviewed(stage)
    await stage.send(agent, item, item.draft_id)
    await stage.answered(conversation_id)
    await stage.write(SESSION, said_by_customer("and the other one"))
    following = await stage.accept(agent, interaction_id)
    await stage.send(agent, following, following.draft_id, "canary-reply")
    await stage.reaches(interaction_id, InteractionState.RESOLVED)
    return interaction_workflow_id(interaction_id)


async def draft_rejected(stage: Modes) -> str:
    """The agent rejects the draft and answers."""
    agent, item, interaction_id, conversation_id = await _reviewed(stage)
    async with stage.database.begin() as session:
        await reject_draft(session, item.id, agent.id, item.draft_id or "", RejectionReason.WRONG, stage.policy)
    await stage.reply(agent, item, "canary-reply")
    await stage.answered(conversation_id)
    await stage.finish(agent, item)
    await stage.reaches(interaction_id, InteractionState.RESOLVED)
    return interaction_workflow_id(interaction_id)


async def draft_overtaken(stage: Modes) -> str:
    """The customer writes while the draft lies before the agent: another one, and none the second time."""
    agent, item, interaction_id, _ = await _reviewed(stage)
    await stage.write(SESSION, said_by_customer("and the other one"))
    draft_id = await stage.another_draft(item)
    stage.assistant.failure = ValueError("canary-fault")
    await stage.write(SESSION, said_by_customer("and the third one"))
    await _becomes_ordinary(stage, interaction_id)
    assert (await stage.drafts(interaction_id))[-1].id == draft_id
    await stage.reply(agent, item, "canary-reply")
    await stage.finish(agent, item)
    await stage.reaches(interaction_id, InteractionState.RESOLVED)
    return interaction_workflow_id(interaction_id)


async def review_that_takes_long(stage: Modes) -> str:
    """Nobody looks over the draft for a minute, and the customer hears that a person answers."""
    receipt = await stage.write(SESSION, said_by_customer("where is my order"))
    await stage.work(receipt.interaction_id, WorkState.WAITING)
    await stage.happened(receipt.interaction_id, "message_sent", within=_LONGER_THAN_SILENCE)
    agent = await stage.hire()
    item = await stage.accept(agent, receipt.interaction_id)
    await stage.send(agent, item, item.draft_id)
    await stage.reaches(receipt.interaction_id, InteractionState.RESOLVED)
    return interaction_workflow_id(receipt.interaction_id)


async def review_taken_up_again(stage: Modes) -> str:
    """The run is killed while a draft is looked over: the history is the next run's."""
    agent, item, interaction_id, _ = await _reviewed(stage)
    await stage.handled_by_relay()
    await stage.story(interaction_id).terminate("by hand")
    await stage.write(SESSION, said_by_customer("and the other one"))
    await stage.send(agent, item, await stage.another_draft(item))
    await stage.reaches(interaction_id, InteractionState.RESOLVED)
    return interaction_workflow_id(interaction_id)


async def draft_unseen(stage: Modes) -> str:
    """Mode shadow: people answer at once, and the draft is kept beside."""
    agent = await stage.hire()
    receipt = await stage.write(SESSION, said_by_customer("where is my order"))
    item = await stage.accept(agent, receipt.interaction_id)
    await stage.happened(receipt.interaction_id, "draft_shadowed")
    await stage.reply(agent, item, "canary-reply")
    await stage.answered(receipt.conversation_id)
    await stage.finish(agent, item)
    await stage.reaches(receipt.interaction_id, InteractionState.RESOLVED)
    return interaction_workflow_id(receipt.interaction_id)


async def stopped_while_composing(stage: Modes) -> str:
    """The AI is stopped in the middle of its work."""
    stage.assistant.may_compose.clear()
    receipt = await stage.write(SESSION, said_by_customer("where is my order"))
    await stage.assistant.composing.wait()
    await stage.stop()
    stage.assistant.may_compose.set()
    agent = await stage.hire()
    item = await stage.accept(agent, receipt.interaction_id)
    await stage.brief_of(item, stage.assistant.summary)
    await stage.finish(agent, item)
    await stage.reaches(receipt.interaction_id, InteractionState.RESOLVED)
    return interaction_workflow_id(receipt.interaction_id)


async def stopped_in_a_review(stage: Modes) -> str:
    """The AI is stopped while its draft is looked over."""
    agent, item, interaction_id, _ = await _reviewed(stage)
    await stage.stop()
    await _becomes_ordinary(stage, interaction_id)
    await stage.finish(agent, item)
    await stage.reaches(interaction_id, InteractionState.RESOLVED)
    return interaction_workflow_id(interaction_id)


async def brief_written_anew(stage: Modes) -> str:
    """The agent asks for another brief, and gets it."""
    agent = await stage.hire()
    receipt = await stage.write(SESSION, said_by_customer("a complaint"))
    item = await stage.accept(agent, receipt.interaction_id)
    await stage.brief_of(item, stage.assistant.summary)
    await stage.handled_by_relay()
    stage.assistant.summary = "canary-words, again"
    async with stage.database.begin() as session:
        assert await ask_for_brief(session, item.id, agent.id, supervises=False)
    await stage.brief_of(item, stage.assistant.summary)
    await stage.finish(agent, item)
    await stage.reaches(receipt.interaction_id, InteractionState.RESOLVED)
    return interaction_workflow_id(receipt.interaction_id)


async def action_begun(stage: Modes) -> str:
    """The AI proposes a return of itself; it is read back, and begun on a yes."""
    shop = await ShopScene(stage.database).prepare()
    order = await shop.place("BT-10001")
    stage.assistant.answer = lambda _: Action(
        request=ReturnRequest(order=order, items=(ItemWanted(line_id=f"{order}-2"),))
    )
    receipt = await write_signed_in(stage, said_by_customer("the mug does not please me"), thread=SESSION)
    await stage.answered(receipt.conversation_id)
    await write_signed_in(stage, "yes", thread=SESSION)
    await stage.answered(receipt.conversation_id, times=2)
    await write_signed_in(stage, "thanks", thread=SESSION)
    await stage.reaches(receipt.interaction_id, InteractionState.RESOLVED)
    return interaction_workflow_id(receipt.interaction_id)


async def satisfaction_put_off_and_asked(stage: Modes) -> str:
    """Somebody speaks to the customer when the question is due; later it is asked."""
    play = Play(stage)
    with mock.patch.object(asking, "SHORTEST_PAUSE", timedelta(milliseconds=200)):
        receipt = await _confirmed(stage)
        due = (await play.question(receipt.interaction_id)).due_at
        await play.passes_to(receipt.interaction_id, HolderKind.AGENT)

        async def put_off() -> bool:
            return (await play.question(receipt.interaction_id)).due_at != due

        await eventually(put_off)
        await play.passes_to(receipt.interaction_id, HolderKind.NOBODY)
        await play.becomes(receipt.interaction_id, QuestionState.ASKED)
    await play.story(receipt.interaction_id).result()
    return satisfaction_workflow_id(receipt.interaction_id)


async def satisfaction_called_off(stage: Modes) -> str:
    """An operator cancels the question before it is due."""
    play, receipt = Play(stage), await _confirmed(stage)
    await play.running(receipt.interaction_id)
    await play.story(receipt.interaction_id).cancel()
    await play.becomes(receipt.interaction_id, QuestionState.DROPPED)
    return satisfaction_workflow_id(receipt.interaction_id)


async def rated_low(stage: Modes) -> str:
    """The customer is asked, and was not content: the history is that of the run in which a person has the case."""
    play, receipt = Play(stage), await _confirmed(stage)
    await play.becomes(receipt.interaction_id, QuestionState.ASKED)
    agent = await stage.hire()
    await stage.write(SESSION, said_by_customer("1 - it was all wrong"))
    item = await stage.accept(agent, receipt.interaction_id)
    await stage.reply(agent, item, "canary-reply")
    await stage.answered(receipt.conversation_id, times=2)
    await stage.finish(agent, item)
    await stage.reaches(receipt.interaction_id, InteractionState.RESOLVED)
    return interaction_workflow_id(receipt.interaction_id)


async def _reviewed(stage: Modes) -> tuple[Agent, WorkItem, str, str]:
    return await stage.reviewed(SESSION, said_by_customer("where is my order"))


async def _becomes_ordinary(stage: Modes, interaction_id: str) -> None:
    """Wait until no draft lies with the case's work any more."""

    async def look() -> bool:
        return (await stage.work(interaction_id, WorkState.ASSIGNED)).draft_id is None

    await eventually(look)


async def _confirmed(stage: Modes) -> Receipt:
    """A case that the AI has resolved, as its customer says."""
    receipt = await stage.write(SESSION, said_by_customer("where is my order"))
    await stage.answered(receipt.conversation_id)
    await stage.reaches(receipt.interaction_id, InteractionState.AWAITING_CUSTOMER)
    await stage.write(SESSION, said_by_customer("thanks"))
    await stage.reaches(receipt.interaction_id, InteractionState.RESOLVED)
    return receipt


MODE_STORIES: dict[ModeStory, Policy] = {
    draft_released_and_edited: _DRAFTING,
    draft_rejected: _DRAFTING,
    draft_overtaken: _DRAFTING,
    review_that_takes_long: _DRAFTING,
    review_taken_up_again: _DRAFTING,
    draft_unseen: in_mode(Mode.SHADOW),
    stopped_while_composing: small_policy(),
    stopped_in_a_review: _DRAFTING,
    brief_written_anew: small_policy(),
    action_begun: flow_policy(),
    satisfaction_put_off_and_asked: asking_policy(SECOND),
    satisfaction_called_off: asking_policy(HOUR),
    rated_low: asking_policy(SECOND),
}
"""Each with the policy under which it is played."""
