"""Files of an import: every mistake is named by file, line and field, with what to do; nothing else is passed over."""

import json
from pathlib import Path

import pytest

from cli.import_files import LONGEST_LINE, Read, read_files
from domain.shop_records import CustomerRecord, OrderRecord, ShipmentRecord

CUSTOMER = {"customer_id": "c1", "name": "Sam", "email": "Sam@Example.com", "currency": "EUR"}
VARIANT = {"sku": "s1", "price_minor": 1000, "stock": 5}
PRODUCT = {"product_id": "p1", "title": "Scarf", "currency": "EUR", "variants": [VARIANT]}
LINE = {"sku": "s1", "quantity": 2, "unit_price_minor": 1000}
PAID = {"method": "card", "amount_minor": 2000}
ORDER = {
    "number": "bt-1", "customer_id": "c1", "state": "paid", "placed_at": "2026-03-02T09:30:00+01:00",
    "currency": "EUR", "lines": [LINE], "payments": [PAID],
}  # fmt: skip
SHIPMENT = {
    "shipment_id": "S1", "order": "bt-1", "state": "in_transit", "carrier": "Parcelline", "tracking_number": "PL1",
    "shipped_at": "2026-03-03T09:30:00Z",
}  # fmt: skip
METHOD = {"method_id": "m1", "customer_id": "c1", "method": "gift_card", "currency": "EUR", "balance_minor": 500}
NAMES = "customers.jsonl, payment_methods.jsonl, products.jsonl, orders.jsonl, shipments.jsonl"


def read(folder: Path, content: bytes, name: str = "orders.jsonl") -> Read:
    """What a file with this content holds."""
    (folder / name).write_bytes(content)
    return read_files([folder / name])


def flaws(folder: Path, record: dict[str, object], name: str = "orders.jsonl") -> list[tuple[int, str, str]]:
    """What is wrong with one record: line, field, message."""
    return [found[1:] for found in read(folder, json.dumps(record).encode(), name).mistakes]


def test_the_kind_is_told_by_the_files_name_or_by_the_line(tmp_path: Path) -> None:
    (tmp_path / "Customers-2026.jsonl").write_text(json.dumps(CUSTOMER))
    (tmp_path / "export.ndjson").write_text(json.dumps({"kind": "order", **ORDER}) + "\n")
    (tmp_path / "shipments.jsonl").write_text(json.dumps(SHIPMENT))
    (tmp_path / "readme.txt").write_text("not one of ours")
    found = read_files([tmp_path])
    assert found.mistakes == []
    assert [type(record) for record in found.records] == [CustomerRecord, OrderRecord, ShipmentRecord]
    assert [place.line for place in found.places] == [1, 1, 1]


def test_an_order_number_and_an_address_have_one_spelling(tmp_path: Path) -> None:
    (order,) = read(tmp_path, json.dumps(ORDER).encode()).records
    assert isinstance(order, OrderRecord)
    assert (order.number, order.line_id(0), order.payment_id(0)) == ("BT-1", "BT-1-1", "BT-1-P1")
    (customer,) = read(tmp_path, json.dumps(CUSTOMER).encode(), "customers.jsonl").records
    assert isinstance(customer, CustomerRecord)
    assert customer.email == "sam@example.com"


def test_marks_line_endings_and_blank_lines_of_other_systems_are_no_mistakes(tmp_path: Path) -> None:
    line = json.dumps(ORDER).encode()
    found = read(tmp_path, b"\xef\xbb\xbf\r\n" + line + b"\r\n\r\n  \t\n")
    assert found.mistakes == []
    assert [place.line for place in found.places] == [2]


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        (b"{", 1, "no valid JSON"),
        (b"\n[1]", 2, "must be an object"),
        (b'{"a": "\x00"}', 1, "no valid JSON"),
        (b'{"number": "\xff"}', 1, "not UTF-8 at byte 13"),
        ('{"number": "a"}'.encode("utf-16"), 1, "the file is UTF-16"),
        (b'{"number": "\\ud800"}', 1, "no valid JSON"),
        (b'{"number": "' + b"x" * LONGEST_LINE + b'"}', 1, "longer than 1,000,000 bytes"),
        (b"[" * 100_000, 1, "no valid JSON"),
        (b'{"kind": "oder"}', 1, "kind: must be one of"),
    ],
    ids=range(9),
)
def test_a_line_that_is_no_record_is_named(tmp_path: Path, content: bytes, line: int, message: str) -> None:
    found = read(tmp_path, content + b"\n" + json.dumps(ORDER).encode())
    assert (found.mistakes[0].line, message in found.mistakes[0].message) == (line, True), found.mistakes[0]
    assert len(found.mistakes) == 1


def test_after_a_line_without_end_the_count_goes_on(tmp_path: Path) -> None:
    found = read(tmp_path, b"x" * (3 * LONGEST_LINE) + b"\n" + json.dumps(ORDER).encode())
    assert [mistake.line for mistake in found.mistakes] == [1]
    assert [place.line for place in found.places] == [2]


