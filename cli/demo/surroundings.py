"""What happens around Baton: the carrier scans, the warehouse counts, the till sells the last ones."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
from sqlalchemy import update
from sqlmodel import col

from cli.demo.people import Staff
from cli.demo.retrying import send_until_answered
from integrations.shop.scenarios import Scenario
from store.commerce import ShopCustomer, ShopVariant
from store.database import Database
from store.ids import new_id

Lines = list[dict[str, Any]]


@dataclass(frozen=True)
class Surroundings:
    """The systems of others, by the API where they have one."""

    public_url: str
    staff: Staff
    database: Database

    async def scan(self, parcel: str, state: str) -> None:
        """The carrier tells of a parcel, named by its shipment's id or by the code of its label."""
        body = {"event_id": new_id(), "state": state, "at": datetime.now(UTC).isoformat()}
        await self._tell(f"/v1/shipments/{parcel}/events", body, self.staff.admin_token)

    async def receive(self, return_id: str, lines: Lines) -> None:
        """The warehouse has unpacked a parcel."""
        counted = [{"line_id": line["line_id"], "received": line["received"]} for line in lines]
        await self._tell(f"/v1/returns/{return_id}/received", {"lines": counted}, self.staff.warehouse_token)

    async def inspect(self, return_id: str, lines: Lines) -> None:
        """The warehouse has looked at what was in it."""
        await self._tell(f"/v1/returns/{return_id}/inspected", {"lines": lines}, self.staff.warehouse_token)

    async def sell_out(self, sku: str) -> None:
        """Somebody else buys the last ones; the shop's own till asks nobody."""
        async with self.database.begin() as session:
            await session.execute(update(ShopVariant).where(col(ShopVariant.sku) == sku).values(stock=0))

    async def _tell(self, url: str, body: dict[str, Any], token: str) -> None:
        headers = {"Authorization": f"Bearer {token}"}
        async with httpx.AsyncClient(base_url=self.public_url, timeout=10) as http:
            await send_until_answered(http, "POST", url, json=body, headers=headers)


async def one_customer_agrees(database: Database, customer: Scenario) -> None:
    """Of the demo's crowd one has agreed to be written to: else a dozen mails went out before anybody looks."""
    nobody: list[str] = []
    async with database.begin() as session:
        others = col(ShopCustomer.customer_id) != customer.customer_id
        await session.execute(update(ShopCustomer).where(others).values(contact_by=nobody))
