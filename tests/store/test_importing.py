"""Imports: all or nothing; the same again changes nothing; a file never undoes what Baton's flows have done."""

import asyncio
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from cli.main import app
from domain.commerce import Address
from domain.commitment import FulfilledBy, NewCommitment
from domain.shop_records import KINDS, ShopRecord
from integrations.shop.local import LocalShop
from store.commitments import commit
from store.database import Database
from store.errors import Conflict
from store.importing import Imported, ImportRefused, import_records
from store.interactions import lock_case
from tests.store.scene import Scene

PLACED = "2026-03-02T09:30:00Z"
SENT = "2026-03-03T09:30:00Z"
ARRIVED = "2026-03-05T09:30:00Z"


def record(kind: str, **fields: object) -> ShopRecord:
    """One record, as if from a file."""
    return KINDS[kind].model_validate_json(json.dumps(fields))


def customer(number: int = 1, **fields: object) -> ShopRecord:
    """Sam."""
    own = {"customer_id": f"c{number}", "name": "Sam", "email": f"sam{number}@example.com", "currency": "EUR"}
    return record("customer", **{**own, "address": {"city": "Bonn", "country": "DE"}, **fields})


def product(stock: int = 10, **fields: object) -> ShopRecord:
    """A scarf in two sizes."""
    sizes = [{"sku": f"s-{size}", "price_minor": 1000, "stock": stock, "options": {"size": size}} for size in "SM"]
    return record("product", **{"product_id": "p1", "title": "Scarf", "currency": "EUR", "variants": sizes, **fields})


def line(size: str = "S", **fields: object) -> dict[str, object]:
    """A line of the order."""
    return {"sku": f"s-{size}", "quantity": 2, "unit_price_minor": 1000, **fields}


def order(number: int = 1, **fields: object) -> ShopRecord:
    """An order of two scarves, paid by card."""
    own = {"number": f"BT-{number}", "customer_id": "c1", "state": "paid", "placed_at": PLACED, "currency": "EUR"}
    paid = [{"method": "card", "amount_minor": 2000}]
    return record("order", **{**own, "lines": [line()], "payments": paid, **fields})


def shipment(number: int = 1, **fields: object) -> ShopRecord:
    """A parcel on its way."""
    own = {"shipment_id": f"S{number}", "order": "BT-1", "state": "in_transit", "carrier": "PL", "shipped_at": SENT}
    return record("shipment", **{**own, "tracking_number": f"T{number}", **fields})


def method(**fields: object) -> ShopRecord:
    """A gift card."""
    own = {"method_id": "m1", "customer_id": "c1", "method": "gift_card", "currency": "EUR", "balance_minor": 500}
    return record("payment_method", **{**own, **fields})


class Store:
    """A shop that is imported into."""

    def __init__(self, database: Database) -> None:
        self.database = database

    async def bring(self, *records: ShopRecord) -> Imported:
        """Import."""
        return await import_records(self.database, records)

    async def refused(self, *records: ShopRecord) -> list[tuple[int, str]]:
        """Import what is refused; returns place and field of each flaw. Nothing at all has changed."""
        before = await self.everything()
        with pytest.raises(ImportRefused) as refused:
            await self.bring(*records)
        assert await self.everything() == before
        return [(flaw.place, flaw.field) for flaw in refused.value.flaws]

    async def run(self, statement: str, **values: object) -> None:
        """What a flow does in the shop."""
        async with self.database.begin() as session:
            await session.execute(text(statement), values)

    async def one(self, query: str) -> Any:
        """One value."""
        async with self.database.begin() as session:
            return (await session.execute(text(query))).scalar_one()

    async def everything(self) -> dict[str, list[str]]:
        """Every row of the shop."""
        async with self.database.begin() as session:
            names = "SELECT table_name FROM information_schema.tables WHERE table_name LIKE 'shop\\_%' ORDER BY 1"
            tables = (await session.execute(text(names))).scalars().all()
            rows = {}
            for table in tables:
                query = text(f"SELECT t::text FROM {table} t ORDER BY 1")  # noqa: S608 - of constants
                rows[table] = list((await session.execute(query)).scalars())
            return rows


