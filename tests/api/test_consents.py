"""Consent to be written to: read and changed by the customer themselves and by the brand, and by nobody else."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from domain.parties import Role
from domain.signed_token import mint_customer_token
from store.commerce import ShopCustomer
from store.journal import Happening, JournalRow
from tests.api.ground import KEY, Ground

KIM = "/v1/shop-customers/kim/consents"


@pytest.fixture(autouse=True)
async def kim_and_uwe(ground: Ground) -> None:
    async with ground.database.begin() as session:
        for name in ("kim", "uwe"):
            session.add(
                ShopCustomer(
                    customer_id=name,
                    name=name,
                    email=f"{name}@example.com",
                    tier="standard",
                    currency="EUR",
                    created_at=datetime.now(UTC),
                )
            )


async def chat_of(ground: Ground, name: str) -> dict[str, str]:
    token = mint_customer_token(KEY, name, f"{name}@example.com", now=datetime.now(UTC), lifetime=timedelta(minutes=5))
    return await ground.chat(token)


async def stored(ground: Ground, name: str) -> list[str]:
    async with ground.database.begin() as session:
        return (await session.get_one(ShopCustomer, name)).contact_by


async def journalled(ground: Ground) -> list[tuple[str, str, object]]:
    async with ground.database.begin() as session:
        query = select(JournalRow).where(col(JournalRow.kind) == Happening.CONSENT_CHANGED.value)
        rows = (await session.execute(query.order_by(col(JournalRow.id)))).scalars()
        return [(row.ref, row.by, row.facts["channels"]) for row in rows]


async def test_customers_agree_for_themselves_and_for_nobody_else(ground: Ground) -> None:
    kim = await chat_of(ground, "kim")
    assert (await ground.http.get("/v1/consents", headers=kim)).json() == {"customer": "kim", "channels": ["email"]}
    answer = await ground.http.put("/v1/consents", json={"channels": ["whatsapp", "email"]}, headers=kim)
    assert (answer.status_code, answer.json()["channels"]) == (200, ["whatsapp", "email"])
    assert await stored(ground, "kim") == ["whatsapp", "email"]
    assert await stored(ground, "uwe") == ["email"]
    refused = await ground.http.put("/v1/shop-customers/uwe/consents", json={"channels": []}, headers=kim)
    assert refused.status_code == 401
    assert await stored(ground, "uwe") == ["email"]


async def test_who_agrees_to_nothing_hears_nothing_unasked(ground: Ground) -> None:
    kim = await chat_of(ground, "kim")
    assert (await ground.http.put("/v1/consents", json={"channels": []}, headers=kim)).json()["channels"] == []
    assert await stored(ground, "kim") == []


async def test_a_chat_of_nobody_known_has_no_consents(ground: Ground) -> None:
    for chat in (await ground.chat(), await ground.token(Role.CHANNEL)):
        assert (await ground.http.get("/v1/consents", headers=chat)).status_code == 403
        assert (await ground.http.put("/v1/consents", json={"channels": []}, headers=chat)).status_code == 403
    assert (await ground.http.get("/v1/consents")).status_code == 401


@pytest.mark.parametrize("role", list(Role))
async def test_only_the_brands_channels_and_admins_record_what_customers_agreed_to(ground: Ground, role: Role) -> None:
    may = role in {Role.CHANNEL, Role.ADMIN}
    answer = await ground.http.put(KIM, json={"channels": ["sms"]}, headers=await ground.token(role))
    assert answer.status_code == (200 if may else 403)
    assert await stored(ground, "kim") == (["sms"] if may else ["email"])
    assert (await ground.http.get(KIM, headers=await ground.token(role))).status_code == (200 if may else 403)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"channels": ["pigeon"]}, "channels.0"),
        ({"channels": "email"}, "channels"),
        ({"channels": None}, "channels"),
        ({}, "channels"),
        ({"channels": [], "tier": "vip"}, "tier"),
        ({"channels": ["email"] * 9}, "channels"),
    ],
)
async def test_bad_input_names_its_field_and_changes_nothing(
    ground: Ground, body: dict[str, object], field: str
) -> None:
    answer = await ground.http.put(KIM, json=body, headers=await ground.token(Role.ADMIN))
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert await stored(ground, "kim") == ["email"]


async def test_an_unknown_customer_is_not_found(ground: Ground) -> None:
    admin = await ground.token(Role.ADMIN)
    path = "/v1/shop-customers/nobody/consents"
    assert (await ground.http.get(path, headers=admin)).status_code == 404
    assert (await ground.http.put(path, json={"channels": []}, headers=admin)).status_code == 404


async def test_each_change_is_journalled_once_with_who_made_it(ground: Ground) -> None:
    lead = await ground.hire("robin", role=Role.ADMIN)
    kim, admin = await chat_of(ground, "kim"), await ground.agent_headers(lead)
    for channels in (["email"], ["sms", "sms", "email"], ["sms", "email"]):
        await ground.http.put("/v1/consents", json={"channels": channels}, headers=kim)
    await ground.http.put(KIM, json={"channels": []}, headers=admin)
    assert await journalled(ground) == [("kim", "customer", ["sms", "email"]), ("kim", f"agent:{lead.id}", [])]
