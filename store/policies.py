"""Activating a routing policy."""

from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.policy import Policy
from domain.policy_checks import Finding, findings, named_agents
from store.errors import Conflict, NotFound
from store.journal import Happening, note
from store.policy_versions import PolicyVersion
from store.work import Agent, Team


class PolicyUnfit(Exception):
    """The policy does not fit what the store holds, or no longer holds by itself; `findings` says where."""

    def __init__(self, found: list[Finding]) -> None:
        super().__init__("policy_unfit")
        self.findings = found


async def activate(
    session: AsyncSession, policy: Policy, by: str = "", *, based_on: int | None = None, restores: int | None = None
) -> int:
    """Make a policy the active one; returns its version. The same content again keeps its version.

    `by` is an agent's id or a word for a program; `restores` the version whose content it is. Raises `PolicyUnfit` if
    it names an agent who does not exist, and `Conflict` if `based_on` is given and is not the active version any more.
    """
    await session.execute(text("SELECT pg_advisory_xact_lock(hashtext('policy'))"))
    if unknown := await unknown_agents(session, policy):
        raise PolicyUnfit(unknown)
    content = policy.model_dump(mode="json", exclude={"version"})
    query = select(PolicyVersion).where(col(PolicyVersion.active))
    current = (await session.execute(query)).scalar_one_or_none()
    if based_on is not None and (current is None or current.version != based_on):
        raise Conflict("policy_moved_on")
    if current is not None and current.content == content:
        return current.version or 0
    await session.execute(update(PolicyVersion).values(active=False))
    row = PolicyVersion(content=content, active=True, activated_by=by, restores=restores)
    session.add(row)
    await session.flush()
    for team_id, team in policy.teams.items():
        await session.merge(Team(id=team_id, title=team.title))
    note(session, Happening.POLICY_ACTIVATED, ref=str(row.version), by=by)
    return row.version or 0


async def roll_back(session: AsyncSession, number: int, by: str = "") -> int:
    """Activate the content of an earlier version again, as a new version; returns that.

    Raises `NotFound`, and `PolicyUnfit` if that content does not hold any more.
    """
    row = await session.get(PolicyVersion, number)
    if row is None:
        raise NotFound("policy version")
    policy = Policy.model_validate(row.content)
    if wrong := list(findings(policy)):
        raise PolicyUnfit(wrong)
    return await activate(session, policy, by, restores=number)


async def unknown_agents(session: AsyncSession, policy: Policy) -> list[Finding]:
    """The places of a policy that name an agent who does not exist."""
    named = list(named_agents(policy))
    query = select(col(Agent.id)).where(col(Agent.id).in_({agent for _, agent in named}))
    known = set((await session.execute(query)).scalars()) if named else set()
    return [(path, f"there is no agent '{agent}'; use an agent's id") for path, agent in named if agent not in known]
