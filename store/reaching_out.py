"""Cases that Baton opens itself: a flow has something to say to a customer who has no case to hear it in.

Order of locks: the customer's addresses, customer, interaction, flow.
"""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from domain.flows.kinds import FlowKind
from domain.flows.words import flow_subject
from domain.front_door import FrontDoor
from domain.interaction import InteractionState
from domain.message import ClaimedIdentity
from domain.parties import Channel, IdentityKind, normalise_address
from domain.policy import Policy
from store.commerce import ShopCustomer
from store.conversations import Conversation
from store.customers import Customer, claim_keys, lock_customer, note_identities, verified_owners
from store.flows import Flow, lock_flow
from store.interactions import Interaction, lock_case, lock_interaction, move
from store.journal import Happening, note
from store.locking import take_turns
from store.merging import merge_customers
from store.spoken_facts import own_flow


async def open_outbound_case(session: AsyncSession, flow: Flow, policy: Policy, door: FrontDoor) -> Interaction | None:
    """The case in which a flow without one speaks, locked: the customer's only open one, else a new one.

    Of several that are open, it is the one that holds the thread in which the flow would speak. None if the customer
    can be reached on no channel that they agreed to. The flow gets the case and its customer. A new case waits for the
    customer; its story is started by the first words that are queued in it.
    """
    buyer = await session.get(ShopCustomer, flow.shop_customer_id) if flow.shop_customer_id else None
    if buyer is None:
        return None
    claims = _proven(buyer)
    await take_turns(session, claim_keys(claims))  # as messages do that come: one customer here and there
    known = await _opened_meanwhile(session, flow)
    if known is not None:
        return known
    customer = await _customer(session, buyer, claims)
    interaction = await _only_open_one(session, customer) or await _begin(session, flow, policy, door, buyer, customer)
    if interaction is not None:
        flow = await lock_flow(session, flow.id)
        flow.interaction_id, flow.customer_id = interaction.id, customer.id
    return interaction


def _proven(buyer: ShopCustomer) -> list[ClaimedIdentity]:
    """The shop vouches for both."""
    return [
        ClaimedIdentity(kind=IdentityKind.SHOP_CUSTOMER, value=buyer.customer_id, verified=True),
        ClaimedIdentity(kind=IdentityKind.EMAIL, value=buyer.email, verified=True),
    ]


async def _opened_meanwhile(session: AsyncSession, flow: Flow) -> Interaction | None:
    await session.refresh(flow, ["interaction_id"])
    return (await lock_case(session, flow.interaction_id))[1] if flow.interaction_id else None


async def _customer(session: AsyncSession, buyer: ShopCustomer, claims: list[ClaimedIdentity]) -> Customer:
    """Baton's customer for the shop's, made if there is none; what was a guest's record becomes theirs."""
    owners = await verified_owners(session, claims)
    locked = {owner: await lock_customer(session, owner) for owner in sorted(owners)}
    theirs = [locked[owner] for owner in owners if locked[owner].shop_customer_id in {None, buyer.customer_id}]
    customer = theirs[0] if theirs else await _new_customer(session)
    for guest in theirs[1:]:
        if guest.shop_customer_id is None:
            await merge_customers(session, guest=guest, into=customer)
    await note_identities(session, customer.id, claims)
    customer.tier, customer.display_name, customer.shop_customer_id = buyer.tier, buyer.name, buyer.customer_id
    return customer


async def _new_customer(session: AsyncSession) -> Customer:
    customer = Customer()
    session.add(customer)
    await session.flush()
    return await lock_customer(session, customer.id)


async def _only_open_one(session: AsyncSession, customer: Customer) -> Interaction | None:
    query = select(col(Interaction.id)).where(
        col(Interaction.customer_id) == customer.id, col(Interaction.state) != InteractionState.RESOLVED.value
    )
    found = list((await session.execute(query.limit(2))).scalars())
    return await lock_interaction(session, found[0]) if len(found) == 1 else None


async def _begin(
    session: AsyncSession, flow: Flow, policy: Policy, door: FrontDoor, buyer: ShopCustomer, customer: Customer
) -> Interaction | None:
    """A case with a thread, on the best channel that the customer agreed to and can be reached on.

    It is a new one, unless the thread is that of an open case: what the customer answers there belongs to that one.
    """
    for channel in _channels(flow, policy, buyer):
        thread = await _thread(session, flow, policy, door, buyer, customer, channel)
        if thread is not None:
            held = await lock_interaction(session, thread.interaction_id) if thread.interaction_id else None
            if held is not None and held.is_open:
                return held
            interaction = await _open(session, flow, policy, customer, channel)
            thread.interaction_id = interaction.id
            session.add(thread)
            await session.flush()
            return interaction
    return None


def _channels(flow: Flow, policy: Policy, buyer: ShopCustomer) -> list[Channel]:
    """Best first: the one that the flow has chosen already, else those of the policy, as far as there is consent."""
    chosen = flow.facts.get("channel")
    wanted = [Channel(str(chosen))] if chosen else list(policy.commerce.delays.channels)
    return [channel for channel in wanted if channel.value in buyer.contact_by]


async def _thread(
    session: AsyncSession,
    flow: Flow,
    policy: Policy,
    door: FrontDoor,
    buyer: ShopCustomer,
    customer: Customer,
    channel: Channel,
) -> Conversation | None:
    """Mail can be begun; on other channels the customer is reached where they have written before."""
    if channel is Channel.EMAIL:
        reachable = door.mail_account and "@" in buyer.email
        return _mail_thread(flow, policy, door, buyer, customer) if reachable else None
    query = (
        select(Conversation)
        .where(
            col(Conversation.customer_id) == customer.id,
            col(Conversation.channel) == channel.value,
            col(Conversation.left_at).is_(None),
        )
        .order_by(col(Conversation.created_at).desc(), col(Conversation.id).desc())
        .limit(1)
    )
    return (await session.execute(query)).scalar_one_or_none()


def _mail_thread(flow: Flow, policy: Policy, door: FrontDoor, buyer: ShopCustomer, customer: Customer) -> Conversation:
    own = own_flow(flow, policy.commerce)
    title = own.title if own else ""
    return Conversation(
        customer_id=customer.id,
        channel=Channel.EMAIL.value,
        account=door.mail_account,
        thread_key=f"flow:{flow.id}",
        address=normalise_address(IdentityKind.EMAIL, buyer.email),
        subject=flow_subject(FlowKind(flow.kind), flow.order_number, flow.language, title),
    )


async def _open(session: AsyncSession, flow: Flow, policy: Policy, customer: Customer, channel: Channel) -> Interaction:
    row = Interaction(customer_id=customer.id, channel=channel.value, policy_version=policy.version)
    note(session, Happening.INTERACTION_OPENED, interaction=row, channel=channel.value, flow=flow.id)
    due = policy.deadlines
    await move(
        session,
        row,
        InteractionState.AWAITING_CUSTOMER,
        due_in=due.assume_resolved_hours * 3600 + due.step_seconds,
    )
    session.add(row)
    await session.flush()
    return await lock_interaction(session, row.id)
