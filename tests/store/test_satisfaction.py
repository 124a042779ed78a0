"""The question of how it was: asked once and at the right moment, and what becomes of the answers."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from domain.baton import HolderKind
from domain.front_door import FrontDoor
from domain.interaction import EntryKind, InteractionState, Resolution
from domain.message import ClaimedIdentity, InboundMessage, Receipt
from domain.parties import AuthorKind, Channel, IdentityKind
from domain.policy import SatisfactionRules
from domain.satisfaction import NotAsked, QuestionState
from domain.signed_token import RatingToken
from store.asking import Asked, ask_now, call_off, note_asked, open_questions, poke_overdue_questions
from store.database import Database
from store.ids import new_id
from store.interactions import lock_case, resolve
from store.journal import Happening
from store.policy_versions import PolicyShelf
from store.rating_page import rate_on_page
from store.satisfaction import Satisfaction, ask_later
from store.speaking import pass_baton, post_draft
from store.taking_back import take_back_earlier
from tests.policies import small_policy
from tests.store.scene import Scene, scalar

KEY = "k" * 32
DOOR = FrontDoor(public_url="https://help.shop.example", secret_key=KEY)
RULES = SatisfactionRules(ask=True, after_minutes=60, open_hours=72)


class Counter:
    """What a test of ratings holds in its hands."""

    def __init__(self, scene: Scene) -> None:
        self.scene, self.database = scene, scene.database

    async def closed(
        self,
        interaction_id: str,
        how: Resolution = Resolution.CONFIRMED,
        *,
        language: str = "en",
        issue: str = "return",
        order: str = "",
    ) -> None:
        """The case is understood and resolved, as its story would do it."""
        async with self.database.begin() as session:
            customer, row = await lock_case(session, interaction_id)
            row.issue, row.triage = issue, _triage(issue, language, order)
            await resolve(session, row, how)
            row.handled_seq = row.last_seq
            await ask_later(session, row, customer, self.scene.policy)

    async def asks(self, interaction_id: str, *, due: bool = True) -> Asked:
        """What the workflow's activity does once the time has come."""
        async with self.database.begin() as session:
            if due:
                await session.execute(text("UPDATE satisfaction SET due_at = clock_timestamp() - interval '1 s'"))
            asked = await ask_now(session, interaction_id, PolicyShelf(), DOOR)
        if asked.message_id:
            message = await self.scene.message(asked.message_id)
            await self.scene.claim(message.conversation_id, by_commit=True)
            async with self.database.begin() as session:
                await note_asked(session, interaction_id)
        return asked

    async def rates_on_page(self, interaction_id: str, score: int, comment: str) -> bool | None:
        async with self.database.begin() as session:
            return await rate_on_page(session, interaction_id, score, comment, PolicyShelf())

    async def asked_chat(self, thread: str = "s1") -> Receipt:
        """A resolved chat whose customer was just asked."""
        receipt = await self.scene.chat(thread)
        await self.closed(receipt.interaction_id)
        asked = await self.asks(receipt.interaction_id)
        assert asked.message_id
        return receipt

    async def says(self, receipt: Receipt, words: str) -> None:
        """The AI says something, and the customer sees it."""
        draft_id = await self.scene.draft(receipt.interaction_id, words)
        async with self.database.begin() as session:
            await post_draft(session, draft_id, suggestion_seconds=60)
        await self.scene.claim(receipt.conversation_id, by_commit=True)

    async def question(self, interaction_id: str) -> Satisfaction:
        async with self.database.begin() as session:
            return await session.get_one(Satisfaction, interaction_id)

    async def fate(self, interaction_id: str) -> tuple[str, str]:
        row = await self.question(interaction_id)
        return row.state, row.why

    async def rated(self, interaction_id: str) -> int | None:
        return (await self.question(interaction_id)).score

    async def change(self, statement: str) -> None:
        async with self.database.begin() as session:
            await session.execute(text(statement))

    async def count(self) -> int:
        async with self.database.begin() as session:
            return int(str(await scalar(session, "SELECT count(*) FROM satisfaction")))


def _triage(issue: str, language: str, order: str = "") -> dict[str, object]:
    entities = {"order_numbers": [order] if order else []}
    return {"issue": issue, "confidence": 0.9, "language": language, "entities": entities}


