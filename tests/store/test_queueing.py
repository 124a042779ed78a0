"""Customers who wait: a place that is cheap to count, and two ways out until somebody has them."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from activities.records import HandedOver, ToPeople
from activities.serving_people import PeopleActivities
from domain.flows.kinds import FlowEntryKind
from domain.hours import Hours, Weekday
from domain.interaction import EntryKind, InteractionState
from domain.parties import Channel
from domain.policy import Policy
from domain.proposal import HandoffReason
from domain.queueing import PlaceState, as_said
from domain.requirement import PULLED, Requirement, Widening
from domain.sla import SlaTargets
from domain.team import QueueRules, TeamChannel
from domain.work import DispatchMode, WorkState
from store.audit import Problem
from store.errors import Conflict
from store.interactions import lock_interaction
from store.journal import note_about
from store.people import accept
from store.policy_versions import PolicyShelf
from store.queue_line import outlook_of
from store.queueing import Place, leave_message, leave_queue, place
from store.work import Agent, WorkItem
from tests.policies import small_policy
from tests.store.scene import Scene, scalar

CLOSED = Hours(
    week={Weekday.MON: ("10:00-10:01",)},
    holidays=tuple((datetime.now(UTC) + timedelta(days=days)).date() for days in range(-1, 6)),
)
"""Closed now and for days, whatever the day."""


def team(**changes: object) -> Policy:
    """The small policy with a changed team."""
    policy = small_policy()
    changed = policy.teams["support"].model_copy(update=changes)
    return policy.model_copy(update={"teams": {"support": changed}})


async def stands(scene: Scene, item: WorkItem) -> Place:
    """The place of the item's customer."""
    async with scene.database.begin() as session:
        found = await place(session, item.interaction_id, PolicyShelf())
    assert found is not None
    return found


async def position(scene: Scene, item: WorkItem) -> int:
    """From 1."""
    found = await stands(scene, item)
    assert found.outlook is not None
    return found.outlook.position


async def leaves(scene: Scene, item: WorkItem) -> None:
    """The customer leaves the queue."""
    async with scene.database.begin() as session:
        await leave_queue(session, item.interaction_id, scene.policy)


async def leaves_message(scene: Scene, item: WorkItem) -> datetime | None:
    """The customer has left a message."""
    async with scene.database.begin() as session:
        return await leave_message(session, item.interaction_id, scene.policy)


async def hand_over(scene: Scene, interaction_id: str) -> HandedOver:
    """What the story does."""
    to_people = ToPeople(interaction_id=interaction_id, handled_seq=0, reason=HandoffReason.POLICY, team="support")
    return await PeopleActivities(scene.database).hand_over(to_people)


async def notice(scene: Scene, handed: HandedOver) -> str:
    """What the customer reads of it."""
    return (await scene.message(handed.notice_id)).body


async def asks_for(session: AsyncSession, item: WorkItem, **what: str) -> None:
    """Let an item ask for something."""
    key = Requirement(**what).key
    row = await session.get_one(WorkItem, item.id)
    row.requirement_key, row.widening = key, Widening(keys=(key,)).model_dump(mode="json")


# --- the place --------------------------------------------------------------------------------------------------------


async def test_everybody_is_told_their_own_place(scene: Scene) -> None:
    items = [await scene.waiting() for _ in range(3)]
    assert [await position(scene, item) for item in items] == [1, 2, 3]
    await leaves(scene, items[0])
    assert [await position(scene, item) for item in items[1:]] == [1, 2]


async def test_a_place_counts_what_others_ask_for_but_not_what_agents_pick(scene: Scene) -> None:
    items = [await scene.waiting() for _ in range(4)]
    async with scene.database.begin() as session:
        await asks_for(session, items[0], language="de")
        (await session.get_one(WorkItem, items[1].id)).requirement_key = PULLED
    assert await position(scene, items[3]) == 3


async def test_the_wait_is_this_customers_and_not_the_teams(scene: Scene) -> None:
    agent = await scene.hire(capacity=2)
    await scene.taken_by(agent, (await scene.chat("a")).interaction_id)
    await scene.taken_by(agent, (await scene.chat("b")).interaction_id)
    async with scene.database.begin() as session:
        await session.execute(text("UPDATE team SET handling_seconds = 600"))
    items = [await scene.waiting() for _ in range(6)]
    first, last = [(await stands(scene, item)).outlook for item in (items[0], items[5])]
    assert first is not None
    assert last is not None
    assert (first.wait, last.wait) == (as_said(timedelta(minutes=5)), as_said(timedelta(minutes=30)))


