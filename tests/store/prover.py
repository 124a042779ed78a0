"""A stranger who has to prove who they are: real store, local shop; codes are taken as they are handed to be sent."""

import re

from activities.cases import CaseReader
from activities.proving import Proving
from activities.sending_codes import NewCode
from domain.case import Case
from domain.message import DeliveryState, Receipt
from domain.parties import AuthorKind
from domain.proposal import Handoff, Question
from domain.proving import Proven, code_of
from domain.triage import Entities, IssueType, Triage
from store.conversations import Message
from store.database import Database
from store.proofs import proven
from store.speaking import lock_conversation
from tests.store.scene import Scene
from tests.store.shop_scene import ShopScene

KEY = "k" * 32
_ORDER = re.compile(r"\bO[- ]?(\d{1,6})\b", re.IGNORECASE)


class CodesTaken:
    """Takes codes instead of mailing them (`activities.sending_codes.CodeSender`)."""

    secret_key = KEY

    def __init__(self) -> None:
        self.sent: list[NewCode] = []

    def send(self, code: NewCode) -> None:
        """Keep it."""
        self.sent.append(code)

    @property
    def newest(self) -> str:
        """The digits of the last one."""
        return code_of(KEY, self.sent[-1].code_id)


class Prover:
    """What a test of proofs holds in its hands. Mia has ordered O-1 and O-2, to 04109 Leipzig; Leo O-9, to 10115."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.scene, self.shop = Scene(database), ShopScene(database)
        self.codes = CodesTaken()
        self.cases = CaseReader(database, self.shop.shop)
        self.proving = Proving(database, self.shop.shop, self.codes)
        self.interaction_id = ""

    async def prepare(self) -> "Prover":
        """The policy, the shop and its orders."""
        await self.scene.prepare()
        await self.shop.prepare()
        for number in ("O-1", "O-2", "O-9"):
            await self.shop.place(number)
        leos = "UPDATE shop_order SET customer_id = 'leo', email = 'leo@example.com', postcode = '10115'"
        await self.shop.execute(f"{leos} WHERE number = 'O-9'")
        return self

    async def writes(self, words: str, thread: str = "thread") -> Receipt:
        """The stranger writes in a chat."""
        receipt = await self.scene.chat(thread, words)
        self.interaction_id = receipt.interaction_id
        return receipt

    async def hear(self) -> bool:
        """What triage does with it."""
        return await self.proving.hear(await self.case(), _named(await self.case()))

    async def ask(self) -> str:
        """What is said to them by way of asking for proof; empty: a person gets the case."""
        case = await self.case()
        triage = Triage(issue=IssueType.ORDER_STATUS, confidence=0.9, entities=_named(case))
        asked = await self.proving.ask(case.model_copy(update={"triage": triage}), Question(text="?", asks_proof=True))
        if isinstance(asked, Handoff):
            return ""
        assert isinstance(asked, Question)
        assert asked.asks_proof
        return asked.text

    async def answered(self, words: str) -> None:
        """What was asked is said."""
        found = await self.shop.rows("SELECT id FROM conversation WHERE interaction_id = :i", i=self.interaction_id)
        async with self.database.begin() as session:
            conversation = await lock_conversation(session, str(found[0][0]))
            conversation.last_seq += 1
            session.add(
                Message(
                    conversation_id=conversation.id,
                    interaction_id=self.interaction_id,
                    account="chat",
                    provider_message_id=f"said:{conversation.id}:{conversation.last_seq}",
                    author=AuthorKind.AI.value,
                    body=words,
                    state=DeliveryState.SENT.value,
                    seq=conversation.last_seq,
                )
            )

    async def says(self, words: str, thread: str = "thread") -> str | None:
        """They write; None: it proves who they are, else what they hear."""
        await self.writes(words, thread)
        if await self.hear():
            return None
        asked = await self.ask()
        await self.answered(asked or "a person will see to it")
        return asked

    async def case(self) -> Case:
        """The case as the assistant reads it now."""
        return (await self.cases.read(self.interaction_id))[0]

    async def proof(self) -> Proven | None:
        """What they have proven."""
        customer = await self.scene.customer(self.interaction_id)
        async with self.database.begin() as session:
            return await proven(session, customer)

    async def ages(self, table: str, column: str, interval: str) -> None:
        """Time passes for all rows of a table."""
        await self.shop.execute(f"UPDATE {table} SET {column} = {column} - interval '{interval}'")  # noqa: S608

    async def count(self, query: str) -> int:
        """One number."""
        return int((await self.shop.rows(query))[0][0])


def _named(case: Case) -> Entities:
    return Entities(order_numbers=tuple(f"O-{digits}" for digits in _ORDER.findall(case.unanswered)))