@pytest.fixture
async def counter(database: Database) -> Counter:
    """A brand that asks, in chats and mails, after an hour."""
    return Counter(await Scene(database).prepare(small_policy().model_copy(update={"satisfaction": RULES})))


# --- whom it asks, and when ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", list(Resolution))
async def test_only_the_end_of_a_resolved_case_asks(counter: Counter, how: Resolution) -> None:
    chat, mail = await counter.scene.chat("s1"), await counter.scene.mail("ada@mail.example")
    for receipt in (chat, mail):
        await counter.closed(receipt.interaction_id, how)
    expected = {Resolution.CONFIRMED: 2, Resolution.BY_AGENT: 2, Resolution.ASSUMED: 1}.get(how, 0)
    assert await counter.count() == expected
    async with counter.database.begin() as session:
        assert len(await open_questions(session)) == expected


async def test_a_brand_that_does_not_ask_asks_nobody(scene: Scene) -> None:
    counter = Counter(scene)
    await counter.closed((await scene.chat("s1")).interaction_id)
    assert await counter.count() == 0


async def test_a_channel_that_is_not_named_is_never_asked_on(database: Database) -> None:
    rules = RULES.model_copy(update={"channels": (Channel.EMAIL,)})
    counter = Counter(await Scene(database).prepare(small_policy().model_copy(update={"satisfaction": rules})))
    await counter.closed((await counter.scene.chat("s1")).interaction_id)
    assert await counter.count() == 0


async def test_it_is_asked_when_it_is_due_and_once(counter: Counter) -> None:
    receipt = await counter.scene.chat("s1")
    await counter.closed(receipt.interaction_id)
    early = await counter.asks(receipt.interaction_id, due=False)
    assert early.again_at == (await counter.question(receipt.interaction_id)).due_at
    assert (await counter.asks(receipt.interaction_id)).message_id
    assert await counter.asks(receipt.interaction_id) == Asked()
    written = await counter.scene.messages(receipt.conversation_id)
    assert [message.author for message in written] == [AuthorKind.CUSTOMER, AuthorKind.SYSTEM]
    assert await counter.fate(receipt.interaction_id) == (QuestionState.ASKED, "")
    assert await counter.scene.told(receipt.interaction_id) == [EntryKind.MESSAGE_RECEIVED]


async def test_an_attempt_that_died_while_sending_is_taken_up_and_asks_nothing_twice(counter: Counter) -> None:
    receipt = await counter.scene.chat("s1")
    await counter.closed(receipt.interaction_id)
    await counter.change("UPDATE satisfaction SET due_at = clock_timestamp()")
    async with counter.database.begin() as session:
        first = await ask_now(session, receipt.interaction_id, PolicyShelf(), DOOR)
    assert await counter.asks(receipt.interaction_id) == first
    assert len(await counter.scene.messages(receipt.conversation_id)) == 2


async def test_a_case_that_is_open_again_is_not_asked_about_until_it_ends_again(counter: Counter) -> None:
    receipt = await counter.scene.chat("s1")
    await counter.closed(receipt.interaction_id)
    await counter.scene.chat("s1", "it is broken again")
    assert await counter.asks(receipt.interaction_id) == Asked()
    assert await counter.fate(receipt.interaction_id) == (QuestionState.DROPPED, NotAsked.REOPENED)
    await counter.closed(receipt.interaction_id)
    assert (await counter.asks(receipt.interaction_id)).message_id
    assert await counter.fate(receipt.interaction_id) == (QuestionState.ASKED, "")


async def test_a_case_is_asked_about_once_however_often_it_ends(counter: Counter) -> None:
    receipt = await counter.asked_chat()
    await counter.scene.chat("s1", "it is broken again")
    await counter.closed(receipt.interaction_id)
    assert await counter.asks(receipt.interaction_id) == Asked()
    assert len(await counter.scene.happened(Happening.SATISFACTION_ASKED)) == 1


async def test_nobody_is_asked_about_two_cases_within_a_week(counter: Counter) -> None:
    first = await counter.scene.chat("s1", shop="c1")
    await counter.closed(first.interaction_id)
    await counter.asks(first.interaction_id)
    second = await counter.scene.chat("s2", shop="c1")
    await counter.closed(second.interaction_id)
    await counter.asks(second.interaction_id)
    assert await counter.fate(second.interaction_id) == (QuestionState.DROPPED, NotAsked.ASKED_LATELY)
    await counter.change("UPDATE satisfaction SET asked_at = asked_at - interval '8 days'")
    third = await counter.scene.chat("s3", shop="c1")
    await counter.closed(third.interaction_id)
    assert (await counter.asks(third.interaction_id)).message_id


