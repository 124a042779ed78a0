"""Promises are found in what goes out, with the right instant; facts, questions and quotations are left alone."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.commitment import LONGEST_PROMISE, FulfilledBy
from domain.hours import Hours, Weekday
from domain.promises import spot

WEEK = dict.fromkeys(list(Weekday)[:5], ("09:00-17:30",))
BERLIN = Hours(timezone="Europe/Berlin", week=WEEK)
NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
"""A Wednesday, 10:00 in Berlin."""
TODAY, TOMORROW, FRIDAY, MONDAY = "2026-11-18 17:30", "2026-11-19 17:30", "2026-11-20 17:30", "2026-11-23 17:30"

PROMISES = [
    ("I will get back to you by Friday.", FRIDAY),
    ("I'll get back to you tomorrow.", TOMORROW),
    ("We will reply within 2 days.", FRIDAY),
    ("You will hear from us in 48 hours.", "2026-11-20 10:00"),
    ("We'll send you the label by 3 December.", "2026-12-03 17:30"),
    ("We'll send you the label by December 3rd.", "2026-12-03 17:30"),
    ("I will let you know until Monday 12:00.", "2026-11-23 12:00"),
    ("By Friday, I will have an answer for you.", FRIDAY),
    ("I have asked the warehouse and will update you by the end of the day.", TODAY),
    ("I’ll call you today.", TODAY),
    ("I'll call you tomorrow morning.", "2026-11-19 12:00"),
    ("I will write to you by 5 pm.", "2026-11-18 17:00"),
    ("I will write to you by Friday at 5:15 p.m. Have a nice day.", "2026-11-20 17:15"),
    ("A colleague will contact you by noon.", "2026-11-18 12:00"),
    ("We will refund you within 3 business days.", MONDAY),
    ("Your refund will be issued within 3-5 working days.", "2026-11-25 17:30"),
    ("You will receive your refund by Wednesday.", "2026-11-25 17:30"),
    ("I will look into it and get back to you next week.", "2026-11-27 17:30"),
    ("I will check it this week.", FRIDAY),
    ("I will get back to you on Saturday.", "2026-11-22 00:00"),
    ("I will call you before Friday.", "2026-11-20 00:00"),
    ("We will ship it out within an hour.", "2026-11-18 11:00"),
    ("I'll answer in a week.", "2026-11-25 17:30"),
    ("I will update you by 2026-12-01.", "2026-12-01 17:30"),
    ("I will update you by 3 January.", "2027-01-03 00:00+1"),
    ("I will find out why it is late by Friday.", FRIDAY),
    ("I will get back to you the day after tomorrow.", FRIDAY),
    ("Hi,\nI will get back\nto you by Friday.", FRIDAY),
    ("On Monday you wrote to us.\nSorry!\nI will reply by Friday to what you wrote:\nthe box.", FRIDAY),
    ("Jan asked for you. I will call you by Dec. 3 at noon.", "2026-12-03 12:00"),
    ("Ich melde mich bis Freitag bei Ihnen.", FRIDAY),
    ("Wir melden uns morgen bei Ihnen.", TOMORROW),
    ("Bis Montag 12 Uhr erhalten Sie eine Antwort von uns.", "2026-11-23 12:00"),
    ("Ich werde Ihnen innerhalb von 2 Tagen antworten.", FRIDAY),
    ("Wir werden Ihnen das Geld bis zum 3. Dezember erstatten.", "2026-12-03 17:30"),
    ("Ich schicke Ihnen das Etikett bis 3.12. zu.", "2026-12-03 17:30"),
    ("Sie hören in 48 Stunden von uns.", "2026-11-20 10:00"),
    ("Ich melde mich innerhalb von 3 Werktagen.", MONDAY),
    ("Ein Kollege wird sich bis Ende der Woche bei Ihnen melden.", FRIDAY),
    ("Ich rufe Sie morgen Vormittag an.", "2026-11-19 12:00"),
    ("Le responderé antes del viernes.", "2026-11-20 00:00"),
    ("Le responderemos mañana.", TOMORROW),
    ("Nos pondremos en contacto con usted en 48 horas.", "2026-11-20 10:00"),
    ("Le enviaremos la etiqueta el 3 de diciembre.", "2026-12-03 17:30"),
    ("Recibirá el reembolso en 3 días hábiles.", MONDAY),
    ("Voy a llamarle el lunes a las 12:00.", "2026-11-23 12:00"),
    ("Le contestaremos la semana que viene.", "2026-11-27 17:30"),
    ("Je vous répondrai d'ici vendredi.", FRIDAY),
    ("Nous reviendrons vers vous sous 48 heures.", "2026-11-20 10:00"),
    ("Je reviens vers vous demain matin.", "2026-11-19 12:00"),
    ("Nous vous rembourserons dans 2 jours.", FRIDAY),
    ("Vous recevrez une réponse d'ici le 3 décembre.", "2026-12-03 17:30"),
    ("Nous allons vous rappeler lundi à 12h00.", "2026-11-23 12:00"),
    ("Je vous enverrai l'étiquette après-demain.", FRIDAY),
]  # fmt: skip


@pytest.mark.parametrize(("text", "due"), PROMISES, ids=[text for text, _ in PROMISES])
def test_a_promise_is_found_with_the_instant_it_is_due(text: str, due: str) -> None:
    (found,) = spot(text, NOW, BERLIN)
    wall, _, days = due.partition("+")
    expected = datetime.fromisoformat(f"{wall}+01:00") + timedelta(days=int(days or 0))
    assert found.due_at == expected
    assert found.due_at.tzinfo is UTC


NONE = [
    "Your parcel arrived on Friday.",
    "Your parcel will arrive on Friday.",
    "Returns are accepted within 30 days.",
    "We accept returns within 30 days of delivery.",
    "We will refund you within 14 days after we receive the parcel.",
    "If you send it back by Friday, we will refund you.",
    "We will refund you if you send it back within 30 days.",
    "Shall I get back to you by Friday?",
    "Will you be at home tomorrow?",
    "Should we send it by Friday or will you call us tomorrow?",
    "> I will get back to you by Friday.",
    'You wrote "I will get back to you by Friday".',
    "Thanks.\nOn Monday, the shop wrote:\nI will get back to you by Friday.",
    "Danke.\nAm 17.11.2026 um 10:00 schrieb Shop:\nIch melde mich bis Freitag.",
    "We usually reply within 24 hours.",
    "We always answer within 2 days.",
    "I will not be able to answer by Friday.",
    "We can't call you tomorrow.",
    "We will be closed on Friday.",
    "I'll be on holiday until Monday.",
    "Please reply by Friday.",
    "You can send it back until 3 December.",
    "I will check the parcel that arrived on Friday.",
    "I will find out what happened on Friday.",
    "I will check your order from Friday.",
    "I will get back to you soon.",
    "I will get back to you in a few days.",
    "I will get back to you by 31 February.",
    "I will get back to you by 32:70.",
    "The sale ends tomorrow.",
    "Ihr Paket kam am Freitag an.",
    "Rückgaben sind innerhalb von 30 Tagen möglich.",
    "Wir antworten Ihnen in der Regel innerhalb von 24 Stunden.",
    "Wir erstatten Ihnen den Betrag innerhalb von 14 Tagen nach Erhalt.",
    "Wenn Sie es bis Freitag senden, werden wir es Ihnen erstatten.",
    "Melden wir uns morgen?",
    "Ich werde mich bis Freitag nicht melden.",
    "Su paquete llegó el viernes.",
    "Las devoluciones se aceptan en 30 días.",
    "Normalmente le responderemos en 24 horas.",
    "Si lo envía antes del viernes, le reembolsaremos.",
    "Votre colis est arrivé vendredi.",
    "Les retours sont acceptés sous 30 jours.",
    "Nous ne pourrons pas vous répondre avant vendredi.",
    "Si vous le renvoyez d'ici vendredi, nous vous rembourserons.",
    "",
    "?",
]


@pytest.mark.parametrize("text", NONE)
def test_what_is_no_promise_is_left_alone(text: str) -> None:
    assert spot(text, NOW, BERLIN) == ()


def test_a_weekday_is_never_today() -> None:
    (found,) = spot("I will call you by Wednesday.", NOW, BERLIN)
    assert found.due_at == datetime(2026, 11, 25, 16, 30, tzinfo=UTC)


def test_today_after_work_means_the_end_of_the_day() -> None:
    late = datetime(2026, 11, 18, 19, 0, tzinfo=UTC)
    (found,) = spot("I will call you today.", late, BERLIN)
    assert found.due_at == datetime(2026, 11, 18, 23, 0, tzinfo=UTC)


def test_a_holiday_is_no_working_day() -> None:
    closed = BERLIN.model_copy(update={"holidays": (datetime(2026, 11, 19, tzinfo=UTC).date(),)})
    (found,) = spot("We will refund you within 1 business day.", NOW, closed)
    assert found.due_at == datetime(2026, 11, 20, 16, 30, tzinfo=UTC)


def test_without_hours_a_day_ends_at_midnight() -> None:
    (found,) = spot("I will reply by Friday.", NOW, Hours(timezone="America/New_York"))
    assert found.due_at == datetime(2026, 11, 21, 5, 0, tzinfo=UTC)


def test_the_wall_clock_counts_across_a_change_of_the_clocks() -> None:
    before = datetime(2026, 10, 23, 9, 0, tzinfo=UTC)
    (found,) = spot("I will reply by Monday 12:00.", before, BERLIN)
    assert found.due_at == datetime(2026, 10, 26, 11, 0, tzinfo=UTC)


FACTS = [
    ("I will get back to you by Friday.", FulfilledBy.REPLY),
    ("We will refund you by Friday.", FulfilledBy.REFUND),
    ("We will send you a replacement by Friday.", FulfilledBy.REPLACEMENT),
    ("We will ship your order by Friday.", FulfilledBy.SHIPMENT),
    ("We will fix it by Friday.", FulfilledBy.BY_HAND),
    ("Wir überweisen Ihnen das Geld bis Freitag.", FulfilledBy.REFUND),
    ("Le reembolsaremos el viernes.", FulfilledBy.REFUND),
    ("Nous vous rembourserons vendredi.", FulfilledBy.REFUND),
]


@pytest.mark.parametrize(("text", "fact"), FACTS)
def test_a_promise_names_the_fact_that_would_fulfil_it(text: str, fact: FulfilledBy) -> None:
    (found,) = spot(text, NOW, BERLIN)
    assert found.fulfilled_by is fact


def test_each_promise_of_a_message_is_found_with_its_own_sentence() -> None:
    text = "Hello Kim, sorry! We will refund you by Friday. Is that fine? I will call you tomorrow."
    assert [promise.phrase for promise in spot(text, NOW, BERLIN)] == [
        "We will refund you by Friday.",
        "I will call you tomorrow.",
    ]


PIECES = [
    "by ",
    "I will ",
    "call ",
    "in ",
    " days ",
    "am ",
    "Friday",
    "3",
    "31",
    " May ",
    "99",
    ":",
    ".",
    "\n",
    "?",
    ">",
    "'",
]


START, END = (datetime(year, 1, 1) for year in (2020, 2100))  # noqa: DTZ001  hypothesis adds the zone


@given(
    st.lists(st.sampled_from(PIECES)).map("".join),
    st.datetimes(timezones=st.just(UTC), min_value=START, max_value=END),
)
def test_no_text_breaks_it_and_what_it_finds_lies_ahead(text: str, now: datetime) -> None:

    for found in spot(f"I will call you {text}", now, BERLIN):
        assert now < found.due_at <= now + LONGEST_PROMISE
