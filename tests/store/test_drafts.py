"""Drafts before people: each judged once, by whoever has the case, and never over the customer's head."""

import asyncio
from datetime import timedelta

import pytest

from domain.baton import HolderKind
from domain.commitment import FulfilledBy, NewCommitment
from domain.flows.requests import CancellationRequest
from domain.interaction import EntryKind, InteractionState
from domain.message import DeliveryState
from domain.modes import Mode
from domain.parties import AuthorKind
from domain.proposal import HandoffReason
from domain.readiness import RejectionReason, Verdict
from domain.sla import SlaTargets
from domain.work import WorkState
from store.conversations import Message
from store.customers import lock_customer
from store.draft_view import draft_before_people
from store.drafts import lay_before_people, reject_draft, send_draft
from store.errors import Conflict, NotFound
from store.flow_wishes import keep_wish
from store.handing_over import open_work
from store.interactions import lock_case
from store.locking import database_now
from store.passing_on import transfer
from store.people import accept, reply
from store.speaking import Draft, DraftState
from store.supervising import reassign
from store.work import Agent, WorkItem, lock_item
from tests.store.scene import Scene, scalar, small_policy_with


async def laid(scene: Scene, thread: str = "c1", **draft: object) -> tuple[str, WorkItem]:
    """A draft that lies with a waiting work item: its id, and the item."""
    receipt = await scene.chat(thread)
    async with scene.database.begin() as session:
        customer, row = await lock_case(session, receipt.interaction_id)
        item = await open_work(session, row, customer, "support", HandoffReason.DRAFT_REVIEW, scene.policy, None)
        words = {"body": "an answer", "mode": Mode.DRAFT.value, "cell": "defaults", **draft}
        written = Draft(interaction_id=row.id, answers_seq=row.last_customer_seq, **words)
        session.add(written)
        await session.flush()
        await lay_before_people(session, row, await lock_item(session, item.id), written.id)
    return written.id, item


async def under_review(scene: Scene, **draft: object) -> tuple[str, Agent, WorkItem]:
    """An agent has the review of a draft."""
    agent = await scene.hire()
    draft_id, item = await laid(scene, **draft)
    await scene.allocate()
    offered = await scene.item_by_id(item.id)
    async with scene.database.begin() as session:
        return draft_id, agent, await accept(session, item.id, agent.id, offered.version, scene.policy)


async def send(scene: Scene, agent: Agent, item: WorkItem, draft_id: str, words: str | None = None) -> Message:
    async with scene.database.begin() as session:
        return await send_draft(session, item.id, agent.id, draft_id, scene.policy, words)


async def reject(scene: Scene, agent: Agent, item: WorkItem, draft_id: str) -> None:
    async with scene.database.begin() as session:
        await reject_draft(session, item.id, agent.id, draft_id, RejectionReason.TONE, scene.policy)


async def draft(scene: Scene, draft_id: str) -> Draft:
    async with scene.database.begin() as session:
        return await session.get_one(Draft, draft_id)


async def test_what_is_sent_as_it_is_stays_the_ais_and_frees_agent_and_baton(scene: Scene) -> None:
    draft_id, agent, item = await under_review(scene)
    message = await send(scene, agent, item, draft_id)
    assert (message.author, message.author_id, message.body) == (AuthorKind.AI, "", "an answer")
    judged = await draft(scene, draft_id)
    assert (judged.state, judged.verdict, judged.judged_by) == (DraftState.POSTED, Verdict.SENT, agent.id)
    assert (await scene.item_by_id(item.id)).state == WorkState.DONE
    assert (await scene.agent(agent.id)).load == 0
    assert (await scene.customer(item.interaction_id)).holder_kind == HolderKind.NOBODY
    assert (await scene.interaction(item.interaction_id)).state == InteractionState.AWAITING_CUSTOMER
    assert (await scene.told(item.interaction_id))[-1] == EntryKind.DRAFT_RELEASED
    assert await scene.unsound() == []


async def test_edited_words_are_the_agents_and_the_draft_keeps_its_own(scene: Scene) -> None:
    draft_id, agent, item = await under_review(scene)
    message = await send(scene, agent, item, draft_id, "another answer")
    assert (message.author, message.author_id, message.body) == (AuthorKind.AGENT, agent.id, "another answer")
    judged = await draft(scene, draft_id)
    assert (judged.verdict, judged.body, judged.message_id) == (Verdict.EDITED, "an answer", message.id)