async def test_it_waits_while_a_person_speaks_to_the_customer_and_gives_up_in_the_end(counter: Counter) -> None:
    receipt = await counter.scene.chat("s1")
    await counter.closed(receipt.interaction_id)
    async with counter.database.begin() as session:
        customer, _ = await lock_case(session, receipt.interaction_id)
        await pass_baton(session, customer, HolderKind.AGENT, "robin")
    waiting = await counter.asks(receipt.interaction_id)
    assert waiting.message_id == ""
    assert waiting.again_at is not None
    assert await counter.fate(receipt.interaction_id) == (QuestionState.WAITING, "")
    await counter.change("UPDATE satisfaction SET give_up_at = clock_timestamp()")
    assert await counter.asks(receipt.interaction_id) == Asked()
    assert await counter.fate(receipt.interaction_id) == (QuestionState.DROPPED, NotAsked.BUSY)


async def test_it_waits_while_another_case_of_the_customer_is_open(counter: Counter) -> None:
    receipt = await counter.scene.chat("s1", shop="c1")
    await counter.closed(receipt.interaction_id)
    other = await counter.scene.chat("s2", shop="c1")
    assert (await counter.asks(receipt.interaction_id)).again_at is not None
    await counter.closed(other.interaction_id, Resolution.BY_OPERATOR)
    assert (await counter.asks(receipt.interaction_id)).message_id


async def test_a_question_that_is_taken_over_before_it_is_sent_is_not_asked(counter: Counter) -> None:
    receipt = await counter.scene.chat("s1")
    await counter.closed(receipt.interaction_id)
    await counter.change("UPDATE satisfaction SET due_at = clock_timestamp()")
    async with counter.database.begin() as session:
        await ask_now(session, receipt.interaction_id, PolicyShelf(), DOOR)
    async with counter.database.begin() as session:
        customer, _ = await lock_case(session, receipt.interaction_id)
        await pass_baton(session, customer, HolderKind.AGENT, "robin")
    await counter.asks(receipt.interaction_id)
    assert await counter.fate(receipt.interaction_id) == (QuestionState.DROPPED, NotAsked.UNREACHABLE)


async def test_switching_it_off_stops_the_questions_that_wait(counter: Counter) -> None:
    receipt = await counter.scene.chat("s1")
    await counter.closed(receipt.interaction_id)
    await counter.scene.prepare(small_policy())
    assert await counter.asks(receipt.interaction_id) == Asked()
    assert await counter.fate(receipt.interaction_id) == (QuestionState.DROPPED, NotAsked.OFF)


async def test_an_operator_can_call_it_off(counter: Counter) -> None:
    receipt = await counter.scene.chat("s1")
    await counter.closed(receipt.interaction_id)
    async with counter.database.begin() as session:
        await call_off(session, receipt.interaction_id)
    assert await counter.asks(receipt.interaction_id) == Asked()
    assert await counter.fate(receipt.interaction_id) == (QuestionState.DROPPED, NotAsked.CALLED_OFF)


async def test_it_is_asked_in_the_language_of_the_case_and_by_mail_with_a_signed_link(counter: Counter) -> None:
    receipt = await counter.scene.mail("ada@mail.example")
    await counter.closed(receipt.interaction_id, Resolution.ASSUMED, language="de")
    asked = await counter.asks(receipt.interaction_id)
    body = (await counter.scene.message(asked.message_id)).body
    assert body.startswith("Wie war das für Sie?")
    token = body.rpartition("/rate/")[2]
    row = await counter.question(receipt.interaction_id)
    assert row.open_until is not None
    assert RatingToken.read(token, KEY, row.open_until - timedelta(minutes=1)).sub == receipt.interaction_id
    chat = await counter.asked_chat()
    assert "/rate/" not in (await counter.scene.messages(chat.conversation_id))[-1].body