async def test_free_capacity_means_hardly_a_wait(scene: Scene) -> None:
    await scene.hire(capacity=2)
    first, second, third = [await scene.waiting() for _ in range(3)]
    waits = [(await stands(scene, item)).outlook for item in (first, second, third)]
    assert [found.wait == as_said(timedelta()) for found in waits if found] == [True, True, False]


async def test_only_people_who_could_take_the_case_count(scene: Scene) -> None:
    await scene.hire()
    item = await scene.waiting()
    async with scene.database.begin() as session:
        await asks_for(session, item, language="fi")
    found = (await stands(scene, item)).outlook
    assert found is not None
    assert found.wait is None
    async with scene.database.begin() as session:
        await session.execute(text("UPDATE agent SET languages = '[\"fi\"]'"))
    found = (await stands(scene, item)).outlook
    assert found is not None
    assert found.wait == as_said(timedelta())


async def test_who_is_offered_is_said_to_be_asked_for(scene: Scene) -> None:
    item = await scene.waiting()
    await scene.hire()
    await scene.allocate()
    found = await stands(scene, item)
    assert (found.state, found.words) == (PlaceState.OFFERED, "A colleague is being asked right now.")


async def test_with_a_person_there_is_no_place(scene: Scene) -> None:
    agent = await scene.hire()
    receipt = await scene.chat("a")
    item = await scene.taken_by(agent, receipt.interaction_id)
    assert await stands(scene, item) == Place(state=PlaceState.WITH_PERSON)


async def test_a_case_that_is_not_with_people_has_no_place(scene: Scene) -> None:
    receipt = await scene.chat("a")
    async with scene.database.begin() as session:
        assert await place(session, receipt.interaction_id, PolicyShelf()) is None


_CROWD = """
    INSERT INTO work_item (id, interaction_id, customer_id, team_id, channel, state, rank, cost, requirement_key, mode,
                           offer_seconds, reason, version)
    SELECT 'crowd' || n, :interaction, :customer, 'support', 'chat', 'waiting',
           clock_timestamp() - interval '1 day' - n * interval '1 millisecond', 1 + n % 2,
           CASE n % 5 WHEN 0 THEN '' ELSE 'lang:l' || n % 5 END, 'offer', 30, 'policy', 0
    FROM generate_series(1, 30000) n
"""


_TOUCHED = "SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relname = 'work_item'"


async def test_a_place_far_back_is_not_counted_and_reads_no_more_than_it_needs(scene: Scene) -> None:
    item = await scene.waiting()
    await scene.hire()
    async with scene.database.begin() as session:
        await session.execute(text("DROP INDEX work_item_open"))  # one case stands in for all of the crowd
        await session.execute(text(_CROWD), {"interaction": item.interaction_id, "customer": item.customer_id})
        await session.execute(text("UPDATE team SET estimated_wait_seconds = 36000"))
        await session.execute(text("ANALYZE work_item"))
    async with scene.database.begin() as session:
        waiting = await session.get_one(WorkItem, item.id)
        found = await outlook_of(session, waiting, scene.policy)
        assert int(str(await scalar(session, _TOUCHED))) < 2_000, "of 30,000"
    assert not found.exact
    assert found.wait is not None
    assert found.wait.to_minutes is None, "the team's whole wait stands in for what is not counted"


# --- leaving the queue ------------------------------------------------------------------------------------------------


async def told(scene: Scene, interaction_id: str, kind: EntryKind) -> int:
    """How often the story was told of something."""
    async with scene.database.begin() as session:
        query = "SELECT count(*) FROM journal WHERE interaction_id = :id AND kind = :kind AND seq IS NOT NULL"
        return int(str(await scalar(session, query, id=interaction_id, kind=kind.value)))


async def test_who_leaves_the_queue_is_told_to_the_story_once(scene: Scene) -> None:
    item = await scene.waiting()
    await leaves(scene, item)
    await leaves(scene, item)
    assert (await stands(scene, item)).state is PlaceState.LEFT
    assert await told(scene, item.interaction_id, EntryKind.LEFT_QUEUE) == 1
    assert (await scene.interaction(item.interaction_id)).state == InteractionState.AWAITING_CUSTOMER.value
    assert await scene.problems(Problem.NO_ITEM, Problem.NO_DEADLINE) == []


