"""Plans of several stages: the AI collects, a person decides, the AI tells; deadlines and fallbacks."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from domain.commitment import FulfilledBy, NewCommitment
from domain.interaction import InteractionState, Resolution
from domain.message import Attachment, ClaimedIdentity, InboundMessage
from domain.parties import Channel, IdentityKind, Role
from domain.policy import Policy
from domain.policy_file import read_policy
from domain.proposal import HandoffReason
from store.commitments import commit
from store.database import Database
from store.deciding import decide
from store.ids import new_id
from store.interactions import lock_case
from store.locking import database_now
from store.queueing import leave_queue
from store.work import Agent, WorkItem
from tests.stage import Stage, set_stage

_SOON = timedelta(seconds=2)
_POLICY = """
brand: {{name: Test Shop, ai_label: Test Shop · AI assistant}}
assistant: {{mode: auto}}
overflow: support
teams:
  support: {{title: Support}}
  leads: {{title: Leads}}
tiers: {{guest: {{}}, standard: {{}}}}
pauses: {{chat: 0.1, messaging: 0.1, email: 0}}
matrix:
  damaged_wrong:
    any:
      - plan:
          - do: ai
            until: collected
            collect: [order, photo]
            deadline_minutes: {collecting}
            otherwise: "queue:leads"
          - {{do: "queue:support", until: decided, deadline_minutes: {deciding}, otherwise: "queue:leads"}}
          - {{do: ai, until: told}}
defaults:
  - {{plan: [ai, "queue:support"]}}
