"""Speaking: each word of the customer is answered once, and only the holder of the baton is heard."""

import asyncio

import pytest
from sqlalchemy import text

from domain.baton import HolderKind
from domain.delivery import Posting
from domain.interaction import EntryKind, InteractionState
from domain.message import DeliveryState, SendOutcome, SendResult
from domain.parties import AuthorKind
from store.audit import Problem
from store.conversations import Message
from store.customers import lock_customer
from store.errors import Conflict, NotFound
from store.interactions import customer_of, lock_case, move
from store.outgoing import Busy, Claimed, claim_next, give_back, settle
from store.people import accept, finish, hand_back, lose_agent, reply, use_suggestion
from store.speaking import Suggestion, lock_conversation, pass_baton, post_draft, queue_message
from store.work import Agent
from tests.store.scene import Scene, scalar

SENT = SendOutcome(result=SendResult.SENT)


async def post(scene: Scene, draft_id: str) -> Posting:
    async with scene.database.begin() as session:
        return (await post_draft(session, draft_id, suggestion_seconds=60))[0]


async def take_over(scene: Scene, interaction_id: str, agent: Agent) -> None:
    async with scene.database.begin() as session:
        customer = await lock_customer(session, await customer_of(session, interaction_id))
        await pass_baton(session, customer, HolderKind.AGENT, agent.id)


async def said_by(scene: Scene, conversation_id: str, author: str) -> list[str]:
    return [row.state for row in await scene.messages(conversation_id) if row.author == author]


async def test_a_draft_posted_by_ten_attempts_at_once_is_said_once(scene: Scene) -> None:
    receipt = await scene.chat("s1")
    draft_id = await scene.draft(receipt.interaction_id)
    assert {*await asyncio.gather(*(post(scene, draft_id) for _ in range(10)))} == {Posting.QUEUED}
    assert len(await said_by(scene, receipt.conversation_id, "ai")) == 1


async def test_two_drafts_to_one_word_are_one_answer(scene: Scene) -> None:
    receipt = await scene.chat("s1")
    drafts = [await scene.draft(receipt.interaction_id, words) for words in ("one", "two")]
    assert [await post(scene, draft_id) for draft_id in drafts] == [Posting.QUEUED, Posting.QUEUED]
    assert len(await said_by(scene, receipt.conversation_id, "ai")) == 1


async def test_a_draft_is_refused_once_the_customer_has_written_since(scene: Scene) -> None:
    receipt = await scene.chat("s1")
    draft_id = await scene.draft(receipt.interaction_id)
    await scene.chat("s1")
    assert await post(scene, draft_id) is Posting.OUTDATED
    assert await said_by(scene, receipt.conversation_id, "ai") == []


async def test_a_queued_answer_is_refused_once_the_customer_has_written_since(scene: Scene) -> None:
    receipt = await scene.mail("ada@mail.example", key="<1@x>")
    await post(scene, await scene.draft(receipt.interaction_id))
    await scene.mail("ada@mail.example", answers=("<1@x>",))
    assert await scene.claim(receipt.conversation_id) is None
    assert await said_by(scene, receipt.conversation_id, "ai") == [DeliveryState.CANCELLED.value]


async def test_an_earlier_posting_names_the_conversation_it_was_posted_in(scene: Scene) -> None:
    chat = await scene.chat("s1", shop="c1", email="ada@mail.example")
    draft_id = await scene.draft(chat.interaction_id)
    await post(scene, draft_id)
    mail = await scene.mail("ada@mail.example", proven=True)
    assert mail.interaction_id == chat.interaction_id
    async with scene.database.begin() as session:
        again = await post_draft(session, draft_id, suggestion_seconds=60)
    assert again == (Posting.QUEUED, chat.conversation_id)


async def test_a_takeover_cancels_what_is_queued_in_the_same_transaction(scene: Scene) -> None:
    receipt = await scene.mail("ada@mail.example")
    await post(scene, await scene.draft(receipt.interaction_id))
    await take_over(scene, receipt.interaction_id, await scene.hire())
    assert await said_by(scene, receipt.conversation_id, "ai") == [DeliveryState.CANCELLED.value]


