"""What must hold at every moment of a day of work, told from the rows alone: plain rules, each looked up one by one."""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.policy import Policy
from domain.requirement import PULLED, Requirement
from store.locking import CLOCK
from store.work import Agent, AgentTeam, Team, WorkItem, WorkPass, on_shift

HELD = ("offered", "assigned", "wrapping")
_LIVE = ("waiting", "parked", *HELD)


class Picture(NamedTuple):
    """All rows that dispatch is about, as they stood at one moment."""

    now: datetime
    items: dict[str, WorkItem]
    """Those that are not done."""
    agents: dict[str, Agent]
    members: dict[str, set[str]]
    """Team to agents."""
    passes: dict[tuple[str, str], datetime]
    """Item and agent to when the agent may be asked again."""
    teams: dict[str, Team]

    def able(self, item: WorkItem, at: datetime) -> list[Agent]:
        """Who might be given a waiting item, but for capacity: here, on shift, able, and not passing on it."""
        if item.requirement_key == PULLED:
            return []
        wanted = Requirement.read(item.requirement_key)
        team = [self.agents[one] for one in sorted(self.members[item.team_id])]
        return [
            agent
            for agent in team
            if is_ready(agent, at)
            and wanted.met_by(agent.id, agent.skills, agent.languages)
            and self.passes.get((item.id, agent.id), at) <= at
            and not self.kept_elsewhere(agent, item.team_id)
        ]

    def kept_elsewhere(self, agent: Agent, team: str) -> bool:
        """Is the agent kept free for something that waits in another team?"""
        kept_for = self.items.get(agent.kept_for)
        return kept_for is not None and kept_for.state == "waiting" and kept_for.team_id != team

    def line(self, team: str) -> list[WorkItem]:
        """What waits for a team, first in line first."""
        waiting = [item for item in self.items.values() if item.team_id == team and item.state == "waiting"]
        return sorted(waiting, key=place)


async def look(session: AsyncSession) -> Picture:
    """Read everything."""
    live = select(WorkItem).where(col(WorkItem.state).in_(_LIVE))
    items = {item.id: item for item in (await session.execute(live)).scalars()}
    agents = {agent.id: agent for agent in (await session.execute(select(Agent))).scalars()}
    members: dict[str, set[str]] = defaultdict(set)
    for row in (await session.execute(select(AgentTeam))).scalars():
        members[row.team_id].add(row.agent_id)
    passes = {
        (row.work_item_id, row.agent_id): row.until for row in (await session.execute(select(WorkPass))).scalars()
    }
    teams = {team.id: team for team in (await session.execute(select(Team))).scalars()}
    now = (await session.execute(select(CLOCK))).scalar_one()
    return Picture(now, items, agents, members, passes, teams)


def place(item: WorkItem) -> tuple[datetime, str]:
    """The order of the queue."""
    return item.rank, item.id


def is_ready(agent: Agent, at: datetime) -> bool:
    """May they get anything new?"""
    leased = agent.lease_until is not None and agent.lease_until > at
    return agent.presence == "available" and leased and on_shift(agent, at)


def fits(item: WorkItem, agent: Agent, room: int) -> bool:
    """Does an item fit into so many free units of an agent?"""
    return 0 < min(item.cost, agent.capacity) <= room


def given(before: Picture, after: Picture) -> dict[str, WorkItem]:
    """What an agent got between two pictures, offered or assigned, who did not have it."""
    found = {}
    for item in after.items.values():
        was = before.items.get(item.id)
        had = was is not None and was.state in HELD and was.agent_id == item.agent_id
        if item.state in {"offered", "assigned"} and not had:
            found[item.id] = item
    return found


# --- at every moment --------------------------------------------------------------------------------------------------