"""


def plan_policy(*, collecting: float = 60, deciding: float = 60) -> Policy:
    """Damaged goods take three stages; deadlines in minutes."""
    return read_policy(_POLICY.format(collecting=collecting, deciding=deciding))


@pytest.fixture
async def stage(database: Database, temporal_address: str) -> AsyncIterator[Stage]:
    async with set_stage(database, temporal_address, plan_policy()) as stage:
        yield stage


async def send_photo(stage: Stage, thread: str, words: str) -> None:
    await stage.reception.receive(
        InboundMessage(
            channel=Channel.CHAT,
            account="chat",
            provider_message_id=f"{thread}:{new_id()}",
            thread_refs=(thread,),
            sender=ClaimedIdentity(kind=IdentityKind.CHAT_SESSION, value=thread, verified=True),
            text=words,
            attachments=(Attachment(filename="cup.jpg", media_type="image/jpeg", size=1, content=b"x"),),
        )
    )


async def collected(stage: Stage, thread: str = "s1") -> tuple[Agent, WorkItem, str, str]:
    """The AI has collected everything, and an agent has the case: agent, item, interaction, conversation."""
    agent = await stage.hire()
    receipt = await stage.write(thread, "damaged_wrong: the cup is broken")
    await stage.answered(receipt.conversation_id)
    await send_photo(stage, thread, "damaged_wrong: it is BT-10001, see here")
    item = await stage.accept(agent, receipt.interaction_id)
    return agent, item, receipt.interaction_id, receipt.conversation_id


async def test_the_ai_asks_for_what_the_plan_needs_and_only_then_a_person_gets_it(stage: Stage) -> None:
    await stage.hire()
    receipt = await stage.write("s1", "damaged_wrong: the cup is broken")
    said = await stage.answered(receipt.conversation_id)
    assert said[-1] == (
        "ai", "So that we can sort this out for you: could you send us your order number and a photo of it?"
    )  # fmt: skip
    await stage.write("s1", "damaged_wrong: it is BT-10001")
    said = await stage.answered(receipt.conversation_id, times=2)
    assert said[-1] == ("ai", "So that we can sort this out for you: could you send us a photo of it?")
    await send_photo(stage, "s1", "damaged_wrong: here")
    item = await stage.work(receipt.interaction_id, "offered")
    assert item.asks_decision
    await stage.all_is_well()


@pytest.mark.parametrize(
    ("approved", "told"), [(True, "looked at your request and approved it"), (False, "sorry that we cannot approve it")]
)
async def test_what_a_person_decides_the_ai_tells(stage: Stage, approved: bool, told: str) -> None:
    agent, item, interaction_id, conversation_id = await collected(stage)
    async with stage.database.begin() as session:
        await decide(session, item.id, agent.id, approved, "A new cup is on its way.", stage.policy, Role.AGENT)
    author, words = (await stage.answered(conversation_id, times=2))[-1]
    assert author == "ai"
    assert told in words
    assert words.endswith("A new cup is on its way.")
    row = await stage.reaches(interaction_id, InteractionState.AWAITING_CUSTOMER)
    assert row.stage == 2
    await stage.all_is_well()


async def test_a_person_who_gets_it_without_the_photo_decides_once_and_the_ai_tells(
    database: Database, temporal_address: str
) -> None:
    text = _POLICY.replace('            otherwise: "queue:leads"\n', "").format(collecting=60, deciding=60)
    async with set_stage(database, temporal_address, read_policy(text)) as stage:
        await decided_without_evidence(stage)


async def decided_without_evidence(stage: Stage) -> None:
    agent = await stage.hire()
    receipt = await stage.write("s1", "damaged_wrong: the cup is broken")
    for number in (1, 2):  # as often as the AI may ask
        await stage.answered(receipt.conversation_id, times=number)
        await stage.write("s1", "damaged_wrong: I have no photo")
    item = await stage.accept(agent, receipt.interaction_id)
    assert item.asks_decision
    async with stage.database.begin() as session:
        await decide(session, item.id, agent.id, True, "We believe you.", stage.policy, Role.AGENT)
    assert (await stage.answered(receipt.conversation_id, times=3))[-1][1].endswith("We believe you.")
    await stage.reaches(receipt.interaction_id, InteractionState.AWAITING_CUSTOMER)
    await stage.all_is_well()


async def test_a_customer_who_is_asked_for_a_photo_and_wants_a_person_gets_one(stage: Stage) -> None:
    await stage.hire()
    receipt = await stage.write("s1", "damaged_wrong: the cup is broken")
    await stage.answered(receipt.conversation_id)
    await stage.write("s1", "damaged_wrong: let me talk to a person")
    await stage.work(receipt.interaction_id, "offered")
    await stage.all_is_well()


async def test_a_customer_who_sends_nothing_goes_to_the_fallback_at_the_deadline(
    database: Database, temporal_address: str
) -> None:
    async with set_stage(database, temporal_address, plan_policy(collecting=0.03)) as stage:
        receipt = await stage.write("s1", "damaged_wrong: the cup is broken")
        item = await stage.work(receipt.interaction_id, "waiting")
        assert (item.team_id, item.reason) == ("leads", HandoffReason.STAGE_OVERDUE)
        await stage.all_is_well()


async def test_a_case_that_nobody_decides_goes_to_the_fallback_team_and_keeps_its_place(
    database: Database, temporal_address: str
) -> None:
    async with set_stage(database, temporal_address, plan_policy(deciding=0.05)) as stage:
        receipt = await stage.write("s1", "damaged_wrong: the cup is broken")
        await stage.answered(receipt.conversation_id)
        await send_photo(stage, "s1", "damaged_wrong: it is BT-10001")
        rank = (await stage.work(receipt.interaction_id, "waiting")).rank
        await stage.happened(receipt.interaction_id, "work_moved")
        moved = await stage.work(receipt.interaction_id, "waiting")
        assert (moved.team_id, moved.rank, moved.asks_decision) == ("leads", rank, True)
        await stage.all_is_well()


async def test_a_killed_run_goes_on_in_the_stage_that_it_was_in(stage: Stage) -> None:
    receipt = await stage.write("s1", "damaged_wrong: the cup is broken")
    await stage.answered(receipt.conversation_id)
    await stage.story(receipt.interaction_id).terminate("by hand")
    await send_photo(stage, "s1", "damaged_wrong: it is BT-10001")
    item = await stage.work(receipt.interaction_id, "waiting", within=30)
    assert item.asks_decision
    await stage.all_is_well(within=30)


async def test_a_promise_that_is_due_brings_the_case_back_to_people(stage: Stage) -> None:
    receipt = await stage.write("s1", "where is my order")
    await stage.answered(receipt.conversation_id)
    await stage.reaches(receipt.interaction_id, InteractionState.AWAITING_CUSTOMER)
    async with stage.database.begin() as session:
        _, row = await lock_case(session, receipt.interaction_id)
        due = await database_now(session) + _SOON
        promise = NewCommitment(text="a call", due_at=due, fulfilled_by=FulfilledBy.REPLY)
        await commit(session, row, "support", promise, made_by="ai", source="m1", policy=stage.policy)
    item = await stage.work(receipt.interaction_id, "waiting")
    assert item.reason == HandoffReason.COMMITMENT_DUE
    await stage.all_is_well()


async def test_a_customer_who_leaves_the_queue_ends_the_case(stage: Stage) -> None:
    receipt = await stage.write("s1", "human: a person please")
    await stage.work(receipt.interaction_id, "waiting")
    async with stage.database.begin() as session:
        await leave_queue(session, receipt.interaction_id, stage.policy)
    row = await stage.reaches(receipt.interaction_id, InteractionState.RESOLVED)
    assert row.resolution == Resolution.LEFT_QUEUE
    await stage.all_is_well()
