"""Triage by a model: its reading counts, and no warning sign of either of the two is lost."""

from typing import Any

import pytest

from domain.triage import Entities, IssueType, Relation, Triage, Urgency
from integrations.assistant.llm.outputs import ReadTurn
from integrations.assistant.llm.reading import united
from tests.unit.assistant_world import case_of, triage_of

FIRST = case_of(None, "c: where is bt-10423? ada@example.com")
LATER = FIRST.model_copy(update={"previous": triage_of(IssueType.RETURN)})


def read(issue: IssueType = IssueType.RETURN, **more: Any) -> ReadTurn:
    return ReadTurn(issue=issue, confidence=more.pop("confidence", 0.9), **more)


def local(issue: IssueType = IssueType.RETURN, **more: Any) -> Triage:
    return triage_of(issue, more.pop("confidence", 0.6), **more)


def test_the_models_issue_counts() -> None:
    both = united(local(IssueType.REFUND), read(IssueType.EXCHANGE), FIRST)
    assert (both.issue, both.confidence) == (IssueType.EXCHANGE, 0.9)
    assert both.alternatives[0] == (IssueType.REFUND, 0.6)


def test_nobody_is_surer_than_it_can_be() -> None:
    assert united(local(), read(confidence=1.0), FIRST).confidence < 1


@pytest.mark.parametrize("sign", ["wants_person", "auto_reply"])
def test_a_sign_that_either_sees_is_seen(sign: str) -> None:
    assert getattr(united(local(**{sign: True}), read(), FIRST), sign)
    assert getattr(united(local(), read(**{sign: True}), FIRST), sign)
    assert not getattr(united(local(), read(), FIRST), sign)


@pytest.mark.parametrize("urgency", [Urgency.LEGAL, Urgency.SAFETY, Urgency.CHARGEBACK, Urgency.PRESS])
def test_the_gravest_urgency_counts(urgency: Urgency) -> None:
    assert united(local(urgency=urgency), read(urgency=Urgency.TIME), FIRST).urgency is urgency
    assert united(local(), read(urgency=urgency), FIRST).urgency is urgency


def test_a_person_is_wanted_where_the_model_reads_nothing_else() -> None:
    assert united(local(), read(IssueType.HUMAN), FIRST).wants_person


def test_spam_is_what_both_see() -> None:
    assert united(local(IssueType.RETURN), read(IssueType.SPAM), FIRST).issue is IssueType.RETURN
    assert united(local(IssueType.SPAM), read(IssueType.RETURN), FIRST).issue is IssueType.RETURN
    assert united(local(IssueType.SPAM), read(IssueType.SPAM), FIRST).issue is IssueType.SPAM


def test_further_requests_of_both_are_kept() -> None:
    mine = local(further_issues=(IssueType.BILLING,))
    both = united(mine, read(further_issues=[IssueType.EXCHANGE, IssueType.RETURN]), FIRST)
    assert both.further_issues == (IssueType.EXCHANGE, IssueType.BILLING)


def test_only_what_the_customer_wrote_is_named() -> None:
    named = united(local(), read(order_numbers=["BT-10423", "BT-99999"], emails=["ada@example.com", "x@y.z"]), FIRST)
    assert named.entities.order_numbers == ("BT-10423",)
    assert named.entities.emails == ("ada@example.com",)


def test_what_the_local_triage_has_named_stays_as_the_shop_writes_it() -> None:
    mine = local().model_copy(update={"entities": Entities(order_numbers=("BT-10423",), products=("coat",))})
    named = united(mine, read(order_numbers=["bt-10423", "10423"]), FIRST)
    assert named.entities == mine.entities


@pytest.mark.parametrize("relation", [Relation.THANKS, Relation.ANOTHER, Relation.DISSATISFIED])
def test_a_first_message_relates_to_nothing(relation: Relation) -> None:
    assert united(local(), read(relation=relation), FIRST).relation is Relation.SAME
    assert united(local(), read(relation=relation), LATER).relation is relation


def test_that_the_answer_did_not_help_is_heard_from_either() -> None:
    assert united(local(relation=Relation.DISSATISFIED), read(relation=Relation.THANKS), LATER).relation is (
        Relation.DISSATISFIED
    )
