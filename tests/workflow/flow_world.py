"""The shop on the stage of flows: its rows, faults that a test plans, and what must be true of it in the end."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel, col

from domain.flows.kinds import FlowOutcome
from domain.flows.refusal import Refused
from integrations.shop.local import LocalShop
from integrations.shop.protocol import Effect
from store import commerce
from store.commerce_ledger import ShopHold, ShopPaymentLink, ShopPaymentMethod, ShopRefund, ShopReturn, ShopStockMove
from store.database import Database
from store.flows import Flow, FlowTask
from store.ids import new_id
from tests.fakes.shop import Fault, FaultyShop

CUSTOMER, CARD = "cus-1", "cus-1-card"
_STOCK = 1000
"""What every variant begins with."""


class PlannedShop(FaultyShop):
    """A shop whose faults are planned for a flow's effect, by the key that begins with the step's name; each once.

    Besides the faults of `FaultyShop` a call can `hang` until its worker is gone, before or after it was done.
    """

    def __init__(self, shop: LocalShop) -> None:
        super().__init__(shop)
        self.faults: dict[tuple[str, str], Fault | Refused | str] = {}
        self.hanging = 0
        self.refusing: dict[str, Refused] = {}
        """What a step is refused as long as it is in here, whichever flow it is for."""

    def _next(self, verb: str, key: str) -> Fault | Refused | None:
        super()._next(verb, key)
        step, _, flow_id = key.rpartition(":")
        planned = self.refusing.get(step) or self.faults.pop((step, flow_id), None)
        return None if isinstance(planned, str) else planned

    async def _do(self, verb: str, key: str, act: Callable[[], Awaitable[Effect]]) -> Effect:
        step, _, flow_id = key.rpartition(":")
        planned = self.faults.get((step, flow_id))
        if planned in ("hang_before", "hang_after"):
            del self.faults[step, flow_id]
            if planned == "hang_after":
                await super()._do(verb, key, act)
            self.hanging += 1
            await asyncio.Event().wait()
        return await super()._do(verb, key, act)


class FlowWorld:
    """What a test of a flow sees of the shop."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.shop = PlannedShop(LocalShop(database))
        self._orders = 0

    async def flow(self, flow_id: str) -> Flow:
        """The flow's row as it is now."""
        async with self.database.begin() as session:
            return await session.get_one(Flow, flow_id)

    async def order(self, *quantities: int, state: str = "delivered", price: int = 2000) -> str:
        """An order of `BASE` units, one line for each quantity, paid by card; delivered yesterday unless `paid`."""
        self._orders += 1
        number, yesterday = f"BT-{self._orders}", datetime.now(UTC) - timedelta(days=1)
        units = quantities or (1,)
        total = sum(units) * price
        lines = [
            commerce.ShopOrderLine(
                line_id=f"{number}-{n}", order_number=number, position=n, sku="base", title="Base", quantity=quantity,
                unit_price_minor=price,
            )
            for n, quantity in enumerate(units, 1)
        ]  # fmt: skip
        async with self.database.begin() as session:
            session.add(_order(number, state, total, yesterday))
            await session.flush()
            session.add_all([*lines, _payment(number, total, yesterday)])
            if state != "paid":
                session.add(_parcel(number, yesterday))
                await session.flush()
                session.add_all(
                    commerce.ShopShipmentLine(shipment_id=f"{number}-S", line_id=line.line_id, quantity=line.quantity)
                    for line in lines
                )
        return number

    async def parcel_is(self, order: str, state: str) -> None:
        """The carrier says so of the order's parcel."""
        async with self.database.begin() as session:
            parcel = await session.get_one(commerce.ShopShipment, f"{order}-S")
            parcel.state, parcel.delivered_at = state, parcel.shipped_at if state == "delivered" else None

    async def send_everything(self, order: str) -> None:
        """The warehouse has sent it."""
        async with self.database.begin() as session:
            row = await session.get_one(commerce.ShopOrder, order)
            row.state = "shipped"

    async def stock(self, sku: str, units: int | None = None) -> int:
        """Set a variant's stock, with its move on record; answers what it is now."""
        async with self.database.begin() as session:
            variant = await session.get_one(commerce.ShopVariant, sku, with_for_update=True)
            if units is not None:
                delta = units - variant.stock
                session.add(ShopStockMove(sku=sku, delta=delta, cause="test", effect_key=new_id()))
                variant.stock = units
            return variant.stock

    async def rows(self, table: type[SQLModel], order: str) -> list[SQLModel]:
        """What a table of the shop holds of an order."""
        async with self.database.begin() as session:
            query = select(table).where(table.__table__.c.order_number == order)
            return list((await session.execute(query)).scalars())

    async def states(self, table: type[SQLModel], order: str) -> list[str]:
        """The states of an order's holds, returns, payments or links, sorted."""
        return sorted(row.state for row in await self.rows(table, order))

    async def paid(self, order: str) -> tuple[int, int]:
        """What an order's payments took in all, and what of it has gone back."""
        payments = await self.rows(commerce.ShopPayment, order)
        return sum(p.amount_minor for p in payments), sum(p.refunded_minor for p in payments)

    # --- promises -------------------------------------------------------------------------------------------------

    async def nothing_is_half_done(self, flow_id: str) -> None:
        """The flow has ended, and the shop's tables hold nothing of it that is neither done nor undone."""
        flow = await self.flow(flow_id)
        assert not flow.is_open
        order = flow.order_number
        assert "held" not in await self.states(ShopHold, order)
        assert "open" not in await self.states(ShopReturn, order)
        assert "open" not in await self.states(ShopPaymentLink, order)
        taken, back = await self.paid(order)
        assert 0 <= back <= taken
        shipped = "shipped" in await self.states(ShopHold, order)
        if flow.outcome != FlowOutcome.SETTLED.value and not shipped:
            assert taken == back + await self._first_payment(order), "what a flow took it gives back"
        async with self.database.begin() as session:
            open_tasks = select(func.count()).select_from(FlowTask).where(
                col(FlowTask.flow_id) == flow_id, col(FlowTask.state) == "open"
            )  # fmt: skip
            assert (await session.execute(open_tasks)).scalar_one() == 0
            claims = text("SELECT count(*) FROM flow_claim WHERE flow_id = :id")
            assert (await session.execute(claims, {"id": flow_id})).scalar_one() == 0
        await self.no_unit_is_lost()

    async def _first_payment(self, order: str) -> int:
        payments = await self.rows(commerce.ShopPayment, order)
        return sum(p.amount_minor for p in payments if not p.effect_key)

    async def no_unit_is_lost(self) -> None:
        """Every variant's stock is what it began with and every move since."""
        async with self.database.begin() as session:
            moved = text(
                """SELECT v.sku FROM shop_variant v LEFT JOIN shop_stock_move m USING (sku)
                   GROUP BY v.sku HAVING v.stock <> :began + COALESCE(sum(m.delta), 0)"""
            )
            assert (await session.execute(moved, {"began": _STOCK})).all() == []

    async def refunds(self, order: str) -> list[tuple[int, str]]:
        """Amount and place of each refund of an order, sorted; what it took from several payments is one."""
        amounts: Counter[tuple[str, str, str]] = Counter()
        for row in await self.rows(ShopRefund, order):
            amounts[row.effect_key, row.to_kind, "bonus" if row.payment_id is None else ""] += row.amount_minor
        return sorted((amount, kind) for (_, kind, _), amount in amounts.items())