@pytest.fixture
def store(database: Database) -> Store:
    """An empty shop."""
    return Store(database)


ALL = (shipment(), order(), method(), customer(), product())


async def test_records_in_any_order_become_what_the_shop_tells(store: Store) -> None:
    imported = await store.bring(*ALL)
    assert imported.added == {"customer": 1, "payment_method": 1, "product": 1, "order": 1, "shipment": 1}
    shop = LocalShop(store.database)
    found, known = await shop.order("bt-1"), await shop.customer_by_email("sam1@example.com")
    assert found is not None
    assert known is not None
    assert (known.customer_id, known.tier, known.lifetime_value.minor) == ("c1", "standard", 2000)
    assert (found.total.minor, found.email, found.lines[0].title) == (2000, "sam1@example.com", "Scarf, S")
    assert [(parcel.shipment_id, parcel.line_ids) for parcel in found.shipments] == [("S1", ("BT-1-1",))]
    assert await store.one("SELECT address ->> 'city' FROM shop_order") == "Bonn"


async def test_the_same_again_changes_nothing_whatever_has_happened_since(store: Store) -> None:
    await store.bring(*ALL)
    await store.run("UPDATE shop_variant SET stock = 3, price_minor = 7")
    await store.run("UPDATE shop_order SET state = 'cancelled', address = '{}', total_minor = 1")
    await store.run("UPDATE shop_payment SET refunded_minor = 2000, state = 'refunded'")
    await store.run("UPDATE shop_payment_method SET balance_minor = 1")
    await store.run("UPDATE shop_customer SET contact_by = '[]'")
    await store.run("DELETE FROM shop_shipment_line")
    await store.run("DELETE FROM shop_shipment")
    before = await store.everything()
    imported = await store.bring(*ALL)
    assert await store.everything() == before
    assert sum(imported.unchanged.values()) == 5
    assert sum(imported.added.values()) + sum(imported.changed.values()) == 0


async def test_what_a_file_changes_is_taken_over(store: Store) -> None:
    await store.bring(*ALL)
    imported = await store.bring(
        customer(tier="gold", email="new@example.com"),
        product(7, title="Shawl"),
        order(state="delivered", lines=[line(), line("M", quantity=1)], shipping_minor=495, address={"city": "Ulm"}),
        shipment(state="delivered", delivered_at=ARRIVED),
        method(balance_minor=900),
    )
    assert sum(imported.changed.values()) == 5
    assert await store.one("SELECT tier || email FROM shop_customer") == "goldnew@example.com"
    assert await store.one("SELECT sum(stock) FROM shop_variant") == 14
    assert await store.one("SELECT title FROM shop_product") == "Shawl"
    head = "SELECT state || total_minor || (address ->> 'city') FROM shop_order"
    assert await store.one(head) == "delivered3495Ulm"
    assert await store.one("SELECT count(*) FROM shop_order_line") == 2
    assert await store.one("SELECT state FROM shop_shipment") == "delivered"
    assert await store.one("SELECT balance_minor FROM shop_payment_method") == 900


async def test_two_customers_may_swap_their_addresses(store: Store) -> None:
    await store.bring(customer(1), customer(2))
    await store.bring(customer(1, email="sam2@example.com"), customer(2, email="sam1@example.com"))
    assert await store.one("SELECT email FROM shop_customer WHERE customer_id = 'c1'") == "sam2@example.com"


