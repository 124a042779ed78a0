"""Commitments in the store: made once, kept by what fulfils them, woken for in time, broken when nobody keeps them."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from cli.commitment_report import show
from cli.settings import CommandSettings
from domain.commitment import CommitmentState, Fact, FulfilledBy, NewCommitment
from domain.delivery import Posting
from domain.interaction import EntryKind, InteractionState, Resolution
from domain.parties import AuthorKind
from domain.work import WorkState
from store.audit import Problem
from store.commitment_table import Commitment
from store.commitment_views import commitments_of, commitments_report, due_list
from store.commitments import commit, keep_by_hand, team_of, unfulfilled, withdraw
from store.conversations import Message
from store.errors import Conflict
from store.facts import record_fact
from store.interactions import Interaction, lock_case, resolve
from store.journal import Happening
from store.merging import merge_customers
from store.parking import park
from store.people import finish, reply
from store.promising import record_promise
from store.speaking import Draft, post_draft
from store.strikes import next_strike, strike_due
from store.work import Agent, Team
from tests.store.scene import Scene, scalar

HOUR = timedelta(hours=1)


def new(kind: FulfilledBy = FulfilledBy.BY_HAND, *, order: str = "", due_in: timedelta = HOUR) -> NewCommitment:
    """A promise."""
    return NewCommitment(text="you will hear", due_at=datetime.now(UTC) + due_in, fulfilled_by=kind, order=order)


async def promised(scene: Scene, case: str, promise: NewCommitment, source: str = "message", by: str = "baton") -> str:
    """Commit; returns the commitment's id."""
    async with scene.database.begin() as session:
        _, interaction = await lock_case(session, case)
        return (await commit(session, interaction, "support", promise, by, source, scene.policy)).id


async def row_of(scene: Scene, commitment_id: str) -> Commitment:
    """As it is now."""
    async with scene.database.begin() as session:
        return await session.get_one(Commitment, commitment_id)


async def kinds(scene: Scene, case: str) -> list[str]:
    """What the journal says of the case."""
    async with scene.database.begin() as session:
        query = text("SELECT kind FROM journal WHERE interaction_id = :case ORDER BY id")
        return list((await session.execute(query, {"case": case})).scalars())


async def time_passes(scene: Scene, by: timedelta) -> None:
    """All timers of commitments are so much nearer."""
    async with scene.database.begin() as session:
        await session.execute(
            text("UPDATE commitment SET made_at = made_at - :by, next_at = next_at - :by, due_at = due_at - :by"),
            {"by": by},
        )


async def strike(scene: Scene, limit: int = 50) -> int:
    """What the dispatcher does."""
    async with scene.database.begin() as session:
        return await strike_due(session, "support", scene.policy, limit)


async def say_fact(scene: Scene, fact: Fact, case: str | None = None) -> list[str]:
    """Something happens in the shop."""
    async with scene.database.begin() as session:
        return await record_fact(session, fact, interaction_id=case)


async def resolved(scene: Scene, case: str) -> None:
    """The case is closed, with all entries handled."""
    async with scene.database.begin() as session:
        _, row = await lock_case(session, case)
        row.handled_seq = row.last_seq
        await resolve(session, row, Resolution.CONFIRMED)


# --- making -------------------------------------------------------------------------------------------------------


async def test_a_message_makes_a_promise_once_however_often_it_is_told(scene: Scene) -> None:
    case = (await scene.chat("a")).interaction_id
    first = await promised(scene, case, new())
    assert await promised(scene, case, new(due_in=2 * HOUR)) == first
    assert (await kinds(scene, case)).count(Happening.COMMITTED) == 1


@pytest.mark.parametrize(
    ("due_in", "word"), [(timedelta(seconds=-1), "due_in_the_past"), (timedelta(days=367), "due_too_far")]
)
async def test_a_promise_for_the_past_or_for_ever_is_refused(scene: Scene, due_in: timedelta, word: str) -> None:
    case = (await scene.chat("a")).interaction_id
    with pytest.raises(Conflict, match=word):
        await promised(scene, case, new(due_in=due_in))


async def test_the_journal_holds_no_words_of_a_promise(scene: Scene) -> None:
    case = (await scene.chat("a")).interaction_id
    await promised(scene, case, new())
    async with scene.database.begin() as session:
        facts = await scalar(session, "SELECT facts::text FROM journal WHERE kind = 'committed'")
    assert "hear" not in str(facts)
    assert "fulfilled_by" in str(facts)