def check_rows(now: Picture) -> None:
    """Capacity, loads and holders agree."""
    taken: dict[str, int] = defaultdict(int)
    for item in now.items.values():
        assert (item.taken > 0) == (item.state in HELD), f"{item.id} is {item.state} and takes {item.taken}"
        assert (item.agent_id is None) == (item.state == "waiting"), f"{item.id} is {item.state} with {item.agent_id}"
        assert (item.offered_until is not None) == (item.state == "offered"), f"{item.id}: an offer without its time"
        if item.agent_id:
            taken[item.agent_id] += item.taken
    for agent in now.agents.values():
        assert agent.load == taken[agent.id], f"{agent.id} has load {agent.load} and holds {taken[agent.id]}"
        assert 0 <= agent.load <= agent.capacity, f"{agent.id} is over capacity"
        offers = [item.id for item in now.items.values() if item.state == "offered" and item.agent_id == agent.id]
        assert not offers or agent.presence == "available", f"{agent.id} is {agent.presence} with offers {offers}"


def check_woken(now: Picture, policy: Policy) -> None:
    """What somebody could do now is on its way to a dispatcher: it is woken, or its time has come."""
    for team, row in now.teams.items():
        if row.wake_pending_since is None and row.next_due is not None and row.next_due > now.now:
            assert not possible(now, team, policy, now.now), f"{team} sleeps while there is work and somebody to do it"


STATES = """
    SELECT w.id || ' is ' || w.state || ', its case ' || i.state FROM work_item w
      JOIN interaction i ON i.id = w.interaction_id
     WHERE w.state IN ('waiting', 'offered') AND i.state <> 'awaiting_person'
        OR w.state IN ('assigned', 'parked') AND i.state <> 'with_person'
    UNION ALL
    SELECT i.id || ' is ' || i.state || ' without an item' FROM interaction i
     WHERE i.state IN ('awaiting_person', 'with_person') AND NOT EXISTS (
        SELECT 1 FROM work_item w WHERE w.interaction_id = i.id
           AND w.state IN ('waiting', 'offered', 'assigned', 'parked'))
    UNION ALL
    SELECT 'baton of ' || c.id FROM customer c
     WHERE (c.holder_kind = 'agent') <> EXISTS (
        SELECT 1 FROM work_item w WHERE w.customer_id = c.id AND w.state = 'assigned' AND w.agent_id = c.holder_id)
    UNION ALL
    SELECT 'clock of ' || w.id FROM sla_clock s JOIN work_item w ON w.id = s.work_item_id
     WHERE s.ended_at IS NULL AND w.state IN ('wrapping', 'done', 'cancelled')
        OR s.state = 'running' AND w.state = 'parked' AND s.due_at > clock_timestamp()
        OR s.state = 'paused' AND s.paused_for = 'parked' AND w.state <> 'parked'
        OR s.team_id <> w.team_id AND s.ended_at IS NULL
    UNION ALL
    SELECT 'commitment ' || id FROM commitment
     WHERE (closed_at IS NULL AND state = 'open') <> (next_at IS NOT NULL)
"""


async def check_states(session: AsyncSession) -> None:
    """Cases, batons, clocks and commitments agree with the items."""
    wrong = list((await session.execute(text(STATES))).scalars())
    assert wrong == [], wrong


# --- after an allocation ----------------------------------------------------------------------------------------------


def check_given(before: Picture, after: Picture, team: str) -> None:
    """Whoever got something may have it, and the earliest who fits came first."""
    news = given(before, after)
    for item in news.values():
        assert item.team_id == team, f"{item.id} is not this team's"
        assert item.agent_id in {agent.id for agent in after.able(item, before.now)}, (
            f"{item.agent_id} should not have got {item.id} ({item.requirement_key!r})"
        )
        was = before.items[item.id]
        mine = was.agent_id == item.agent_id or was.own_agent_id == item.agent_id
        assert item.state == ("offered" if item.mode == "offer" else "assigned") or mine, "accepted by nobody"
    for left in after.line(team):
        for agent in after.able(left, before.now):
            later = sum(one.taken for one in news.values() if one.agent_id == agent.id and place(one) > place(left))
            if later:
                room = agent.capacity - agent.load + later
                assert not fits(left, agent, room), f"{left.id} was passed over by {agent.id}"


