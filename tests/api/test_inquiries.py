"""Questions to outside parties over HTTP and mail: who may ask, who may answer, and what nobody else ever sees."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import aiosmtplib
import pytest
from sqlalchemy import select
from sqlmodel import col

from api.app import create_app
from api.mail import mail_server
from domain.flows.inquiry import question_message_id, question_subject
from domain.flows.rules import CommerceRules, Partner
from domain.parties import Role
from domain.policy import Policy
from domain.signed_token import PartnerToken, PortalToken
from integrations.channels.email.server import MailServer
from store.database import Database
from store.faults import Quarantined
from store.flows import Flow, Inquiry
from store.ids import new_id
from store.interactions import Interaction
from store.journal import JournalRow
from store.policies import activate
from tests.api.ground import KEY, Ground, settings, standing_on
from tests.policies import small_policy

MAILBOX = "support@outfitters.example"
ASK = "/v1/flows/inquiries"
QUESTION = {"partner": "warehouse", "question": "Is the <b>blue</b> one there?"}


def with_partner() -> Policy:
    partner = Partner(title="Warehouse", email="dock@warehouse.example")
    return small_policy().model_copy(update={"commerce": CommerceRules(partners={"warehouse": partner})})


@pytest.fixture
async def ground(database_url: str, database: Database) -> AsyncIterator[Ground]:
    async with standing_on(create_app(settings(database_url)), database) as found:
        async with database.begin() as session:
            found.policy = with_partner().model_copy(update={"version": await activate(session, with_partner())})
        yield found


async def agent(ground: Ground) -> dict[str, str]:
    return await ground.agent_headers(await ground.hire("robin"))


async def ask(ground: Ground, headers: dict[str, str], key: str = "k", **more: object) -> dict[str, object]:
    answer = await ground.http.post(ASK, json={**QUESTION, **more}, headers={**headers, "Idempotency-Key": key})
    assert answer.status_code == 201, answer.text
    asked: dict[str, object] = answer.json()
    return asked


async def the_inquiry(ground: Ground) -> Inquiry:
    async with ground.database.begin() as session:
        return (await session.execute(select(Inquiry))).scalar_one()


def path_of(link: object) -> str:
    return "/partner/" + str(link).rpartition("/")[2]


# --- asking -----------------------------------------------------------------------------------------------------------


async def test_an_agent_asks_once_for_each_key(ground: Ground) -> None:
    headers = await agent(ground)
    asked, again = await ask(ground, headers), await ask(ground, headers)
    assert asked["inquiry"] == again["inquiry"]
    assert await ground.count(Inquiry) == await ground.count(Flow) == 1
    assert (await the_inquiry(ground)).question == QUESTION["question"]


async def test_two_agents_questions_are_two_although_their_keys_are_one(ground: Ground) -> None:
    await ask(ground, await agent(ground))
    await ask(ground, await ground.agent_headers(await ground.hire("kim")))
    assert await ground.count(Inquiry) == 2


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"partner": "nobody"}, 409),
        ({"order": "BT-404"}, 404),
        ({"question": "  "}, 422),
        ({"question": "x" * 5001}, 422),
        ({"interaction_id": "0" * 26}, 404),
        ({"more": 1}, 422),
    ],
)
async def test_what_cannot_be_asked_is_refused_and_nothing_is_kept(
    ground: Ground, change: dict[str, object], status: int
) -> None:
    headers = {**(await agent(ground)), "Idempotency-Key": "k"}
    answer = await ground.http.post(ASK, json={**QUESTION, **change}, headers=headers)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert await ground.count(Inquiry) == await ground.count(Flow) == 0


async def test_a_case_out_of_reach_cannot_be_asked_about_nor_its_answers_read(ground: Ground) -> None:
    case = (await ground.say(await ground.chat(), "hello"))["interaction_id"]
    headers = {**(await agent(ground)), "Idempotency-Key": "k"}
    asked = await ground.http.post(ASK, json={**QUESTION, "interaction_id": case}, headers=headers)
    read = await ground.http.get(ASK, params={"interaction": case}, headers=headers)
    assert (asked.status_code, read.status_code) == (404, 404)


@pytest.mark.parametrize("role", [Role.CHANNEL, Role.READ_ONLY])
async def test_only_people_who_work_at_the_desk_ask(ground: Ground, role: Role) -> None:
    headers = {**(await ground.token(role)), "Idempotency-Key": "k"}
    assert (await ground.http.post(ASK, json=QUESTION, headers=headers)).status_code == 403
    assert (await ground.http.post(ASK, json=QUESTION, headers={"Idempotency-Key": "k"})).status_code == 401


async def test_the_answer_is_in_the_cases_timeline_and_never_before_the_customer(ground: Ground) -> None:
    chat = await ground.chat()
    case = (await ground.say(chat, "hello"))["interaction_id"]
    await ground.hand_off(case)
    headers = await agent(ground)
    asked = await ask(ground, headers, interaction_id=case)
    await ground.http.post(path_of(asked["link"]), data={"answer": "canary on shelf 4"})
    (seen,) = (await ground.http.get(ASK, params={"interaction": case}, headers=headers)).json()
    assert (seen["answer"], seen["partner"]) == ("canary on shelf 4", "warehouse")
    async with ground.database.begin() as session:
        kinds = (
            await session.execute(select(col(JournalRow.kind)).where(col(JournalRow.interaction_id) == case))
        ).scalars()
        assert "flow_party_answered" in list(kinds)
    conversation = await ground.http.get(f"/v1/interactions/{case}", headers=chat)
    assert conversation.status_code == 200
    assert "canary" not in conversation.text


# --- the partner's page -----------------------------------------------------------------------------------------------


async def test_the_page_shows_the_question_and_takes_one_answer(ground: Ground) -> None:
    path = path_of((await ask(ground, await agent(ground)))["link"])
    shown = await ground.http.get(path)
    assert shown.status_code == 200
    assert "Is the &lt;b&gt;blue&lt;/b&gt; one there?" in shown.text
    assert "default-src 'self'" in shown.headers["content-security-policy"]
    assert shown.headers["cache-control"] == "no-store"
    taken = await ground.http.post(path, data={"answer": "yes"})
    assert (taken.status_code, "has arrived" in taken.text) == (200, True)
    second = await ground.http.post(path, data={"answer": "no"})
    assert second.status_code == 409
    after = await ground.http.get(path)
    assert "blue" not in after.text
    assert (await the_inquiry(ground)).answer == "yes"


async def test_the_page_needs_no_cookie_and_refuses_forms_of_other_sites(ground: Ground) -> None:
    path = path_of((await ask(ground, await agent(ground)))["link"])
    refused = await ground.http.post(path, data={"answer": "yes"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert refused.status_code == 403
    assert (await the_inquiry(ground)).answered_at is None


@pytest.mark.parametrize("words", ["", "   ", "x" * 20_001])
async def test_a_blank_or_endless_answer_is_none(ground: Ground, words: str) -> None:
    path = path_of((await ask(ground, await agent(ground)))["link"])
    assert (await ground.http.post(path, data={"answer": words})).status_code == 422
    assert (await the_inquiry(ground)).answered_at is None


async def test_a_link_that_is_forged_expired_or_for_something_else_opens_nothing(ground: Ground) -> None:
    await ask(ground, await agent(ground))
    inquiry, soon = await the_inquiry(ground), int(datetime.now(UTC).timestamp()) + 60
    wrong = [
        PartnerToken(sub=inquiry.id, exp=soon).sign("another key of the tests, and only of them"),
        PartnerToken(sub=inquiry.id, exp=soon - 120).sign(KEY),
        PortalToken(sub=inquiry.id, exp=soon).sign(KEY),
        "nonsense",
    ]
    for token in wrong:
        assert (await ground.http.get(f"/partner/{token}")).status_code == 404
        assert (await ground.http.post(f"/partner/{token}", data={"answer": "yes"})).status_code == 404
    assert (await the_inquiry(ground)).answered_at is None


# --- mail -------------------------------------------------------------------------------------------------------------


@pytest.fixture
async def mailbox(ground: Ground) -> AsyncIterator[MailServer]:
    """The brand's mailbox, as the application serves it."""
    async with mail_server(ground.app.state.parts) as server:
        yield server