async def test_a_new_promise_wakes_the_dispatcher_whose_next_timer_it_is(scene: Scene) -> None:
    case = (await scene.chat("a")).interaction_id
    await scene.allocate()
    made = await promised(scene, case, new())
    async with scene.database.begin() as session:
        assert (await session.get_one(Team, "support")).wake_pending_since is not None
        assert await next_strike(session, "support") == (await session.get_one(Commitment, made)).next_at
        assert await next_strike(session, "other") is None


async def test_an_answer_of_the_ai_makes_its_promises_when_it_is_said(scene: Scene) -> None:
    case = (await scene.chat("a")).interaction_id
    draft_id = await scene.draft(case)
    async with scene.database.begin() as session:
        draft = await session.get_one(Draft, draft_id)
        draft.commitments = [new().model_dump(mode="json"), new(FulfilledBy.REFUND).model_dump(mode="json")]
    for _ in range(2):
        async with scene.database.begin() as session:
            posting, _ = await post_draft(session, draft_id, suggestion_seconds=60)
            assert posting is Posting.QUEUED
    async with scene.database.begin() as session:
        draft = await session.get_one(Draft, draft_id)
        made = await unfulfilled(session, case)
    assert [(row.source, row.position, row.made_by, row.team_id) for row in made] == [
        (draft.message_id, 0, "ai", "support"),
        (draft.message_id, 1, "ai", "support"),
    ]


async def test_an_answer_whose_promise_is_over_is_composed_anew(scene: Scene) -> None:
    case = (await scene.chat("a")).interaction_id
    draft_id = await scene.draft(case)
    async with scene.database.begin() as session:
        draft = await session.get_one(Draft, draft_id)
        draft.commitments = [new(due_in=-HOUR).model_dump(mode="json")]
    async with scene.database.begin() as session:
        posting, _ = await post_draft(session, draft_id, suggestion_seconds=60)
    assert posting is Posting.OUTDATED


async def test_a_case_without_people_and_plan_is_the_overflow_teams(scene: Scene) -> None:
    case = (await scene.chat("a")).interaction_id
    async with scene.database.begin() as session:
        assert await team_of(session, await session.get_one(Interaction, case), scene.policy) == "support"


# --- keeping ------------------------------------------------------------------------------------------------------


async def answer(scene: Scene, item_id: str, agent: Agent, key: str, promise: NewCommitment | None = None) -> Message:
    """The agent writes to the customer."""
    async with scene.database.begin() as session:
        return await reply(session, item_id, agent.id, "hello", key, scene.policy, promise)


async def test_a_promised_answer_is_kept_by_the_next_reply_and_not_by_the_one_that_promises_it(scene: Scene) -> None:
    agent = await scene.hire()
    case = (await scene.chat("a")).interaction_id
    item = await scene.taken_by(agent, case)
    earlier = await promised(scene, case, new(FulfilledBy.REPLY))
    by_hand = await promised(scene, case, new(), source="another")
    message = await answer(scene, item.id, agent, "one", new(FulfilledBy.REPLY))
    again = await answer(scene, item.id, agent, "one", new(FulfilledBy.REPLY))
    assert again.id == message.id
    assert (await row_of(scene, earlier)).state == CommitmentState.KEPT
    async with scene.database.begin() as session:
        owed = await unfulfilled(session, case)
    assert {row.id for row in owed} == {by_hand, *(row.id for row in owed if row.source == message.id)}
    assert len(owed) == 2
    await answer(scene, item.id, agent, "two")
    async with scene.database.begin() as session:
        assert [row.id for row in await unfulfilled(session, case)] == [by_hand]


async def test_a_fact_keeps_what_was_promised_and_the_customer_is_told_once(scene: Scene) -> None:
    chat = await scene.chat("a")
    case = chat.interaction_id
    made = [await promised(scene, case, new(FulfilledBy.REFUND, order="A1"), source=str(n)) for n in range(2)]
    fact = Fact(kind=FulfilledBy.REFUND, order="A1", ref="r1")
    assert sorted(await say_fact(scene, fact)) == sorted(made)
    assert await say_fact(scene, fact) == []
    notices = [m for m in await scene.messages(chat.conversation_id) if m.author == AuthorKind.SYSTEM.value]
    assert [notice.body for notice in notices] == ["As promised: your refund (A1) has been issued."]
    assert (await kinds(scene, case)).count(EntryKind.NOTICE_QUEUED) == 1
    assert {(row.state, row.next_at) for row in [await row_of(scene, one) for one in made]} == {("kept", None)}