def check_spread(before: Picture, after: Picture, team: str, policy: Policy) -> None:
    """Nobody got something while somebody able had less to do."""
    news = given(before, after)
    kept_free = {one for one, _ in _reserved(after, team, policy, after.now)}
    for item in news.values():
        if not item.chosen or item.chosen["because"] not in {"lowest_load", "longest_idle"}:
            continue
        mine = after.agents[item.agent_id or ""]
        for other in after.able(item, before.now):
            load = other.load - sum(
                one.taken for one in news.values() if one.agent_id == other.id and place(one) > place(item)
            )
            if other.id not in {*kept_free, mine.id} and fits(item, other, other.capacity - load):
                assert int(str(item.chosen["load"])) <= load, f"{other.id} had less to do than {mine.id}"


def possible(now: Picture, team: str, policy: Policy, at: datetime) -> list[tuple[str, str]]:
    """What waits and who could have it, leaving out who is kept free for something earlier."""
    reserved = _reserved(now, team, policy, at)
    return [
        (item.id, agent.id)
        for item in now.line(team)
        for agent in now.able(item, at)
        if fits(item, agent, agent.capacity - agent.load)
        and not any(agent.id == one and where < place(item) for one, where in reserved)
    ]


def _reserved(now: Picture, team: str, policy: Policy, at: datetime) -> list[tuple[str, tuple[datetime, str]]]:
    """Agents who are kept free, and the place in line of what they are kept free for."""
    patience = timedelta(seconds=policy.teams[team].reserve_after_seconds)
    found: list[tuple[str, tuple[datetime, str]]] = []
    for item in now.line(team):
        able = [one for one in now.able(item, at) if one.capacity > 0 and one.id not in dict(found)]
        able = able if item.cost > 1 or any(one.load < one.capacity for one in now.able(item, at)) else []
        waited = item.ready_at is not None and item.ready_at < at - patience
        if able and waited and not any(fits(item, agent, agent.capacity - agent.load) for agent in able):
            short = {one.id: min(item.cost, one.capacity) - (one.capacity - one.load) for one in able}
            found.append((min(able, key=lambda one: (short[one.id], one.kept_for != item.id, one.id)).id, place(item)))
    return found


def check_over(before: Picture, after: Picture, team: str, grace: timedelta, *, again: bool) -> None:
    """Nothing whose time had come is left, unless for an allocation at once; and who is gone holds nothing."""
    for item in after.items.values():
        if item.team_id != team:
            continue
        assert again or item.due_at is None or item.due_at > before.now, f"{item.id} is {item.state} past its time"
        holder = after.agents.get(item.agent_id or "")
        if item.state in {"offered", "assigned"} and holder is not None and holder.lease_until is not None:
            gone_since = holder.lease_until + (grace if item.state == "assigned" else timedelta())
            assert gone_since > before.now, f"{holder.id} is gone and still has {item.id}"


TIMERS = text(
    """
    SELECT min(at) FROM (
        SELECT due_at AS at FROM work_item WHERE team_id = :team
        UNION ALL SELECT next_at FROM sla_clock WHERE team_id = :team
        UNION ALL SELECT next_at FROM commitment WHERE team_id = :team
        UNION ALL SELECT p.until FROM work_pass p JOIN work_item w ON w.id = p.work_item_id
            WHERE w.team_id = :team AND w.state = 'waiting' AND p.until > clock_timestamp()
        UNION ALL SELECT a.lease_until FROM agent a JOIN agent_team t ON t.agent_id = a.id
            WHERE t.team_id = :team AND a.presence <> 'offline'
        UNION ALL SELECT a.lease_until + make_interval(secs => :grace) FROM agent a JOIN work_item w
            ON w.agent_id = a.id WHERE w.team_id = :team AND w.state = 'assigned' AND a.presence = 'offline') timers
    """
)
