"""The page of a rating: looking changes nothing, one click answers, and only whoever has the link gets in."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.front_door import FrontDoor
from domain.interaction import Resolution
from store.conversations import Message
from store.interactions import Interaction, lock_interaction, resolve
from store.satisfaction import Satisfaction
from tests.api.ground import KEY, Ground

BASE = "http://baton.example"


class Asked:
    """A resolved case whose customer was asked."""

    def __init__(self, ground: Ground, interaction_id: str) -> None:
        self.ground, self.interaction_id = ground, interaction_id
        until = datetime.now(UTC) + timedelta(hours=1)
        self.link = FrontDoor(public_url=BASE, secret_key=KEY).rating(interaction_id, until).removeprefix(BASE)

    async def question(self) -> Satisfaction:
        async with self.ground.database.begin() as session:
            return await session.get_one(Satisfaction, self.interaction_id)

    async def case(self) -> Interaction:
        async with self.ground.database.begin() as session:
            return await session.get_one(Interaction, self.interaction_id)


async def asked(ground: Ground, language: str = "en", *, open_for: timedelta = timedelta(hours=1)) -> Asked:
    accepted = await ground.say(await ground.chat(), "hello")
    now = datetime.now(UTC)
    async with ground.database.begin() as session:
        row = await lock_interaction(session, accepted["interaction_id"])
        row.triage = {"issue": "return", "confidence": 0.9, "language": language}
        await resolve(session, row, Resolution.CONFIRMED)
        row.handled_seq = row.last_seq
        session.add(
            Satisfaction(
                interaction_id=row.id, customer_id=row.customer_id, state="asked", resolved_by="ai", asked_at=now,
                conversation_id=accepted["conversation_id"], open_until=now + open_for,
            )
        )  # fmt: skip
    return Asked(ground, accepted["interaction_id"])


async def test_looking_at_the_page_changes_nothing_and_one_click_rates(ground: Ground) -> None:
    case = await asked(ground)
    for method in ("GET", "HEAD", "GET"):
        shown = await ground.http.request(method, case.link)
        assert shown.status_code in {200, 405}
    page = (await ground.http.get(case.link)).text
    assert page.count('name="score"') == 5
    assert (await case.question()).score is None
    answer = await ground.http.post(case.link, data={"score": "4"})
    assert answer.status_code == 200
    assert "your rating has arrived" in answer.text
    assert (await case.question()).score == 4
    assert not (await case.case()).is_open


async def test_a_low_rating_says_that_somebody_will_look(ground: Ground) -> None:
    case = await asked(ground)
    answer = await ground.http.post(case.link, data={"score": "1", "comment": "it <b>took</b> too long"})
    assert "Somebody from our team" in answer.text
    assert (await case.case()).is_open
    assert (await case.question()).comment == "it <b>took</b> too long"
    assert await ground.count(Message) == 2


async def test_the_page_speaks_the_language_of_the_case(ground: Ground) -> None:
    case = await asked(ground, "fr")
    page = (await ground.http.get(case.link)).text
    assert "Êtes-vous satisfait" in page
    assert 'lang="fr"' in page


@pytest.mark.parametrize(
    "form", [{}, {"score": "0"}, {"score": "6"}, {"score": "x"}, {"score": "5", "comment": "x" * 2001}]
)
async def test_what_is_no_rating_is_refused(ground: Ground, form: dict[str, str]) -> None:
    case = await asked(ground)
    assert (await ground.http.post(case.link, data=form)).status_code == 422
    assert (await case.question()).score is None


async def test_a_question_that_is_over_takes_no_answer(ground: Ground) -> None:
    case = await asked(ground, open_for=timedelta(seconds=-1))
    assert "not open any more" in (await ground.http.get(case.link)).text
    assert (await ground.http.post(case.link, data={"score": "5"})).status_code == 409
    assert (await case.question()).score is None


async def test_without_the_signed_link_there_is_no_page(ground: Ground) -> None:
    case = await asked(ground)
    door = FrontDoor(public_url=BASE, secret_key=KEY)
    past, to_come = datetime(2020, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
    stale, other = door.rating(case.interaction_id, past), door.partner(case.interaction_id, datetime.now(UTC), 1)
    foreign = door.model_copy(update={"secret_key": "x" * 32}).rating(case.interaction_id, to_come)
    for link in (case.link[:-2] + "xx", stale, foreign, other.replace("partner", "rate"), "/rate/x"):
        for method in ("GET", "POST"):
            answer = await ground.http.request(method, link.removeprefix(BASE), data={"score": "5"})
            assert answer.status_code == 404
    assert (await case.question()).score is None


async def test_another_sites_form_rates_nothing(ground: Ground) -> None:
    case = await asked(ground)
    answer = await ground.http.post(case.link, data={"score": "5"}, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403
    assert (await case.question()).score is None
