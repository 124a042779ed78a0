"""A small local shop to do things to: one customer, a shirt in three sizes, a mug, and orders of both."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import text
from sqlmodel import SQLModel

from domain.commerce import MethodKind, Order, OrderState, PaymentState, ShipmentState
from domain.flows.effects import Done
from domain.flows.refusal import Refused, Rule
from domain.flows.requests import ItemWanted, Swap
from integrations.shop.local import LocalShop
from integrations.shop.local_history import MoneyMove, money_moves
from integrations.shop.protocol import Effect
from store.commerce import (
    ShopCustomer,
    ShopOrder,
    ShopOrderLine,
    ShopPayment,
    ShopProduct,
    ShopShipment,
    ShopShipmentLine,
    ShopVariant,
)
from store.commerce_ledger import ShopPaymentMethod
from store.database import Database

THEN = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
PRICES = {"shirt-m": 2000, "shirt-l": 2500, "shirt-xl": 2000, "mug": 1000}
STOCK = 10
CARD, PAYPAL, GIFT = "mia-card", "mia-paypal", "mia-gift"
GIFT_BALANCE = 3000
SHIPPING = 500
Basket = tuple[tuple[str, int], ...]
TWO_SHIRTS_AND_A_MUG: Basket = (("shirt-m", 2), ("mug", 1))
"""5000 and shipping."""
TOTAL = 5500


class ShopScene:
    """A database with the shop in it. Orders are `O-<n>`, their lines `O-<n>-1` and so on."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.shop = LocalShop(database, pages_url="https://shop.example.com")

    async def prepare(self) -> "ShopScene":
        """Catalogue and customer."""
        await self._add(*_products(), _customer("mia"), _customer("leo"))
        await self._add(*(_variant(sku, index) for index, sku in enumerate(PRICES)), *_methods())
        return self

    async def place(
        self,
        number: str = "O-1",
        state: OrderState = OrderState.DELIVERED,
        basket: Basket = TWO_SHIRTS_AND_A_MUG,
        paid_by: str = CARD,
    ) -> str:
        """An order, paid in full but for a pending one; one parcel from `shipped` on. Answers its number."""
        worth = SHIPPING + sum(PRICES[sku] * units for sku, units in basket)
        await self._add(_order(number, state, worth))
        await self._add(*(_line(number, index, sku, units) for index, (sku, units) in enumerate(basket, 1)))
        await self.pay(number, worth, paid_by, pending=state is OrderState.PENDING)
        if state in (OrderState.SHIPPED, OrderState.DELIVERED):
            gone = ShipmentState.DELIVERED if state is OrderState.DELIVERED else ShipmentState.IN_TRANSIT
            await self.pack(number, gone, {index: units for index, (_, units) in enumerate(basket, 1)})
        return number

    async def pay(self, number: str, amount: int, method_id: str, *, pending: bool = False, minutes: int = 0) -> None:
        """A payment that came in some minutes after the order was placed."""
        await self._add(
            ShopPayment(
                payment_id=f"{number}-P{minutes + 1}",
                order_number=number,
                method="transfer" if pending else _KINDS[method_id].value,
                method_id="" if pending else method_id,
                amount_minor=amount,
                currency="EUR",
                state=(PaymentState.PENDING if pending else PaymentState.CAPTURED).value,
                captured_at=None if pending else THEN.replace(minute=30 + minutes),
            )
        )

    async def pack(self, number: str, state: ShipmentState, units: dict[int, int], name: str = "S1") -> None:
        """A parcel with units by line."""
        label = state is ShipmentState.LABEL_CREATED
        await self._add(
            ShopShipment(
                shipment_id=f"{number}-{name}",
                order_number=number,
                state=state.value,
                carrier="Parcelline",
                tracking_number=f"{number}{name}",
                shipped_at=None if label else THEN,
                delivered_at=THEN if state is ShipmentState.DELIVERED else None,
            )
        )
        await self._add(
            *(
                ShopShipmentLine(shipment_id=f"{number}-{name}", line_id=f"{number}-{line}", quantity=count)
                for line, count in units.items()
            )
        )

    async def order(self, number: str = "O-1") -> Order:
        """The order as it stands."""
        order = await self.shop.order(number)
        assert order is not None
        return order

    async def money_moves(self, number: str = "O-1") -> tuple[MoneyMove, ...]:
        """What was paid and given back for the order."""
        async with self.database.begin() as session:
            return await money_moves(session, number)

    async def stock(self, sku: str) -> int:
        """Units free to sell."""
        return int((await self.rows("SELECT stock FROM shop_variant WHERE sku = :sku", sku=sku))[0][0])

    async def balance(self, method_id: str = "mia-credit-eur") -> int | None:
        """What is left on a method; None if there is none of that id."""
        found = await self.rows("SELECT balance_minor FROM shop_payment_method WHERE method_id = :id", id=method_id)
        return found[0][0] if found else None

    async def rows(self, query: str, **arguments: object) -> list[Any]:
        """Rows as they are."""
        async with self.database.begin() as session:
            return list((await session.execute(text(query), arguments)).all())

    async def execute(self, statement: str, **arguments: object) -> None:
        """Change rows by hand."""
        async with self.database.begin() as session:
            await session.execute(text(statement), arguments)

    async def _add(self, *rows: SQLModel) -> None:
        async with self.database.begin() as session:
            session.add_all(rows)


