"""The policy in the store: versions, activation, roll back, and the recorded decisions."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlmodel import col

from domain.policy import Policy
from domain.policy_file import read_policy
from domain.policy_text import write_policy
from domain.team import Team as TeamRules
from store.database import Database
from store.errors import Conflict, NotFound
from store.journal import Happening, JournalRow, note
from store.policies import PolicyUnfit, activate, roll_back
from store.policy_history import count_cases, recorded_cases, versions
from store.policy_versions import PolicyShelf
from store.snapshots import availability
from store.work import Team
from tests.policies import small_policy
from tests.store.scene import Scene

FACTS = {"triage": {"issue": "return", "confidence": 0.7}, "customer": {"tier": "guest", "channel": "chat"}}
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


async def put(database: Database, policy: Policy, by: str = "", **conditions: int) -> int:
    async with database.begin() as session:
        return await activate(session, policy, by, **conditions)


async def test_each_new_content_is_a_version_and_the_same_again_is_none(database: Database) -> None:
    first = await put(database, small_policy())
    assert await put(database, small_policy()) == first
    second = await put(database, small_policy(step_seconds=33), by="cli")
    async with database.begin() as session:
        rows = await versions(session, 10)
        assert (await PolicyShelf().active(session)).version == second
    assert [(row.version, row.active, row.activated_by) for row in rows] == [(second, True, "cli"), (first, False, "")]


async def test_who_activated_is_told_by_name_and_stands_in_the_journal(scene: Scene) -> None:
    agent = await scene.hire()
    version = await put(scene.database, small_policy(step_seconds=33), by=agent.id)
    async with scene.database.begin() as session:
        assert (await versions(session, 1))[0].activated_by_name == agent.name
        query = select(JournalRow).where(col(JournalRow.kind) == Happening.POLICY_ACTIVATED.value)
        told = (await session.execute(query)).scalars().all()
    assert (told[-1].ref, told[-1].by) == (str(version), agent.id)


async def test_new_teams_exist_for_dispatch_once_the_policy_is_active(database: Database) -> None:
    policy = small_policy()
    teams = {**policy.teams, "night": TeamRules(title="Night")}
    await put(database, policy.model_copy(update={"teams": teams}))
    async with database.begin() as session:
        assert (await session.get_one(Team, "night")).title == "Night"


async def test_rolling_back_is_a_new_version_with_the_old_content(database: Database) -> None:
    first = await put(database, small_policy())
    await put(database, small_policy(step_seconds=33))
    async with database.begin() as session:
        third = await roll_back(session, first, by="cli")
    async with database.begin() as session:
        active = await PolicyShelf().active(session)
        newest = (await versions(session, 1))[0]
    assert active.model_copy(update={"version": 0}) == small_policy()
    assert (newest.version, newest.restores) == (third, first)
    assert third > first + 1


async def test_rolling_back_to_nothing_changes_nothing(database: Database) -> None:
    await put(database, small_policy())
    with pytest.raises(NotFound):
        async with database.begin() as session:
            await roll_back(session, 99)


async def test_content_that_does_not_hold_any_more_is_not_brought_back(database: Database) -> None:
    first = await put(database, small_policy())
    await put(database, small_policy(step_seconds=33))
    async with database.begin() as session:
        await session.execute(
            text(
                "UPDATE policy_version SET content = jsonb_set(content, '{overflow}', '\"gone\"') WHERE version = :one"
            ),
            {"one": first},
        )
    with pytest.raises(PolicyUnfit) as caught:
        async with database.begin() as session:
            await roll_back(session, first)
    assert caught.value.findings == [(("overflow",), "team 'gone' is not under teams")]


def naming(agent: str) -> Policy:
    written = write_policy(small_policy()).replace(
        "plan: ['queue:support']", f"plan: ['agent:{agent}', 'queue:support']", 1
    )
    return read_policy(written)


async def test_an_agent_who_does_not_exist_is_refused_by_place_and_the_old_policy_stays(scene: Scene) -> None:
    with pytest.raises(PolicyUnfit) as caught:
        await put(scene.database, naming("ghost"))
    assert caught.value.findings == [
        (("matrix", "complaint", "any", 0, "plan", 0), "there is no agent 'ghost'; use an agent's id")
    ]
    async with scene.database.begin() as session:
        assert (await PolicyShelf().active(session)).version == scene.policy.version


async def test_an_agent_who_exists_may_be_named(scene: Scene) -> None:
    agent = await scene.hire()
    assert await put(scene.database, naming(agent.id)) > scene.policy.version


async def test_of_two_changes_based_on_one_version_the_second_is_refused(database: Database) -> None:
    base = await put(database, small_policy())
    changes = [put(database, small_policy(step_seconds=30 + n), based_on=base) for n in range(2)]
    outcomes = await asyncio.gather(*changes, return_exceptions=True)
    assert sum(isinstance(outcome, Conflict) for outcome in outcomes) == 1
    async with database.begin() as session:
        assert len(await versions(session, 10)) == 2


async def test_availability_tells_of_teams_and_of_the_agents_who_are_named(scene: Scene) -> None:
    agent = await scene.hire()
    async with scene.database.begin() as session:
        found = await availability(session, [agent.id, "ghost"])
    assert found.agents == {agent.id: True}
    assert found.team("support").available == 1


async def decisions(scene: Scene, number: int, facts: object = FACTS) -> None:
    """Routing decisions, a second apart, the last one a second ago."""
    async with scene.database.begin() as session:
        for _ in range(number):
            note(session, Happening.ROUTED, plan=["ai", "queue:support"], cell="x", policy=1, facts_of=facts)
    async with scene.database.begin() as session:
        await session.execute(
            text(
                "UPDATE journal SET at = clock_timestamp() - make_interval(secs => 1 + :n - id) WHERE kind = 'routed'"
            ),
            {"n": (await session.execute(text("SELECT max(id) FROM journal"))).scalar_one()},
        )


async def seconds_ago(scene: Scene, since: datetime, limit: int | None = None) -> list[int]:
    now = datetime.now(UTC)
    return [
        round((now - case.at).total_seconds())
        for case in [c async for c in recorded_cases(scene.database, since, limit)]
    ]


async def test_recorded_decisions_come_newest_first_each_once_over_all_pages(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("store.policy_history._PAGE", 3)
    await decisions(scene, 10)
    assert await seconds_ago(scene, LONG_AGO) == list(range(1, 11))
    assert await seconds_ago(scene, LONG_AGO, 4) == [1, 2, 3, 4]
    assert len(await seconds_ago(scene, datetime.now(UTC) - timedelta(seconds=5.5))) == 5
    async with scene.database.begin() as session:
        assert await count_cases(session, LONG_AGO) == 10


async def test_decisions_of_one_instant_are_all_found(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.policy_history._PAGE", 2)
    await decisions(scene, 5)
    async with scene.database.begin() as session:
        await session.execute(text("UPDATE journal SET at = '2026-01-01' WHERE kind = 'routed'"))
    assert len([case async for case in recorded_cases(scene.database, LONG_AGO)]) == 5


@pytest.mark.parametrize("facts", [None, {}, {"triage": {"issue": "gone"}}, "x"])
async def test_a_decision_whose_facts_are_not_understood_is_found_without_them(scene: Scene, facts: object) -> None:
    await decisions(scene, 1, facts)
    found = [case async for case in recorded_cases(scene.database, LONG_AGO)]
    assert [(case.facts, case.stages) for case in found] == [(None, ("ai", "queue:support"))]
