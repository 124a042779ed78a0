"""The stories whose histories are kept. Every customer's word in them holds a canary, which no history may contain."""

from collections.abc import Awaitable, Callable

from domain.interaction import InteractionState
from domain.names import dispatcher_workflow_id, interaction_workflow_id
from domain.parties import Role
from domain.proposal import Question
from store.deciding import decide
from store.parking import park
from store.passing_on import transfer
from store.people import accept, decline, hand_back
from store.queueing import leave_queue
from tests.stage import Stage

CANARIES = ("canary-words", "canary-reply", "canary-fault", "canary-session")
SESSION = "canary-session"
Story = Callable[[Stage], Awaitable[str]]


def said_by_customer(text: str) -> str:
    """Words that no history may hold."""
    return f"{text} canary-words"


async def answered_and_assumed(stage: Stage) -> str:
    """One question, one answer, silence."""
    receipt = await stage.write(SESSION, said_by_customer("where is my order"))
    await stage.reaches(receipt.interaction_id, InteractionState.RESOLVED)
    return interaction_workflow_id(receipt.interaction_id)


async def asked_back_and_reopened(stage: Stage) -> str:
    """A question back, silence, and the customer comes again: the history is the second run's."""
    stage.assistant.answer = lambda _: Question(text="Which order? canary-reply")
    receipt = await stage.write(SESSION, said_by_customer("where is it"))
    await stage.reaches(receipt.interaction_id, InteractionState.RESOLVED)
    await stage.write(SESSION, said_by_customer("thanks"))
    await stage.handled(receipt.interaction_id)
    await stage.reaches(receipt.interaction_id, InteractionState.RESOLVED)
    return interaction_workflow_id(receipt.interaction_id)


async def overtaken_and_split(stage: Stage) -> str:
    """A message while composing is about another problem."""
    stage.assistant.may_compose.clear()
    receipt = await stage.write(SESSION, said_by_customer("where is my order"))
    await stage.assistant.composing.wait()
    await stage.write(SESSION, said_by_customer("another thing"))
    stage.assistant.may_compose.set()
    await stage.reaches(receipt.interaction_id, InteractionState.RESOLVED)
    return interaction_workflow_id(receipt.interaction_id)


async def handled_by_a_person(stage: Stage) -> str:
    """Offered, accepted, answered twice, resolved."""
    agent = await stage.hire()
    receipt = await stage.write(SESSION, said_by_customer("a complaint"))
    item = await stage.accept(agent, receipt.interaction_id)
    for number in (1, 2):
        await stage.reply(agent, item, "canary-reply", f"k{number}")
        await stage.answered(receipt.conversation_id, times=number)
    await stage.finish(agent, item)
    await stage.reaches(receipt.interaction_id, InteractionState.RESOLVED)
    return interaction_workflow_id(receipt.interaction_id)


async def handed_back_to_the_ai(stage: Stage) -> str:
    """A person gives the case back; the AI goes on."""
    agent = await stage.hire()
    receipt = await stage.write(SESSION, said_by_customer("I want a person"))
    item = await stage.accept(agent, receipt.interaction_id)
    await stage.reply(agent, item, "canary-reply")
    await stage.answered(receipt.conversation_id)
    async with stage.database.begin() as session:
        await hand_back(session, item.id, agent.id, stage.policy)
    await stage.reaches(receipt.interaction_id, InteractionState.RESOLVED)
    return interaction_workflow_id(receipt.interaction_id)


async def assistant_that_fails(stage: Stage) -> str:
    """The assistant raises, with the customer's words in its exception; an operator closes the case."""
    stage.assistant.failure = ValueError("canary-fault")
    receipt = await stage.write(SESSION, said_by_customer("hello"))
    await stage.work(receipt.interaction_id, "waiting")
    await stage.story(receipt.interaction_id).signal("operator", "make tea")
    await stage.story(receipt.interaction_id).signal("operator", "resolve")
    await stage.reaches(receipt.interaction_id, InteractionState.RESOLVED)
    return interaction_workflow_id(receipt.interaction_id)


