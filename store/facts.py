"""Facts from the shop: they fulfil what was promised, and the customer is told."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.commitment import Fact
from domain.interaction import EntryKind
from domain.promise_notices import promise_fulfilled
from domain.triage import Triage
from store.commitment_table import Commitment
from store.commitments import fulfil, unfulfilled
from store.customers import Customer
from store.handing_over import announce
from store.interactions import Interaction, lock_case
from store.journal import tell
from store.locking import database_now


async def record_fact(session: AsyncSession, fact: Fact, *, interaction_id: str | None = None) -> list[str]:
    """Close every promise that the fact fulfils, in one case or in all; returns the ids of what it closed.

    The customer hears of it from Baton, unless somebody else holds the baton: then the journal and the desk say so, and
    the holder speaks. A promise that names no order is fulfilled by a fact about an order that its case names or, if
    the case names none, that is its customer's. The same fact again closes nothing.

    Raises `ValueError` for a fact that names neither an order nor a case.
    """
    if not fact.order and interaction_id is None:
        raise ValueError("a fact names its order or its case")
    found = await _fulfilled(session, fact, interaction_id)
    cases = dict.fromkeys(case for _, case in found)
    # All cases are locked before anything else is: their order is the one in which everybody locks customers.
    locked = [await lock_case(session, case) for case in cases]
    wanted = {commitment_id for commitment_id, _ in found}
    closed: list[str] = []
    for customer, interaction in locked:
        rows = [row for row in await unfulfilled(session, interaction.id) if row.id in wanted]
        if rows:
            await _close(session, fact, customer, interaction, rows)
            closed += [row.id for row in rows]
    return closed


async def _close(
    session: AsyncSession, fact: Fact, customer: Customer, interaction: Interaction, rows: list[Commitment]
) -> None:
    """One notice for all that one fact fulfils in a case."""
    late = max(row.due_at for row in rows) < await database_now(session)
    language = Triage.model_validate(interaction.triage).language if interaction.triage else "en"
    words = promise_fulfilled(fact, language, late=late)
    notice = await announce(session, interaction, customer, words, f"kept-{rows[0].id}")
    if notice:
        tell(session, interaction, EntryKind.NOTICE_QUEUED, ref=notice)
    for row in rows:
        await fulfil(session, interaction, row, _closing(fact), told=bool(notice))


def _closing(fact: Fact) -> str:
    return f"{fact.kind}:{fact.ref}".rstrip(":")


_FULFILLED = text(
    """
    SELECT c.id, c.interaction_id
    FROM commitment c JOIN interaction i ON i.id = c.interaction_id JOIN customer u ON u.id = i.customer_id
    CROSS JOIN LATERAL (SELECT COALESCE(i.triage -> 'entities' -> 'order_numbers', '[]') AS orders) named
    WHERE c.closed_at IS NULL AND c.fulfilled_by = :kind
      AND (CAST(:case AS text) IS NULL OR c.interaction_id = :case)
      AND (c.order_number = :order AND c.order_number <> '' OR c.order_number = '' AND (
          CAST(:case AS text) IS NOT NULL
          OR named.orders @> to_jsonb(CAST(:order AS text))
          OR named.orders = '[]' AND EXISTS (
              SELECT 1 FROM shop_order o WHERE o.number = :order AND o.customer_id = u.shop_customer_id)))
      AND NOT EXISTS (
          SELECT 1 FROM commitment d
          WHERE :ref <> '' AND d.interaction_id = c.interaction_id AND d.closed_by = :closing
            AND d.closed_at <= c.made_at)
    ORDER BY i.customer_id, i.id, c.id
    """
)


async def _fulfilled(session: AsyncSession, fact: Fact, interaction_id: str | None) -> list[tuple[str, str]]:
    """The promises that the fact fulfils, with their cases, in the order of locks."""
    values = {
        "kind": fact.kind.value,
        "order": fact.order,
        "ref": fact.ref,
        "closing": _closing(fact),
        "case": interaction_id,
    }
    return [(row.id, row.interaction_id) for row in await session.execute(_FULFILLED, values)]
