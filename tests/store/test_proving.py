"""Proof of identity: what opens an order, what does not, and that guessing leads nowhere and learns nothing."""

import asyncio

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from activities import trying_proofs
from activities.assisting import AssistantActivities
from activities.records import CaseRef
from activities.sending_codes import MailedCodes, NewCode, mailed_codes
from domain.commerce import ShopCustomer
from domain.flows.requests import InquiryRequest
from domain.flows.rules import Partner
from domain.front_door import FrontDoor
from domain.parties import IdentityKind
from domain.proving import CODE_TRIES, REQUESTS, WRONG_FOR_ONE, Proven, code_of
from domain.proving_words import Telling, proof_words
from domain.triage import Entities
from integrations.channels.email.sending import SmtpOutbound
from store.customers import Identity
from store.database import Database
from store.faults import Quarantined, quarantine
from store.flow_requests import request_flow
from store.flows import Flow
from store.inquiries import inquiry_of, record_answer
from store.journal import Happening
from store.proofs import wrong_against
from tests.fakes.assistant import ScriptedAssistant
from tests.fakes.smtp import FakeSmtpServer, SmtpFailure
from tests.store.prover import KEY, Prover
from tests.unit.flow_world import AGENT, facts, rules

WRONG, CODE_SENT, ASK = (proof_words(one, "en", codes=True) for one in (Telling.WRONG, Telling.CODE_SENT, Telling.ASK))
WRONG_CODE = proof_words(Telling.WRONG_CODE, "en", codes=True)
O_1 = Proven(shop_customer_id="mia", orders=("O-1",))
MIA = Proven(shop_customer_id="mia")


@pytest.fixture
async def prover(database: Database) -> Prover:
    """A stranger, and a shop."""
    return await Prover(database).prepare()


# --- what proves -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "where is O-1? mia@example.com",
        "where is o-1, MIA@Example.COM.",
        "O 1, sent to 04109 Leipzig",
        "O-1 D-04109",
        "O-1 0 4109 04109",
        "Ｏ１ is O-1: ０４１０９",
    ],
)
async def test_an_order_number_with_its_address_or_postcode_opens_that_order_and_no_other(
    prover: Prover, words: str
) -> None:
    await prover.writes(words)
    assert await prover.hear()
    assert await prover.proof() == O_1
    case = await prover.case()
    assert case.may_tell(await prover.shop.order("O-1"))
    assert not case.may_tell(await prover.shop.order("O-2"))
    assert (await prover.scene.customer(prover.interaction_id)).shop_customer_id is None


async def test_a_proof_may_come_in_several_messages(prover: Prover) -> None:
    assert await prover.says("where is my order O-1?") == proof_words(Telling.ASK_REST, "en", codes=True)
    assert await prover.says("why do you ask") is not None
    assert await prover.says("04109") is None
    assert await prover.proof() == O_1


async def test_a_lone_number_that_looks_like_an_order_is_taken_for_a_postcode_as_well(prover: Prover) -> None:
    await prover.says("where is my order O-1?")
    await prover.writes("04109")
    assert await prover.proving.hear(await prover.case(), Entities(order_numbers=("O-04109",)))
    assert await prover.proof() == O_1


async def test_a_corrected_order_number_is_tried_with_what_was_given_before(prover: Prover) -> None:
    assert await prover.says("O-7, mia@example.com") == WRONG
    assert await prover.says("sorry, I mean O-1") is None
    assert await prover.proof() == O_1


async def test_a_mail_from_the_orders_own_address_needs_no_question(prover: Prover) -> None:
    prover.interaction_id = (await prover.scene.mail("mia@example.com", "where is O-1?")).interaction_id
    assert await prover.hear()
    assert await prover.proof() == O_1


async def test_a_mail_from_elsewhere_is_asked_and_not_told_that_it_was_wrong(prover: Prover) -> None:
    prover.interaction_id = (await prover.scene.mail("leo@example.com", "where is O-1?")).interaction_id
    assert not await prover.hear()
    assert await prover.ask() == proof_words(Telling.ASK_REST, "en", codes=True)


