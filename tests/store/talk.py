"""A conversation about a flow: real store and local shop, a scripted assistant; what the story does is done by hand."""

from sqlalchemy import select
from sqlmodel import col

from activities.assisting import AssistantActivities
from activities.cases import CaseReader
from activities.records import CaseRef, Composed
from domain.delivery import Posting
from domain.front_door import FrontDoor
from domain.parties import AuthorKind
from domain.plan import Plan, Stage
from domain.policy import Policy
from domain.policy_file import read_policy
from store.database import Database
from store.flows import Flow
from store.interactions import lock_interaction
from store.speaking import Draft, post_draft
from tests.fakes.assistant import ScriptedAssistant
from tests.store.scene import Scene
from tests.store.shop_scene import ShopScene

DOOR = FrontDoor(public_url="https://help.shop.example", secret_key="k" * 32)
_POLICY = """
brand: {name: Test Shop, ai_label: Test Shop AI}
assistant: {mode: auto}
overflow: support
teams: {support: {title: Support}}
tiers: {guest: {}, standard: {}, vip: {}}
commerce:
  returns: {unlimited: true, fee: {EUR: 300}, reasons: [], approval: {above: {EUR: 4000}}}
  exchanges: {unlimited: true}
  claims: {days: 3000}
matrix: {}
defaults: [{plan: [ai, "queue:support"]}]
"""


class Talk:
    """What a test of a dialogue holds in its hands; the customer is Mia, signed in at the shop."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.scene, self.shop = Scene(database), ShopScene(database)
        self.assistant = ScriptedAssistant()
        cases = CaseReader(database, self.shop.shop)
        self.verbs = AssistantActivities(database, cases, self.assistant, DOOR)
        self.interaction_id = ""

    async def prepare(self, policy: Policy | None = None) -> "Talk":
        """The shop with one delivered order, and the policy."""
        await self.scene.prepare(policy or read_policy(_POLICY))
        await self.shop.prepare()
        await self.shop.place()
        return self

    async def says(self, words: str, plan: str = "flow:return", *, who: str = "mia", otherwise: str = "") -> Composed:
        """The customer writes; the case is at this stage; what the AI composes of it."""
        receipt = await self.scene.chat("thread", words, shop=who)
        self.interaction_id = receipt.interaction_id
        await self.verbs.triage(self.ref)
        async with self.database.begin() as session:
            row = await lock_interaction(session, self.interaction_id)
            stage = Stage.parse(plan).model_copy(update={"otherwise": otherwise})
            row.plan = Plan(stages=(stage,), cell="test").model_dump(mode="json")
        return await self.verbs.compose(self.ref)

    async def hears(self, words: str, plan: str = "flow:return", *, who: str = "mia") -> str:
        """The customer writes, and the AI's answer reaches them."""
        return await self.said(await self.says(words, plan, who=who))

    async def agrees(self, words: str = "yes please") -> str:
        """The customer says yes, and what follows from it."""
        composed = await self.says(words)
        assert composed.collected, await self.text(composed)
        return await self.said(await self.verbs.start_flow(self.ref))

    async def said(self, composed: Composed) -> str:
        """The draft goes out."""
        assert composed.draft_id, composed
        async with self.database.begin() as session:
            posting, _ = await post_draft(session, composed.draft_id, suggestion_seconds=60)
            assert posting is Posting.QUEUED
            draft = await session.get_one(Draft, composed.draft_id)
            assert draft.message_id
        async with self.database.begin() as session:
            conversation = (await self.scene.message(draft.message_id)).conversation_id
        await self.scene.claim(conversation, by_commit=True)
        message = await self.scene.message(draft.message_id)
        assert message.author == AuthorKind.AI.value
        return message.body

    async def text(self, composed: Composed) -> str:
        """The words of a draft that has not gone out."""
        async with self.database.begin() as session:
            return (await session.get_one(Draft, composed.draft_id)).body if composed.draft_id else ""

    async def flows(self) -> list[Flow]:
        """All that were started."""
        async with self.database.begin() as session:
            return list((await session.execute(select(Flow).order_by(col(Flow.opened_at)))).scalars())

    @property
    def ref(self) -> CaseRef:
        """The case."""
        return CaseRef(interaction_id=self.interaction_id, handled_seq=0)