async def test_what_was_sent_goes_out_and_is_sent_once_however_often_it_is_clicked(scene: Scene) -> None:
    draft_id, agent, item = await under_review(scene)
    first, second = [(await send(scene, agent, item, draft_id)).id for _ in range(2)]
    assert first == second
    conversation_id = (await scene.message(first)).conversation_id
    await scene.claim(conversation_id, by_commit=True)
    said = await scene.messages(conversation_id)
    assert [(message.author, message.state) for message in said] == [
        (AuthorKind.CUSTOMER, DeliveryState.RECEIVED), (AuthorKind.AI, DeliveryState.SENT),
    ]  # fmt: skip
    with pytest.raises(Conflict, match="draft_judged"):
        await send(scene, agent, item, draft_id, "on second thoughts")
    with pytest.raises(Conflict, match="draft_judged"):
        await reject(scene, agent, item, draft_id)


async def test_of_a_release_and_a_rejection_at_the_same_moment_one_counts(scene: Scene) -> None:
    draft_id, agent, item = await under_review(scene)
    clicks = [send(scene, agent, item, draft_id), reject(scene, agent, item, draft_id)]
    done = await asyncio.gather(*clicks, return_exceptions=True)
    assert sorted(type(outcome) is Conflict for outcome in done) == [False, True]
    told = await scene.told(item.interaction_id)
    assert sum(kind in {EntryKind.DRAFT_RELEASED, EntryKind.DRAFT_REJECTED} for kind in told) == 1
    assert await scene.unsound() == []


async def test_who_rejects_keeps_the_case_and_the_draft_is_gone(scene: Scene) -> None:
    draft_id, agent, item = await under_review(scene)
    for _ in range(2):
        await reject(scene, agent, item, draft_id)
    judged = await draft(scene, draft_id)
    assert (judged.state, judged.verdict, judged.why) == (DraftState.REJECTED, "rejected", "tone")
    assert (await scene.told(item.interaction_id)).count(EntryKind.DRAFT_REJECTED) == 1
    with pytest.raises(Conflict, match="draft_judged"):
        await send(scene, agent, item, draft_id)
    async with scene.database.begin() as session:
        assert await draft_before_people(session, item.id) is None
        await reply(session, item.id, agent.id, "my own words", "k", scene.policy)


async def test_nothing_is_sent_over_the_customers_head(scene: Scene) -> None:
    draft_id, agent, item = await under_review(scene)
    await scene.chat("c1", "one more thing")
    async with scene.database.begin() as session:
        shown = await draft_before_people(session, item.id)
    assert shown is not None
    assert shown.outdated
    with pytest.raises(Conflict, match="customer_wrote"):
        await send(scene, agent, item, draft_id)
    assert (await scene.item_by_id(item.id)).state == WorkState.ASSIGNED


async def test_only_who_has_the_case_and_the_baton_sends(scene: Scene) -> None:
    draft_id, agent, item = await under_review(scene)
    other = await scene.hire()
    with pytest.raises(Conflict, match="not_your_case"):
        await send(scene, other, item, draft_id)
    async with scene.database.begin() as session:
        customer = await lock_customer(session, (await session.get_one(WorkItem, item.id)).customer_id)
        customer.holder_id = other.id
    with pytest.raises(Conflict, match="not_the_holder"):
        await send(scene, agent, item, draft_id)
    async with scene.database.begin() as session:
        await reassign(session, item.id, other.id, "lead", scene.policy)
    with pytest.raises(Conflict, match="not_your_case"):
        await send(scene, agent, item, draft_id)
    await send(scene, other, item, draft_id)
    assert await scene.unsound() == []


async def test_a_draft_of_another_case_is_not_found(scene: Scene) -> None:
    _, agent, item = await under_review(scene)
    strange, _ = await laid(scene, "c2")
    with pytest.raises(NotFound):
        await send(scene, agent, item, strange)