async def test_another_order_of_the_same_customer_is_opened_by_what_was_given_before(prover: Prover) -> None:
    assert await prover.says("O-1 mia@example.com") is None
    await prover.writes("and O-2?")
    assert await prover.hear()
    found = await prover.proof()
    assert found is not None
    assert set(found.orders or ()) == {"O-1", "O-2"}


async def test_proof_for_an_order_of_ones_own_opens_nobody_elses(prover: Prover) -> None:
    assert await prover.says("O-9 leo@example.com") is None
    assert await prover.says("and what about O-1?") is not None
    assert await prover.proof() == Proven(shop_customer_id="leo", orders=("O-9",))


async def test_a_right_code_makes_the_record_the_shop_customers(prover: Prover) -> None:
    assert await prover.says("mia@example.com") == CODE_SENT
    assert prover.codes.sent[-1].address == "mia@example.com"
    assert await prover.says(f"it is {prover.codes.newest}") is None
    customer = await prover.scene.customer(prover.interaction_id)
    assert (customer.shop_customer_id, customer.tier, customer.display_name) == ("mia", "standard", "Mia")
    assert await prover.proof() == MIA
    async with prover.database.begin() as session:
        rows = (await session.execute(Identity.__table__.select())).all()  # type: ignore[attr-defined]
    owned = {(row.kind, row.value) for row in rows if row.customer_id == customer.id and row.verified}
    assert {(IdentityKind.SHOP_CUSTOMER, "mia"), (IdentityKind.EMAIL, "mia@example.com")} <= owned


async def test_a_code_joins_the_record_that_the_customer_has_already(prover: Prover) -> None:
    known = await prover.scene.chat("signed in", "hello", shop="mia", email="mia@example.com")
    await prover.says("mia@example.com")
    await prover.says(prover.codes.newest[:3] + " " + prover.codes.newest[3:])
    mine, theirs = [await prover.scene.customer(one) for one in (prover.interaction_id, known.interaction_id)]
    assert mine.id == theirs.id
    proofs = await prover.scene.happened(Happening.IDENTITY_PROVEN)
    assert [(one.customer_id, one.facts) for one in proofs] == [(mine.id, {"means": "code"})]


async def test_whoever_is_proven_stays_so_in_the_conversation(prover: Prover) -> None:
    await prover.says("mia@example.com")
    await prover.says(prover.codes.newest)
    await prover.writes("and now?")
    assert await prover.proof() == MIA
    assert not await prover.hear()


# --- what does not ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "O-1 leo@example.com",
        "O-1 10115",
        "O-1 0410 9",
        "O-1 mіa@example.com",  # a Cyrillic letter
        "O-1 mia@example.com.attacker.example",
        "O-1 @",
        "O-77 mia@example.com",
        "O-9 mia@example.com",
    ],
)
async def test_what_does_not_belong_to_the_order_proves_nothing(prover: Prover, words: str) -> None:
    await prover.writes(words)
    assert not await prover.hear()
    assert await prover.proof() is None


async def test_answers_do_not_tell_whether_order_or_address_exists(prover: Prover) -> None:
    heard = [
        await prover.says(words, thread=f"t{number}")
        for number, words in enumerate(["O-1 leo@example.com", "O-1 x@y.example", "O-77 mia@example.com", "O-77 10115"])
    ]
    assert set(heard) == {WRONG}
    asked = [await prover.says(f"{who}@example.com", thread=f"c{who}") for who in ("mia", "nobody")]
    assert set(asked) == {CODE_SENT}
    assert len(prover.codes.sent) == 1
    wrong = [await prover.says("000000", thread=f"c{who}") for who in ("mia", "nobody")]
    assert set(wrong) == {WRONG_CODE}
    again = [await prover.says("no code came", thread=f"c{who}") for who in ("mia", "nobody")]
    assert set(again) == {CODE_SENT}


async def test_the_limit_is_the_same_for_known_and_unknown_addresses(prover: Prover) -> None:
    for who in ("mia", "nobody"):
        for number in range(3):
            assert await prover.says(f"{who}@example.com", thread=f"{who}{number}") == CODE_SENT
    assert await prover.count("SELECT count(*) FROM one_time_code") == 2


async def test_an_address_that_only_looks_alike_gets_no_code(prover: Prover) -> None:
    await prover.says("MIA@example.com")
    await prover.says("mіa@example.com", thread="cyrillic")
    await prover.says("mia@example.com.attacker.example", thread="longer")
    assert [code.address for code in prover.codes.sent] == ["mia@example.com"]