async def test_a_fact_told_again_does_not_keep_what_was_promised_since(scene: Scene) -> None:
    case = (await scene.chat("a")).interaction_id
    fact = Fact(kind=FulfilledBy.REFUND, order="A1", ref="r1")
    await promised(scene, case, new(FulfilledBy.REFUND, order="A1"))
    await say_fact(scene, fact)
    later = await promised(scene, case, new(FulfilledBy.REFUND, order="A1"), source="later")
    assert await say_fact(scene, fact) == []
    assert await say_fact(scene, fact.model_copy(update={"ref": "r2"})) == [later]


async def test_facts_about_other_orders_and_of_other_kinds_keep_nothing(scene: Scene) -> None:
    case = (await scene.chat("a")).interaction_id
    await promised(scene, case, new(FulfilledBy.REFUND, order="A1"))
    await promised(scene, case, new(FulfilledBy.REFUND), source="of no order")
    assert await say_fact(scene, Fact(kind=FulfilledBy.REFUND, order="A2")) == []
    assert await say_fact(scene, Fact(kind=FulfilledBy.SHIPMENT, order="A1")) == []
    with pytest.raises(ValueError, match="order"):
        await say_fact(scene, Fact(kind=FulfilledBy.REFUND))


async def test_a_promise_without_an_order_is_kept_by_the_order_that_its_case_names(scene: Scene) -> None:
    case = (await scene.chat("a")).interaction_id
    made = await promised(scene, case, new(FulfilledBy.REFUND))
    triage = '{"issue": "refund", "confidence": 1, "language": "de", "entities": {"order_numbers": ["A1"]}}'
    async with scene.database.begin() as session:
        await session.execute(text("UPDATE interaction SET triage = CAST(:triage AS jsonb)"), {"triage": triage})
    assert await say_fact(scene, Fact(kind=FulfilledBy.REFUND, order="A2")) == []
    assert await say_fact(scene, Fact(kind=FulfilledBy.REFUND, order="A1")) == [made]


async def test_a_flow_says_for_which_case_its_fact_counts(scene: Scene) -> None:
    case, other = (await scene.chat("a")).interaction_id, (await scene.chat("b")).interaction_id
    made = await promised(scene, case, new(FulfilledBy.REPLACEMENT))
    await promised(scene, other, new(FulfilledBy.REPLACEMENT), source="other")
    assert await say_fact(scene, Fact(kind=FulfilledBy.REPLACEMENT), case) == [made]


async def test_nothing_is_said_behind_the_back_of_the_person_who_speaks(scene: Scene) -> None:
    agent = await scene.hire()
    chat = await scene.chat("a")
    await scene.taken_by(agent, chat.interaction_id)
    await promised(scene, chat.interaction_id, new(FulfilledBy.REFUND, order="A1"))
    await say_fact(scene, Fact(kind=FulfilledBy.REFUND, order="A1"))
    assert [m.author for m in await scene.messages(chat.conversation_id)] == [AuthorKind.CUSTOMER.value]
    async with scene.database.begin() as session:
        kept = await scalar(session, "SELECT facts->>'told' FROM journal WHERE kind = 'commitment_kept'")
    assert kept == "false"
    assert EntryKind.NOTICE_QUEUED not in await kinds(scene, chat.interaction_id)


async def test_a_fact_after_the_end_of_a_case_is_told_and_the_case_stays_closed(scene: Scene) -> None:
    chat = await scene.chat("a")
    await promised(scene, chat.interaction_id, new(FulfilledBy.REFUND, order="A1"))
    await resolved(scene, chat.interaction_id)
    await say_fact(scene, Fact(kind=FulfilledBy.REFUND, order="A1"))
    assert (await scene.interaction(chat.interaction_id)).state == InteractionState.RESOLVED
    assert (await kinds(scene, chat.interaction_id))[-2:] == [EntryKind.NOTICE_QUEUED, Happening.COMMITMENT_KEPT]