async def test_who_writes_again_has_not_left(scene: Scene) -> None:
    receipt = await scene.chat("a")
    item = await scene.hand_over(receipt.interaction_id)
    await leaves(scene, item)
    await scene.chat("a", "one more thing")
    async with scene.database.begin() as session:
        assert await place(session, receipt.interaction_id, PolicyShelf()) is None


async def test_what_a_flow_of_the_case_is_told_does_not_hide_that_they_left(scene: Scene) -> None:
    item = await scene.waiting()
    await leaves(scene, item)
    async with scene.database.begin() as session:
        row = await lock_interaction(session, item.interaction_id)
        about = (row.id, row.customer_id)
        note_about(session, FlowEntryKind.PAID, about, flow_id="f1", seq=row.last_seq)
    await leaves(scene, item)
    assert (await stands(scene, item)).state is PlaceState.LEFT


async def test_leaving_takes_an_offer_back_and_frees_its_agent(scene: Scene) -> None:
    agent, item = await scene.hire(), await scene.waiting()
    await scene.allocate()
    await leaves(scene, item)
    assert (await scene.agent(agent.id)).load == 0
    assert await scene.problems(Problem.LOAD_WRONG, Problem.NO_AGENT) == []


@pytest.mark.parametrize("leave", [leaves, leaves_message])
async def test_nobody_leaves_whom_a_person_has_taken(scene: Scene, leave: object) -> None:
    assert callable(leave)
    agent = await scene.hire()
    item = await scene.taken_by(agent, (await scene.chat("a")).interaction_id)
    with pytest.raises(Conflict, match="with_a_person"):
        await leave(scene, item)
    assert (await scene.item(item.interaction_id)).state == WorkState.ASSIGNED.value


@pytest.mark.parametrize("leave", [leaves, leaves_message])
async def test_nobody_leaves_a_queue_that_they_are_not_in(scene: Scene, leave: object) -> None:
    assert callable(leave)
    receipt = await scene.chat("a")
    item = WorkItem(interaction_id=receipt.interaction_id)
    with pytest.raises(Conflict, match="not_waiting"):
        await leave(scene, item)


@pytest.mark.parametrize("leave", [leaves, leaves_message])
async def test_of_leaving_and_accepting_at_once_one_wins(scene: Scene, leave: object) -> None:
    assert callable(leave)
    agent = await scene.hire(capacity=20)
    for _ in range(5):
        item = await scene.waiting()
        await scene.allocate()
        item = await scene.item(item.interaction_id)
        left, taken = await asyncio.gather(leave(scene, item), accepted(scene, agent, item), return_exceptions=True)
        assert isinstance(left, Conflict) != isinstance(taken, Conflict), (left, taken)
        assert await scene.problems(Problem.LOAD_WRONG, Problem.NO_AGENT, Problem.NO_ITEM) == []


async def accepted(scene: Scene, agent: Agent, item: WorkItem) -> None:
    """The agent clicks."""
    async with scene.database.begin() as session:
        await accept(session, item.id, agent.id, item.version, scene.policy)


# --- leaving a message ------------------------------------------------------------------------------------------------


async def test_a_message_is_answered_as_a_mail_from_the_same_place(scene: Scene) -> None:
    mail = TeamChannel(mode=DispatchMode.ASSIGN, cost=2)
    await scene.prepare(team(channels={Channel.CHAT: TeamChannel(), Channel.EMAIL: mail}))
    item = await scene.waiting()
    await leaves_message(scene, item)
    after = await scene.item(item.interaction_id)
    assert (after.state, after.rank, after.mode, after.cost) == (WorkState.WAITING.value, item.rank, "assign", 2)
    await scene.hire()
    await scene.allocate()
    assert (await scene.item(item.interaction_id)).state == WorkState.ASSIGNED.value, "without an accept step"