async def cancelled_by_an_operator(stage: Stage) -> str:
    """Cancelled while the AI composes: a person gets it."""
    stage.assistant.may_compose.clear()
    receipt = await stage.write(SESSION, said_by_customer("hello"))
    await stage.assistant.composing.wait()
    await stage.story(receipt.interaction_id).cancel()
    await stage.work(receipt.interaction_id, "waiting")
    stage.assistant.may_compose.set()
    return interaction_workflow_id(receipt.interaction_id)


async def dispatched(stage: Stage) -> str:
    """A team's dispatcher makes an offer, which is declined and made again."""
    agent = await stage.hire()
    receipt = await stage.write(SESSION, said_by_customer("a complaint"))
    item = await stage.work(receipt.interaction_id, "offered")
    async with stage.database.begin() as session:
        await decline(session, item.id, agent.id, item.version, "busy")
    await stage.hire("kim")
    await stage.work(receipt.interaction_id, "offered")
    return dispatcher_workflow_id("support")


async def decided_and_told(stage: Stage) -> str:
    """The AI collects, a person decides, the AI tells."""
    agent = await stage.hire()
    receipt = await stage.write(SESSION, said_by_customer("damaged_wrong: it is broken"))
    await stage.answered(receipt.conversation_id)
    await stage.write(SESSION, said_by_customer("damaged_wrong: it is BT-10001"))
    item = await stage.accept(agent, receipt.interaction_id)
    async with stage.database.begin() as session:
        await decide(session, item.id, agent.id, True, "canary-reply", stage.policy, Role.AGENT)
    await stage.reaches(receipt.interaction_id, InteractionState.RESOLVED)
    return interaction_workflow_id(receipt.interaction_id)


async def tried_under_pressure(stage: Stage) -> str:
    """A return waits, the AI tries beside the queue, and the customer says that it helped."""
    agent = await stage.hire(capacity=1)
    await stage.accept(agent, (await stage.write("busy", "a complaint")).interaction_id)
    receipt = await stage.write(SESSION, said_by_customer("a return"))
    await stage.work(receipt.interaction_id, "waiting")
    for number in range(6):
        await stage.write(f"more-{number}", "a complaint")
    await stage.answered(receipt.conversation_id, within=30)
    await stage.write(SESSION, said_by_customer("thanks"))
    await stage.reaches(receipt.interaction_id, InteractionState.RESOLVED)
    return interaction_workflow_id(receipt.interaction_id)


async def left_the_queue(stage: Stage) -> str:
    """The customer does not wait."""
    receipt = await stage.write(SESSION, said_by_customer("a complaint"))
    await stage.work(receipt.interaction_id, "waiting")
    async with stage.database.begin() as session:
        await leave_queue(session, receipt.interaction_id, stage.policy)
    await stage.reaches(receipt.interaction_id, InteractionState.RESOLVED)
    return interaction_workflow_id(receipt.interaction_id)


async def passed_on_and_parked(stage: Stage) -> str:
    """A case is passed to a colleague, snoozed until the customer writes, taken up again and resolved."""
    agent, colleague = await stage.hire(), await stage.hire("kim")
    receipt = await stage.write(SESSION, said_by_customer("a complaint"))
    item = await stage.work(receipt.interaction_id, "offered")
    first, second = (agent, colleague) if item.agent_id == agent.id else (colleague, agent)
    async with stage.database.begin() as session:
        await accept(session, item.id, first.id, item.version, stage.policy)
    async with stage.database.begin() as session:
        await transfer(session, item.id, first.id, stage.policy, to_agent=second.id, words="canary-reply")
    taken = await stage.accept(second, receipt.interaction_id)
    async with stage.database.begin() as session:
        await park(session, taken.id, second.id, stage.policy, None)
    await stage.write(SESSION, said_by_customer("one more thing"))
    await stage.work(receipt.interaction_id, "assigned")
    await stage.finish(second, taken)
    await stage.reaches(receipt.interaction_id, InteractionState.RESOLVED)
    return interaction_workflow_id(receipt.interaction_id)


STORIES: tuple[Story, ...] = (
    answered_and_assumed,
    asked_back_and_reopened,
    overtaken_and_split,
    handled_by_a_person,
    handed_back_to_the_ai,
    assistant_that_fails,
    cancelled_by_an_operator,
    dispatched,
    decided_and_told,
    tried_under_pressure,
    left_the_queue,
    passed_on_and_parked,
)