async def test_variants_may_change_their_places_and_one_that_is_gone_stays_behind(store: Store) -> None:
    await store.bring(product())
    sizes = [{"sku": f"s-{size}", "price_minor": 5, "stock": 1} for size in "MXS"]
    await store.bring(product(variants=sizes))
    await store.bring(product(variants=sizes[:2]))
    order_of = "SELECT string_agg(sku, ' ' ORDER BY position) FROM shop_variant"
    assert await store.one(order_of) == "s-M s-X s-S"


UNKNOWN: list[tuple[Sequence[ShopRecord], list[tuple[int, str]]]] = [
    ([order(), product()], [(0, "customer_id")]),
    ([order(), customer()], [(0, "lines.0.sku")]),
    ([customer(), product(), order(), shipment(order="BT-2")], [(3, "order")]),
    ([customer(), product(), order(), shipment(lines=[{"line_id": "x", "quantity": 1}])], [(3, "lines")]),
    ([customer(), product(), order(), shipment(lines=[{"line_id": "BT-1-1", "quantity": 3}])], [(3, "lines")]),
    ([customer(), product(), order(payments=[{"method": "card", "amount_minor": 1, "method_id": "m1"}])],
     [(2, "payments")]),
    ([customer(), product(), method(), order(payments=[{"method": "card", "amount_minor": 1, "method_id": "m1"}])],
     [(3, "payments")]),
    ([customer(), product(), method(currency="USD"),
      order(payments=[{"method": "gift_card", "amount_minor": 1, "method_id": "m1"}])], [(3, "payments")]),
    ([customer(), customer(2), product(), method(customer_id="c2"),
      order(payments=[{"method": "gift_card", "amount_minor": 1, "method_id": "m1"}])], [(4, "payments")]),
    ([method()], [(0, "customer_id")]),
    ([customer(), customer()], [(1, "customer_id"), (1, "email")]),
    ([customer(), customer(2, email="SAM1@example.com")], [(1, "email")]),
    ([customer(), product(), order(), order()], [(3, "lines.0.line_id"), (3, "number"), (3, "payments.0.payment_id")]),
    ([customer(), product(), order(lines=[line(line_id="a"), line("M", line_id="a")])], [(2, "lines.1.line_id")]),
    ([product(), product(product_id="p2")], [(1, "variants.0.sku"), (1, "variants.1.sku")]),
    ([customer(), product(), order(), shipment(), shipment(2, tracking_number="T1")], [(4, "tracking_number")]),
]  # fmt: skip


@pytest.mark.parametrize(("records", "flaws"), UNKNOWN, ids=range(len(UNKNOWN)))
async def test_a_record_that_fits_no_other_is_named_and_nothing_is_stored(
    store: Store, records: Sequence[ShopRecord], flaws: list[tuple[int, str]]
) -> None:
    assert await store.refused(*records) == flaws


KNOWN: list[tuple[ShopRecord, str]] = [
    (customer(2, email="sam1@example.com"), "email"),
    (product(product_id="p2"), "variants"),
    (order(2, lines=[line(line_id="BT-1-1")]), "lines"),
    (order(2, payments=[{"method": "card", "amount_minor": 1, "payment_id": "BT-1-P1"}]), "payments"),
    (shipment(2, tracking_number="T1"), "tracking_number"),
    (shipment(order="BT-3"), "order"),
    (order(currency="USD"), "number"),
    (method(currency="USD"), "method_id"),
    (record("payment_method", method_id="m9", customer_id="c1", method="store_credit", currency="EUR", balance_minor=1),
     "method_id"),
]  # fmt: skip


@pytest.mark.parametrize(("wrong", "field"), KNOWN, ids=range(len(KNOWN)))
async def test_what_the_shop_knows_otherwise_is_refused(store: Store, wrong: ShopRecord, field: str) -> None:
    credit = record(
        "payment_method", method_id="m8", customer_id="c1", method="store_credit", currency="EUR", balance_minor=1
    )
    await store.bring(*ALL, credit, order(3))
    assert (0, field) in await store.refused(wrong)


