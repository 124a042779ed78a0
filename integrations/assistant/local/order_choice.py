"""Which of the customer's own orders they mean."""

import re

from domain.case import Case
from domain.commerce import Order
from domain.parties import AuthorKind
from domain.triage import Triage
from domain.values import Value
from integrations.assistant.local.entities import EntityReader
from integrations.assistant.local.orders import OPEN_STATES
from integrations.shop.protocol import Shop

_ALL = re.compile(r"\b(?:both|all|each|every|either|all of them|orders)\b", re.IGNORECASE)
_OTHER_ONE = re.compile(r"\b(?:other|second|remaining|rest)\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{4,}")
_RECENT = 5


class Choice(Value):
    """Orders to tell of; or candidates to ask about; or a number that is none of the customer's."""

    orders: tuple[Order, ...] = ()
    candidates: tuple[Order, ...] = ()
    unknown_number: str = ""


class OrderChooser:
    """Looks only at orders of the verified customer: a stranger's order and a number that does not exist look alike."""

    def __init__(self, shop: Shop, entities: EntityReader) -> None:
        self._shop = shop
        self._entities = entities

    async def choose(self, case: Case, triage: Triage, customer_id: str) -> Choice:
        """Numbers in the new turns first, then what the words point at. Exceptions of the shop pass through."""
        if triage.entities.order_numbers:
            return await self._named(triage.entities.order_numbers, customer_id)
        recent = await self._shop.recent_orders(customer_id, _RECENT)
        own = tuple(order for order in recent if order.customer_id == customer_id)
        return _by_words(case, own, self._mentioned(case))

    async def _named(self, numbers: tuple[str, ...], customer_id: str) -> Choice:
        found = []
        for number in numbers[:3]:
            order = await self._shop.order(number)
            if order is None or order.customer_id != customer_id:
                return Choice(unknown_number=number)
            found.append(order)
        return Choice(orders=tuple(found))

    def _mentioned(self, case: Case) -> tuple[str, ...]:
        """Order numbers in the last thing that the AI or a person said or the customer wrote before."""
        new = case.unanswered
        before = [turn for turn in case.turns if turn.author is not AuthorKind.SYSTEM and turn.text not in new]
        for turn in reversed(before):
            numbers = self._entities.read(turn.text).order_numbers
            if numbers:
                return numbers
        return ()


def _by_words(case: Case, own: tuple[Order, ...], mentioned: tuple[str, ...]) -> Choice:
    text = case.unanswered
    open_orders = tuple(order for order in own if order.state in OPEN_STATES)
    likely = open_orders or own[:1]
    told = tuple(order for order in own if order.number in mentioned)
    if _OTHER_ONE.search(text) and told and len(told) < len(own):
        rest = tuple(order for order in likely if order not in told)
        return Choice(orders=rest) if len(rest) == 1 else Choice(candidates=rest or own)
    if named := _naming_items(text, own):
        return Choice(orders=named) if len(named) == 1 else Choice(candidates=named)
    if len(told) == 1:
        return Choice(orders=told)
    if _ALL.search(text) or len(likely) == 1:
        return Choice(orders=likely)
    return Choice(candidates=likely)


def _naming_items(text: str, own: tuple[Order, ...]) -> tuple[Order, ...]:
    """Orders with an item whose title shares a word with the text, where that tells orders apart."""
    words = {word.lower().rstrip("s") for word in _WORD.findall(text)}
    hits = tuple(order for order in own if words & _title_words(order))
    return hits if len(hits) < len(own) else ()


def _title_words(order: Order) -> set[str]:
    return {word.lower().rstrip("s") for line in order.lines for word in _WORD.findall(line.title)}
