"""The figures that `baton eval triage` prints."""

from pathlib import Path

import pytest

from domain.case import Brief, Case
from domain.proposal import Proposal
from domain.triage import IssueType, Triage
from integrations.assistant.evaluation import LabelledMessage, evaluate_triage, read_labelled


class Keyed:
    """Triages by a table of texts; the newest turn counts."""

    def __init__(self, verdicts: dict[str, tuple[IssueType, float]]) -> None:
        self.verdicts = verdicts
        self.seen: list[Case] = []

    async def triage(self, case: Case) -> Triage:
        self.seen.append(case)
        issue, confidence = self.verdicts[case.turns[-1].text]
        return Triage(issue=issue, confidence=confidence)

    async def compose(self, case: Case) -> Proposal:
        raise NotImplementedError

    async def brief(self, case: Case) -> Brief:
        raise NotImplementedError


def labelled(text: str, issue: IssueType, *also: IssueType) -> LabelledMessage:
    return LabelledMessage(text=text, issue=issue, also_accept=also)


async def test_shares_are_counted_at_the_threshold() -> None:
    assistant = Keyed(
        {
            "right and sure": (IssueType.RETURN, 0.9),
            "also right": (IssueType.REFUND, 0.8),
            "wrong and sure": (IssueType.PROMO, 0.9),
            "right, not sure": (IssueType.RETURN, 0.3),
            "weather": (IssueType.ACCOUNT, 0.8),
            "joke": (IssueType.OTHER, 0.9),
        }
    )
    messages = [
        labelled("right and sure", IssueType.RETURN),
        labelled("also right", IssueType.RETURN, IssueType.REFUND),
        labelled("wrong and sure", IssueType.RETURN),
        labelled("right, not sure", IssueType.RETURN),
        labelled("weather", IssueType.OTHER),
        labelled("joke", IssueType.OTHER),
    ]
    report = await evaluate_triage(assistant, messages, 0.7)
    assert report.n == 6
    assert report.strict == pytest.approx(3 / 6)
    assert report.lenient == pytest.approx(4 / 6)
    assert report.acted_on == pytest.approx(3 / 4)
    assert report.acted_right == pytest.approx(2 / 3)
    assert report.other_acted_on == pytest.approx(1 / 2)
    assert report.recall == {IssueType.OTHER: 0.5, IssueType.RETURN: 0.75}
    assert report.harm == 10
    assert sum(group.n for group in report.calibration) == 6


async def test_spam_found_and_honest_messages_lost_are_counted_apart() -> None:
    assistant = Keyed({"win": (IssueType.SPAM, 1), "buy": (IssueType.OTHER, 1), "hi": (IssueType.SPAM, 1)})
    messages = [LabelledMessage(text=text, spam=spam) for text, spam in (("win", True), ("buy", True), ("hi", False))]
    report = await evaluate_triage(assistant, messages, 0.5)
    assert (report.spam_recall, report.honest_lost) == (0.5, 1.0)
    assert report.lenient is None


async def test_a_conversation_is_triaged_turn_by_turn_with_the_verdict_before() -> None:
    assistant = Keyed({"where is it": (IssueType.ORDER_STATUS, 0.9), "10423": (IssueType.OTHER, 0.2)})
    turns = (
        {"role": "user", "text": "where is it"},
        {"role": "ai", "text": "Which?"},
        {"role": "user", "text": "10423"},
    )
    message = LabelledMessage.model_validate({"messages": turns, "issue": "order_status"})
    await evaluate_triage(assistant, [message], 0.5)
    assert [case.previous.issue if case.previous else None for case in assistant.seen] == [None, IssueType.ORDER_STATUS]
    assert len(assistant.seen[1].turns) == 3


def test_a_bad_line_is_named_by_number_and_never_quoted(tmp_path: Path) -> None:
    file = tmp_path / "own.jsonl"
    file.write_text('{"text": "hello", "issue": "return"}\n{"text": "secret words", "isue": "return"}\n')
    with pytest.raises(ValueError, match=r"line 2: .*`isue`") as caught:
        read_labelled(file)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ('{"text": "secret"', "line 1 is no JSON"),
        ('{"text": "secret", "issue": "secret"}', "line 1: `issue`: Input should be"),
        ('{"issue": "return"}', "line 1: .*needs `text`, or `messages` with a customer's turn"),
        ('{"text": "secret"}', "line 1: .*needs `issue` or `spam`"),
        ('{"messages": [{"role": "user"}], "issue": "return"}', "line 1: `messages.0.text`: Field required"),
    ],
)
def test_an_error_says_what_is_wrong_with_the_line(tmp_path: Path, line: str, fault: str) -> None:
    file = tmp_path / "own.jsonl"
    file.write_text(line)
    with pytest.raises(ValueError, match=fault) as caught:
        read_labelled(file)
    assert "secret" not in str(caught.value)