async def test_one_wrong_record_among_many_stores_none(store: Store) -> None:
    good = [customer(number) for number in range(1, 200)]
    assert await store.refused(*good, order(), product(), order(2, customer_id="c999")) == [(201, "customer_id")]


# --- what flows have done ---------------------------------------------------------------------------------------------

CANCELLED = "UPDATE shop_order SET state = 'cancelled'"
EFFECT = (
    "INSERT INTO shop_effect (key, verb, order_number, fingerprint, answer) VALUES ('k', 'refund', 'BT-1', 'f', '{}')"
)
HELD = "INSERT INTO shop_hold (hold_id, order_number, sku, quantity, unit_price_minor, state) VALUES ('h', 'BT-1', 's-S', 4, 1, 'held')"  # noqa: E501
RETURNING = "INSERT INTO shop_return (return_id, order_number, exchange, state, reason, refund_to, method_id, difference_minor, label_state, drop_off) VALUES ('r', 'BT-1', false, 'open', '', '', '', 0, '', false)"  # noqa: E501
REFUNDED = "UPDATE shop_payment SET refunded_minor = 500"
MOVED = f"UPDATE shop_order SET address = '{Address(city='Kiel').model_dump_json()}'"  # noqa: S608 - of constants
PAID_BACK = "UPDATE shop_payment_method SET balance_minor = 700"
VOIDED = "UPDATE shop_payment SET state = 'voided'"
DISCARDED = "DELETE FROM shop_shipment_line; DELETE FROM shop_shipment"

AGAINST: list[tuple[str, str, ShopRecord, str]] = [
    ("an order that Baton cancelled", CANCELLED, order(state="shipped"), "state"),
    ("lines that Baton refunded", EFFECT, order(lines=[line(quantity=1)]), "lines"),
    ("a price that Baton refunded", EFFECT, order(lines=[line(unit_price_minor=1)]), "lines"),
    ("what is in a parcel", EFFECT, shipment(lines=[{"line_id": "BT-1-1", "quantity": 1}]), "lines"),
    ("an order with an open return", RETURNING, order(state="cancelled"), "state"),
    ("an address that Baton changed", MOVED, order(address={"city": "Ulm"}), "address"),
    ("a refund that Baton made", REFUNDED, order(payments=[{"method": "card", "amount_minor": 2000,
                                                            "refunded_minor": 300}]), "payments"),
    ("a payment below its refund", REFUNDED, order(payments=[{"method": "card", "amount_minor": 400}]), "payments"),
    ("a payment that is gone", "SELECT 1", order(payments=[]), "payments"),
    ("a payment that Baton gave up", VOIDED, order(payments=[{"method": "card", "amount_minor": 2000,
                                                              "state": "pending"}]), "payments"),
    ("a line that is in a parcel", "SELECT 1", order(lines=[line(line_id="other")]), "lines"),
    ("a balance that Baton changed", PAID_BACK, method(balance_minor=600), "balance_minor"),
    ("fewer units than are held", HELD, product(3), "variants"),
    ("a label that Baton discarded", DISCARDED, shipment(last_scan_at=ARRIVED), "shipment_id"),
]  # fmt: skip


@pytest.mark.parametrize(("effect", "then", "field"), [one[1:] for one in AGAINST], ids=[one[0] for one in AGAINST])
async def test_a_file_never_undoes_what_a_flow_has_done(
    store: Store, effect: str, then: ShopRecord, field: str
) -> None:
    await store.bring(*ALL)
    for statement in effect.split(";"):
        await store.run(statement)
    assert field in [found for _, found in await store.refused(then)]


