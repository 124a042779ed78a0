"""Playing a case: the customer writes turn by turn, and what Baton makes of it is written down."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlmodel import col

from activities.assisting import AssistantActivities
from activities.cases import CaseReader
from activities.delivering import DeliveryActivities
from activities.serving_people import PeopleActivities
from activities.storytelling import StoryActivities
from cli.errors import CommandFailed
from cli.evaluating.cases import CustomerTurn, Outcome, ReadyCase
from cli.evaluating.ground import Ground
from cli.evaluating.heard import Heard, HeardTurn, Utterance
from cli.evaluating.making import made_assistant
from cli.evaluating.overhearing import Overheard
from cli.evaluating.rehearsal import Story, Verbs
from domain.commerce import ShopCustomer
from domain.flows.kinds import FlowKind
from domain.interaction import Resolution
from domain.message import Attachment, ClaimedIdentity, InboundMessage
from domain.parties import AuthorKind, Channel, IdentityKind
from domain.proposal import Citation
from integrations.assistant.protocol import Assistant
from store.conversations import Message
from store.customers import Customer
from store.flow_wishes import FlowWish
from store.flows import Flow
from store.ids import new_id
from store.interactions import Interaction
from store.proofs import proven
from store.receiving import CustomerProfile, Reception
from store.speaking import Draft
from workers.wiring import Adapters, front_door

_ALL_ORDERS = 1000
_PICTURE = Attachment(filename="photo.png", media_type="image/png", size=8, content=b"\x89PNG\r\n\x1a\n")


class NoSuchCustomer(CommandFailed):
    """A case names a customer whom the demo shop does not have."""


class Stage:
    """Everything that conversations are played with; made once, since making an assistant takes seconds."""

    def __init__(self, ground: Ground, adapters: Adapters, assistant: Assistant) -> None:
        self.ground, self.shop = ground, adapters.shop()
        self.assistant = Overheard(assistant)
        database = ground.database
        self.reception = Reception(database)
        chat = adapters.channels()[Channel.CHAT]
        cases = CaseReader(database, self.shop)
        self.verbs = Verbs(
            ai=AssistantActivities(database, cases, self.assistant, front_door(ground.settings)),
            story=StoryActivities(database),
            people=PeopleActivities(database),
            # What is sent is read from the store, on whichever channel it goes out.
            delivery=DeliveryActivities(database, dict.fromkeys(Channel, chat)),
        )

    async def play(self, case: ReadyCase) -> Heard:
        """The whole conversation, as the first that this database sees. Raises `NoSuchCustomer`, `NoSuchOrder`."""
        await self.ground.fresh(case.shop)
        writer = Writer(self, case, await self.customer(case))
        turns = [await writer.says(turn) for turn in case.turns]
        return Heard(turns=tuple(turns), outcome=writer.outcome())

    async def customer(self, case: ReadyCase) -> ShopCustomer | None:
        """Who writes in truth. Raises `NoSuchCustomer`."""
        if not case.customer:
            return None
        by_email = "@" in case.customer
        found = await (self.shop.customer_by_email if by_email else self.shop.customer)(case.customer)
        if found is None:
            raise NoSuchCustomer(f"case '{case.name}': the demo shop has no customer {case.customer}")
        return found


class Writer:
    """The customer of a case, and the stories that their messages begin."""

    def __init__(self, stage: Stage, case: ReadyCase, customer: ShopCustomer | None) -> None:
        self._stage, self._case, self._customer = stage, case, customer
        self._thread = new_id()
        self._sent: list[str] = []
        self._stories: dict[str, Story] = {}
        self._flows: set[str] = set()

    async def says(self, turn: CustomerTurn) -> HeardTurn:
        """Write, and write down what follows."""
        self._stage.assistant.begin()
        receipts = [
            await self._stage.reception.receive(self._inbound(turn, text), self._profile()) for text in turn.text
        ]
        before = {key: len(story.said) for key, story in self._stories.items()}
        had_people = any(story.with_people for story in self._stories.values())
        story = self._story(receipts[-1].interaction_id)
        while True:
            await story.hears([receipt.message_id for receipt in receipts])
            if not story.split:
                break
            key, story.split, receipts = story.split, "", []
            story = self._story(key)
        return await self._written(turn, before, had_people=had_people)

    def _story(self, interaction_id: str) -> Story:
        fresh = Story(self._stage.ground.database, self._stage.verbs, interaction_id)
        return self._stories.setdefault(interaction_id, fresh)

    def outcome(self) -> Outcome:
        """How all of it ends if nobody writes any more: people before a question before an answer."""
        ends = {_end(story) for story in self._stories.values()}
        order = (Outcome.HANDOFF, Outcome.QUESTION, Outcome.RESOLVED, Outcome.SET_ASIDE)
        return next(outcome for outcome in order if outcome in ends)

    # --- writing --------------------------------------------------------------------------------------------------

    def _inbound(self, turn: CustomerTurn, text: str) -> InboundMessage:
        mail = self._case.channel is Channel.EMAIL
        key = f"<{new_id()}@mail.example>" if mail else f"{self._thread}:{new_id()}"
        before = tuple(reversed(self._sent)) if mail else (self._thread,)
        self._sent.append(key)
        return InboundMessage(
            channel=self._case.channel,
            account="support@outfitters.example" if mail else self._case.channel.value,
            provider_message_id=key,
            thread_refs=before,
            sender=self._sender(),
            further_identities=self._proof(),
            text=text,
            attachments=(_PICTURE,) if turn.photo else (),
            auto_submitted=turn.automatic,
        )

    def _sender(self) -> ClaimedIdentity:
        match self._case.channel:
            case Channel.EMAIL:
                address = self._customer.email if self._customer else f"{self._thread}@mail.example"
                return ClaimedIdentity(kind=IdentityKind.EMAIL, value=address, verified=self._case.verified)
            case Channel.CHAT | Channel.API:
                return ClaimedIdentity(kind=IdentityKind.CHAT_SESSION, value=self._thread, verified=True)
            case _:
                return ClaimedIdentity(kind=IdentityKind.SOCIAL, value=self._thread)

    def _proof(self) -> tuple[ClaimedIdentity, ...]:
        if self._customer is None or not self._case.verified or self._case.channel is Channel.EMAIL:
            return ()
        return (ClaimedIdentity(kind=IdentityKind.SHOP_CUSTOMER, value=self._customer.customer_id, verified=True),)

    def _profile(self) -> CustomerProfile | None:
        if self._customer is None or not self._case.verified:
            return None
        known = self._customer
        return CustomerProfile(tier=known.tier, display_name=known.name, shop_customer_id=known.customer_id)

    # --- writing down ---------------------------------------------------------------------------------------------

    async def _written(self, turn: CustomerTurn, before: dict[str, int], *, had_people: bool) -> HeardTurn:
        stories = list(self._stories.values())
        answers = [
            await self._utterance(story, said)
            for story in stories
            for said in story.said[before.get(story.interaction_id, 0) :]
        ]
        with_people = any(story.with_people for story in stories)
        reasons = (story.handoff for story in stories if story.with_people)
        return HeardTurn(
            said="\n".join(turn.text),
            answers=tuple(answers),
            begun=await self._begun(),
            handoff=next(reasons, None) if with_people and not had_people else None,
            with_people=with_people,
            understood=self._understood(),
            failed=next((story.failed for story in stories if story.failed), ""),
        )

    def _understood(self) -> str:
        triage = self._stage.assistant.understood
        return f"{triage.issue} {triage.confidence:.2f} {triage.relation} {triage.language}" if triage else ""

    async def _utterance(self, story: Story, said: str) -> Utterance:
        async with self._stage.ground.database.begin() as session:
            draft = await session.get(Draft, said)
            if draft is None:
                notice = await session.get_one(Message, said)
                return Utterance(author=AuthorKind(notice.author), text=notice.body)
            wish = (await session.execute(select(FlowWish).where(col(FlowWish.draft_id) == said))).scalar_one_or_none()
        statements = self._stage.assistant.statements_of(draft.body)
        return Utterance(
            author=AuthorKind.AI,
            text=draft.body,
            question=draft.question,
            citations=tuple(Citation.model_validate(one) for one in draft.citations),
            statements=tuple(statements) if statements is not None else None,
            reads_back=FlowKind(str(wish.request["kind"])) if wish else None,
            may_hear_of=await self._proven_orders(story),
        )

    async def _proven_orders(self, story: Story) -> tuple[str, ...]:
        """Orders of who writes in truth, as far as they have proven them: whoever else the store takes them for."""
        async with self._stage.ground.database.begin() as session:
            interaction = await session.get_one(Interaction, story.interaction_id)
            proof = await proven(session, await session.get_one(Customer, interaction.customer_id))
        if proof is None or self._customer is None or proof.shop_customer_id != self._customer.customer_id:
            return ()
        orders = await self._stage.shop.recent_orders(self._customer.customer_id, _ALL_ORDERS)
        return tuple(order.number for order in orders if proof.orders is None or order.number in proof.orders)

    async def _begun(self) -> tuple[FlowKind, ...]:
        """Flows that were started since the last look."""
        async with self._stage.ground.database.begin() as session:
            rows: Sequence[Flow] = (await session.execute(select(Flow).order_by(col(Flow.opened_at)))).scalars().all()
        new = [row for row in rows if row.id not in self._flows]
        self._flows |= {row.id for row in new}
        return tuple(FlowKind(row.kind) for row in new)


def _end(story: Story) -> Outcome:
    if story.with_people:
        return Outcome.HANDOFF
    if story.resolution is Resolution.SET_ASIDE or not story.said:
        return Outcome.SET_ASIDE
    waits = story.asked and story.resolution is None
    return Outcome.QUESTION if waits or not story.answered else Outcome.RESOLVED


async def made_stage(ground: Ground, adapters: Adapters) -> Stage:
    """A stage with the assistant of the settings. Raises `AssistantNotUsable`."""
    return Stage(ground, adapters, await made_assistant(adapters))