async def test_a_draft_goes_along_to_another_team(scene: Scene) -> None:
    await scene.prepare(small_policy_with())
    draft_id, agent, item = await under_review(scene)
    async with scene.database.begin() as session:
        await transfer(session, item.id, agent.id, scene.policy, team="returns")
    colleague = await scene.hire("returns")
    await scene.allocate("returns")
    offered = await scene.item_by_id(item.id)
    async with scene.database.begin() as session:
        taken = await accept(session, item.id, colleague.id, offered.version, scene.policy)
    assert (await send(scene, colleague, taken, draft_id)).body == "an answer"


async def test_a_later_draft_takes_the_place_of_the_one_that_lies_there(scene: Scene) -> None:
    draft_id, agent, item = await under_review(scene)
    async with scene.database.begin() as session:
        _, row = await lock_case(session, item.interaction_id)
        newer = Draft(interaction_id=row.id, answers_seq=row.last_customer_seq, body="better", mode="draft")
        session.add(newer)
        await session.flush()
        await lay_before_people(session, row, await lock_item(session, item.id), newer.id)
    with pytest.raises(Conflict, match="draft_gone"):
        await send(scene, agent, item, draft_id)
    assert (await send(scene, agent, item, newer.id)).body == "better"


async def test_a_released_draft_stops_the_clock_as_a_reply_does(scene: Scene) -> None:
    await scene.prepare(small_policy_with(sla=SlaTargets(first_response_minutes=10, next_response_minutes=10)))
    draft_id, agent, item = await under_review(scene)
    await send(scene, agent, item, draft_id)
    async with scene.database.begin() as session:
        assert await scalar(session, "SELECT state FROM sla_clock") == "met"
    await scene.chat("c1", "and another question")
    following = await scene.hand_over(item.interaction_id)
    async with scene.database.begin() as session:
        kind = await scalar(session, "SELECT kind FROM sla_clock WHERE work_item_id = :item", item=following.id)
    assert kind == "next_response", "a person has answered before"


async def test_what_a_draft_promises_is_owed_from_its_release_on(scene: Scene) -> None:
    async with scene.database.begin() as session:
        due = await database_now(session) + timedelta(days=1)
    promise = NewCommitment(text="a call", due_at=due, fulfilled_by=FulfilledBy.REPLY)
    draft_id, agent, item = await under_review(scene, commitments=[promise.model_dump(mode="json")])
    async with scene.database.begin() as session:
        assert await scalar(session, "SELECT count(*) FROM commitment") == 0
    await send(scene, agent, item, draft_id)
    async with scene.database.begin() as session:
        assert await scalar(session, "SELECT state FROM commitment") == "open"


async def test_a_draft_whose_promise_is_past_is_gone(scene: Scene) -> None:
    async with scene.database.begin() as session:
        due = await database_now(session) + timedelta(days=1)
    promise = NewCommitment(text="a call", due_at=due, fulfilled_by=FulfilledBy.REPLY)
    draft_id, agent, item = await under_review(scene, commitments=[promise.model_dump(mode="json")])
    async with scene.database.begin() as session:
        late = promise.model_copy(update={"due_at": due - timedelta(days=2)})
        (await session.get_one(Draft, draft_id)).commitments = [late.model_dump(mode="json")]
    with pytest.raises(Conflict, match="draft_gone"):
        await send(scene, agent, item, draft_id)


async def test_what_a_yes_would_begin_is_sent_as_it_is_or_not_at_all(scene: Scene) -> None:
    draft_id, agent, item = await under_review(scene, question=True)
    async with scene.database.begin() as session:
        keep_wish(session, item.interaction_id, 1, draft_id, CancellationRequest(order="BT-10001"), "all of it")
    with pytest.raises(Conflict, match="reads_back"):
        await send(scene, agent, item, draft_id, "Shall I do something else?")
    await send(scene, agent, item, draft_id)


@pytest.mark.parametrize(("asks_proof", "counted"), [(False, 1), (True, 0)])
async def test_a_request_for_proof_is_no_question_back(scene: Scene, asks_proof: bool, counted: int) -> None:
    draft_id, agent, item = await under_review(scene, question=True, asks_proof=asks_proof)
    await send(scene, agent, item, draft_id)
    row = await scene.interaction(item.interaction_id)
    assert (row.questions_asked, row.asked) == (counted, True)