async def test_a_message_for_a_team_that_picks_its_mail_waits_to_be_picked(scene: Scene) -> None:
    await scene.prepare(team(channels={Channel.EMAIL: TeamChannel(mode=DispatchMode.PULL)}))
    await scene.hire()
    item = await scene.waiting()
    await scene.allocate()
    assert (await scene.item(item.interaction_id)).state == WorkState.OFFERED.value
    await leaves_message(scene, item)
    await scene.allocate()
    after = await scene.item(item.interaction_id)
    assert (after.state, after.mode, after.offered_until) == (WorkState.WAITING.value, "pull", None)
    assert await scene.problems(Problem.LOAD_WRONG, Problem.NO_AGENT) == []


async def test_a_message_is_a_promise_that_the_customer_reads(scene: Scene) -> None:
    await scene.prepare(team(sla={"any": SlaTargets(first_response_minutes=120)}))
    receipt = await scene.chat("a")
    item = await scene.hand_over(receipt.interaction_id)
    answer_by = await leaves_message(scene, item)
    assert answer_by is not None
    assert timedelta(minutes=119) < answer_by - datetime.now(UTC) <= timedelta(minutes=120)
    (said,) = [row.body for row in await scene.messages(receipt.conversation_id) if row.author == "system"]
    assert said.startswith("Thank you, we have your message. You will have an answer here ")
    assert f"{answer_by:%M} (UTC)" in said
    async with scene.database.begin() as session:
        row = (await session.execute(text("SELECT made_by, due_at, fulfilled_by, text FROM commitment"))).one()
    assert tuple(row) == ("baton", answer_by, "reply", said)
    assert await told(scene, item.interaction_id, EntryKind.NOTICE_QUEUED) == 1
    assert await stands(scene, item) == Place(state=PlaceState.BY_MESSAGE, answer_by=answer_by, words=said)


async def test_a_message_left_twice_is_one_promise(scene: Scene) -> None:
    item = await scene.waiting()
    assert await leaves_message(scene, item) == await leaves_message(scene, item)
    async with scene.database.begin() as session:
        assert await scalar(session, "SELECT count(*) FROM commitment") == 1
        assert await scalar(session, "SELECT count(*) FROM message WHERE author = 'system'") == 1


async def test_a_team_that_never_works_promises_nothing(scene: Scene) -> None:
    await scene.prepare(team(hours=Hours(week={Weekday.MON: ()})))
    item = await scene.waiting()
    assert await leaves_message(scene, item) is None
    assert (await stands(scene, item)).words == "Thank you, we have your message. We will answer you here."


# --- the notice of a handover -----------------------------------------------------------------------------------------


async def test_a_handover_tells_place_and_wait(scene: Scene) -> None:
    agent = await scene.hire(capacity=1)
    await scene.taken_by(agent, (await scene.chat("a")).interaction_id)
    await scene.waiting()
    handed = await hand_over(scene, (await scene.chat("b")).interaction_id)
    said = await notice(scene, handed)
    assert said.endswith("You are number 2. About 10 minutes.")
    assert (await hand_over(scene, (await scene.chat("b")).interaction_id)).notice_id == handed.notice_id


async def test_a_handover_with_somebody_free_talks_of_no_queue(scene: Scene) -> None:
    await scene.hire()
    said = await notice(scene, await hand_over(scene, (await scene.chat("a")).interaction_id))
    assert said == "Thank you. A colleague from our team will take over and answer you here."


async def test_a_handover_asks_for_a_message_above_the_teams_limit(scene: Scene) -> None:
    await scene.prepare(team(queue=QueueRules(message_above_minutes=5)))
    said = await notice(scene, await hand_over(scene, (await scene.chat("a")).interaction_id))
    assert "we cannot say how long it takes. You need not wait: leave a message" in said


async def test_a_handover_to_a_closed_team_says_when_it_opens(scene: Scene) -> None:
    await scene.prepare(team(hours=CLOSED))
    said = await notice(scene, await hand_over(scene, (await scene.chat("a")).interaction_id))
    assert "Our team is not here right now and is back on Monday," in said
    assert "leave a message, and you will have an answer by " in said
    assert "number" not in said


@pytest.mark.parametrize("closed", [True, False])
async def test_a_handed_over_mail_gets_no_place(scene: Scene, closed: bool) -> None:
    await scene.prepare(team(hours=CLOSED) if closed else small_policy())
    await scene.waiting()
    said = await notice(scene, await hand_over(scene, (await scene.mail("a@b.example")).interaction_id))
    assert ("is back on Monday" in said) == closed
    assert "number" not in said
    assert "leave a message" not in said
