"""Which of the customer's own orders they mean."""

import re

from domain.case import Case
from domain.commerce import Order
from domain.parties import AuthorKind
from domain.triage import Triage
from domain.values import Value
from integrations.assistant.local.conversation import asked_which_order, last_said, matter
from integrations.assistant.local.entities import EntityReader
from integrations.assistant.local.orders import OPEN_STATES
from integrations.assistant.local.patterns import read_patterns
from integrations.assistant.local.pointing import by_place
from integrations.assistant.local.relation import earlier_turns
from integrations.assistant.local.requests import says
from integrations.assistant.local.texts import TEXTS
from integrations.own_orders import own_orders
from integrations.shop.protocol import ShopReads

_WORD = re.compile(r"[^\W\d_]{4,}")
_MOST = 3
"""Orders that are told of at once."""


class Choice(Value):
    """Orders to tell of; or candidates to ask about; or a number that is none of the customer's."""

    orders: tuple[Order, ...] = ()
    candidates: tuple[Order, ...] = ()
    unknown_number: str = ""
    needs_proof: bool = False
    """A number beyond what the customer's proof covers: whether there is such an order is not said."""


class OrderChooser:
    """Looks only at orders of the verified customer: a stranger's order and a number that does not exist look alike."""

    def __init__(self, shop: ShopReads, entities: EntityReader) -> None:
        self._shop = shop
        self._entities = entities

    async def choose(self, case: Case, triage: Triage) -> Choice:
        """Numbers in the new turns first, then what the words point at. Exceptions of the shop pass through."""
        numbers = triage.entities.order_numbers
        if numbers:
            return await self._named(numbers[-1:] if _corrects(case, triage) else numbers, case)
        own = await own_orders(self._shop, case)
        if case.proven_orders is not None and self._beyond(case, own, triage.language):
            return Choice(needs_proof=True)
        return _by_words(case, own, self._mentioned(case), triage.language)

    async def _named(self, numbers: tuple[str, ...], case: Case) -> Choice:
        found = []
        for number in numbers[:_MOST]:
            order = await self._shop.order(number)
            if order is None or not case.may_tell(order):
                return Choice(unknown_number=number, needs_proof=case.proven_orders is not None)
            found.append(order)
        return Choice(orders=tuple(found))

    def _beyond(self, case: Case, own: tuple[Order, ...], language: str) -> bool:
        """Whether they ask for another order than those that the proof covers, all of which were told of."""
        told = self._mentioned(case)
        return says("other_one", case.unanswered, language) and all(order.number in told for order in own)

    def _mentioned(self, case: Case) -> tuple[str, ...]:
        """Order numbers in the last thing that the AI or a person said or the customer wrote before."""
        for turn in reversed(earlier_turns(case)):
            numbers = self._entities.read(turn.text).order_numbers if turn.author is not AuthorKind.SYSTEM else ()
            if numbers:
                return numbers
        return ()


def _corrects(case: Case, triage: Triage) -> bool:
    """Of two numbers in a correction (`not this, I meant that`) the last one counts."""
    several = len(triage.entities.order_numbers) > 1
    return several and says("neither", case.unanswered, triage.language) and bool(earlier_turns(case))


def _by_words(case: Case, own: tuple[Order, ...], mentioned: tuple[str, ...], language: str) -> Choice:
    text = case.unanswered
    told = tuple(order for number in mentioned for order in own if order.number == number)
    if picked := _answered(case, told, language):
        return Choice(orders=picked)
    likely = tuple(order for order in own if order.state in OPEN_STATES) or own[:1]
    if says("other_one", text, language) and told and len(told) < len(own):
        rest = tuple(order for order in likely if order not in told)
        return Choice(orders=rest) if len(rest) == 1 else Choice(candidates=rest or own)
    if named := naming_items(text, own) or naming_items(matter(case), own):
        return Choice(orders=named) if len(named) == 1 else Choice(candidates=named)
    if says("newest", text, language):
        return Choice(orders=own[:1])
    if len(told) == 1 and not (says("what_about", text, language) and len(own) > 1 and not _SMALL.search(text)):
        return Choice(orders=told)
    if len(likely) == 1 or says("all_of_them", text, language):
        return Choice(orders=likely[:_MOST])
    return Choice(candidates=likely)


_SMALL = re.compile(
    r"\b(?:order|parcel|package|delivery|it|bestellung|paket|lieferung|pedido|paquete|env[ií]o|commande|colis|livraison)\b",
    re.IGNORECASE,
)
"""`and the delivery?` is still about the order that was told of; `and the shoes?` may not be."""


def _answered(case: Case, told: tuple[Order, ...], language: str) -> tuple[Order, ...]:
    """The orders that the answer to our own question picks by their place in the list."""
    last = last_said(case)
    texts = TEXTS.get(language)
    if last is None or texts is None or not asked_which_order(last.text, texts):
        return ()
    return by_place(case.unanswered, told, language)[:_MOST]


def naming_items(text: str, own: tuple[Order, ...]) -> tuple[Order, ...]:
    """Orders with an item whose title shares a word with the text, or is of a kind that it names."""
    words = {word.lower().rstrip("s") for word in _WORD.findall(text)}
    hits = tuple(order for order in own if words & _title_words(order))
    if not hits:
        kinds = [kind for kind in read_patterns("items").values() if kind.search(text)]
        hits = tuple(order for order in own if any(kind.search(_titles(order)) for kind in kinds))
    return hits if len(hits) < len(own) else ()


def _titles(order: Order) -> str:
    return " ".join(f"{line.title} {line.category}" for line in order.lines)


def _title_words(order: Order) -> set[str]:
    return {word.lower().rstrip("s") for line in order.lines for word in _WORD.findall(line.title)}
