"""How cases ended: resolved by the AI alone, by a flow or self-service, by people, or not at all."""

from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncSession

from store.interactions import Interaction
from store.plain import run


class Outcome(StrEnum):
    """What has become of a case; each has exactly one."""

    AI = "ai"
    FLOW = "flow"
    """By a flow, or by the customer on the self-service pages."""
    PEOPLE = "people"
    TAKEN_BACK = "taken_back"
    """It counted as resolved, and the same problem has come back since."""
    UNANSWERED = "unanswered"
    """The customer never answered a question back."""
    LEFT_QUEUE = "left_queue"
    BY_OPERATOR = "by_operator"
    SET_ASIDE = "set_aside"
    OPEN = "open"


RESOLVED = (Outcome.AI, Outcome.FLOW, Outcome.PEOPLE)

RESOLVED_BY = """
    CASE WHEN i.agent_id <> '' THEN 'people'
         WHEN i.plan->'stages'->i.stage->>'kind' IN ('flow', 'self_service')
              OR EXISTS (SELECT 1 FROM flow f WHERE f.interaction_id = i.id AND f.kind NOT IN ('inquiry', 'outreach'))
         THEN 'flow' ELSE 'ai' END
"""
"""SQL over a row `i` of `interaction`. Whatever a person had a hand in is theirs; of the rest, what a flow did."""

OUTCOME = f"""
    CASE WHEN i.taken_back_at IS NOT NULL THEN 'taken_back'
         WHEN i.state <> 'resolved' THEN 'open'
         WHEN i.resolution IN ('confirmed', 'assumed', 'by_agent') THEN {RESOLVED_BY}
         WHEN i.resolution = 'no_answer' THEN 'unanswered'
         ELSE i.resolution END
"""
"""SQL over a row `i` of `interaction`: an `Outcome`."""

_OF_ONE = f"SELECT {RESOLVED_BY} FROM interaction i WHERE i.id = %(id)s"  # noqa: S608  our own words


async def resolver_of(session: AsyncSession, interaction: Interaction) -> Outcome:
    """Who resolved a case: `AI`, `FLOW` or `PEOPLE`."""
    await session.flush()
    rows = await run(session, _OF_ONE, {"id": interaction.id})
    return Outcome(rows[0][0])