async def test_what_is_being_sent_at_a_takeover_finishes_and_is_not_begun_again(scene: Scene) -> None:
    receipt = await scene.mail("ada@mail.example")
    await post(scene, await scene.draft(receipt.interaction_id))
    claimed = await scene.claim(receipt.conversation_id)
    assert isinstance(claimed, Claimed)
    agent = await scene.hire()
    await take_over(scene, receipt.interaction_id, agent)
    assert await said_by(scene, receipt.conversation_id, "ai") == [DeliveryState.SENDING.value]
    async with scene.database.begin() as session:
        await give_back(session, claimed.message.message_id, "first")
    async with scene.database.begin() as session:
        customer = await lock_customer(session, await customer_of(session, receipt.interaction_id))
        await pass_baton(session, customer, HolderKind.NOBODY)
    assert await scene.claim(receipt.conversation_id) is None, "the holder has changed since it was written"


@pytest.mark.parametrize("ending", ["resolved", "handed back", "lost"])
async def test_an_agents_last_words_go_out_after_they_put_the_case_down(scene: Scene, ending: str) -> None:
    receipt = await scene.mail("ada@mail.example")
    agent = await scene.hire()
    item = await scene.taken_by(agent, receipt.interaction_id)
    for key in ("being sent", "queued"):
        async with scene.database.begin() as session:
            await reply(session, item.id, agent.id, key, key.replace(" ", "-"), scene.policy)
    claimed = await scene.claim(receipt.conversation_id)
    assert isinstance(claimed, Claimed)
    async with scene.database.begin() as session:
        match ending:
            case "resolved":
                await finish(session, item.id, agent.id, scene.policy)
            case "handed back":
                await hand_back(session, item.id, agent.id, scene.policy)
            case _:
                await lose_agent(session, item.id, agent.id, scene.policy)
    async with scene.database.begin() as session:
        await give_back(session, claimed.message.message_id, "first")
    # The AI picks the baton up for another word of the customer.
    other = await scene.mail("ada@mail.example", answers=(claimed.message.in_reply_to,))
    await post(scene, await scene.draft(other.interaction_id))
    for _ in range(2):
        sending = await scene.claim(receipt.conversation_id)
        assert isinstance(sending, Claimed)
        async with scene.database.begin() as session:
            await settle(session, sending.message.message_id, "first", SENT, resend=True)
    assert await said_by(scene, receipt.conversation_id, "agent") == [DeliveryState.SENT.value] * 2


async def test_nothing_of_a_former_holder_begins_to_be_sent_after_a_takeover(scene: Scene) -> None:
    """Senders and takeovers race. Each takes a number before its commit; the numbers tell who came after whom."""
    threads = [await scene.chat(f"s{number}", shop="c1") for number in range(3)]
    agents = [await scene.hire(present=False) for _ in range(12)]
    interaction_id = threads[0].interaction_id
    async with scene.database.begin() as session:
        await session.execute(text("CREATE SEQUENCE tick"))
    takeovers: list[tuple[int, int]] = []
    begun: list[tuple[int, int]] = []

    async def take(agent: Agent) -> None:
        async with scene.database.begin() as session:
            customer, _ = await lock_case(session, interaction_id)
            await pass_baton(session, customer, HolderKind.AGENT, agent.id)
            await session.flush()
            tick, epoch = int(str(await scalar(session, "SELECT nextval('tick')"))), customer.epoch
        takeovers.append((tick, epoch))

    async def send(thread: str, attempt: str) -> None:
        async with scene.database.begin() as session:
            claimed = await claim_next(session, thread, attempt, str, by_commit=False)
            if not isinstance(claimed, Claimed) or claimed.reconcile:
                return
            await session.flush()
            tick = int(str(await scalar(session, "SELECT nextval('tick')")))
            epoch = (await session.get_one(Message, claimed.message.message_id)).epoch
        begun.append((tick, epoch))
        async with scene.database.begin() as session:
            await settle(session, claimed.message.message_id, attempt, SENT, resend=True)

    for wave in range(6):
        await asyncio.gather(
            *(say(scene, interaction_id, thread.conversation_id) for thread in threads for _ in range(3)),
            *(send(thread.conversation_id, f"{wave} {n}") for thread in threads for n in range(3)),
            *(take(agent) for agent in agents[2 * wave : 2 * wave + 2]),
        )
    late = [sent for sent in begun for taken in takeovers if sent[0] > taken[0] and sent[1] < taken[1]]
    assert late == []
    assert begun