async def mail(
    mailbox: MailServer, sender: str, *, subject: str = "Re: a question", refers: str = "", words: str = "yes",
    automatic: str = "",
) -> None:  # fmt: skip
    """Somebody writes to the brand's mailbox."""
    lines = {
        "From": sender,
        "To": MAILBOX,
        "Subject": subject,
        "Message-ID": f"<{new_id()}@mail.example>",
        "In-Reply-To": refers,
        "Auto-Submitted": automatic,
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value)
    async with aiosmtplib.SMTP(hostname="127.0.0.1", port=mailbox.port, start_tls=False) as client:
        await client.sendmail(sender, [MAILBOX], f"{head}\r\n{words}\r\n".encode())


async def asked(ground: Ground) -> str:
    """A question under way; returns the Message-ID of its mail."""
    await ask(ground, await agent(ground))
    return f"<{question_message_id((await the_inquiry(ground)).id, 0)}@outfitters.example>"


@pytest.mark.parametrize("sender", ["dock@warehouse.example", "Kim@Warehouse.example"])
async def test_a_mail_that_answers_the_question_is_the_answer_and_opens_no_case(
    ground: Ground, mailbox: MailServer, sender: str
) -> None:
    await mail(mailbox, sender, refers=await asked(ground), words="On shelf 4.\r\n\r\n> Is it there?")
    assert (await the_inquiry(ground)).answer == "On shelf 4."
    assert await ground.count(Interaction) == 0


