"""Deciding: a person approves or refuses what a plan asks them, and the plan goes on."""

from sqlalchemy.ext.asyncio import AsyncSession

from domain.interaction import EntryKind, InteractionState
from domain.limits import limits_of, may_approve
from domain.money import Money
from domain.policy import Policy
from domain.routing import ShopFacts
from store.errors import Conflict
from store.interactions import Interaction, move
from store.journal import tell
from store.live import notify_desk
from store.people import close_work, lock_work, must_have

APPROVED, REFUSED = "approved", "refused"


async def decide(
    session: AsyncSession, item_id: str, agent_id: str, approved: bool, words: str, policy: Policy, role: str
) -> None:
    """Approve or refuse; `words` are what the customer is told. The same decision again changes nothing.

    Raises `Conflict`: `not_your_case`, `nothing_to_decide`, `decided_already`, `needs_higher_role` if the amount is
    above what the role may approve.
    """
    customer, interaction, agent, item = await lock_work(session, item_id, agent_id)
    decision = APPROVED if approved else REFUSED
    if item.decision:
        if item.agent_id == agent_id and (item.decision, item.decision_text) == (decision, words):
            return
        raise Conflict("decided_already")
    must_have(item, agent_id)
    if not item.asks_decision:
        raise Conflict("nothing_to_decide")
    if approved and not may_approve(limits_of(role, policy), _total(interaction)):
        raise Conflict("needs_higher_role")
    item.decision, item.decision_text = decision, words
    await close_work(session, customer, agent, item, policy)
    tell(session, interaction, EntryKind.WORK_DECIDED, ref=item.id, by=agent_id, decision=decision)
    await move(session, interaction, InteractionState.WITH_AI, due_in=policy.deadlines.step_seconds)
    await notify_desk(session)


def _total(interaction: Interaction) -> Money | None:
    order = ShopFacts.model_validate(interaction.shop_facts or {}).order
    return order.total if order is not None else None
