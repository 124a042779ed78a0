"""Reading a case for the assistant: the conversation, and of the customer only what is proven to be theirs."""

from sqlalchemy import Integer, bindparam, literal_column, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.case import Case, Turn
from domain.commerce import Order
from domain.flows.progress import FlowProgress
from domain.parties import AuthorKind, Channel
from domain.routing import OrderFacts, ShopFacts
from domain.triage import IssueType, Triage
from integrations.own_orders import own_orders
from integrations.shop.protocol import Shop
from store.case_background import flows_about, people_know
from store.conversations import Conversation, Message
from store.customers import Customer
from store.database import Database
from store.flow_wishes import READ_BACKS
from store.interactions import Interaction
from store.locking import CLOCK
from store.policy_versions import PolicyShelf
from store.proofs import proven
from store.speaking import Suggestion, SuggestionState

NEWEST_TURNS = 40
"""How much of a long conversation the assistant reads."""
_UNDER_WAY = frozenset(
    {
        IssueType.RETURN,
        IssueType.EXCHANGE,
        IssueType.REFUND,
        IssueType.CANCEL_ORDER,
        IssueType.CHANGE_ORDER,
        IssueType.DAMAGED_WRONG,
    }
)
"""Issues of which a verified customer may ask where their flow stands."""

_CASE = (
    select(Interaction, Customer, CLOCK, literal_column(READ_BACKS, Integer))
    .join(Customer, col(Customer.id) == col(Interaction.customer_id))
    .where(col(Interaction.id) == bindparam("interaction_id"))
)


class CaseReader:
    """Builds cases from the store and the shop."""

    def __init__(self, database: Database, shop: Shop) -> None:
        self._database = database
        self.shop = shop
        self._shelf = PolicyShelf()

    async def read(self, interaction_id: str) -> tuple[Case, int]:
        """The case and the seq of the customer's last word that it holds."""
        async with self._database.begin() as session:
            interaction, customer, now, read_backs = (
                await session.execute(_CASE, {"interaction_id": interaction_id})
            ).one()
            turns = _in_order(await _turns(session, interaction_id), await _said_elsewhere(session, interaction))
            policy = await self._shelf.version(session, interaction.policy_version)
            proof = await proven(session, customer)
            about_flows = proof is not None and interaction.issue in _UNDER_WAY
            flows = await flows_about(session, "", proof.shop_customer_id) if proof and about_flows else ()
        triage = Triage.model_validate(interaction.triage) if interaction.triage else None
        case = Case(
            interaction_id=interaction_id,
            channel=turns[-1].channel if turns else Channel(interaction.channel),
            tier=customer.tier,
            turns=tuple(turns),
            new_turns=_unanswered(turns),
            customer=await self.shop.customer(proof.shop_customer_id) if proof else None,
            verified=proof is not None,
            proven_orders=proof.orders if proof else None,
            flows=_within(flows, proof.orders if proof else ()),
            asked=interaction.asked,
            questions_asked=interaction.questions_asked - read_backs,
            questions_allowed=policy.assistant.questions,
            threshold=policy.assistant.threshold,
            link_domains=policy.assistant.link_domains,
            brand=policy.brand.name,
            triage=triage,
            previous=triage,
            now=now,
        )
        return case, interaction.last_customer_seq

    async def read_whole(self, interaction_id: str) -> tuple[Case, int]:
        """As `read`, with all that a brief needs: flows, the customer's other cases, why people have it."""
        case, seq = await self.read(interaction_id)
        shop_customer_id = case.customer.customer_id if case.customer else ""
        async with self._database.begin() as session:
            flows = await flows_about(session, interaction_id, shop_customer_id)
            earlier, reason = await people_know(session, interaction_id)
        known = {"flows": _within(flows, case.proven_orders), "earlier": earlier, "handoff": reason}
        return case.model_copy(update=known), seq

    async def own_orders(self, case: Case) -> tuple[Order, ...]:
        """The newest orders of a verified customer, as far as their proof goes."""
        return await own_orders(self.shop, case)


def _within(flows: tuple[FlowProgress, ...], proven_orders: tuple[str, ...] | None) -> tuple[FlowProgress, ...]:
    """The flows on orders that the proof covers."""
    return tuple(flow for flow in flows if proven_orders is None or flow.order in proven_orders)


def shop_facts(case: Case, own: tuple[Order, ...], numbers: tuple[str, ...]) -> ShopFacts:
    """What routing may know from the shop: of the customer's own orders the one they name, else the newest."""
    if case.customer is None:
        return ShopFacts()
    named = [order for order in own if order.number in numbers] or own[:1]
    about = next((OrderFacts(number=o.number, state=o.state, total=o.total) for o in named), None)
    return ShopFacts(order=about, lifetime_value=case.customer.lifetime_value)


async def _turns(session: AsyncSession, interaction_id: str) -> list[Turn]:
    query = (
        select(Message, col(Conversation.channel))
        .join(Conversation, col(Conversation.id) == col(Message.conversation_id))
        .where(col(Message.interaction_id) == interaction_id, col(Message.seq).is_not(None))
        .order_by(col(Message.created_at).desc(), col(Message.id).desc())
        .limit(NEWEST_TURNS)
    )
    rows = (await session.execute(query)).all()
    return [
        Turn(
            message_id=message.id,
            author=AuthorKind(message.author),
            text=message.body,
            at=message.created_at,
            channel=Channel(channel),
            automatic=message.automatic,
        )
        for message, channel in reversed(rows)
    ]


async def _said_elsewhere(session: AsyncSession, interaction: Interaction) -> list[Turn]:
    """What the holder of the baton has said for this interaction, in whichever conversation they held."""
    query = (
        select(Suggestion)
        .where(col(Suggestion.interaction_id) == interaction.id, col(Suggestion.state) == SuggestionState.USED.value)
        .order_by(col(Suggestion.created_at).desc())
        .limit(NEWEST_TURNS)
    )
    return [
        # Dated by the draft: what the customer wrote after it is not answered by it.
        Turn(
            message_id=used.id,
            author=AuthorKind.AGENT,
            text=used.body,
            at=used.created_at,
            channel=Channel(interaction.channel),
        )
        for used in (await session.execute(query)).scalars()
    ]


def _in_order(said: list[Turn], elsewhere: list[Turn]) -> list[Turn]:
    return sorted([*said, *elsewhere], key=lambda turn: turn.at)[-NEWEST_TURNS:] if elsewhere else said


def _unanswered(turns: list[Turn]) -> int:
    """Customer turns after the last word of the AI or of a person; notices and what a flow tells answer nothing."""
    count = 0
    for turn in reversed(turns):
        if turn.author in {AuthorKind.AI, AuthorKind.AGENT}:
            break
        count += turn.author is AuthorKind.CUSTOMER
    return count