async def test_the_sweep_finds_what_is_past_its_time_once_in_a_while(counter: Counter) -> None:
    receipt = await counter.scene.chat("s1")
    await counter.closed(receipt.interaction_id)
    async with counter.database.begin() as session:
        assert await poke_overdue_questions(session) == 0
    await counter.change("UPDATE satisfaction SET next_step_due = clock_timestamp() - interval '1 s'")
    for found in (1, 0):
        async with counter.database.begin() as session:
            assert await poke_overdue_questions(session) == found


# --- the answers -----------------------------------------------------------------------------------------------------


async def test_a_rating_is_kept_and_opens_nothing(counter: Counter) -> None:
    receipt = await counter.asked_chat()
    await counter.scene.chat("s1", "5 - quick and kind")
    row = await counter.question(receipt.interaction_id)
    assert (row.score, row.comment) == (5, "quick and kind")
    assert (await counter.scene.customer(receipt.interaction_id)).last_csat == 5
    case = await counter.scene.interaction(receipt.interaction_id)
    assert (case.is_open, case.runs, case.last_seq) == (False, 1, case.handled_seq)
    given = await counter.scene.happened(Happening.SATISFACTION_GIVEN)
    assert [entry.facts for entry in given] == [{"score": 5}]


async def test_a_low_rating_opens_the_case_for_a_lead(counter: Counter) -> None:
    receipt = await counter.asked_chat()
    await counter.scene.chat("s1", "2 - took too long")
    case = await counter.scene.interaction(receipt.interaction_id)
    assert (case.state, case.resolution, case.runs) == (InteractionState.NEW, "", 2)
    assert case.next_step_due is not None
    told = await counter.scene.told(receipt.interaction_id)
    assert told == [EntryKind.MESSAGE_RECEIVED, EntryKind.RATED_LOW]
    async with counter.database.begin() as session:
        entry = (await session.execute(text("SELECT ref, facts FROM journal WHERE kind = 'rated_low'"))).one()
    assert (entry.ref, entry.facts) == ("support", {"score": 2})


async def test_any_other_message_opens_the_case_as_ever(counter: Counter) -> None:
    receipt = await counter.asked_chat()
    await counter.scene.chat("s1", "it broke again, I need 2 new ones")
    assert await counter.rated(receipt.interaction_id) is None
    assert await counter.scene.told(receipt.interaction_id) == [EntryKind.MESSAGE_RECEIVED] * 2


async def test_a_rating_with_a_wish_in_it_is_both(counter: Counter) -> None:
    receipt = await counter.asked_chat()
    await counter.scene.chat("s1", "5 - thanks, can you cancel the other order too?")
    assert await counter.rated(receipt.interaction_id) == 5
    assert await counter.scene.told(receipt.interaction_id) == [EntryKind.MESSAGE_RECEIVED] * 2
    assert (await counter.scene.interaction(receipt.interaction_id)).is_open


async def test_a_number_that_answers_something_else_is_a_message(counter: Counter) -> None:
    receipt = await counter.asked_chat()
    await counter.scene.chat("s1", "one more thing")
    await counter.scene.chat("s1", "5")
    assert await counter.rated(receipt.interaction_id) is None
    other = await counter.scene.chat("s2")
    await counter.closed(other.interaction_id)
    await counter.scene.chat("s2", "5")
    assert (await counter.scene.interaction(other.interaction_id)).is_open


async def test_a_number_that_answers_what_was_said_since_is_a_message(counter: Counter) -> None:
    receipt = await counter.asked_chat()
    await counter.scene.chat("s1", "one more thing")
    await counter.says(receipt, "How many of them?")
    await counter.closed(receipt.interaction_id)
    await counter.scene.chat("s1", "5")
    assert await counter.rated(receipt.interaction_id) is None
    assert (await counter.scene.interaction(receipt.interaction_id)).is_open


async def test_a_number_in_another_thread_of_the_case_is_a_message(counter: Counter) -> None:
    chat = await counter.scene.chat("s1", shop="c1", email="ada@mail.example")
    await counter.says(chat, "one moment")
    mail = await counter.scene.mail("ada@mail.example", proven=True)
    assert mail.interaction_id == chat.interaction_id
    await counter.closed(chat.interaction_id)
    assert (await counter.asks(chat.interaction_id)).message_id
    assert (await counter.question(chat.interaction_id)).conversation_id == mail.conversation_id
    await counter.scene.chat("s1", "5")
    assert await counter.rated(chat.interaction_id) is None


