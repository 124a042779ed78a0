"""No customer's text, address or name enters a history, a log or what the Temporal UI shows, whatever goes wrong."""

import re
from email.message import EmailMessage

import aiosmtplib
import httpx
import pytest
from sqlalchemy import text

from cli.demo.chat import ChatCustomer
from cli.demo.checks import eventually
from cli.demo.scenarios.questions import QUESTIONS
from cli.demo.world import World
from cli.local.postgres import LocalPostgres
from domain.parties import Role
from store.access import create_token
from store.ids import new_id
from tests.e2e.recorded import recorded
from tests.fakes.smtp import FakeSmtpServer, SmtpFailure

CANARY = "qzcanary"
"""Part of everything planted, and of nothing else."""

_BREAKS = """
CREATE OR REPLACE FUNCTION break_planted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE words text;
BEGIN
  SELECT body INTO words FROM message WHERE interaction_id = NEW.interaction_id AND body LIKE '%qzcanary%broken%';
  IF words IS NOT NULL THEN RAISE EXCEPTION 'cannot keep a draft about: %', words; END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER break_planted BEFORE INSERT ON draft FOR EACH ROW EXECUTE FUNCTION break_planted();
"""


async def test_planted_words_are_found_nowhere(
    world: World, captured_mail: FakeSmtpServer, output: list[str], postgres: LocalPostgres
) -> None:
    await _in_chat(world)
    await _in_an_error_of_the_store(world)
    await _in_mail(world, captured_mail)
    await _in_refused_mail(world)
    await _in_refused_requests(world)
    await world.at_rest()
    await nothing_is_found(CANARY, world, output, postgres)


async def nothing_is_found(said: str, world: World, output: list[str], postgres: LocalPostgres) -> None:
    """The expression `said` fits nothing in any history, in what the UI shows, or in any process's log."""
    planted, planted_bytes = re.compile(said), re.compile(said.encode())
    assert [where async for where, content in recorded(world.temporal) if planted_bytes.search(content)] == []
    assert [line for line in output if planted.search(line)] == []
    database_log = postgres.data_directory.with_name(f"{postgres.data_directory.name}.log")
    for server_log in (world.temporal_server.log_file, database_log):
        assert not planted.search(server_log.read_text(errors="replace"))


async def _in_chat(world: World) -> None:
    """A customer, an agent who declines for a reason, and one who answers."""
    async with world.at_desk(world.staff.jules) as jules, world.chat() as customer:
        await customer.say(f"I want to talk to a human please. {CANARY} my name is {CANARY}")
        offer = await jules.is_offered(customer.interaction_id)
        await jules.decline(offer, f"{CANARY} is not for me")
        async with world.at_desk(world.staff.nico) as nico:
            item = await nico.accept(customer.interaction_id)
            await nico.reply(item, f"Hello {CANARY}.")
            await customer.gets(1)
            await nico.resolve(item)
    token = await _token(world, Role.CHANNEL)
    body = {
        "text": f"{QUESTIONS[0][0]} {CANARY}",
        "channel": "api",
        "account": "app",
        "thread": new_id(),
        "sender": {"kind": "email", "value": f"{CANARY}@mail.example"},
        "display_name": f"Mx {CANARY}",
    }
    async with httpx.AsyncClient(base_url=world.services.public_url) as http:
        headers = {**token, "Idempotency-Key": f"{CANARY}-{new_id()}"}
        accepted = await http.post("/v1/messages", json=body, headers=headers)
    assert accepted.status_code == 202


async def _in_an_error_of_the_store(world: World) -> None:
    """The database itself complains, in words that hold the customer's."""
    async with world.database.begin() as session:
        await session.execute(text(_BREAKS))
    try:
        async with world.chat() as customer:
            await customer.say(f"{QUESTIONS[0][0]} {CANARY} broken")
            await _reaches_people(customer)
    finally:
        async with world.database.begin() as session:
            await session.execute(text("DROP TRIGGER break_planted ON draft"))
            kept = (await session.execute(text("SELECT detail FROM fault"))).scalars().all()
    assert any(CANARY in detail for detail in kept)  # the error did carry the words; the store alone has them


