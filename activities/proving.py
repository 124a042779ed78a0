"""Proof of identity in a conversation: reading what was given, and asking for what is missing."""

from domain.case import Case
from domain.proposal import Proposal, Question
from domain.triage import Entities
from integrations.shop.protocol import Shop
from store.database import Database


class Proving:
    """Hears proofs and asks for them. A failed proof says the same whether or not the order or address exists."""

    def __init__(self, database: Database, shop: Shop) -> None:
        self._database = database
        self._shop = shop

    async def hear(self, case: Case, named: Entities) -> bool:
        """Whether the customer's unanswered words prove who they are; recorded once, and limited in tries."""
        return False

    async def ask(self, case: Case, question: Question) -> Proposal:
        """What is said to somebody who is to prove who they are: a question, or a handoff when tries are used up."""
        return question
