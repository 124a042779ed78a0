"""A resolution is taken back: the customer writes again, or the same problem returns elsewhere within the window."""

from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from domain.interaction import InteractionState, Resolution
from domain.policy import Policy
from domain.triage import IssueType, Triage
from store.interactions import Interaction
from store.journal import Happening, note, note_about
from store.locking import database_now
from store.plain import run

COUNTED = (Resolution.CONFIRMED, Resolution.ASSUMED, Resolution.BY_AGENT)
"""Ends that count as resolved."""
_NO_PROBLEM = frozenset({IssueType.OTHER, IssueType.HUMAN, IssueType.SPAM})
"""Issue types that two cases may share without having anything to do with one another."""

# Whoever holds the earlier case at this moment is opening it again: that takes it back as well, so nobody waits here.
_TAKE_BACK = """
    UPDATE interaction SET taken_back_at = clock_timestamp(), taken_back_by = %(id)s
    WHERE id = (
        SELECT e.id FROM interaction e
        WHERE e.customer_id = %(customer)s AND e.id <> %(id)s AND e.issue = %(issue)s AND e.state = 'resolved'
          AND e.resolution = ANY(%(counted)s) AND e.taken_back_at IS NULL
          AND e.closed_at > clock_timestamp() - %(window)s::interval AND e.opened_at < %(opened)s
          AND (cardinality(%(orders)s::text[]) = 0
               OR jsonb_array_length(COALESCE(e.triage->'entities'->'order_numbers', '[]')) = 0
               OR jsonb_exists_any(e.triage->'entities'->'order_numbers', %(orders)s::text[]))
        ORDER BY e.closed_at DESC LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING id
"""


async def reopen(session: AsyncSession, interaction: Interaction) -> None:
    """Open a resolved case again; its row is locked. What was counted as resolved is not, until it is resolved anew."""
    now = await database_now(session)
    if interaction.resolution in {how.value for how in COUNTED}:
        interaction.taken_back_at, interaction.taken_back_by = now, interaction.id
    interaction.state, interaction.resolution = InteractionState.NEW.value, ""
    interaction.closed_at, interaction.changed_at = None, now
    interaction.runs += 1
    interaction.misses = 0
    note(session, Happening.INTERACTION_REOPENED, interaction=interaction)


async def take_back_earlier(session: AsyncSession, interaction: Interaction, policy: Policy) -> str:
    """Take back the earlier resolution that this case shows to have been none; call it when the case is understood.

    That is the newest one of the same customer, closed within the window of reopening, about the same issue, and about
    the same order where both name one. Cases of one customer are always of one proven person, or of one thread. The
    two are linked. Returns the earlier case, empty if there is none; called again, it takes back nothing more.
    """
    triage = Triage.model_validate(interaction.triage) if interaction.triage else None
    if triage is None or triage.issue in _NO_PROBLEM:
        return ""
    await session.flush()
    found = await run(
        session,
        _TAKE_BACK,
        {
            "id": interaction.id,
            "customer": interaction.customer_id,
            "issue": triage.issue.value,
            "counted": [how.value for how in COUNTED],
            "window": timedelta(days=policy.deadlines.reopen_days),
            "opened": interaction.opened_at,
            "orders": list(triage.entities.order_numbers),
        },
    )
    if not found:
        return ""
    earlier = str(found[0][0])
    interaction.linked_to = interaction.linked_to or earlier
    note_about(session, Happening.TAKEN_BACK, (earlier, interaction.customer_id), ref=interaction.id)
    return earlier
