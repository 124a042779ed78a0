"""The demo store: the same customers, products and orders each time, dated relative to the moment of loading."""

from collections import defaultdict
from datetime import datetime
from random import Random
from time import perf_counter

import structlog
from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel

from domain.values import Value
from integrations.shop.catalogue import read_catalogue
from integrations.shop.ordering import order_rows
from integrations.shop.population import draw_buyers, draw_orders
from integrations.shop.scenarios import SCENARIOS, SPLIT_SHIPMENT, scenario_credits, scenario_customers, scenario_orders
from integrations.shop.wallets import wallet_rows
from store.commerce import ShopCustomer, ShopOrder, ShopProduct
from store.database import Database

CUSTOMERS = 200
ORDERS = 600
"""Drawn orders, `BT-10001` to `BT-10600`; those of the scenarios come on top."""

_SEED = 20240229
_LOCK = 7_041_001
"""Advisory lock: two processes that start at once load one store."""

_log = structlog.get_logger(__name__)


class DemoShop(Value):
    """What the demo store holds; `loaded` is false if it was already there."""

    products: int
    customers: int
    orders: int
    loaded: bool


async def load_demo_shop(database: Database, now: datetime) -> DemoShop:
    """Fill the demo store, once: a later call changes nothing. `now` (UTC) is the moment the orders' dates lead up to.

    One transaction: all of it or nothing. Raises `StoreUnavailable`.
    """
    started = perf_counter()
    async with database.begin() as session:
        await session.execute(select(func.pg_advisory_xact_lock(_LOCK)))
        loaded = await session.get(ShopOrder, SPLIT_SHIPMENT.order_number) is None
        if loaded:
            await _insert(session, demo_rows(now))
        shop = await _count(session, loaded=loaded)
    _log.info("demo_shop_ready", loaded=loaded, seconds=round(perf_counter() - started, 2))
    return shop


def demo_rows(now: datetime) -> list[SQLModel]:
    """All rows of the demo store, parents before children; the same for the same `now`."""
    rng = Random(_SEED)  # noqa: S311 - a repeatable demo, not a secret
    catalogue = read_catalogue()
    named = scenario_customers(now)
    crowd = draw_buyers(rng, range(len(SCENARIOS) + 1, CUSTOMERS + 1), now)
    customers = [*named, *(buyer.customer for buyer in crowd)]
    rows: list[SQLModel] = [*catalogue.products, *catalogue.variants, *customers]
    rows += [*scenario_credits(named), *(method for customer in customers for method in wallet_rows(customer))]
    for order in (*scenario_orders(named), *draw_orders(rng, crowd, ORDERS, catalogue)):
        rows += order_rows(order, catalogue, now)
    return rows


async def _insert(session: AsyncSession, rows: list[SQLModel]) -> None:
    """One statement for each table, in the order in which the tables first occur."""
    by_table: defaultdict[type[SQLModel], list[dict[str, object]]] = defaultdict(list)
    for row in rows:
        by_table[type(row)].append(row.model_dump(exclude={"search"}))
    for table, values in by_table.items():
        await session.execute(insert(table), values)


async def _count(session: AsyncSession, *, loaded: bool) -> DemoShop:
    counts = [
        select(func.count()).select_from(table).scalar_subquery() for table in (ShopProduct, ShopCustomer, ShopOrder)
    ]
    products, customers, orders = (await session.execute(select(*counts))).one()
    return DemoShop(products=products, customers=customers, orders=orders, loaded=loaded)
