"""What a case knows beside its conversation: flows under way, the customer's other cases, why people have it."""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.brief import EarlierCase
from domain.flows.kinds import FlowKind, FlowOutcome, FlowState
from domain.flows.progress import FlowProgress
from domain.money import Money
from domain.parties import Channel
from domain.proposal import HandoffReason

_MOST = 10
_FLOWS = text(
    """
    SELECT f.id, f.kind, f.order_number, f.interaction_id, f.state, f.outcome, f.opened_at,
           COALESCE(f.closed_at, f.changed_at) AS changed_at, f.verdict ->> 'currency' AS currency,
           (SELECT sum((s.result ->> 'amount_minor')::bigint) FROM flow_step s
            WHERE s.flow_id = f.id AND s.state = 'done' AND split_part(s.name, ':', 1) = 'refund') AS refunded
    FROM flow f
    WHERE f.interaction_id = :interaction OR (f.shop_customer_id = :shop_customer AND f.shop_customer_id <> '')
    ORDER BY f.opened_at DESC, f.id DESC LIMIT :most
    """
)
_EARLIER = text(
    """
    SELECT i.id, i.issue, i.channel, i.opened_at, i.closed_at, i.resolution, w.reason
    FROM interaction here
    LEFT JOIN interaction i ON i.customer_id = here.customer_id AND i.id <> here.id
    LEFT JOIN work_item w ON w.interaction_id = here.id AND w.state IN ('waiting', 'offered', 'assigned', 'parked')
    WHERE here.id = :interaction ORDER BY i.opened_at DESC NULLS LAST, i.id DESC LIMIT :most
    """
)
_REASONS = frozenset(HandoffReason)


async def flows_about(session: AsyncSession, interaction_id: str, shop_customer_id: str) -> tuple[FlowProgress, ...]:
    """The flows of a case and of its shop customer (empty: nobody is proven), newest first. One query."""
    values = {"interaction": interaction_id, "shop_customer": shop_customer_id, "most": _MOST}
    return tuple(
        FlowProgress(
            flow_id=row.id,
            kind=FlowKind(row.kind),
            order=row.order_number,
            interaction_id=row.interaction_id or "",
            state=FlowState(row.state),
            outcome=FlowOutcome(row.outcome) if row.outcome else None,
            refunded=_money(row.refunded, row.currency),
            opened_at=row.opened_at,
            changed_at=row.changed_at,
        )
        for row in await session.execute(_FLOWS, values)
    )


async def people_know(
    session: AsyncSession, interaction_id: str
) -> tuple[tuple[EarlierCase, ...], HandoffReason | None]:
    """The customer's other cases on all channels, newest first, and why people have this one. One query.

    Cases of a record that was merged into the customer's are theirs as well.
    """
    rows = (await session.execute(_EARLIER, {"interaction": interaction_id, "most": _MOST})).all()
    reason = rows[0].reason if rows else None
    earlier = tuple(_earlier(row.id, row.issue, row.channel, row.opened_at, row.closed_at, row.resolution)
                    for row in rows if row.id is not None)  # fmt: skip
    return earlier, HandoffReason(reason) if reason in _REASONS else None


def _earlier(
    case_id: str, issue: str, channel: str, opened_at: datetime, closed_at: datetime | None, resolution: str
) -> EarlierCase:
    return EarlierCase(
        interaction_id=case_id,
        issue=issue,
        channel=Channel(channel),
        opened_at=opened_at,
        closed_at=closed_at,
        resolution=resolution,
    )


def _money(minor: object, currency: str | None) -> Money | None:
    return Money(minor=int(str(minor)), currency=currency) if minor and currency else None