async def test_a_program_that_loses_the_thread_is_recognised_by_the_subject(
    ground: Ground, mailbox: MailServer
) -> None:
    await asked(ground)
    subject = question_subject((await the_inquiry(ground)).id, "Test Shop", "", "en")
    await mail(mailbox, "dock@warehouse.example", subject=f"AW: {subject}")
    assert (await the_inquiry(ground)).answer == "yes"
    assert await ground.count(Interaction) == 0


async def test_a_second_mail_is_added_and_the_same_one_again_is_not(ground: Ground, mailbox: MailServer) -> None:
    refers = await asked(ground)
    for words in ("yes", "no, sorry", "no, sorry"):
        await mail(mailbox, "dock@warehouse.example", refers=refers, words=words)
    assert (await the_inquiry(ground)).answer == "yes\n\nno, sorry"
    assert await ground.count(Interaction) == 0


async def test_a_stranger_who_knows_the_id_answers_nothing_and_admins_see_it(
    ground: Ground, mailbox: MailServer
) -> None:
    await mail(mailbox, "mallory@mail.example", refers=await asked(ground))
    assert (await the_inquiry(ground)).answered_at is None
    assert (await ground.count(Interaction), await ground.count(Quarantined)) == (0, 1)


async def test_an_absence_note_answers_nothing(ground: Ground, mailbox: MailServer) -> None:
    await mail(mailbox, "dock@warehouse.example", refers=await asked(ground), automatic="auto-replied")
    assert (await the_inquiry(ground)).answered_at is None
    assert await ground.count(Interaction) == 0


async def test_mail_that_names_no_inquiry_is_a_customers_as_ever(ground: Ground, mailbox: MailServer) -> None:
    await asked(ground)
    unknown = question_message_id(new_id(), 0)
    await mail(mailbox, "ada@mail.example", refers=f"<{unknown}@outfitters.example>", subject=f"[{new_id()}] hello")
    assert await ground.count(Interaction) == 1
