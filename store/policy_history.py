"""Earlier versions of the policy, and the recorded decisions on which another policy can be tried. Reading only."""

from collections.abc import AsyncIterator
from datetime import datetime

from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from domain.policy_replay import RecordedCase
from domain.routing import Facts
from domain.values import Value
from store.database import Database
from store.plain import run

_PAGE = 500

_VERSIONS = """
    SELECT p.version, p.active, p.activated_at, p.activated_by, COALESCE(a.name, p.activated_by), p.restores
    FROM policy_version p LEFT JOIN agent a ON a.id = p.activated_by
    WHERE p.version = COALESCE(%(number)s, p.version) ORDER BY p.version DESC LIMIT %(limit)s
"""
# By time first, so that the index of decisions serves it; the id tells those of one instant apart.
_DECISIONS = """
    SELECT id, at, interaction_id, facts FROM journal
    WHERE kind = 'routed' AND at >= %(since)s AND (at, id) < (%(before)s, %(last)s)
    ORDER BY at DESC, id DESC LIMIT %(limit)s
"""
_LAST = 2**62


class VersionRow(Value):
    """One version in the history."""

    version: int
    active: bool
    activated_at: datetime
    activated_by: str
    """An agent's id, or a word for a program."""
    activated_by_name: str
    restores: int | None
    """The earlier version whose content it brought back."""


async def versions(session: AsyncSession, limit: int, number: int | None = None) -> list[VersionRow]:
    """The newest versions first, or the one with a number, if there is one."""
    found = await run(session, _VERSIONS, {"limit": limit, "number": number})
    return [VersionRow.model_validate(dict(zip(VersionRow.model_fields, row, strict=True))) for row in found]


async def recorded_cases(database: Database, since: datetime, limit: int | None = None) -> AsyncIterator[RecordedCase]:
    """Routing decisions since an instant, the newest first, read in pages of short transactions."""
    async with database.begin() as session:
        before: datetime = (await run(session, "SELECT clock_timestamp()", {}))[0][0]
    last, left = _LAST, limit
    while left is None or left > 0:
        page = _PAGE if left is None else min(_PAGE, left)
        async with database.begin() as session:
            rows = await run(session, _DECISIONS, {"since": since, "before": before, "last": last, "limit": page})
        for row_id, at, interaction_id, facts in rows:
            yield _recorded(at, interaction_id, facts)
            before, last = at, row_id
        if len(rows) < page:
            return
        left = None if left is None else left - page


async def count_cases(session: AsyncSession, since: datetime) -> int:
    """How many routing decisions there are since an instant."""
    query = "SELECT count(*) FROM journal WHERE kind = 'routed' AND at >= %(since)s"
    return int((await run(session, query, {"since": since}))[0][0])


def _recorded(at: datetime, interaction_id: str | None, facts: dict[str, object]) -> RecordedCase:
    try:
        known = Facts.model_validate(facts.get("facts_of"))
    except ValidationError:
        known = None
    plan, version = facts.get("plan"), facts.get("policy")
    return RecordedCase(
        interaction_id=interaction_id or "",
        at=at,
        policy_version=version if isinstance(version, int) else 0,
        stages=tuple(map(str, plan)) if isinstance(plan, list) else (),
        facts=known,
    )