async def test_a_sender_waits_for_a_takeover_that_is_on_its_way(scene: Scene) -> None:
    receipt = await scene.mail("ada@mail.example")
    await post(scene, await scene.draft(receipt.interaction_id))
    agent = await scene.hire()
    async with scene.database.begin() as session:
        await lock_case(session, receipt.interaction_id)
        sending = asyncio.create_task(scene.claim(receipt.conversation_id))
        await asyncio.wait({sending}, timeout=0.3)
        customer, _ = await lock_case(session, receipt.interaction_id)
        await pass_baton(session, customer, HolderKind.AGENT, agent.id)
    assert await sending is None
    assert await said_by(scene, receipt.conversation_id, "ai") == [DeliveryState.CANCELLED.value]


async def say(scene: Scene, interaction_id: str, conversation_id: str) -> None:
    """Whoever holds the baton says something in a conversation."""
    async with scene.database.begin() as session:
        customer, interaction = await lock_case(session, interaction_id)
        conversation = await lock_conversation(session, conversation_id)
        queue_message(session, conversation, customer, interaction, AuthorKind.AGENT, "words")


# --- suggestions --------------------------------------------------------------------------------------------------


async def suggested(scene: Scene) -> tuple[Agent, str, str, str]:
    """An agent holds the baton by one interaction, another one suggests: agent, item, suggestion, interaction."""
    first = await scene.chat("s1", shop="c1")
    agent = await scene.hire()
    item = await scene.taken_by(agent, first.interaction_id)
    async with scene.database.begin() as session:
        await session.execute(text("UPDATE interaction SET state = 'resolved', closed_at = clock_timestamp()"))
    other = await scene.chat("s2", shop="c1")
    async with scene.database.begin() as session:
        await session.execute(
            text("UPDATE interaction SET state = 'with_person', closed_at = NULL WHERE id = :id"),
            {"id": first.interaction_id},
        )
    assert await post(scene, await scene.draft(other.interaction_id)) is Posting.SUGGESTED
    async with scene.database.begin() as session:
        row = await session.get_one(type(await scene.interaction(other.interaction_id)), other.interaction_id)
        await move(session, row, InteractionState.AWAITING_HOLDER, due_in=60)
        suggestion = (await session.execute(text("SELECT id FROM suggestion"))).scalar_one()
    return agent, item.id, suggestion, other.interaction_id


async def test_a_used_suggestion_is_said_by_the_holder_and_its_interaction_waits_for_the_customer(scene: Scene) -> None:
    agent, item_id, suggestion_id, other = await suggested(scene)
    async with scene.database.begin() as session:
        await use_suggestion(session, item_id, agent.id, suggestion_id, "as they say", scene.policy)
    assert (await scene.interaction(other)).state == InteractionState.AWAITING_CUSTOMER.value
    async with scene.database.begin() as session:
        told = "SELECT kind FROM journal WHERE interaction_id = :id ORDER BY seq DESC NULLS LAST LIMIT 1"
        assert await scalar(session, told, id=other) == EntryKind.SUGGESTION_USED.value
        assert await scalar(session, "SELECT count(*) FROM message WHERE body = 'as they say'") == 1


async def test_a_suggestion_is_judged_once(scene: Scene) -> None:
    agent, item_id, suggestion_id, _ = await suggested(scene)

    async def dismiss() -> bool:
        try:
            async with scene.database.begin() as session:
                await use_suggestion(session, item_id, agent.id, suggestion_id, None, scene.policy)
        except NotFound:
            return False
        return True

    assert sum(await asyncio.gather(*(dismiss() for _ in range(5)))) == 1