def _order(number: str, state: str, total: int, at: datetime) -> commerce.ShopOrder:
    return commerce.ShopOrder(
        number=number, customer_id=CUSTOMER, email="one@example.com", state=state, placed_at=at - timedelta(days=3),
        shipping_minor=0, total_minor=total, currency="EUR", postcode="10115", country="DE",
        shipping_method="standard", address={"line1": "Canary Lane 1", "city": "Berlin", "postcode": "10115",
                                             "country": "DE"},
    )  # fmt: skip


def _payment(number: str, total: int, at: datetime) -> commerce.ShopPayment:
    return commerce.ShopPayment(
        payment_id=f"{number}-P", order_number=number, method="card", method_id=CARD, amount_minor=total,
        currency="EUR", state="captured", captured_at=at,
    )  # fmt: skip


def _parcel(number: str, at: datetime) -> commerce.ShopShipment:
    return commerce.ShopShipment(
        shipment_id=f"{number}-S", order_number=number, state="delivered", carrier="Parcelline",
        tracking_number=f"PL{number}", shipped_at=at, delivered_at=at, last_scan_at=at,
    )  # fmt: skip


async def fill(session: AsyncSession) -> None:
    """One product in three prices, and a customer with a card, PayPal and store credit."""
    session.add(commerce.ShopProduct(product_id="p", title="Base", category="things", description="A thing."))
    now = datetime.now(UTC)
    session.add(
        commerce.ShopCustomer(
            customer_id=CUSTOMER, name="Canary", email="one@example.com", tier="standard", currency="EUR",
            created_at=now,
        )
    )  # fmt: skip
    await session.flush()
    for position, (sku, price) in enumerate({"base": 2000, "dear": 2700, "cheap": 1400, "rare": 2000}.items(), 1):
        session.add(
            commerce.ShopVariant(
                sku=sku, product_id="p", position=position, options={"form": sku}, price_minor=price, currency="EUR",
                stock=_STOCK,
            )
        )  # fmt: skip
    for kind, balance in (("card", None), ("paypal", None), ("store_credit", 0)):
        session.add(
            ShopPaymentMethod(
                method_id=f"{CUSTOMER}-{kind}", customer_id=CUSTOMER, kind=kind, currency="EUR", balance_minor=balance
            )
        )
