"""A scene for tests of the store: real PostgreSQL, no Temporal; what workflows and senders do is called by hand."""

from datetime import timedelta

from sqlalchemy import text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from domain.message import Attachment, ClaimedIdentity, InboundMessage, Receipt
from domain.parties import AuthorKind, Channel, IdentityKind, Role
from domain.policy import Policy
from domain.proposal import HandoffReason
from domain.sla import SlaTargets
from domain.team import RoleLimits, Team, TeamChannel
from domain.work import DispatchMode, Presence, WorkState
from store.audit import Problem, audit_store
from store.conversations import Message
from store.customers import Customer, lock_customer
from store.database import Database
from store.dispatching import Allocator
from store.handing_over import open_work
from store.ids import new_id
from store.interactions import Interaction, customer_of, lock_interaction
from store.journal import Happening, JournalRow, entries_after
from store.outgoing import Busy, Claimed, claim_next
from store.people import accept, be_present
from store.policies import activate
from store.receiving import CustomerProfile, Reception
from store.speaking import Draft
from store.supervising import reassign
from store.work import Agent, AgentTeam, WorkItem, open_item
from tests.policies import small_policy


class Scene:
    """What a test of the store holds in its hands."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.reception = Reception(database)
        self.policy: Policy = small_policy()

    async def prepare(self, policy: Policy | None = None) -> "Scene":
        """Activate the policy."""
        policy = policy or self.policy
        async with self.database.begin() as session:
            self.policy = policy.model_copy(update={"version": await activate(session, policy)})
        return self

    # --- customers ------------------------------------------------------------------------------------------------

    async def chat(
        self,
        thread: str,
        words: str = "hello",
        *,
        key: str = "",
        shop: str = "",
        email: str = "",
        files: tuple[Attachment, ...] = (),
    ) -> Receipt:
        """A chat message; `shop` and `email` are proven by a token of the shop's page."""
        proofs = [(IdentityKind.SHOP_CUSTOMER, shop), (IdentityKind.EMAIL, email)]
        inbound = InboundMessage(
            channel=Channel.CHAT,
            account="chat",
            provider_message_id=f"{thread}:{key or new_id()}",
            thread_refs=(thread,),
            sender=ClaimedIdentity(kind=IdentityKind.CHAT_SESSION, value=thread, verified=True),
            further_identities=tuple(ClaimedIdentity(kind=k, value=v, verified=True) for k, v in proofs if v),
            text=words,
            attachments=files,
        )
        profile = CustomerProfile(tier="vip", display_name="", shop_customer_id=shop) if shop else None
        return await self.reception.receive(inbound, profile)

    async def mail(
        self, sender: str, words: str = "hello", *, key: str = "", answers: tuple[str, ...] = (), proven: bool = False
    ) -> Receipt:
        """A mail; `answers` are the Message-IDs of its References, `proven` says that DMARC passed."""
        return await self.reception.receive(
            InboundMessage(
                channel=Channel.EMAIL,
                account="support@shop.example",
                provider_message_id=key or f"<{new_id()}@mail.example>",
                thread_refs=answers,
                sender=ClaimedIdentity(kind=IdentityKind.EMAIL, value=sender, verified=proven),
                text=words,
            )
        )

    async def interaction(self, interaction_id: str) -> Interaction:
        """The row as it is now."""
        async with self.database.begin() as session:
            return await session.get_one(Interaction, interaction_id)

    async def customer(self, interaction_id: str) -> Customer:
        """Whose interaction it is now."""
        async with self.database.begin() as session:
            return await session.get_one(Customer, await customer_of(session, interaction_id))

    async def message(self, message_id: str) -> Message:
        """The row as it is now."""
        async with self.database.begin() as session:
            return await session.get_one(Message, message_id)

    async def messages(self, conversation_id: str) -> list[Message]:
        """All of a conversation, in the order of their making."""
        async with self.database.begin() as session:
            query = select(Message).where(Message.conversation_id == conversation_id)
            return list((await session.execute(query.order_by(col(Message.created_at)))).scalars())

    # --- speaking -------------------------------------------------------------------------------------------------

    async def draft(self, interaction_id: str, words: str = "an answer", *, question: bool = False) -> str:
        """What the AI wants to say to the customer's last word; returns the draft's id."""
        async with self.database.begin() as session:
            row = await session.get_one(Interaction, interaction_id)
            draft = Draft(
                interaction_id=interaction_id, answers_seq=row.last_customer_seq, body=words, question=question
            )
            session.add(draft)
            return draft.id

    async def claim(
        self, conversation_id: str, attempt: str = "first", *, by_commit: bool = False
    ) -> Claimed | Busy | None:
        """What a sender does before it sends."""
        async with self.database.begin() as session:
            return await claim_next(session, conversation_id, attempt, _label, by_commit=by_commit)

    async def lease_runs_out(self, message_id: str) -> None:
        """The time of a sender is over."""
        async with self.database.begin() as session:
            change = update(Message).where(col(Message.id) == message_id)
            await session.execute(change.values(lease_until=text("clock_timestamp() - interval '1 second'")))

    # --- people ---------------------------------------------------------------------------------------------------

    async def hire(
        self,
        *teams: str,
        capacity: int = 3,
        present: bool = True,
        role: Role = Role.AGENT,
        skills: dict[str, int] | None = None,
    ) -> Agent:
        """An agent of the teams, of `support` if none is named."""
        async with self.database.begin() as session:
            name = new_id()
            agent = Agent(name=name, login=name, password_hash="", role=role.value, capacity=capacity)
            agent.skills = skills or {}
            session.add(agent)
            await session.flush()
            session.add_all([AgentTeam(agent_id=agent.id, team_id=team) for team in teams or ("support",)])
        if present:
            async with self.database.begin() as session:
                await be_present(session, agent.id, Presence.AVAILABLE, 600)
        return agent

    async def agent(self, agent_id: str) -> Agent:
        """The row as it is now."""
        async with self.database.begin() as session:
            return await session.get_one(Agent, agent_id)

    async def hand_over(self, interaction_id: str, team: str = "support") -> WorkItem:
        """Open a work item, as the interaction's story would."""
        async with self.database.begin() as session:
            customer = await lock_customer(session, await customer_of(session, interaction_id))
            row = await lock_interaction(session, interaction_id)
            return await open_work(session, row, customer, team, HandoffReason.POLICY, self.policy, None)

    async def waiting(self, team: str = "support") -> WorkItem:
        """A new case that waits for an agent."""
        receipt = await self.chat(new_id())
        return await self.hand_over(receipt.interaction_id, team)

    async def allocate(self, team: str = "support") -> float:
        """What the dispatcher does when it wakes."""
        return (await Allocator(self.database, team).allocate()).due_in

    async def item(self, interaction_id: str) -> WorkItem:
        """The interaction's open work item."""
        async with self.database.begin() as session:
            found = await open_item(session, interaction_id)
        assert found is not None
        return found

    async def taken_by(self, agent: Agent, interaction_id: str) -> WorkItem:
        """Hand the case over and let the agent, the only one who is free, accept it."""
        await self.hand_over(interaction_id)
        await self.allocate()
        item = await self.item(interaction_id)
        assert item.agent_id == agent.id
        if item.state == WorkState.ASSIGNED.value:
            return item
        async with self.database.begin() as session:
            return await accept(session, item.id, agent.id, item.version, self.policy)

    async def item_by_id(self, item_id: str) -> WorkItem:
        """The row as it is now, in whatever state."""
        async with self.database.begin() as session:
            return await session.get_one(WorkItem, item_id)

    async def told(self, interaction_id: str) -> list[str]:
        """The kinds of what the interaction's workflow is told, in order."""
        async with self.database.begin() as session:
            return [entry.kind.value for entry in await entries_after(session, interaction_id, 0)]

    async def happened(self, kind: Happening) -> list[JournalRow]:
        """The journal rows of a kind."""
        async with self.database.begin() as session:
            query = select(JournalRow).where(JournalRow.kind == kind.value).order_by(col(JournalRow.id))
            return list((await session.execute(query)).scalars())

    async def unsound(self) -> list[str]:
        """What an audit finds of agents' loads and of items without their people."""
        return await self.problems(Problem.LOAD_WRONG, Problem.TAKEN_WRONG, Problem.NO_AGENT, Problem.NO_ITEM)

    async def taken_by_one_of(self, agent: Agent, interaction_id: str) -> WorkItem:
        """Hand the case over and give it to this agent, whoever else is here."""
        item = await self.hand_over(interaction_id)
        async with self.database.begin() as session:
            await reassign(session, item.id, agent.id, "lead", self.policy)
        return await self.item_by_id(item.id)

    async def age(self, agent: Agent, by: timedelta) -> None:
        """The agent's desk was closed so long ago, with the lease of a minute before."""
        async with self.database.begin() as session:
            row = await session.get_one(Agent, agent.id)
            assert row.lease_until is not None
            await session.execute(
                text("UPDATE agent SET lease_until = clock_timestamp() - :ago WHERE id = :id"),
                {"ago": by, "id": agent.id},
            )

    async def offers_run_out(self) -> None:
        """The deadline of every offer passes."""
        async with self.database.begin() as session:
            over = "clock_timestamp() - interval '1 second'"
            await session.execute(
                text(f"UPDATE work_item SET offered_until = {over}, due_at = {over} WHERE state = 'offered'")  # noqa: S608
            )

    async def timers_run_out(self) -> None:
        """The next timer of every item that has one is up."""
        async with self.database.begin() as session:
            over = "clock_timestamp() - interval '1 second'"
            timers = ("widen_at", "idle_at", "parked_until", "wrap_until", "offered_until")
            set_ones = ", ".join(f"{name} = CASE WHEN {name} IS NOT NULL THEN {over} END" for name in timers)
            change = f"UPDATE work_item SET due_at = {over}, {set_ones} WHERE due_at IS NOT NULL"  # noqa: S608
            await session.execute(text(change))

    async def problems(self, *kinds: Problem) -> list[str]:
        """What an audit finds, of these kinds only."""
        async with self.database.begin() as session:
            return [f"{found.problem}: {found.ref}" for found in await audit_store(session) if found.problem in kinds]