async def test_what_baton_did_stays_while_a_file_changes_something_else(store: Store) -> None:
    await store.bring(*ALL[2:], order(address={"city": "Bonn"}), order(2))
    for statement in (CANCELLED, REFUNDED, MOVED, PAID_BACK, EFFECT):
        await store.run(statement)
    await store.run("UPDATE shop_customer SET contact_by = '[\"chat\"]'")
    await store.bring(
        order(address={"city": "Bonn"}, cancel_reason="x"),
        method(label="blue"),
        customer(tier="gold", contact_by=["email", "sms"]),
    )
    head = "SELECT state || (address ->> 'city') FROM shop_order WHERE number = 'BT-1'"
    assert await store.one(head) == "cancelledKiel"
    assert await store.one("SELECT refunded_minor FROM shop_payment WHERE order_number = 'BT-1'") == 500
    assert await store.one("SELECT balance_minor || label FROM shop_payment_method") == "700blue"
    ways = "SELECT tier || array_to_string(ARRAY(SELECT jsonb_array_elements_text(contact_by)), ' ') FROM shop_customer"
    assert await store.one(ways) == "goldchat sms"  # mail is withdrawn in Baton, chat was agreed there


async def test_what_both_say_alike_is_no_conflict(store: Store) -> None:
    await store.bring(*ALL)
    for statement in (CANCELLED, REFUNDED, MOVED, PAID_BACK, EFFECT):
        await store.run(statement)
    back = [{"method": "card", "amount_minor": 2000, "refunded_minor": 500}]
    await store.bring(order(state="cancelled", address={"city": "Kiel"}, payments=back), method(balance_minor=700))
    assert await store.one("SELECT refunded_minor FROM shop_payment") == 500
    assert await store.one("SELECT count(*) FROM shop_refund") == 0


async def test_a_new_count_of_stock_leaves_out_what_baton_holds_and_is_on_record(store: Store) -> None:
    await store.bring(*ALL)
    await store.run(HELD)
    await store.run("UPDATE shop_variant SET stock = 6 WHERE sku = 's-S'")
    await store.bring(product(title="Shawl"))
    assert await store.one("SELECT stock FROM shop_variant WHERE sku = 's-S'") == 6
    await store.bring(product(20))
    assert await store.one("SELECT stock FROM shop_variant WHERE sku = 's-S'") == 16
    assert await store.one("SELECT stock FROM shop_variant WHERE sku = 's-M'") == 20
    assert await store.one("SELECT delta FROM shop_stock_move WHERE sku = 's-S' AND cause = 'import'") == 10


async def test_money_that_went_back_before_is_in_the_ledger_of_refunds(store: Store) -> None:
    back = [{"method": "card", "amount_minor": 2000, "refunded_minor": 300}]
    await store.bring(*ALL[2:], order(payments=back))
    await store.bring(order(payments=[{"method": "card", "amount_minor": 2000, "state": "refunded"}]))
    assert await store.one("SELECT string_agg(amount_minor::text, ' ' ORDER BY amount_minor) FROM shop_refund") == (
        "300 1700"
    )
    assert await store.one("SELECT refunded_minor - (SELECT sum(amount_minor) FROM shop_refund) FROM shop_payment") == 0


async def test_tracking_that_is_ahead_of_the_file_stays_ahead(store: Store) -> None:
    await store.bring(*ALL[1:], shipment(state="label_created", shipped_at=None))
    await store.run(
        "UPDATE shop_shipment SET state = 'delivered', shipped_at = :sent, delivered_at = :arrived",
        sent=datetime.fromisoformat(SENT),
        arrived=datetime.fromisoformat(ARRIVED),
    )
    await store.run("UPDATE shop_order SET state = 'delivered'")
    await store.bring(shipment(), order(state="shipped"))
    assert await store.one("SELECT state FROM shop_shipment") == "delivered"
    assert await store.one("SELECT state FROM shop_order") == "delivered"


