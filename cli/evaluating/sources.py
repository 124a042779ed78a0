"""What the cited sources of a statement hold, and whose facts a text names."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from functools import reduce

from sqlalchemy import select
from sqlmodel import col

from cli.evaluating.tokens import NOTHING, Tokens, codes
from domain.commerce import ShopCustomer
from domain.money import Money
from domain.proposal import Citation, CitationKind
from domain.values import Value
from integrations.shop.protocol import Shop
from store.articles import Article
from store.commerce import ShopCustomer as CustomerRow
from store.commerce import ShopOrder, ShopShipment
from store.conversations import Message
from store.database import Database

_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


class Sources:
    """Reads what stands behind citations."""

    def __init__(self, database: Database, shop: Shop) -> None:
        self._database = database
        self._shop = shop

    async def held_by(self, citations: Iterable[Citation]) -> Tokens:
        """Numbers and days of all cited sources; a source that does not exist holds nothing."""
        held = NOTHING
        for citation in citations:
            held = held.joined(await self._behind(citation))
        return held

    async def of_orders(self, numbers: Iterable[str]) -> Tokens:
        """Numbers and days of orders and of what could be bought instead of their items."""
        held = NOTHING
        for number in numbers:
            held = held.joined(await self._order(number))
            order = await self._shop.order(number)
            for line in order.lines if order else ():
                held = held.joined(_held(await self._shop.product(line.product_id)))
        return held

    async def foreign(self, text: str, own: Sequence[str], customer: ShopCustomer | None) -> list[str]:
        """Orders, parcels and addresses of the shop that the text names, none of them `own` or the customer's."""
        numbers, addresses = codes(text), [found.lower() for found in _ADDRESS.findall(text)]
        mine = customer.email if customer else ""
        async with self._database.begin() as session:
            orders = select(col(ShopOrder.number)).where(col(ShopOrder.number).in_(numbers))
            parcels = select(ShopShipment).where(col(ShopShipment.tracking_number).in_(numbers))
            people = select(col(CustomerRow.email)).where(col(CustomerRow.email).in_(addresses))
            named = [number for number in (await session.execute(orders)).scalars() if number not in own]
            for parcel in (await session.execute(parcels)).scalars():
                named += [parcel.tracking_number] if parcel.order_number not in own else []
            named += [email for email in (await session.execute(people)).scalars() if email != mine]
        return sorted(set(named))

    async def owned(self, citation: Citation) -> str:
        """The number of the order that a citation points to; empty for other sources."""
        if citation.kind is CitationKind.ORDER:
            return citation.ref
        if citation.kind is CitationKind.SHIPMENT:
            async with self._database.begin() as session:
                parcel = await session.get(ShopShipment, citation.ref)
            return parcel.order_number if parcel else ""
        return ""

    async def _behind(self, citation: Citation) -> Tokens:
        match citation.kind:
            case CitationKind.ARTICLE:
                return await self._article(citation)
            case CitationKind.ORDER | CitationKind.SHIPMENT:
                return await self._order(await self.owned(citation))
            case CitationKind.PRODUCT:
                return _held(await self._shop.product(citation.ref))
            case CitationKind.MESSAGE:
                async with self._database.begin() as session:
                    message = await session.get(Message, citation.ref)
                return Tokens.of(message.body) if message else NOTHING
            case CitationKind.CUSTOMER:
                return _held(await self._shop.customer(citation.ref))
            case _:
                return NOTHING

    async def _order(self, number: str) -> Tokens:
        """All of it with what was paid back, and what can be counted or added up."""
        order = await self._shop.order(number)
        if order is None:
            return NOTHING
        sums = [line.unit_price.minor * line.quantity for line in order.lines]
        counts = range(max(len(order.lines), len(order.shipments)) + 1)
        counted = _facts([*map(_major, sums), *map(str, counts)], [])
        return _joined([_held(order), _held(await self._shop.refunds(number)), counted])

    async def _article(self, citation: Citation) -> Tokens:
        query = select(Article).where(col(Article.slug) == citation.ref)
        if citation.version is not None:
            query = query.where(col(Article.version) == citation.version)
        async with self._database.begin() as session:
            found = list((await session.execute(query)).scalars())
        return Tokens.of("\n".join(f"{article.title}\n{article.body}" for article in found))


def _held(value: object, name: str = "") -> Tokens:
    """Numbers and days of a value of the domain, field by field; `name` is the field that holds it."""
    match value:
        case Money():
            return _facts([_major(value.minor)], [])
        case Value():
            return _joined(_held(getattr(value, field), field) for field in type(value).model_fields)
        case dict():
            return _joined(_held(item) for item in value.values())
        case tuple() | list():
            return _joined(_held(item) for item in value)
        case datetime() | date():
            return _facts([], [value])
        case str():
            return Tokens.of(value)
        case int():
            return _facts([_major(value) if name.endswith("_minor") else str(value)], [])
        case _:
            return NOTHING


def _joined(parts: Iterable[Tokens]) -> Tokens:
    return reduce(Tokens.joined, parts, NOTHING)


def _facts(numbers: Iterable[str], moments: Iterable[date | datetime]) -> Tokens:
    return Tokens.facts(numbers, moments, datetime.now(UTC).date())


def _major(minor: int) -> str:
    """Minor units as people write them."""
    return f"{minor / 100:.2f}"