def test_files_that_are_not_there_are_named(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    found = read_files([tmp_path / "orders.jsonl", tmp_path / "empty"])
    assert [str(mistake).removeprefix(str(tmp_path)) for mistake in found.mistakes] == [
        "/orders.jsonl: cannot be read: No such file or directory",
        f"/empty: there is no file here to import, such as {NAMES}",
    ]


def test_a_file_of_no_known_name_asks_for_the_kind(tmp_path: Path) -> None:
    assert "which kind of record" in flaws(tmp_path, ORDER, "export.jsonl")[0][2]
    assert "which kind of record" in flaws(tmp_path, ORDER, "ordersold.jsonl")[0][2]


WRONG: list[tuple[str, dict[str, object], str, str]] = [
    ("orders", {"placed_at": "2026-03-02T09:30:00"}, "placed_at", "needs its offset"),
    ("orders", {"placed_at": "2026-03-02"}, "placed_at", "a date with a time"),
    ("orders", {"placed_at": "0001-01-01T00:00:00+14:00"}, "placed_at", "between 1970"),
    ("orders", {"placed_at": 1772000000}, "placed_at", "a date with a time"),
    ("orders", {"currency": "EURO"}, "currency", "ISO 4217"),
    ("orders", {"currency": "eur"}, "currency", "ISO 4217"),
    ("orders", {"shipping_minor": -1}, "shipping_minor", "at least 0"),
    ("orders", {"shipping_minor": 4.95}, "shipping_minor", "minor units"),
    ("orders", {"shipping_minor": "495"}, "shipping_minor", "minor units"),
    ("orders", {"shipping_minor": 2**31}, "shipping_minor", "at most 2147483647"),
    ("orders", {"total_minor": 1999}, "", "not the sum of the lines and shipping, 2000"),
    ("orders", {"state": "paied"}, "state", "must be 'pending'"),
    ("orders", {"nubmer": "x"}, "nubmer", "did you mean number?"),
    ("orders", {"number": "BT 1"}, "number", "not allowed"),
    ("orders", {"lines": []}, "lines", "at least one"),
    ("orders", {"lines": [{**LINE, "quantity": 0}]}, "lines.0.quantity", "at least 1"),
    ("orders", {"lines": [{**LINE, "unit_price_minor": -5}]}, "lines.0.unit_price_minor", "at least 0"),
    ("orders", {"lines": [{**LINE, "cancelled": 2, "returned": 1}]}, "lines.0", "more than quantity"),
    ("orders", {"payments": [{**PAID, "currency": "USD"}]}, "", "payments.0.currency is not the order's, EUR"),
    ("orders", {"payments": [{**PAID, "refunded_minor": 2001}]}, "payments.0", "more than amount_minor"),
    ("orders", {"payments": [{**PAID, "state": "pending", "refunded_minor": 1}]}, "payments.0", "not captured"),
    ("orders", {"address": {"town": "Bonn"}}, "address.town", "unknown field"),
    ("orders", {"address": {"city": "a\x00"}}, "address", "U+0000"),
    ("customers", {"email": "sam"}, "email", "e-mail address"),
    ("customers", {"name": None}, "name", "text in quotes"),
    ("customers", {"contact_by": ["pigeon"]}, "contact_by.0", "must be 'chat'"),
    ("products", {"variants": [{**VARIANT, "stock": -1}]}, "variants.0.stock", "at least 0"),
    ("products", {"description": "a\x00"}, "description", "U+0000"),
    ("payment_methods", {"balance_minor": None}, "", "balance_minor is needed"),
    ("payment_methods", {"method": "card"}, "", "belongs to no other method"),
    ("shipments", {"state": "delivered"}, "", "delivered_at is needed"),
    ("shipments", {"shipped_at": None}, "", "shipped_at is needed"),
    ("shipments", {"delivered_at": "2026-03-02T00:00:00Z"}, "", "before shipped_at"),
    ("shipments", {"shipment_id": "a/b"}, "shipment_id", "not allowed"),
    ("shipments", {"expected_on": "soon"}, "expected_on", "a date such as"),
]
RIGHT = {
    "orders": ORDER, "customers": CUSTOMER, "products": PRODUCT, "payment_methods": METHOD, "shipments": SHIPMENT,
}  # fmt: skip


@pytest.mark.parametrize(("name", "change", "field", "message"), WRONG, ids=range(len(WRONG)))
def test_a_wrong_field_is_named_with_what_to_do(
    tmp_path: Path, name: str, change: dict[str, object], field: str, message: str
) -> None:
    assert flaws(tmp_path, RIGHT[name], f"{name}.jsonl") == []
    found = flaws(tmp_path, {**RIGHT[name], **change}, f"{name}.jsonl")
    assert [(1, field)] == [one[:2] for one in found], found
    assert message in found[0][2]


def test_what_was_written_is_never_repeated(tmp_path: Path) -> None:
    record = {**CUSTOMER, "email": "canary", "name": 5, "phone": ["canary"], "locale": "canary!"}
    found = read(tmp_path, json.dumps(record).encode(), "customers.jsonl").mistakes
    assert len(found) == 4
    assert not any("canary" in str(mistake) for mistake in found)