async def test_a_code_goes_to_the_address_that_the_shop_has_however_freely_it_looks_one_up(
    prover: Prover, monkeypatch: pytest.MonkeyPatch
) -> None:
    mia = await prover.shop.shop.customer("mia")

    async def finds_mia(_: str) -> ShopCustomer | None:
        return mia

    monkeypatch.setattr(prover.shop.shop, "customer_by_email", finds_mia)
    await prover.says("mіa@example.com")
    assert [code.address for code in prover.codes.sent] == ["mia@example.com"]


async def test_wrong_tries_in_one_conversation_end_with_a_person(prover: Prover) -> None:
    for guess in range(5):
        await prover.writes(f"O-1 1000{guess}")
        assert not await prover.hear()
    assert await prover.ask() == ""
    await prover.writes("O-1 04109")
    assert not await prover.hear()
    assert await prover.proof() is None
    notes = await prover.scene.happened(Happening.IDENTITY_NOT_PROVEN)
    assert [(row.facts, row.ref) for row in notes] == [({"means": "order_postcode"}, "")] * 5


async def test_many_guesses_in_one_message_are_as_many_tries(prover: Prover) -> None:
    await prover.writes("O-1 10001 10002 10003 10004 10005 10006 04109")
    assert not await prover.hear()
    assert await prover.count("SELECT count(*) FROM identity_proof") == 3
    await prover.writes("O-1 O-2 20001 20002 20003")
    await prover.hear()
    assert await prover.count("SELECT count(*) FROM identity_proof") == 5


async def test_the_same_message_heard_again_counts_once(prover: Prover) -> None:
    await prover.writes("O-1 10115")
    for _ in range(7):
        assert not await prover.hear()
    assert await prover.count("SELECT count(*) FROM identity_proof") == 1
    assert await prover.ask() == await prover.ask() == WRONG
    assert await prover.count("SELECT count(*) FROM proof_request") == 1


async def test_guessing_against_one_order_from_many_conversations_closes_it_to_numbers(prover: Prover) -> None:
    for guess in range(WRONG_FOR_ONE):
        await prover.writes(f"o 1: 2000{guess}", thread=f"attacker{guess}")
        assert not await prover.hear()
    assert await prover.says("O-1 04109", thread="right") == WRONG
    assert await prover.says("mia@example.com", thread="right") == CODE_SENT
    assert await prover.says(prover.codes.newest, thread="right") is None
    await prover.writes("O-2 04109", thread="other order")
    assert await prover.hear()


async def test_an_order_is_open_again_after_a_day(prover: Prover) -> None:
    for guess in range(WRONG_FOR_ONE):
        await prover.writes(f"O-1: 2000{guess}", thread=f"attacker{guess}")
        await prover.hear()
    await prover.ages("identity_proof", "at", "25 hours")
    await prover.writes("O-1 04109", thread="owner")
    assert await prover.hear()