async def _in_mail(world: World, captured_mail: FakeSmtpServer) -> None:
    """Names, addresses and subjects; and a provider whose refusals repeat the address."""
    for number, failure in enumerate((SmtpFailure.RECIPIENT_DEFERRED, SmtpFailure.RECIPIENT_REFUSED)):
        captured_mail.fail_next(failure)
        sender = f"{CANARY}{number}@mail.example"
        await world.mailbox.write(sender, f"About {CANARY}", f"{QUESTIONS[0][0]}", name=f"Mx {CANARY}")
        await eventually(lambda: _used(captured_mail), within=60, expected="the provider's refusal")


async def _in_refused_mail(world: World) -> None:
    mailbox = world.mailbox
    with pytest.raises(aiosmtplib.SMTPException):
        await aiosmtplib.send(
            f"Subject: {CANARY}\r\n\r\n{CANARY}",
            sender="someone@mail.example",
            recipients=[f"{CANARY}@elsewhere.example"],
            hostname="127.0.0.1",
            port=mailbox.smtp_port,
        )
    without_sender = EmailMessage()
    without_sender["Subject"] = f"No sender, but {CANARY}"
    without_sender.set_content(CANARY)
    strange = (
        f"From: {CANARY}2@mail.example\r\nSubject: x\r\nContent-Type: text/plain; charset={CANARY}\r\n\r\n{CANARY}"
    )
    for raw in (bytes(without_sender), strange.encode()):
        await aiosmtplib.send(
            raw,
            sender=f"{CANARY}2@mail.example",
            recipients=[mailbox.account],
            hostname="127.0.0.1",
            port=mailbox.smtp_port,
        )


async def _in_refused_requests(world: World) -> None:
    admin = {"Authorization": f"Bearer {world.staff.admin_token}"}
    async with httpx.AsyncClient(base_url=world.services.public_url) as http:
        session = (await http.post("/v1/chat/sessions", json={})).json()["session"]
        chat = {"Authorization": f"Bearer {session}", "Idempotency-Key": new_id()}
        refused = [
            await http.post("/v1/messages", json={"text": CANARY, CANARY: CANARY}, headers=chat),
            await http.post("/v1/messages", json={"text": [CANARY]}, headers=chat),
            await http.post("/v1/messages", content=f'{{"text": "{CANARY}', headers=chat),
            await http.post("/v1/messages", content=CANARY.encode() + b"\xff", headers=chat),
            await http.post("/v1/messages", json={"text": CANARY}, headers={"Authorization": f"Bearer {CANARY}"}),
            await http.post("/v1/chat/sessions", json={"customer_token": CANARY}),
            await http.post("/desk/sign-in", data={"login": CANARY, "password": CANARY}),
            await http.post("/v1/admin/policy", content=f"brand: {CANARY}\n{CANARY}: 1", headers=admin),
            await http.get(f"/v1/{CANARY}?{CANARY}={CANARY}"),
            await http.get(f"/v1/interactions/{CANARY}", headers=chat),
        ]
    assert [answer.status_code for answer in refused if not 400 <= answer.status_code < 500] == []


async def _reaches_people(customer: ChatCustomer) -> None:
    async def look() -> bool:
        return await customer.state() == "awaiting_person"

    await eventually(look, within=60, expected="a person for a case that could not be answered")


async def _used(server: FakeSmtpServer) -> bool:
    return server.planned is None


async def _token(world: World, role: Role) -> dict[str, str]:
    async with world.database.begin() as session:
        return {"Authorization": f"Bearer {await create_token(session, 'test', role)}"}


async def test_the_search_finds_what_a_history_holds(world: World) -> None:
    """A search that never finds anything proves nothing: the customer's opaque id is in every history."""
    async with world.chat() as customer:
        await customer.ask(QUESTIONS[0][0])
        wanted = customer.interaction_id.encode()
        assert [where async for where, content in recorded(world.temporal) if wanted in content]