async def test_a_known_parcel_that_moves_moves_its_order_and_keeps_a_promise(scene: Scene) -> None:
    store = Store(scene.database)
    await store.bring(*ALL[1:], shipment(state="label_created", shipped_at=None))
    case = (await scene.chat("t", shop="c1")).interaction_id
    async with scene.database.begin() as session:
        _, interaction = await lock_case(session, case)
        promise = NewCommitment(
            text="sent", due_at=datetime.now(UTC) + timedelta(days=1), fulfilled_by=FulfilledBy.SHIPMENT, order="BT-1"
        )
        await commit(session, interaction, "support", promise, "baton", "message", scene.policy)
    await store.bring(shipment())
    assert await store.one("SELECT state FROM shop_order") == "shipped"
    assert await store.one("SELECT state FROM commitment") == "kept"


# --- beside others ----------------------------------------------------------------------------------------------------


async def test_two_imports_never_run_at_once(store: Store) -> None:
    async with store.database.begin() as session:
        await session.execute(text("SELECT pg_advisory_lock(7041002)"))
        with pytest.raises(Conflict, match="import_running"):
            await store.bring(*ALL)
        await session.execute(text("SELECT pg_advisory_unlock_all()"))
    await store.bring(*ALL)


async def test_an_order_that_a_flow_works_on_is_waited_for_or_given_up(store: Store) -> None:
    await store.bring(*ALL)
    async with store.database.begin() as session:
        await session.execute(text("UPDATE shop_order SET items_changed = true"))
        waiting = asyncio.create_task(store.bring(order(state="shipped")))
        await _blocked(store)
    await waiting
    assert await store.one("SELECT state FROM shop_order") == "shipped"
    async with store.database.begin() as session:
        await session.execute(text("UPDATE shop_order SET items_changed = false"))
        with pytest.raises(Conflict, match="shop_busy"):
            await store.bring(order(state="delivered"))
    assert await store.one("SELECT state FROM shop_order") == "shipped"


async def _blocked(store: Store) -> None:
    async with asyncio.timeout(20):
        while not await store.one("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"):  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_nothing_is_seen_of_an_import_before_all_of_it_is(store: Store) -> None:
    seen: list[tuple[str, int]] = []
    with psycopg.connect(store.database.url, autocommit=True) as other:

        def look(what: str, _done: int, _whole: int) -> None:
            found = other.execute("SELECT (SELECT count(*) FROM shop_customer) + (SELECT count(*) FROM shop_order)")
            seen.append((what, found.fetchall()[0][0]))

        await import_records(store.database, ALL, look)
    assert {what for what, _ in seen} == {"stage", "check", "write"}
    assert {count for _, count in seen} == {0}
    assert await store.one("SELECT count(*) FROM shop_order") == 1


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """The records as a folder of files."""
    for found in ALL:
        (tmp_path / f"{found.kind}s.jsonl").write_text(found.model_dump_json() + "\n")
    return tmp_path


async def test_the_command_imports_a_folder_and_says_what_it_did(
    store: Store, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BATON_DATABASE_URL", store.database.url)
    done = await asyncio.to_thread(CliRunner().invoke, app, ["import", str(files)])
    assert done.exit_code == 0, done.output
    assert "5 records imported" in done.stdout
    assert await store.one("SELECT count(*) FROM shop_shipment") == 1


async def test_the_command_names_file_line_and_field_and_how_many_more(
    store: Store, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BATON_DATABASE_URL", store.database.url)
    wrong = order(2, customer_id="c9").model_dump_json()
    (files / "orders.jsonl").write_text(f"\n{wrong}\n{order(3, customer_id='c9').model_dump_json()}\n")
    (files / "shipments.jsonl").write_text(shipment(order="BT-2").model_dump_json())
    done = await asyncio.to_thread(CliRunner().invoke, app, ["import", str(files), "--errors", "1"])
    assert done.exit_code == 1
    assert f"{files}/orders.jsonl:2: customer_id: there is no customer c9" in done.stderr
    assert "and 1 more" in done.stderr
    assert "nothing was imported" in done.stderr
    assert await store.one("SELECT count(*) FROM shop_customer") == 0
