"""The words of flows: each exists in every language, names only what is known, and asks for what is wanted."""

import ast
import string
from datetime import date
from pathlib import Path

import pytest

from domain.flows.kinds import FlowKind
from domain.flows.refusal import Rule
from domain.flows.requests import OutreachReason
from domain.flows.texts import TEXTS
from domain.flows.words import SpokenFacts, UnknownWord, flow_subject, flow_words
from domain.money import Money

_ROOT = Path(__file__).parents[2]
_BARE = SpokenFacts(kind=FlowKind.RETURN, order="BT-1")
_FULL = SpokenFacts(
    kind=FlowKind.EXCHANGE,
    order="BT-1",
    label="LBL-1",
    by=date(2026, 3, 5),
    amount=Money(minor=1250, currency="EUR"),
    charge=Money(minor=900, currency="EUR"),
    refund_by=date(2026, 3, 9),
    tracking="TRK-1",
    payment_url="https://pay.example/1",
    items=("scarf-red",),
    choices=("refund", "store_credit", "wait"),
    expected=date(2026, 3, 1),
    link="https://shop.example/portal/x",
)


def _said_in_workflows() -> set[str]:
    """Every word that a workflow hands to `say`: a constant, one of a table's, or what a method of it returns."""
    found: set[str] = set()
    for path in _ROOT.joinpath("workflows").glob("*.py"):
        module = ast.parse(path.read_text())
        for call in ast.walk(module):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
                place = {"say": 0, "taken_back": 1}.get(call.func.attr)
                found |= _words(call.args[place], module) if place is not None else set()
    return found


def _words(argument: ast.expr, module: ast.Module) -> set[str]:
    match argument:
        case ast.Constant(value=str(word)):
            return {word}
        case ast.IfExp(body=one, orelse=other):
            return _words(one, module) | _words(other, module)
        case ast.Subscript(value=ast.Name(id=table)):
            tables = (node.value for node in module.body if isinstance(node, ast.Assign) and _names(node, table))
            return {word for one in tables for value in _values(one) for word in _words(value, module)}
        case ast.Call(func=ast.Attribute(attr=method)):
            defined = (node for node in ast.walk(module) if isinstance(node, ast.FunctionDef) and node.name == method)
            returned = (node.value for one in defined for node in ast.walk(one) if isinstance(node, ast.Return))
            return {word for value in returned if value for word in _words(value, module)}
        case _:
            return set()


def _names(node: ast.Assign, table: str) -> bool:
    return any(isinstance(target, ast.Name) and target.id == table for target in node.targets)


def _values(table: ast.expr) -> list[ast.expr]:
    return table.values if isinstance(table, ast.Dict) else []


_WORDS = sorted({word.partition(":")[0] for word in TEXTS["en"].words})


def test_every_word_that_workflows_say_exists() -> None:
    said = _said_in_workflows()
    assert {"label", "declined", "order_cancelled", "partly_exchanged", "refunded"} <= said
    assert said <= set(_WORDS)


def test_every_reason_to_reach_out_has_a_word() -> None:
    assert {f"delay_{reason}" for reason in OutreachReason} <= set(_WORDS)


@pytest.mark.parametrize("language", TEXTS)
def test_every_language_has_the_same_words_subjects_and_choices(language: str) -> None:
    texts, english = TEXTS[language], TEXTS["en"]
    assert texts.words.keys() == english.words.keys()
    assert texts.subjects.keys() == set(FlowKind)
    assert texts.choices.keys() == english.choices.keys()


@pytest.mark.parametrize("language", TEXTS)
@pytest.mark.parametrize("word", TEXTS["en"].words)
def test_a_text_names_the_same_things_in_every_language(word: str, language: str) -> None:
    assert _named(TEXTS[language].words[word]) == _named(TEXTS["en"].words[word])


def _named(sentences: tuple[str, ...]) -> set[str]:
    return {name for one in sentences for _, name, _, _ in string.Formatter().parse(one) if name}


@pytest.mark.parametrize("language", TEXTS)
@pytest.mark.parametrize("word", _WORDS)
def test_a_word_is_said_whether_much_is_known_or_only_the_order(word: str, language: str) -> None:
    for facts in (_BARE, _FULL):
        said = flow_words(word, "", facts, language)
        assert "BT-1" in said
        assert "{" not in said
        assert "None" not in said


def test_what_is_not_known_is_not_spoken_of() -> None:
    assert flow_words("refunded", "", _BARE, "en") == "Your return, order BT-1: it is done."
    assert flow_words("label", "", _BARE, "en") == "Your return, order BT-1: everything is ready for sending it back."


@pytest.mark.parametrize(("language", "amount"), [("en", "€12.50"), ("de", "12,50\xa0€"), ("fr", "12,50\xa0€")])
def test_amounts_are_written_as_the_language_writes_them(language: str, amount: str) -> None:
    assert amount in flow_words("refunded", "", _FULL, language)


def test_a_refund_to_store_credit_is_called_so() -> None:
    facts = _BARE.model_copy(update={"credit": Money(minor=1250, currency="EUR")})
    assert "store credit" in flow_words("refunded", "", facts, "en")
    assert "refunded €" not in flow_words("refunded", "", facts, "en")


@pytest.mark.parametrize("word", ["declined", "undone"])
@pytest.mark.parametrize("rule", Rule)
def test_a_refusal_says_which_rule_stands_against_it(rule: Rule, word: str) -> None:
    plain = flow_words(word, "", _BARE, "de")
    assert len(flow_words(word, rule.value, _BARE, "de")) > len(plain)


def test_what_a_person_wrote_is_passed_on() -> None:
    facts = _BARE.model_copy(update={"decision": "The seal was broken."})
    assert flow_words("declined", "not_approved", facts, "en").endswith("\n\nThe seal was broken.")


def test_choices_stand_in_one_list() -> None:
    assert "a refund, store credit or waiting" in flow_words("out_of_stock", "", _FULL, "en")


def test_a_word_that_nobody_wrote_is_a_mistake_not_a_silence() -> None:
    with pytest.raises(UnknownWord):
        flow_words("no_such_word", "", _BARE, "en")


def test_other_languages_are_spoken_to_in_english() -> None:
    assert flow_words("keep_it", "", _BARE, "fi") == flow_words("keep_it", "", _BARE, "en")
    assert flow_subject(FlowKind.OUTREACH, "BT-1", "fi") == "Your delivery, order BT-1"


OWN = {"engraved": {"en": "{about}: it says what you asked for.\nIt comes with {tracking}.\n{Ada}", "de": "Fertig."}}


def test_a_brands_own_words_come_first_and_leave_out_what_is_not_known() -> None:
    facts = SpokenFacts(kind=FlowKind.CUSTOM, order="BT-1", title="Engraving")
    said = flow_words("engraved", "", facts, "fr", OWN)
    assert said == "Engraving, order BT-1: it says what you asked for. {Ada}".replace(", order", ", commande")
    assert flow_words("engraved", "", facts, "de", OWN) == "Fertig."
    assert "BT-1" in flow_words("in_review", "", facts, "en", OWN)