def small_policy_with(*, sla: SlaTargets | None = None, skills: tuple[str, ...] = (), **chat: object) -> Policy:
    """The small policy with a team `returns`, and a team `mail` that pulls; `chat` changes how chat is worked."""
    policy = small_policy()
    support = policy.teams["support"]
    worked = TeamChannel.model_validate({**support.on("chat").model_dump(), **chat})
    changed = support.model_copy(
        update={"channels": {**support.channels, Channel.CHAT: worked}, "sla": {"any": sla} if sla else {}}
    )
    returns = Team(title="Returns", skills=skills, channels={Channel.CHAT: TeamChannel(cost=2, offer_seconds=40)})
    pulls = Team(title="Mail", channels={Channel.CHAT: TeamChannel(mode=DispatchMode.PULL)})
    lead = RoleLimits(supervise=True, approve_up_to={"EUR": 50_000})
    roles = {**policy.roles, "agent": RoleLimits(approve_up_to={"EUR": 5_000}), "lead": lead}
    teams = {"support": changed, "returns": returns, "mail": pulls}
    return policy.model_copy(update={"teams": teams, "roles": roles})


async def scalar(session: AsyncSession, query: str, **values: object) -> object:
    """One value."""
    return (await session.execute(text(query), values)).scalar_one()


def _label(author: AuthorKind) -> str:
    return author.value