async def test_an_answer_that_comes_too_late_is_a_message(counter: Counter) -> None:
    receipt = await counter.asked_chat()
    await counter.change("UPDATE satisfaction SET open_until = clock_timestamp() - interval '1 s'")
    await counter.scene.chat("s1", "5")
    assert await counter.rated(receipt.interaction_id) is None
    assert (await counter.scene.interaction(receipt.interaction_id)).is_open
    assert await counter.rates_on_page(receipt.interaction_id, 5, "") is None


async def test_a_later_rating_replaces_the_first(counter: Counter) -> None:
    receipt = await counter.asked_chat()
    await counter.scene.chat("s1", "5")
    await counter.scene.chat("s1", "4/5")
    assert await counter.rated(receipt.interaction_id) == 4
    await counter.scene.chat("s1", "1")
    assert (await counter.scene.told(receipt.interaction_id))[-1] == EntryKind.RATED_LOW


async def test_an_answer_by_mail_is_a_rating(counter: Counter) -> None:
    receipt = await counter.scene.mail("ada@mail.example", key="<1@x>")
    await counter.closed(receipt.interaction_id)
    await counter.asks(receipt.interaction_id)
    await counter.scene.mail("ada@mail.example", "4, thanks", answers=("<1@x>",))
    assert await counter.rated(receipt.interaction_id) == 4


async def test_the_page_records_once_and_keeps_the_comment_where_people_read_it(counter: Counter) -> None:
    receipt = await counter.asked_chat()
    for _ in range(2):
        assert await counter.rates_on_page(receipt.interaction_id, 1, " nobody helped me ") is True
    assert await counter.rated(receipt.interaction_id) == 1
    assert (await counter.scene.messages(receipt.conversation_id))[-1].body == "nobody helped me"
    assert len(await counter.scene.messages(receipt.conversation_id)) == 3
    assert (await counter.scene.told(receipt.interaction_id)).count(EntryKind.RATED_LOW) == 1
    assert await counter.rates_on_page(receipt.interaction_id, 5, "") is False
    assert (await counter.scene.customer(receipt.interaction_id)).last_csat == 5


async def test_a_wish_on_the_page_reaches_the_story(counter: Counter) -> None:
    receipt = await counter.asked_chat()
    assert await counter.rates_on_page(receipt.interaction_id, 5, "please cancel the other one") is False
    assert (await counter.scene.told(receipt.interaction_id))[-1] == EntryKind.MESSAGE_RECEIVED


async def test_people_who_have_the_case_are_not_told_again(counter: Counter) -> None:
    receipt = await counter.asked_chat()
    await counter.scene.chat("s1", "it is broken again")
    await counter.scene.hand_over(receipt.interaction_id)
    assert await counter.rates_on_page(receipt.interaction_id, 1, "") is True
    assert EntryKind.RATED_LOW not in await counter.scene.told(receipt.interaction_id)


async def test_no_question_is_left_to_a_record_that_was_merged(counter: Counter) -> None:
    known = await counter.scene.chat("earlier", shop="c1")
    await counter.closed(known.interaction_id, Resolution.BY_OPERATOR)
    receipt = await counter.asked_chat()
    guest = (await counter.question(receipt.interaction_id)).customer_id
    await counter.scene.chat("s1", "5", shop="c1")
    customer = await counter.scene.customer(receipt.interaction_id)
    assert (await counter.question(receipt.interaction_id)).customer_id == customer.id != guest
    assert customer.last_csat == 5


# --- machines --------------------------------------------------------------------------------------------------------


async def robot(scene: Scene, words: str, *answers: str) -> Receipt:
    """A mail that a machine wrote."""
    return await scene.reception.receive(
        InboundMessage(
            channel=Channel.EMAIL,
            account="support@shop.example",
            provider_message_id=f"<{new_id()}@robot.example>",
            thread_refs=answers,
            sender=ClaimedIdentity(kind=IdentityKind.EMAIL, value="robot@mail.example", verified=True),
            text=words,
            auto_submitted=True,
        )
    )


async def test_a_machine_that_answers_everything_opens_nothing_and_rates_nothing(counter: Counter) -> None:
    receipt = await counter.scene.mail("robot@mail.example", key="<1@x>", proven=True)
    await counter.closed(receipt.interaction_id)
    await counter.asks(receipt.interaction_id)
    for _ in range(3):
        await robot(counter.scene, "5", "<1@x>")
    case = await counter.scene.interaction(receipt.interaction_id)
    assert (case.is_open, case.runs, case.last_seq) == (False, 1, case.handled_seq)
    assert await counter.rated(receipt.interaction_id) is None
    written = await counter.scene.messages(receipt.conversation_id)
    assert [message.author for message in written] == ["customer", "system", "customer", "customer", "customer"]
    assert len(await counter.scene.happened(Happening.LATE)) == 3