async def test_what_is_kept_too_late_is_closed_and_stays_broken(scene: Scene) -> None:
    chat = await scene.chat("a")
    made = await promised(scene, chat.interaction_id, new(FulfilledBy.REFUND, order="A1"))
    await time_passes(scene, 2 * HOUR)
    await say_fact(scene, Fact(kind=FulfilledBy.REFUND, order="A1"))
    row = await row_of(scene, made)
    assert (row.state, row.closed_at is not None, row.next_at) == ("broken", True, None)
    assert (await kinds(scene, chat.interaction_id)).count(Happening.COMMITMENT_BROKEN) == 1
    (notice,) = [m for m in await scene.messages(chat.conversation_id) if m.author == AuthorKind.SYSTEM.value]
    assert "longer than we promised" in notice.body
    assert await strike(scene) == 0


async def test_of_one_fact_told_by_many_at_once_one_tells_the_customer(scene: Scene) -> None:
    chats = [await scene.chat(str(number)) for number in range(4)]
    for chat in chats:
        await promised(scene, chat.interaction_id, new(FulfilledBy.REFUND, order="A1"), source=chat.message_id)
    fact = Fact(kind=FulfilledBy.REFUND, order="A1", ref="r1")
    told = await asyncio.gather(*(say_fact(scene, fact) for _ in range(8)))
    assert sorted(map(len, told)) == [0] * 7 + [4]
    for chat in chats:
        assert len(await scene.messages(chat.conversation_id)) == 2


async def test_keeping_by_hand_and_withdrawing_are_done_once_and_do_not_undo_each_other(scene: Scene) -> None:
    case = (await scene.chat("a")).interaction_id
    kept, withdrawn = await promised(scene, case, new()), await promised(scene, case, new(), source="another")
    for _ in range(2):
        async with scene.database.begin() as session:
            await keep_by_hand(session, kept, "agent")
        async with scene.database.begin() as session:
            await withdraw(session, withdrawn, "agent")
    found = await kinds(scene, case)
    assert [found.count(kind) for kind in (Happening.COMMITMENT_KEPT, Happening.COMMITMENT_WITHDRAWN)] == [1, 1]
    with pytest.raises(Conflict, match="commitment_over"):
        async with scene.database.begin() as session:
            await withdraw(session, kept, "agent")
    with pytest.raises(Conflict, match="commitment_withdrawn"):
        async with scene.database.begin() as session:
            await keep_by_hand(session, withdrawn, "agent")


async def test_a_broken_promise_cannot_be_withdrawn(scene: Scene) -> None:
    made = await promised(scene, (await scene.chat("a")).interaction_id, new())
    await time_passes(scene, 2 * HOUR)
    with pytest.raises(Conflict, match="commitment_over"):
        async with scene.database.begin() as session:
            await withdraw(session, made, "agent")


async def test_only_who_has_the_case_commits_to_what_a_message_of_it_says(scene: Scene) -> None:
    agent = await scene.hire()
    chat, other = await scene.chat("a"), await scene.chat("b")
    item = await scene.taken_by(agent, chat.interaction_id)
    message, colleague = await answer(scene, item.id, agent, "one"), await scene.hire(present=False)
    for source in (chat.message_id, other.message_id, "nothing"):
        with pytest.raises(Conflict, match="no_such_message"):
            async with scene.database.begin() as session:
                await record_promise(session, item.id, agent.id, new(), scene.policy, source=source)
    with pytest.raises(Conflict, match="not_your_case"):
        async with scene.database.begin() as session:
            await record_promise(session, item.id, colleague.id, new(), scene.policy, source=message.id)
    async with scene.database.begin() as session:
        made = await record_promise(session, item.id, agent.id, new(), scene.policy, source=message.id)
    assert made.made_by == f"agent:{agent.id}"


# --- waking and breaking ------------------------------------------------------------------------------------------


async def test_nobody_is_woken_before_the_time(scene: Scene) -> None:
    await promised(scene, (await scene.chat("a")).interaction_id, new())
    assert await strike(scene) == 0


async def test_a_holder_who_is_here_is_woken_and_keeps_the_case(scene: Scene) -> None:
    agent = await scene.hire()
    case = (await scene.chat("a")).interaction_id
    await scene.taken_by(agent, case)
    made = await promised(scene, case, new())
    await time_passes(scene, timedelta(minutes=50))
    assert await strike(scene) == 1
    assert await strike(scene) == 0
    found = await kinds(scene, case)
    assert found.count(Happening.COMMITMENT_WOKEN) == 1
    assert EntryKind.COMMITMENT_DUE not in found
    item = await scene.item(case)
    assert (item.state, item.agent_id) == (WorkState.ASSIGNED.value, agent.id)
    row = await row_of(scene, made)
    assert (row.state, row.next_at) == ("open", row.due_at)


