"""What customers prove, rate and ask, and what agents make of drafts, enters no history, no log and no failure."""

import re

import pytest
from sqlalchemy import text

from cli.demo.chat import ChatCustomer
from cli.demo.checks import eventually
from cli.demo.scenarios.closing import goodbye
from cli.demo.scenarios.questions import QUESTIONS
from cli.demo.world import World
from cli.local.postgres import LocalPostgres
from domain.names import satisfaction_workflow_id
from integrations.shop.scenarios import EXCEPTION, PLAIN
from tests.e2e.staff_api import api_of
from tests.e2e.test_privacy import CANARY, nothing_is_found
from tests.fakes.smtp import FakeSmtpServer, SmtpFailure

_CODE = re.compile(r"\b\d{6}\b")
_DRAFTED = "How do I pause my Sock Club subscription?"
"""The demo's policy has people look at what the AI says of it."""


@pytest.mark.timeout(300)
async def test_proofs_drafts_ratings_and_gaps_are_found_nowhere(
    world: World, captured_mail: FakeSmtpServer, output: list[str], postgres: LocalPostgres
) -> None:
    await _in_a_proof_by_order(world)
    code = await _in_a_proof_by_code(world, captured_mail)
    await _in_drafts(world)
    await _in_a_brief(world)
    await _in_a_rating(world)
    await _in_a_gap(world)
    await _in_refused_requests(world)
    await world.at_rest()
    said = f"{CANARY}|{PLAIN.email}|{EXCEPTION.email}|(?<![0-9a-zA-Z._-]){code}(?![0-9a-zA-Z])"
    await nothing_is_found(said, world, output, postgres)


async def _in_a_proof_by_order(world: World) -> None:
    """A wrong address, a wrong postcode, then the right one."""
    async with world.chat() as customer:
        asked = await customer.ask(f"Where is my order {PLAIN.order_number}? {CANARY}")
        assert "postcode" in asked.text
        for wrong in (f"{CANARY}@mail.example", f"the postcode is 99999, {CANARY} street"):
            assert PLAIN.order_number not in (await customer.ask(wrong)).text
        told = await customer.ask(f"sorry, {PLAIN.email} and {PLAIN.postcode}")
        assert PLAIN.order_number in told.text
        await goodbye(customer)


async def _in_a_proof_by_code(world: World, captured_mail: FakeSmtpServer) -> str:
    """A code by mail, which the server takes at its second try only; a wrong code, then the right one."""
    captured_mail.fail_next(SmtpFailure.RECIPIENT_DEFERRED)
    async with world.chat() as customer:
        await customer.ask(f"Where is my order? {CANARY}")
        await customer.ask(f"I do not know the number, but I am {EXCEPTION.email}")

        async def look() -> str:
            return "".join(mail.text for mail in world.mailbox.to(EXCEPTION.email))

        found = _CODE.search(await eventually(look, within=30, expected="a code by mail"))
        assert found is not None
        wrong = f"{(int(found[0]) + 1) % 1_000_000:06d}"
        assert EXCEPTION.order_number not in (await customer.ask(f"{wrong} {CANARY}")).text
        assert EXCEPTION.order_number in (await customer.ask(f"no, {found[0]}")).text
        await goodbye(customer)
    return found[0]


async def _in_drafts(world: World) -> None:
    """One draft goes out in the agent's words, one is rejected for a reason that is none, then for one that is."""
    staff = world.staff
    async with api_of(world, staff.jules) as desk, world.at_desk(staff.jules) as jules, world.chat() as customer:
        await customer.say(f"{_DRAFTED} {CANARY}")
        item = await jules.accept(customer.interaction_id)
        edited = {"draft_id": item["draft"]["id"], "text": f"It is for you, {CANARY}."}
        assert (await desk.post(f"/v1/desk/work/{item['id']}/draft/send", json=edited)).is_success
        [answer] = await customer.gets(1)
        assert (answer.author, CANARY in answer.text) == ("agent", True)
        await customer.say(f"And can I skip a month of my subscription, {CANARY}?")
        item = await jules.accept(customer.interaction_id)
        rejected = {"draft_id": item["draft"]["id"], "reason": CANARY}
        url = f"/v1/desk/work/{item['id']}/draft/reject"
        assert (await desk.post(url, json=rejected)).status_code == 422
        assert (await desk.post(url, json={**rejected, "reason": "wrong"})).is_success
        await jules.reply(item, f"Nothing, {CANARY}.")
        await jules.resolve(item)


async def _in_a_brief(world: World) -> None:
    """What a person reads first holds what the customer wrote; it is asked for a second time."""
    staff = world.staff
    async with api_of(world, staff.jules) as desk, world.at_desk(staff.jules) as jules, world.chat() as customer:
        await customer.say(f"I want to talk to a human please, my parcel for {CANARY} is lost")
        item = await jules.accept(customer.interaction_id)
        assert CANARY in str((await jules.briefed(item))["brief"])
        assert (await desk.post(f"/v1/desk/work/{item['id']}/brief", json={})).status_code == 202
        await jules.reply(item, "I see to it.")
        await jules.resolve(item)


async def _in_a_rating(world: World) -> None:
    """A comment in the chat, and one on the page of the signed link."""
    async with world.chat() as customer:
        await customer.ask(QUESTIONS[0][0])
        await goodbye(customer)
        await _is_asked_how_it_was(world, customer)
        await customer.say(f"2 - {CANARY} was no help")
        assert f"{CANARY} was no help" in await _comments(world)


async def _is_asked_how_it_was(world: World, customer: ChatCustomer) -> None:
    """The hour after the end of the case is over: its clock is started anew, at a time that has come."""
    due = "UPDATE satisfaction SET due_at = clock_timestamp(), next_step_due = clock_timestamp()"
    async with world.database.begin() as session:
        await session.execute(text(f"{due} WHERE interaction_id = :case"), {"case": customer.interaction_id})
    await world.temporal.get_workflow_handle(satisfaction_workflow_id(customer.interaction_id)).terminate()
    await customer.sees(lambda seen: seen[-1].author == "system", "the question of how it was", within=60)


async def _comments(world: World) -> list[str]:
    async with world.database.begin() as session:
        return list((await session.execute(text("SELECT comment FROM satisfaction"))).scalars())


async def _in_a_gap(world: World) -> None:
    """A question that no article answers is noted for those who write them."""
    async with world.chat() as customer:
        await customer.say(f"Do you rent out ski equipment, {CANARY}?")
        query = text("SELECT count(*) FROM knowledge_gap WHERE interaction_id = :case")

        async def look() -> bool:
            async with world.database.begin() as session:
                return bool((await session.execute(query, {"case": customer.interaction_id})).scalar_one())

        await eventually(look, within=30, expected="a gap in what is known")


async def _in_refused_requests(world: World) -> None:
    async with api_of(world, world.staff.lead) as desk:
        refused = [
            await desk.post("/v1/assistant/stop", json={"cell": CANARY, "why": CANARY}),
            await desk.post("/v1/assistant/start", json={"cell": [CANARY]}),
            await desk.get("/v1/readiness", params={"days": CANARY}),
            await desk.get(f"/rate/{CANARY}"),
            await desk.post(f"/rate/{CANARY}", data={"score": "1", "comment": CANARY}),
        ]
    assert [answer.status_code for answer in refused if not 400 <= answer.status_code < 500] == []
