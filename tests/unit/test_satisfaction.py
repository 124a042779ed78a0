"""Reading a rating: what is nothing but one, and what goes on as a message."""

from datetime import UTC, datetime

import pytest

from api.happenings import sentence
from domain.interaction import Resolution
from domain.policy_file import PolicyFileError, read_policy
from domain.rating import Rating, read_rating
from domain.satisfaction import is_asked_about
from domain.satisfaction_words import rating_page_words, satisfaction_question
from store.case_view import Happened
from store.journal import Happening

RATINGS = [
    ("5", 5, ""),
    (" 4 ", 4, ""),
    ("3!", 3, ""),
    ("4/5", 4, ""),
    ("4 / 5", 4, ""),
    ("3 out of 5", 3, ""),
    ("5 von 5", 5, ""),
    ("2 sur 5.", 2, ""),
    ("4 de 5", 4, ""),
    ("10/10", 5, ""),
    ("7/10", 4, ""),
    ("1/10", 1, ""),
    ("★★★★☆", 4, ""),
    ("⭐⭐", 2, ""),
    ("⭐️⭐️⭐️", 3, ""),
    ("5️⃣", 5, ""),
    ("５", 5, ""),
    ("5 stars", 5, ""),
    ("1 Stern", 1, ""),
    ("4 estrellas", 4, ""),
    ("3 étoiles", 3, ""),
    ("fünf", 5, ""),
    ("Vier!", 4, ""),
    ("cinco", 5, ""),
    ("quatre", 4, ""),
    ("un", 1, ""),
    ("5 👍", 5, ""),
    ("2 - took too long", 2, "took too long"),
    ("2: took too long", 2, "took too long"),
    ("4, quick answer", 4, "quick answer"),
    ("1\nnobody understood me", 1, "nobody understood me"),
    ("5 great service", 5, "great service"),
    ("5 stars for the kind words", 5, "for the kind words"),
    ("3/5 a bit slow", 3, "a bit slow"),
    ("2 zu langsam", 2, "zu langsam"),
    ("très bien merci 5", 5, "très bien merci 5"),
    ("Very good, 5, thanks!", 5, "Very good, 5, thanks!"),
    ("I'd give it a 4", 4, "I'd give it a 4"),
    ("sehr gut danke, fünf", 5, "sehr gut danke, fünf"),
    ("le doy un 4", 4, "le doy un 4"),
    ("★★☆☆☆ lento", 2, "lento"),
]
NO_RATINGS = [
    "",
    "hello",
    "thanks",
    "0",
    "6",
    "12345",
    "10",
    "3.5",
    "4:30",
    "5%",
    "5 €",
    "5€ please",
    "5 days",
    "5 days later still nothing",
    "3 weeks and no parcel",
    "2 shirts arrived damaged",
    "1 of my shoes is broken",
    "one more thing",
    "two questions",
    "I need 2 of these",
    "please send 5",
    "order 5",
    "my order is 4",
    "is it 5?",
    "1, 2 and 3 are broken",
    "un problema con mi pedido",
    "eine Frage habe ich noch",
    "★★★☆",
    "2/3",
    "I am out of office until 5",
    "5 " + "so " * 600,
]
SAYS_MORE = [
    "5 - but please also cancel my other order",
    "4. Where is my refund?",
    "5, danke! Wo ist die Rechnung?",
    "5 - gracias, pero necesito otra factura",
    "5 : merci, pouvez-vous annuler l'autre commande",
    "5 - thanks, and for #1042 the same",
]


@pytest.mark.parametrize(("text", "score", "comment"), RATINGS)
def test_a_rating_is_read_however_it_is_written(text: str, score: int, comment: str) -> None:
    found = read_rating(text)
    assert found is not None
    assert (found.score, found.comment) == (score, comment)


@pytest.mark.parametrize("text", NO_RATINGS)
def test_what_is_not_surely_a_rating_is_a_message(text: str) -> None:
    assert read_rating(text) is None


@pytest.mark.parametrize("text", SAYS_MORE)
def test_a_rating_with_a_wish_in_it_is_a_message_as_well(text: str) -> None:
    found = read_rating(text)
    assert found is not None
    assert found.says_more


@pytest.mark.parametrize("text", ["5", "2 - took too long", "très bien merci 5", "4, quick answer"])
def test_a_word_on_why_reopens_nothing(text: str) -> None:
    found = read_rating(text)
    assert found is not None
    assert not found.says_more


def test_a_comment_is_shown_in_no_log() -> None:
    assert "secret" not in repr(Rating(score=3, comment="secret"))


@pytest.mark.parametrize("language", ["en", "de", "es", "fr"])
def test_the_question_says_how_to_answer_and_is_no_rating_itself(language: str) -> None:
    question = satisfaction_question(language, "https://help.shop.example/rate/x")
    assert "1" in question
    assert "5" in question
    assert question.endswith("https://help.shop.example/rate/x")
    assert "\n" not in satisfaction_question(language)
    assert read_rating(question) is None
    assert rating_page_words(language).language == language


def test_a_language_that_baton_does_not_write_is_asked_in_english() -> None:
    assert satisfaction_question("it") == satisfaction_question("en")
    assert rating_page_words("it").language == "en"


@pytest.mark.parametrize(
    ("how", "chat", "mail"),
    [
        (Resolution.CONFIRMED, True, True),
        (Resolution.BY_AGENT, True, True),
        (Resolution.ASSUMED, False, True),
        (Resolution.SET_ASIDE, False, False),
        (Resolution.NO_ANSWER, False, False),
        (Resolution.LEFT_QUEUE, False, False),
        (Resolution.BY_OPERATOR, False, False),
    ],
)
def test_only_a_resolution_is_asked_about(how: Resolution, chat: bool, mail: bool) -> None:
    assert (is_asked_about(how, "chat"), is_asked_about(how, "email")) == (chat, mail)


def test_a_team_that_does_not_exist_is_refused() -> None:
    with pytest.raises(PolicyFileError, match="'complaints' is not under teams"):
        read_policy(f"{_POLICY}\nsatisfaction: {{ask: true, team: complaints}}\n")
    assert read_policy(f"{_POLICY}\nsatisfaction: {{ask: true, team: support}}\n").satisfaction.team == "support"


def test_people_read_the_score_in_the_timeline() -> None:
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    row = Happened(kind=Happening.SATISFACTION_GIVEN, ref="", by_name="", facts={"score": 2}, at=at)
    assert sentence(row) == "The customer rated it 2 of 5."


_POLICY = """
brand: {name: Test Shop, ai_label: Test Shop AI}
overflow: support
teams: {support: {title: Support}}
tiers: {guest: {}}
matrix: {}
defaults: [{plan: ["queue:support"]}]
"""
