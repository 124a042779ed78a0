"""To whom work can be passed: all teams, and everybody who works in one. Reading only."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.values import Value


class TeamName(Value):
    """A team by its name."""

    id: str
    title: str


class Colleague(Value):
    """An agent as colleagues see them; a lapsed lease counts as offline."""

    id: str
    name: str
    presence: str
    teams: tuple[str, ...]


_TEAMS = text("SELECT id, title FROM team WHERE id = ANY(:teams) ORDER BY title, id")
_AGENTS = text(
    """
    SELECT a.id, a.name,
           CASE WHEN a.lease_until > clock_timestamp() THEN a.presence ELSE 'offline' END AS presence,
           ARRAY(SELECT x.team_id FROM agent_team x WHERE x.agent_id = a.id ORDER BY x.team_id) AS teams
    FROM agent a
    WHERE a.id <> :but AND EXISTS (SELECT 1 FROM agent_team x WHERE x.agent_id = a.id AND x.team_id = ANY(:teams))
    ORDER BY a.name, a.id
    """
)


async def team_names(session: AsyncSession, team_ids: list[str]) -> list[TeamName]:
    """Of these teams, those that the store knows, by name."""
    rows = await session.execute(_TEAMS, {"teams": team_ids})
    return [TeamName.model_validate(dict(row)) for row in rows.mappings()]


async def colleagues(session: AsyncSession, team_ids: list[str], *, but: str) -> list[Colleague]:
    """Everybody who works in one of these teams, but for one agent, by name."""
    rows = await session.execute(_AGENTS, {"teams": team_ids, "but": but})
    return [Colleague.model_validate(dict(row)) for row in rows.mappings()]
