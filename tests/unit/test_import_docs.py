"""The guide to imports is true: its example can be imported, and it names every field of every record."""

import re
from pathlib import Path

from cli.import_files import read_files
from domain.commerce import OrderState, ShipmentState
from domain.shop_records import (
    KINDS,
    BroughtAddress,
    LineRecord,
    ParcelLine,
    PaymentRecord,
    VariantRecord,
)

GUIDE = (Path(__file__).parents[2] / "docs" / "import.md").read_text()


def test_the_example_holds_one_record_of_each_kind(tmp_path: Path) -> None:
    example = re.search(r"```json\n(.*?)```", GUIDE, re.DOTALL)
    assert example is not None
    for kind, line in zip(KINDS, example[1].splitlines(), strict=True):
        (tmp_path / f"{kind}s.jsonl").write_text(line)
    found = read_files([tmp_path])
    assert found.mistakes == []
    assert sorted(record.kind for record in found.records) == sorted(KINDS)


def test_every_field_and_state_is_named() -> None:
    models = [*KINDS.values(), BroughtAddress, LineRecord, ParcelLine, PaymentRecord, VariantRecord]
    fields = {field for model in models for field in model.model_fields}
    terms = fields | {state.value for states in (OrderState, ShipmentState) for state in states}
    assert {term for term in terms if f"`{term}`" not in GUIDE} == set()