# --- taking back -----------------------------------------------------------------------------------------------------


async def understood(counter: Counter, interaction_id: str, issue: str = "return", order: str = "") -> str:
    """The new case is triaged, and the earlier one looked for."""
    async with counter.database.begin() as session:
        _, row = await lock_case(session, interaction_id)
        row.issue, row.triage = issue, _triage(issue, "en", order)
        return await take_back_earlier(session, row, counter.scene.policy)


async def test_the_same_problem_on_another_channel_takes_the_resolution_back(counter: Counter) -> None:
    chat = await counter.scene.chat("s1", shop="c1", email="ada@mail.example")
    await counter.closed(chat.interaction_id)
    mail = await counter.scene.mail("ada@mail.example", proven=True)
    assert mail.interaction_id != chat.interaction_id
    assert await understood(counter, mail.interaction_id) == chat.interaction_id
    assert await understood(counter, mail.interaction_id) == ""
    earlier = await counter.scene.interaction(chat.interaction_id)
    assert (earlier.taken_back_by, earlier.is_open) == (mail.interaction_id, False)
    assert (await counter.scene.interaction(mail.interaction_id)).linked_to == chat.interaction_id
    assert [row.ref for row in await counter.scene.happened(Happening.TAKEN_BACK)] == [mail.interaction_id]
    await counter.closed(mail.interaction_id, Resolution.BY_OPERATOR)
    assert await counter.asks(chat.interaction_id) == Asked()


@pytest.mark.parametrize(
    ("issue", "first", "second", "taken"),
    [
        ("return", "1001", "1001", True),
        ("return", "1001", "", True),
        ("return", "", "1002", True),
        ("return", "1001", "1002", False),
        ("exchange", "1001", "1001", False),
    ],
)
async def test_only_the_same_problem_takes_back(
    counter: Counter, issue: str, first: str, second: str, taken: bool
) -> None:
    chat = await counter.scene.chat("s1", shop="c1")
    await counter.closed(chat.interaction_id, order=first)
    again = await counter.scene.chat("s2", shop="c1")
    assert bool(await understood(counter, again.interaction_id, issue, second)) == taken


async def test_what_is_nobodys_problem_or_somebody_elses_or_too_old_takes_nothing_back(counter: Counter) -> None:
    chat = await counter.scene.chat("s1", shop="c1")
    await counter.closed(chat.interaction_id, issue="other")
    assert await understood(counter, (await counter.scene.chat("s2", shop="c1")).interaction_id, "other") == ""
    await counter.change("UPDATE interaction SET issue = 'return', state = 'resolved', resolution = 'confirmed'")
    assert await understood(counter, (await counter.scene.chat("s3", shop="c2")).interaction_id) == ""
    await counter.change("UPDATE interaction SET closed_at = clock_timestamp() - interval '8 days'")
    assert await understood(counter, (await counter.scene.chat("s4", shop="c1")).interaction_id) == ""


async def test_an_end_that_was_no_resolution_is_not_taken_back(counter: Counter) -> None:
    chat = await counter.scene.chat("s1", shop="c1")
    await counter.closed(chat.interaction_id, Resolution.NO_ANSWER)
    assert await understood(counter, (await counter.scene.chat("s2", shop="c1")).interaction_id) == ""
    await counter.scene.chat("s1", "here I am")
    assert (await counter.scene.interaction(chat.interaction_id)).taken_back_at is None


async def test_writing_again_takes_the_resolution_back_until_the_case_is_resolved_anew(counter: Counter) -> None:
    chat = await counter.scene.chat("s1")
    await counter.closed(chat.interaction_id)
    await counter.scene.chat("s1", "it is broken again")
    case = await counter.scene.interaction(chat.interaction_id)
    assert (case.taken_back_at is not None, case.taken_back_by) == (True, chat.interaction_id)
    await counter.closed(chat.interaction_id)
    assert (await counter.scene.interaction(chat.interaction_id)).taken_back_at is None
