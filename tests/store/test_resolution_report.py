"""The report of resolution: each contact counted once, under what became of it."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from domain.interaction import Resolution
from domain.proposal import HandoffReason
from store.flows import Flow
from store.interactions import lock_interaction, resolve
from store.journal import Happening, note
from store.knowledge_gaps import KnowledgeGap
from store.outcome_figures import Ratings, outcome_figures
from store.resolution_report import ResolutionReport, resolution_report
from store.satisfaction import Satisfaction
from store.switches import AiSwitch
from tests.store.scene import Scene

LONG_AGO, LATER = datetime(2020, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


async def case(scene: Scene, thread: str, how: Resolution | None, *, agent: str = "", stage: str = "ai") -> str:
    """A case about a return that ended so."""
    receipt = await scene.chat(thread)
    async with scene.database.begin() as session:
        row = await lock_interaction(session, receipt.interaction_id)
        row.issue, row.agent_id = "return", agent
        row.plan = {"stages": [{"kind": "queue"}, {"kind": stage}]}
        row.stage = 1
        if how is not None:
            await resolve(session, row, how)
    return receipt.interaction_id


async def of_every_kind(scene: Scene) -> None:
    """One case for each end."""
    await case(scene, "s1", Resolution.CONFIRMED)
    await case(scene, "s2", Resolution.ASSUMED, stage="flow")
    await case(scene, "s3", Resolution.CONFIRMED, stage="self_service")
    await case(scene, "s4", Resolution.BY_AGENT, agent="robin")
    await case(scene, "s5", Resolution.CONFIRMED, agent="robin", stage="flow")
    await case(scene, "s6", Resolution.NO_ANSWER)
    await case(scene, "s7", Resolution.SET_ASIDE)
    await case(scene, "s8", Resolution.LEFT_QUEUE)
    await case(scene, "s9", Resolution.BY_OPERATOR)
    await case(scene, "s10", None)
    back = await case(scene, "s11", Resolution.CONFIRMED)
    with_flow = await case(scene, "s12", Resolution.CONFIRMED)
    async with scene.database.begin() as session:
        (await lock_interaction(session, back)).taken_back_at = datetime.now(UTC)
        flow = {"kind": "return", "intent": "x", "asked_by": "ai", "request": {}, "policy_version": 1}
        session.add(Flow.model_validate({**flow, "interaction_id": with_flow}))


async def report(scene: Scene, since: datetime = LONG_AGO, until: datetime = LATER) -> ResolutionReport:
    async with scene.database.begin() as session:
        return await resolution_report(session, since, until)


async def test_each_contact_is_counted_once_under_what_became_of_it(scene: Scene) -> None:
    await of_every_kind(scene)
    found = await report(scene)
    (line,) = found.lines
    assert (line.issue, line.channel, line.contacts) == ("return", "chat", 12)
    assert (line.ai, line.flow, line.people, line.taken_back) == (1, 3, 2, 1)
    assert (line.unanswered, line.left_queue, line.by_operator, line.set_aside, line.open) == (1, 1, 1, 1, 1)
    assert line.rate == 6 / 10
    assert line.automated == 4 / 10
    assert found.total.model_dump(exclude={"issue", "channel"}) == line.model_dump(exclude={"issue", "channel"})


async def test_a_taken_back_resolution_lowers_the_rate(scene: Scene) -> None:
    await case(scene, "s1", Resolution.CONFIRMED)
    assert (await report(scene)).total.rate == 1
    await scene.chat("s1", "it is broken again")
    found = (await report(scene)).total
    assert (found.taken_back, found.rate) == (1, 0)


async def test_only_the_period_counts(scene: Scene) -> None:
    await case(scene, "s1", Resolution.CONFIRMED)
    now = datetime.now(UTC)
    assert (await report(scene, now + timedelta(days=1))).total.contacts == 0
    assert (await report(scene, LONG_AGO, now - timedelta(days=1))).total.contacts == 0
    assert (await report(scene, now - timedelta(days=1))).total.contacts == 1


async def happenings(scene: Scene) -> None:
    """Two handoffs, three ratings, two gaps, a stopped cell."""
    interaction_id = await case(scene, "h1", Resolution.CONFIRMED)
    async with scene.database.begin() as session:
        row = await lock_interaction(session, interaction_id)
        for reason in (HandoffReason.MISSING_KNOWLEDGE, HandoffReason.MISSING_KNOWLEDGE, HandoffReason.DISSATISFIED):
            note(session, Happening.HANDED_OFF, interaction=row, reason=reason.value)
        now = datetime.now(UTC)
        for number, (by, score) in enumerate([("ai", 5), ("ai", 2), ("ai", None), ("robin", 4), ("kim", 3)]):
            answered = now if score else None
            session.add(
                Satisfaction(
                    interaction_id=f"i{number}", customer_id="c", state="asked", asked_at=now, resolved_by=by,
                    score=score, answered_at=answered,
                )
            )  # fmt: skip
        for number, closed in enumerate([None, None, now]):
            session.add(
                KnowledgeGap(
                    interaction_id="i", message_id=f"m{number}", issue="delivery", language="en", closed_at=closed
                )
            )
        session.add(AiSwitch(cell="return x any", stopped_by="robin"))


async def test_the_report_tells_reasons_ratings_and_gaps(scene: Scene) -> None:
    await happenings(scene)
    found = await report(scene)
    assert [(one.reason, one.count) for one in found.handoffs] == [("missing_knowledge", 2), ("dissatisfied", 1)]
    assert [(one.by, one.asked, one.rated, one.mean) for one in found.satisfaction] == [
        ("ai", 3, 2, 3.5),
        ("people", 2, 2, 3.5),
    ]
    assert [(one.issue, one.count, one.open) for one in found.gaps] == [("delivery", 3, 2)]


async def test_the_figures_of_a_day_are_those_of_the_report(scene: Scene) -> None:
    await of_every_kind(scene)
    await happenings(scene)
    async with scene.database.begin() as session:
        found = await outcome_figures(session)
    assert found.resolutions == {
        "ai": 2, "flow": 3, "people": 2, "taken_back": 1, "unanswered": 1, "left_queue": 1, "by_operator": 1,
        "set_aside": 1,
    }  # fmt: skip
    assert found.handoffs == {"missing_knowledge": 2, "dissatisfied": 1}
    assert found.ratings == {"ai": Ratings(2, 7), "people": Ratings(2, 7)}
    assert found.gaps == {"delivery": 2}
    assert found.stopped == ("return x any",)


async def test_yesterdays_figures_are_gone(scene: Scene) -> None:
    await of_every_kind(scene)
    await happenings(scene)
    async with scene.database.begin() as session:
        for change in (
            "UPDATE interaction SET closed_at = closed_at - interval '2 days', taken_back_at = NULL",
            "UPDATE journal SET at = at - interval '2 days'",
            "UPDATE satisfaction SET answered_at = answered_at - interval '2 days'",
        ):
            await session.execute(text(change))
    async with scene.database.begin() as session:
        found = await outcome_figures(session)
    assert (found.handoffs, found.ratings) == ({}, {})
    assert sum(found.resolutions.values()) == 0


async def test_a_scrape_reads_indexes_whatever_the_tables_hold(scene: Scene) -> None:
    async with scene.database.begin() as session:
        await session.execute(text("SET LOCAL enable_seqscan = off"))
        for table, where in (
            ("interaction", "state = 'resolved' AND closed_at > now() - interval '1 day' AND taken_back_at IS NULL"),
            ("interaction", "taken_back_at IS NOT NULL AND taken_back_at > now() - interval '1 day'"),
            ("journal", "kind = 'handed_off' AND at > now() - interval '1 day'"),
            ("satisfaction", "score IS NOT NULL AND answered_at > now() - interval '1 day'"),
            ("draft", "mode <> 'auto' AND created_at > now() - interval '1 day'"),
        ):
            rows = await session.execute(text(f"EXPLAIN SELECT count(*) FROM {table} WHERE {where}"))  # noqa: S608
            assert "Index" in "\n".join(rows.scalars()), (table, where)
