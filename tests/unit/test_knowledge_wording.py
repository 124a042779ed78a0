"""What a question asks for: fillers fall away, synonyms become one choice."""

import pytest

from integrations.knowledge.wording import Phrase, StemmedWording, Wording, read_wording, readings, terms


def phrase(text: str) -> Phrase:
    """Words at their places; a dash stands for a stop word."""
    return tuple((place, word) for place, word in enumerate(text.split(), 1) if word != "-")


WORDING = StemmedWording(
    fillers=frozenset({"pleas", "back"}),
    synonyms=(
        (phrase("return"), phrase("send back")),
        (phrase("refund"), phrase("money back")),
        (phrase("restock"), phrase("back - stock")),
    ),
)


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("pleas wash wool", ("'wash'", "'wool'")),
        ("wool wool", ("'wool'",)),
        ("pleas", ()),
        ("send - all back", ("('return') | ('send' <1> 'back')", "'all'")),
        ("send a b c d e back", ("'send'", "'a'", "'b'", "'c'", "'d'", "'e'")),
        ("money back", ("('refund') | ('money' <1> 'back')",)),
        ("back - stock", ("('restock') | ('back' <2> 'stock')",)),
        ("refund money back", ("('refund') | ('money' <1> 'back')",)),
        ("o'neill \\", ("'o''neill'", "'\\\\'")),
    ],
)
def test_a_question_becomes_what_it_asks_for(question: str, asked: tuple[str, ...]) -> None:
    assert terms(phrase(question), WORDING) == asked


@pytest.mark.parametrize(
    ("message", "asked"),
    [
        ("where is it", ["where is it"]),
        ("Hello. Where is it? It costs 3.50 EUR", ["Where is it?", "Hello. Where is it? It costs 3.50 EUR"]),
        ("One?\nTwo?", ["One?", "Two?", "One? Two?"]),
        ("Line one\nline two.", ["Line one line two."]),
        ("a? b? c? d? e?", ["a?", "b?", "c?", "d?", "a? b? c? d? e?"]),
        ("x" * 900, ["x" * 500]),
        ("", [""]),
    ],
)
def test_what_a_message_asks_is_told_from_what_it_tells(message: str, asked: list[str]) -> None:
    assert readings(message) == asked


def test_entries_that_are_only_stop_words_fall_away() -> None:
    plain = Wording(fillers=frozenset({"the", "please"}), synonyms=(("the", "refund"), ("of",)))
    stemmed = plain.stemmed({"please": phrase("pleas"), "refund": phrase("refund")})
    assert stemmed == StemmedWording(fillers=frozenset({"pleas"}), synonyms=((phrase("refund"),),))


def test_the_wording_that_ships_knows_english_and_lets_other_languages_pass() -> None:
    assert "refund" in read_wording("en").entries()
    assert read_wording("fi") == Wording()
