"""The data set as it is published: users, orders and products in three JSON files, tasks and rejections by line.

Source: tau-bench (Sierra, MIT), domain `retail`.
"""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

Json = dict[str, Any]

CURRENCY = "USD"


def minor(amount: float) -> int:
    """Dollars as the files hold them, in cents."""
    return int((Decimal(str(amount)) * 100).to_integral_value())


class _Read(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", validate_by_name=True, validate_by_alias=True)


class Action(_Read):
    """One call of the store's tools."""

    name: str
    arguments: Json = Field(alias="kwargs")


class Task(_Read):
    """What a customer wants, what the rules accept of it, and what the records say afterwards."""

    task_id: str
    user_id: str
    actions: tuple[Action, ...]
    write_log: tuple[tuple[str, str], ...]
    expected_after: dict[str, dict[str, Json]]


class Rejection(_Read):
    """An action that must be refused, after the `setup` was carried out."""

    id: str
    verified_user: str
    action: str
    arguments: Json = Field(alias="kwargs")
    setup: tuple[Action, ...] = ()
    reason: str = ""


class RetailData:
    """The store's records. Raises `FileNotFoundError` and `json.JSONDecodeError`."""

    def __init__(self, directory: Path) -> None:
        self.users, self.orders, self.products = (_read(directory / f"{name}.json") for name in _FILES)
        self.variants: dict[str, tuple[str, Json]] = {
            item_id: (product_id, variant)
            for product_id, product in self.products.items()
            for item_id, variant in product["variants"].items()
        }


_FILES = ("users", "orders", "products")


def _read(path: Path) -> dict[str, Json]:
    records: dict[str, Json] = json.loads(path.read_text("utf-8"))
    return records


def read_tasks(path: Path) -> list[Task]:
    """The tasks of a file, a line each."""
    return [Task.model_validate_json(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def read_rejections(path: Path) -> list[Rejection]:
    """The rejections of a file, a line each."""
    return [Rejection.model_validate_json(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