async def test_conversations_at_the_same_moment_have_no_more_tries_than_one_after_the_other(
    prover: Prover, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases, seen = [], []
    for guess in range(WRONG_FOR_ONE):
        await prover.writes(f"O-1 {30000 + guess}", thread=f"a{guess}")
        cases.append(await prover.case())

    async def counted(session: AsyncSession, tried: str) -> int:
        seen.append(await wrong_against(session, tried))
        return seen[-1]

    monkeypatch.setattr(trying_proofs, "wrong_against", counted)
    monkeypatch.setattr(trying_proofs, "same", lambda *_: True)
    monkeypatch.setattr(trying_proofs, "WRONG_FOR_ONE", 0)
    named = Entities(order_numbers=("O-1",))
    assert not any(await asyncio.gather(*(prover.proving.hear(case, named) for case in cases)))
    assert sorted(seen) == list(range(WRONG_FOR_ONE))


async def test_a_case_asks_for_proof_so_often_and_then_a_person_gets_it(prover: Prover) -> None:
    for turn in range(REQUESTS):
        assert await prover.says(f"where is my parcel {'?' * turn}") == ASK
    assert await prover.says("where is it") == ""


# --- codes -----------------------------------------------------------------------------------------------------------


async def test_a_code_is_kept_nowhere(prover: Prover) -> None:
    await prover.says("mia@example.com")
    code = prover.codes.newest
    for table in ("one_time_code", "journal", "message", "draft", "outbox", "identity_proof"):
        assert await prover.count(f"SELECT count(*) FROM {table} t WHERE t::text LIKE '%{code}%'") == 0  # noqa: S608


async def test_a_code_is_tried_five_times_at_most(prover: Prover) -> None:
    await prover.says("mia@example.com")
    wrong = [f"{number:06d}" for number in range(100) if f"{number:06d}" != prover.codes.newest]
    policy = prover.scene.policy
    generous = policy.model_copy(update={"assistant": policy.assistant.model_copy(update={"proof_attempts": 50})})
    prover.proving._trier._shelf._versions[policy.version] = generous
    for guess in wrong[:CODE_TRIES]:
        await prover.writes(guess)
        assert not await prover.hear()
    await prover.writes(prover.codes.newest)
    assert not await prover.hear()
    assert await prover.proof() is None


async def test_guessing_codes_over_many_conversations_closes_the_address(prover: Prover) -> None:
    for number in range(5):
        thread = f"attacker{number}"
        await prover.says("mia@example.com", thread)
        for guess in ("000001", "000002"):
            await prover.writes(guess, thread)
            await prover.hear()
        await prover.ages("one_time_code", "sent_at", "2 hours")
    sent = len(prover.codes.sent)
    assert await prover.count("SELECT count(*) FROM identity_proof WHERE NOT proven") == WRONG_FOR_ONE
    assert await prover.says("mia@example.com", thread="one more") == CODE_SENT
    assert len(prover.codes.sent) == sent


async def test_a_code_is_for_the_conversation_that_asked_for_it(prover: Prover) -> None:
    await prover.says("mia@example.com", thread="mia")
    await prover.says("leo@example.com", thread="attacker")
    await prover.writes(code_of(KEY, prover.codes.sent[0].code_id), thread="attacker")
    assert not await prover.hear()
    await prover.writes(code_of(KEY, prover.codes.sent[0].code_id), thread="stranger")
    assert not await prover.hear()
    assert await prover.proof() is None


async def test_an_expired_code_proves_nothing(prover: Prover) -> None:
    await prover.says("mia@example.com")
    await prover.ages("one_time_code", "expires_at", "11 minutes")
    assert await prover.says(prover.codes.newest) == WRONG_CODE


async def test_a_code_is_used_once(prover: Prover) -> None:
    await prover.says("mia@example.com")
    await prover.says(prover.codes.newest)
    await prover.shop.execute("UPDATE customer SET shop_customer_id = NULL")
    await prover.shop.execute("DELETE FROM identity_proof")
    await prover.writes(prover.codes.newest)
    assert not await prover.hear()


async def test_the_newest_code_counts(prover: Prover) -> None:
    await prover.says("mia@example.com")
    first = prover.codes.newest
    await prover.ages("one_time_code", "sent_at", "2 minutes")
    assert await prover.says("I got no code") == CODE_SENT
    assert len(prover.codes.sent) == 2
    assert await prover.says(first) == WRONG_CODE
    assert await prover.says(prover.codes.newest) is None


async def test_asking_twice_for_the_same_words_sends_the_same_code(prover: Prover) -> None:
    await prover.writes("mia@example.com")
    await prover.ask()
    await prover.ask()
    assert len({code.code_id for code in prover.codes.sent}) == 1
    assert len(await prover.scene.happened(Happening.CODE_SENT)) == 1


async def test_an_address_gets_few_codes(prover: Prover) -> None:
    for number in range(6):
        await prover.says("mia@example.com", thread=f"t{number}")
        await prover.ages("one_time_code", "sent_at", "2 minutes")
    assert len(prover.codes.sent) == 3


async def test_a_mail_is_answered_with_a_code_in_its_own_thread(prover: Prover) -> None:
    sent = await prover.scene.mail("mia@example.com", "where is my parcel?", key="<first@mail.example>")
    prover.interaction_id = sent.interaction_id
    assert not await prover.hear()
    assert await prover.ask() == CODE_SENT
    assert prover.codes.sent[-1].in_reply_to == "<first@mail.example>"
    reply = await prover.scene.mail("mia@example.com", prover.codes.newest, answers=("<first@mail.example>",))
    assert reply.interaction_id == prover.interaction_id
    assert await prover.hear()
    assert await prover.proof() == MIA


async def test_a_code_for_another_address_says_nothing_of_the_thread_that_asked_for_it(prover: Prover) -> None:
    sent = await prover.scene.mail("leo@example.com", "where is my parcel? I am mia@example.com")
    prover.interaction_id = sent.interaction_id
    assert await prover.ask() == CODE_SENT
    assert (prover.codes.sent[-1].address, prover.codes.sent[-1].in_reply_to) == ("mia@example.com", "")


async def test_without_codes_proof_is_by_order_number_alone(prover: Prover) -> None:
    prover.proving._codes = None
    assert await prover.says("mia@example.com") == proof_words(Telling.ASK, "en", codes=False)
    assert await prover.says("O-1") is None


# --- the mail --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("failures", [(), (SmtpFailure.RECIPIENT_DEFERRED,)])
async def test_a_code_goes_out_by_mail_and_again_if_the_server_was_busy(failures: tuple[SmtpFailure, ...]) -> None:
    server = FakeSmtpServer()
    await server.start()
    try:
        server.fail_next(*failures)
        door = FrontDoor(secret_key=KEY, mail_account="support@shop.example")
        sender = MailedCodes(SmtpOutbound("127.0.0.1", server.port, timeout=5), door, pause=0)
        sender.send(NewCode("01abc", "mia@example.com", "Test Shop", "de"))
        mail = await server.wait_for_id("<01abc@shop.example>")
        assert code_of(KEY, "01abc") in mail.text
        assert "Test Shop" in mail.subject
        assert mail.envelope_to == ("mia@example.com",)
        assert mail.auto_submitted == "auto-generated"
    finally:
        await server.stop(grace=0)


async def test_codes_need_a_mail_server_a_mailbox_and_a_key() -> None:
    mail, mailbox = SmtpOutbound("127.0.0.1", 1), "support@shop.example"
    assert mailed_codes(mail, FrontDoor(secret_key=KEY, mail_account=mailbox)) is not None
    assert mailed_codes(None, FrontDoor(secret_key=KEY, mail_account=mailbox)) is None
    assert mailed_codes(mail, FrontDoor(secret_key="", mail_account=mailbox)) is None
    assert mailed_codes(mail, FrontDoor(secret_key=KEY)) is None


# --- in the case -----------------------------------------------------------------------------------------------------


async def test_a_proof_in_the_same_words_is_heard_before_the_case_is_routed_and_answered(prover: Prover) -> None:
    await prover.shop.place("BT-10423")
    prover.interaction_id = (await prover.scene.chat("t", "where is BT-10423? mia@example.com")).interaction_id
    verbs = AssistantActivities(prover.database, prover.cases, ScriptedAssistant(), FrontDoor())
    await verbs.triage(CaseRef(interaction_id=prover.interaction_id, handled_seq=0))
    facts = (await prover.scene.interaction(prover.interaction_id)).shop_facts
    assert facts is not None
    assert facts["order"]["number"] == "BT-10423"  # type: ignore[index]


async def test_what_is_kept_of_requests_answers_and_payloads_is_masked(prover: Prover) -> None:
    card, mark = "4242 4242 4242 4242", "[card ending 4242]"
    commerce = rules(partners={"depot": Partner(title="Depot")})
    policy = prover.scene.policy.model_copy(update={"commerce": commerce})
    request = InquiryRequest(order="BT-1", partner="depot")
    async with prover.database.begin() as session:
        asked = await request_flow(session, request, facts(), AGENT, policy, intent="one", words=f"is it {card}?")
    async with prover.database.begin() as session:
        assert (await session.get_one(Flow, asked.flow_id)).words == f"is it {mark}?"
        inquiry = await inquiry_of(session, asked.flow_id)
        await record_answer(session, inquiry.id, f"no, {card}")
        assert inquiry.answer == f"no, {mark}"
        quarantined = await quarantine(session, channel="email", account="a", reason="x", raw=f"{card}\r\n".encode())
        assert (await session.get_one(Quarantined, quarantined)).raw == f"{mark}\r\n".encode()