@pytest.mark.parametrize("why", ["off shift", "offline", "desk closed"])
async def test_the_case_of_a_holder_who_is_gone_goes_back_to_the_team(scene: Scene, why: str) -> None:
    agent = await scene.hire()
    case = (await scene.chat("a")).interaction_id
    await scene.taken_by(agent, case)
    await promised(scene, case, new())
    change = {
        "off shift": """shift = '{"week": {"mon": ["00:00-00:01"]}, "holidays": []}'""",
        "offline": "presence = 'offline'",
        "desk closed": "lease_until = clock_timestamp() - interval '1 second'",
    }[why]
    async with scene.database.begin() as session:
        await session.execute(text(f"UPDATE agent SET {change}"))  # noqa: S608  words above
    await time_passes(scene, timedelta(minutes=50))
    assert await strike(scene) == 1
    item = await scene.item(case)
    assert (item.state, item.agent_id) == (WorkState.WAITING.value, None)
    assert EntryKind.COMMITMENT_DUE in await kinds(scene, case)
    assert await scene.problems(Problem.LOAD_WRONG, Problem.NO_AGENT, Problem.NO_ITEM) == []


async def test_a_snoozed_case_waits_again(scene: Scene) -> None:
    agent = await scene.hire()
    case = (await scene.chat("a")).interaction_id
    item = await scene.taken_by(agent, case)
    await promised(scene, case, new())
    async with scene.database.begin() as session:
        await park(session, item.id, agent.id, scene.policy, datetime.now(UTC) + timedelta(days=2))
    await time_passes(scene, timedelta(minutes=50))
    await strike(scene)
    assert (await scene.item(case)).state == WorkState.WAITING.value


async def test_a_resolved_case_is_open_again_before_its_promise_is_due(scene: Scene) -> None:
    agent = await scene.hire()
    case = (await scene.chat("a")).interaction_id
    item = await scene.taken_by(agent, case)
    await promised(scene, case, new())
    async with scene.database.begin() as session:
        await finish(session, item.id, agent.id, scene.policy)
    await resolved(scene, case)
    before = await scene.interaction(case)
    await time_passes(scene, timedelta(minutes=50))
    await strike(scene)
    after = await scene.interaction(case)
    assert (after.is_open, after.runs, after.resolution, after.closed_at) == (True, before.runs + 1, "", None)
    assert after.next_step_due is not None
    assert after.next_step_due < datetime.now(UTC) + timedelta(seconds=scene.policy.deadlines.step_seconds + 1)
    assert (await kinds(scene, case))[-3:] == [
        Happening.COMMITMENT_WOKEN,
        Happening.INTERACTION_REOPENED,
        EntryKind.COMMITMENT_DUE,
    ]


async def test_a_promise_that_nobody_keeps_is_broken_once_and_stays_owed(scene: Scene) -> None:
    case = (await scene.chat("a")).interaction_id
    made = await promised(scene, case, new())
    await time_passes(scene, timedelta(minutes=50))
    await strike(scene)
    await time_passes(scene, timedelta(minutes=20))
    assert await strike(scene) == 1
    assert await strike(scene) == 0
    row = await row_of(scene, made)
    assert (row.state, row.next_at, row.closed_at) == ("broken", None, None)
    found = await kinds(scene, case)
    assert (found.count(EntryKind.COMMITMENT_DUE), found.count(Happening.COMMITMENT_BROKEN)) == (1, 1)


async def test_after_a_long_sleep_people_are_woken_all_the_same(scene: Scene) -> None:
    case = (await scene.chat("a")).interaction_id
    made = await promised(scene, case, new())
    await time_passes(scene, 3 * HOUR)
    assert await strike(scene) == 1
    assert (await row_of(scene, made)).state == "broken"
    assert EntryKind.COMMITMENT_DUE in await kinds(scene, case)


async def test_a_case_that_is_being_worked_on_holds_up_nobody_and_is_not_forgotten(scene: Scene) -> None:
    busy, free = (await scene.chat("a")).interaction_id, (await scene.chat("b")).interaction_id
    for case in (busy, free):
        await promised(scene, case, new(), source=case)
    await time_passes(scene, timedelta(minutes=50))
    async with scene.database.begin() as session:
        await lock_case(session, busy)
        assert await asyncio.wait_for(strike(scene), 5) == 1
    assert await strike(scene) == 1