def item(line: int = 1, quantity: int = 1, order: str = "O-1") -> ItemWanted:
    """Units of a line."""
    return ItemWanted(line_id=f"{order}-{line}", quantity=quantity)


def swap(new_sku: str, line: int = 1, quantity: int = 1, order: str = "O-1") -> Swap:
    """Units of a line for another variant."""
    return Swap(line_id=f"{order}-{line}", quantity=quantity, new_sku=new_sku)


def done(answer: Effect) -> Done:
    """The answer of an effect that happened."""
    assert isinstance(answer, Done), answer
    return answer


def refused(answer: Effect) -> Rule:
    """The rule that an effect was refused by."""
    assert isinstance(answer, Refused), answer
    return answer.rule


_KINDS = {CARD: MethodKind.CARD, PAYPAL: MethodKind.PAYPAL, GIFT: MethodKind.GIFT_CARD}


def _customer(name: str) -> ShopCustomer:
    return ShopCustomer(
        customer_id=name,
        name=name.title(),
        email=f"{name}@example.com",
        tier="standard",
        currency="EUR",
        created_at=THEN,
    )


def _products() -> list[SQLModel]:
    return [
        ShopProduct(product_id=product_id, title=title, category="Things", description=title)
        for product_id, title in (("shirt", "Shirt"), ("mug", "Mug"))
    ]


def _variant(sku: str, position: int) -> ShopVariant:
    product, _, size = sku.partition("-")
    return ShopVariant(
        sku=sku,
        product_id=product,
        position=position,
        options={"size": size.upper()} if size else {},
        price_minor=PRICES[sku],
        currency="EUR",
        stock=STOCK,
    )


def _methods() -> list[SQLModel]:
    return [
        ShopPaymentMethod(
            method_id=method_id,
            customer_id="mia",
            kind=kind.value,
            balance_minor=GIFT_BALANCE if kind is MethodKind.GIFT_CARD else None,
            currency="EUR",
        )
        for method_id, kind in _KINDS.items()
    ]


def _order(number: str, state: OrderState, worth: int) -> ShopOrder:
    return ShopOrder(
        number=number,
        customer_id="mia",
        email="mia@example.com",
        state=state.value,
        placed_at=THEN,
        shipping_minor=SHIPPING,
        total_minor=worth,
        currency="EUR",
        postcode="04109",
        country="DE",
        shipping_method="standard",
    )


def _line(number: str, position: int, sku: str, units: int) -> ShopOrderLine:
    return ShopOrderLine(
        line_id=f"{number}-{position}",
        order_number=number,
        position=position,
        sku=sku,
        title=sku,
        quantity=units,
        unit_price_minor=PRICES[sku],
    )