async def test_a_suggestion_is_only_for_whoever_holds_a_case_of_that_customer(scene: Scene) -> None:
    _, item_id, suggestion_id, _ = await suggested(scene)
    stranger = await scene.hire()
    with pytest.raises(Conflict):
        async with scene.database.begin() as session:
            await use_suggestion(session, item_id, stranger.id, suggestion_id, None, scene.policy)
    elsewhere = await scene.chat("s9")
    async with scene.database.begin() as session:
        await session.execute(text("UPDATE agent SET capacity = load WHERE id <> :id"), {"id": stranger.id})
    foreign = await scene.taken_by(stranger, elsewhere.interaction_id)
    with pytest.raises(NotFound):
        async with scene.database.begin() as session:
            await use_suggestion(session, foreign.id, stranger.id, suggestion_id, "to the wrong one", scene.policy)


async def test_putting_the_baton_down_tells_whoever_waits_for_it(scene: Scene) -> None:
    agent, item_id, suggestion_id, other = await suggested(scene)
    async with scene.database.begin() as session:
        await finish(session, item_id, agent.id, scene.policy)
    async with scene.database.begin() as session:
        told = "SELECT count(*) FROM journal WHERE interaction_id = :id AND kind = 'baton_freed'"
        assert await scalar(session, told, id=other) == 1
        assert (await session.get_one(Suggestion, suggestion_id)).state == "lapsed"


# --- two agents, one customer -------------------------------------------------------------------------------------


async def test_of_two_agents_with_cases_of_one_customer_one_speaks_and_both_can_finish(scene: Scene) -> None:
    agent, item_id, _, other = await suggested(scene)
    colleague = await scene.hire()
    async with scene.database.begin() as session:
        await session.execute(text("UPDATE agent SET capacity = load WHERE id = :id"), {"id": agent.id})
    theirs = await scene.taken_by(colleague, other)
    with pytest.raises(Conflict):
        async with scene.database.begin() as session:
            await reply(session, item_id, agent.id, "me too", "k", scene.policy)
    async with scene.database.begin() as session:
        await lose_agent(session, item_id, agent.id, scene.policy)
    assert (await scene.customer(other)).holder_id == colleague.id, "another agent's baton is not put down"
    await scene.allocate()
    async with scene.database.begin() as session:
        await finish(session, theirs.id, colleague.id, scene.policy)
    assert (await scene.customer(other)).holder_kind == HolderKind.NOBODY.value
    assert await scene.problems(Problem.LOAD_WRONG) == []


async def test_an_agent_whose_colleague_has_finished_speaks_again_and_can_resolve(scene: Scene) -> None:
    agent, item_id, _, other = await suggested(scene)
    colleague = await scene.hire()
    async with scene.database.begin() as session:
        await session.execute(text("UPDATE agent SET capacity = load WHERE id = :id"), {"id": agent.id})
    theirs = await scene.taken_by(colleague, other)
    async with scene.database.begin() as session:
        await finish(session, theirs.id, colleague.id, scene.policy)
    async with scene.database.begin() as session:
        await reply(session, item_id, agent.id, "here again", "k", scene.policy)
    assert (await scene.customer(other)).holder_id == agent.id
    async with scene.database.begin() as session:
        await finish(session, item_id, agent.id, scene.policy)


async def test_the_next_case_of_a_customer_is_offered_to_whoever_speaks_to_them(scene: Scene) -> None:
    agent, _, _, other = await suggested(scene)
    for _ in range(3):
        await scene.hire()
    item = await scene.hand_over(other)
    await scene.allocate()
    item = await scene.item(other)
    assert item.agent_id == agent.id
    async with scene.database.begin() as session:
        await accept(session, item.id, agent.id, item.version, scene.policy)


async def test_a_busy_conversation_is_served_by_one_sender_at_a_time(scene: Scene) -> None:
    receipt = await scene.mail("ada@mail.example")
    await post(scene, await scene.draft(receipt.interaction_id))
    claims = await asyncio.gather(*(scene.claim(receipt.conversation_id, f"sender {n}") for n in range(8)))
    assert sum(isinstance(claim, Claimed) for claim in claims) == 1
    assert sum(isinstance(claim, Busy) for claim in claims) == 7