async def test_of_many_dispatchers_at_once_each_promise_wakes_once(scene: Scene) -> None:
    cases = [(await scene.chat(str(number))).interaction_id for number in range(6)]
    for case in cases:
        await promised(scene, case, new(), source=case)
    await time_passes(scene, timedelta(minutes=50))
    await asyncio.gather(*(strike(scene, limit=2) for _ in range(8)))
    while await strike(scene):
        pass
    for case in cases:
        assert (await kinds(scene, case)).count(EntryKind.COMMITMENT_DUE) == 1


async def test_the_dispatcher_strikes_what_is_due(scene: Scene) -> None:
    case = (await scene.chat("a")).interaction_id
    await promised(scene, case, new())
    await time_passes(scene, timedelta(minutes=50))
    await scene.allocate()
    assert EntryKind.COMMITMENT_DUE in await kinds(scene, case)


# --- looking ------------------------------------------------------------------------------------------------------


async def test_agents_see_what_they_and_their_teams_owe_soonest_first(scene: Scene) -> None:
    mine = await scene.hire(present=False)
    case = (await scene.chat("a")).interaction_id
    later = await promised(scene, case, new(due_in=2 * HOUR))
    sooner = await promised(scene, case, new(), source="another", by=f"agent:{mine.id}")
    async with scene.database.begin() as session:
        assert [view.id for view in await due_list(session, mine.id, 10)] == [sooner, later]
        assert [view.id for view in await due_list(session, mine.id, 1)] == [sooner]
        assert await due_list(session, "nobody", 10) == []
        (first, _) = await commitments_of(session, case)
    assert (first.made_by_name, first.text, first.state) == (mine.name, "you will hear", CommitmentState.OPEN)


async def test_the_report_counts_by_team_and_maker(scene: Scene) -> None:
    case = (await scene.chat("a")).interaction_id
    kept = await promised(scene, case, new(), source="1", by="agent:x")
    await promised(scene, case, new(due_in=timedelta(days=3)), source="2", by="agent:y")
    await promised(scene, case, new(), source="3", by="ai")
    async with scene.database.begin() as session:
        await keep_by_hand(session, kept, "agent")
        await session.execute(text("UPDATE commitment SET state = 'broken' WHERE source = '3'"))
        await session.execute(
            text(
                "INSERT INTO commitment (id, interaction_id, team_id, made_by, source, position, text, order_number,"
                " fulfilled_by, state, closed_by, due_at) SELECT 'old', :case, 'support', 'ai', 'old', 0, '', '',"
                " 'by_hand', 'kept', '', clock_timestamp() - interval '31 days'"
            ),
            {"case": case},
        )
        await session.execute(text("UPDATE commitment SET due_at = clock_timestamp() WHERE source = '2'"))
    async with scene.database.begin() as session:
        agents, ai = await commitments_report(session, None, scene.policy)
        everything = await commitments_report(session, datetime(2000, 1, 1, tzinfo=UTC), scene.policy)
    assert (agents.team_id, agents.made_by) == ("support", "agent")
    assert (agents.kept, agents.broken, agents.open, agents.due_today) == (1, 0, 1, 1)
    assert (ai.made_by, ai.kept, ai.broken, ai.open) == ("ai", 0, 1, 0)
    assert everything[1].kept == 1


async def test_the_report_is_printed_for_programs_too(
    scene: Scene, database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    await promised(scene, (await scene.chat("a")).interaction_id, new(), by="ai")
    await show(None, CommandSettings(database_url=database_url), as_json=True)
    (count,) = json.loads(capsys.readouterr().out)
    assert (count["made_by"], count["open"]) == ("ai", 1)
    await show(datetime(2100, 1, 1, tzinfo=UTC), CommandSettings(database_url=database_url), as_json=False)
    assert "No promise was due" in capsys.readouterr().out


async def test_promises_stay_with_a_case_whose_customer_turns_out_to_be_known(scene: Scene) -> None:
    guest, known = await scene.chat("a"), await scene.chat("b", shop="c-1")
    made = await promised(scene, guest.interaction_id, new(FulfilledBy.REFUND, order="A1"))
    into = await scene.customer(known.interaction_id)
    async with scene.database.begin() as session:
        one, _ = await lock_case(session, guest.interaction_id)
        other, _ = await lock_case(session, known.interaction_id)
        assert other.id == into.id
        await merge_customers(session, guest=one, into=other)
    assert await say_fact(scene, Fact(kind=FulfilledBy.REFUND, order="A1")) == [made]
