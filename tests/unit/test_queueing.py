"""What a waiting customer is told: never more exact than it is known, never a time at which nobody works."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.hours import Hours, Weekday
from domain.queue_notices import QueueWords
from domain.queueing import COUNTED, Outlook, answer_due, as_said, outlook
from domain.sla import SlaTargets
from domain.team import QueueRules

WEEK = (Weekday.MON, Weekday.TUE, Weekday.WED, Weekday.THU, Weekday.FRI)
OFFICE = Hours(timezone="Europe/Berlin", week=dict.fromkeys(WEEK, ("09:00-12:00", "13:00-17:30")))
NEVER = Hours(timezone="Europe/Berlin", week={Weekday.MON: ()})
MONDAY_11 = datetime(2026, 11, 23, 10, tzinfo=UTC)
FRIDAY_EVENING = datetime(2026, 11, 20, 19, tzinfo=UTC)
SIX = timedelta(minutes=6)
LANGUAGES = ("en", "de", "es", "fr")


def told(
    position: int = 3, units: float = 3, here: float = 6, hours: Hours = OFFICE, rules: QueueRules | None = None
) -> Outlook:
    """The outlook on a Monday at eleven."""
    return outlook(position, units, here, SIX, hours, MONDAY_11, rules or QueueRules())


@pytest.mark.parametrize(
    ("minutes", "about"), [(0, 1), (2, 1), (3, 5), (6, 5), (9, 10), (23, 20), (33, 30), (58, 60), (100, 90), (119, 120)]
)
def test_a_wait_is_rounded_as_people_say_it(minutes: float, about: int) -> None:
    assert as_said(timedelta(minutes=minutes)).about_minutes == about


@given(st.floats(min_value=0, max_value=100_000))
def test_a_wait_lies_in_the_range_that_is_told(minutes: float) -> None:
    said = as_said(timedelta(minutes=minutes))
    exactly = timedelta(minutes=minutes) / timedelta(minutes=1)
    assert said.from_minutes <= exactly
    assert said.to_minutes is None or exactly <= said.to_minutes


def test_the_wait_is_the_work_to_be_finished_over_the_people_who_are_here() -> None:
    found = told(units=10, here=2)
    assert found.wait == as_said(timedelta(minutes=30))
    assert not found.ask_for_message


def test_nobody_here_means_that_nobody_can_tell() -> None:
    assert told(units=0, here=0).wait is None
    assert told(units=5, here=0).wait is None


@pytest.mark.parametrize(("limit", "asks"), [(None, False), (20, True), (40, False)])
def test_a_wait_above_the_teams_limit_asks_for_a_message(limit: float | None, asks: bool) -> None:
    rules = QueueRules(message_above_minutes=limit)
    assert told(units=10, here=2, rules=rules).ask_for_message is asks
    assert told(units=10, here=0, rules=rules).ask_for_message is (limit is not None), "an unknown wait may be any"


def test_a_closed_team_says_when_it_opens_and_asks_for_a_message() -> None:
    found = outlook(3, 3, 6, SIX, OFFICE, FRIDAY_EVENING, QueueRules())
    assert (found.closed, found.wait, found.ask_for_message) == (True, None, True)
    assert found.opens_at == datetime(2026, 11, 23, 8, tzinfo=UTC)


def test_a_team_that_does_not_tell_its_hours_says_place_and_wait_at_any_time() -> None:
    found = outlook(3, 3, 6, SIX, OFFICE, FRIDAY_EVENING, QueueRules(message_when_closed=False))
    assert (found.closed, found.opens_at, found.ask_for_message) == (False, None, False)
    assert found.wait is not None


@pytest.mark.parametrize(
    ("hours", "target", "now", "due"),
    [
        (OFFICE, 60, MONDAY_11, datetime(2026, 11, 23, 11, tzinfo=UTC)),
        (OFFICE, 60, FRIDAY_EVENING, datetime(2026, 11, 23, 9, tzinfo=UTC)),
        (OFFICE, None, MONDAY_11, datetime(2026, 11, 24, 16, 30, tzinfo=UTC)),
        (OFFICE, None, FRIDAY_EVENING, datetime(2026, 11, 23, 16, 30, tzinfo=UTC)),
        (Hours(), 60, MONDAY_11, MONDAY_11 + timedelta(hours=1)),
        (Hours(), None, MONDAY_11, MONDAY_11 + timedelta(days=1)),
        (OFFICE, 500_000, MONDAY_11, None),
        (NEVER, 60, MONDAY_11, None),
        (NEVER, None, MONDAY_11, None),
    ],
)
def test_an_answer_is_promised_from_the_next_working_time_on(
    hours: Hours, target: float | None, now: datetime, due: datetime | None
) -> None:
    assert answer_due(hours, SlaTargets(first_response_minutes=target), now) == due


def test_a_night_in_which_the_clocks_change_moves_no_promise() -> None:
    saturday = datetime(2026, 10, 24, 12, tzinfo=UTC)
    due = answer_due(OFFICE, SlaTargets(), saturday)
    assert due == datetime(2026, 10, 26, 16, 30, tzinfo=UTC), (
        "half past five, an hour later in UTC than the week before"
    )


def test_a_team_that_works_round_the_clock_answers_within_a_day() -> None:
    every_day = Hours(timezone="UTC", week=dict.fromkeys(Weekday, ("00:00-24:00",)))
    assert answer_due(every_day, SlaTargets(), MONDAY_11) == MONDAY_11 + timedelta(days=1)


# --- the words --------------------------------------------------------------------------------------------------------


def words(language: str = "en", now: datetime = MONDAY_11) -> QueueWords:
    """The words of a team in Berlin."""
    return QueueWords(language, now, "Europe/Berlin")


def test_place_and_wait_are_told_in_two_short_sentences() -> None:
    assert words().banner(told()) == "You are number 3. About 5 minutes."
    assert words("de").banner(told()) == "Sie sind Nummer 3. Etwa 5 Minuten."
    assert words("es").banner(told()) == "Tiene el número 3. Unos 5 minutos."
    assert words("fr").banner(told()) == "Vous êtes numéro 3. Environ 5 minutes."


def test_a_place_far_back_is_not_counted() -> None:
    assert words().banner(told(position=COUNTED + 1)) == "You are number 501. About 5 minutes."
    assert words().banner(told(position=COUNTED + 2)) == "More than 500 people are ahead of you. About 5 minutes."


@pytest.mark.parametrize("minutes", [0, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 600])
def test_every_wait_has_its_words_in_every_language(minutes: int) -> None:
    found = Outlook(position=2, wait=as_said(timedelta(minutes=minutes)))
    said = [words(language).banner(found) for language in LANGUAGES]
    assert len(set(said)) == len(LANGUAGES)
    assert not any("{" in one for one in said)


def test_other_languages_are_told_in_english() -> None:
    assert words("nl").banner(told()) == words("en").banner(told())


def test_nobody_in_line_is_not_told_of_a_queue() -> None:
    found = told(position=1, units=0)
    assert (
        words().handed_over(found, None) == "Thank you. A colleague from our team will take over and answer you here."
    )


def test_a_long_wait_names_the_way_out_and_the_time_of_the_answer() -> None:
    found = told(units=10, here=2, rules=QueueRules(message_above_minutes=5))
    said = words().handed_over(found, datetime(2026, 11, 23, 14, tzinfo=UTC))
    assert "About half an hour. You need not wait: leave a message" in said
    assert said.endswith("you will have an answer today by 15:00 (CET).")


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (datetime(2026, 11, 23, 14, tzinfo=UTC), "today by 15:00 (CET)"),
        (datetime(2026, 11, 23, 23, 30, tzinfo=UTC), "tomorrow by 0:30 (CET)"),
        (datetime(2026, 11, 27, 16, 30, tzinfo=UTC), "by Friday, 27 November, 17:30 (CET)"),
    ],
)
def test_times_are_told_in_the_teams_zone(at: datetime, said: str) -> None:
    assert said in words().message_left(at)


def test_a_closed_team_names_its_opening_instead_of_a_place() -> None:
    found = outlook(3, 3, 6, SIX, OFFICE, FRIDAY_EVENING, QueueRules())
    said = words(now=FRIDAY_EVENING).banner(found)
    assert said == "Our team is not here right now and is back on Monday, 23 November at 9:00 (CET)."


def test_a_mail_gets_no_place_and_hears_the_opening_only_while_the_team_is_closed() -> None:
    assert words().handed_over_by_mail(None).endswith("answer you here.")
    assert "tomorrow at 9:00 (CET)" in words().handed_over_by_mail(datetime(2026, 11, 24, 8, tzinfo=UTC))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_cannot_be_promised_is_not(language: str) -> None:
    closed = Outlook(position=1, closed=True, ask_for_message=True)
    said = words(language).handed_over(closed, None) + words(language).message_left(None)
    assert "{" not in said
    assert "None" not in said
    assert not any(character.isdigit() for character in said)
