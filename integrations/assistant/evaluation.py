"""How good an assistant's triage is on labelled messages: a brand runs this on its own history before it trusts it."""

import json
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from pydantic import Field, ValidationError, model_validator

from domain.case import Case, Turn
from domain.parties import AuthorKind, Channel
from domain.triage import IssueType, Triage
from domain.values import Value
from integrations.assistant.protocol import Assistant

HARM = {"spam_lost": 10, "acted_wrong": 5, "not_acted_wrong": 1}
"""What errors cost beside each other: an honest message set aside, a wrong answer, a needless question or transfer."""

_CUSTOMER_ROLES = frozenset({"customer", "user"})


class LabelledTurn(Value):
    """One turn of a labelled conversation; role `customer` (or `user`), anything else is the shop."""

    role: str
    text: str


class LabelledMessage(Value):
    """One line of the file: `text` or `messages`, and `issue` (with `also_accept`) or `spam`."""

    text: str = ""
    messages: tuple[LabelledTurn, ...] = ()
    issue: IssueType | None = None
    also_accept: tuple[IssueType, ...] = ()
    spam: bool | None = None

    @model_validator(mode="after")
    def _has_text_and_label(self) -> "LabelledMessage":
        if not self.text and not any(turn.role in _CUSTOMER_ROLES for turn in self.messages):
            raise ValueError("needs `text`, or `messages` with a customer's turn")
        if self.issue is None and self.spam is None:
            raise ValueError("needs `issue` or `spam`")
        return self


class Judged(Value):
    """A labelled message and what triage made of it."""

    message: LabelledMessage
    triage: Triage
    seconds: float

    @property
    def is_spam(self) -> bool:
        """By label."""
        return self.message.spam is True or self.message.issue is IssueType.SPAM

    @property
    def right(self) -> bool:
        """The issue is the labelled one or one that is also right."""
        return self.triage.issue == self.message.issue or self.triage.issue in self.message.also_accept

    def acted_on(self, threshold: float) -> bool:
        """Whether the AI would have gone on with it: sure, and of something that a store can settle."""
        return self.triage.confidence >= threshold and self.triage.issue not in (IssueType.OTHER, IssueType.SPAM)


class Bin(Value):
    """Messages of like confidence: how sure triage was on average, and how often it was right."""

    n: int
    confidence: float
    right: float


class TriageReport(Value):
    """The figures. Shares lie between 0 and 1, None where the file has no such messages; times in milliseconds."""

    n: int
    threshold: float
    strict: float | None
    lenient: float | None
    top_two: float | None
    acted_on: float | None
    acted_right: float | None
    other_acted_on: float | None = Field(description="Of messages labelled `other`, the share acted on.")
    spam_recall: float | None
    honest_lost: float | None
    harm: int
    recall: dict[IssueType, float]
    calibration: tuple[Bin, ...]
    p50_ms: float
    p99_ms: float


def read_labelled(path: Path) -> list[LabelledMessage]:
    """The messages of a JSONL file. Raises ValueError that names the line and what is wrong with it, never its text."""
    messages = []
    for number, line in enumerate(_lines(path), start=1):
        try:
            if line.strip():
                messages.append(LabelledMessage.model_validate(json.loads(line)))
        except json.JSONDecodeError as error:
            raise ValueError(f"line {number} is no JSON: {error.msg} at column {error.colno}") from None
        except ValidationError as error:
            raise ValueError(f"line {number}: {_faults(error)}") from None
    return messages


def _lines(path: Path) -> list[str]:
    try:
        return path.read_bytes().decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise ValueError(f"the file is not UTF-8 (byte {error.start})") from None


def _faults(error: ValidationError) -> str:
    """Field and fault of each error; the message of a fault names what is allowed, not what was given."""
    faults = (
        (".".join(str(part) for part in fault["loc"]), fault["msg"])
        for fault in error.errors(include_input=False, include_url=False, include_context=False)
    )
    return "; ".join(f"`{field}`: {message}" if field else message for field, message in faults)


async def evaluate_triage(assistant: Assistant, messages: Iterable[LabelledMessage], threshold: float) -> TriageReport:
    """Triage every message and count."""
    judged = []
    for message in messages:
        started = time.perf_counter()
        triage, turns = await _triage(assistant, message)
        judged.append(Judged(message=message, triage=triage, seconds=(time.perf_counter() - started) / turns))
    return report_on(judged, threshold)


async def _triage(assistant: Assistant, message: LabelledMessage) -> tuple[Triage, int]:
    """The verdict on the last turn of the customer, earlier turns triaged before it as they would have been."""
    turns = message.messages or (LabelledTurn(role="customer", text=message.text),)
    verdict: Triage | None = None
    count, so_far = 0, []
    for index, turn in enumerate(turns):
        so_far.append(_turn(index, turn))
        if turn.role in _CUSTOMER_ROLES:
            verdict, count = await assistant.triage(_case(so_far, verdict)), count + 1
    assert verdict is not None  # noqa: S101 - the model's validator has seen a customer's turn
    return verdict, count


_NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)


def _case(turns: list[Turn], previous: Triage | None) -> Case:
    return Case(
        interaction_id="eval", channel=Channel.CHAT, tier="guest", turns=tuple(turns), previous=previous, now=_NOW
    )


def _turn(index: int, turn: LabelledTurn) -> Turn:
    author = AuthorKind.CUSTOMER if turn.role in _CUSTOMER_ROLES else AuthorKind.AI
    return Turn(message_id=f"eval-{index}", author=author, text=turn.text, at=_NOW, channel=Channel.CHAT)


def report_on(judged: Sequence[Judged], threshold: float) -> TriageReport:
    """Count what was judged."""
    honest = [item for item in judged if not item.is_spam]
    labelled = [item for item in honest if item.message.issue is not None]
    store = [item for item in labelled if item.message.issue is not IssueType.OTHER]
    outside = [item for item in labelled if item.message.issue is IssueType.OTHER]
    acted = [item for item in store if item.acted_on(threshold)]
    times = sorted(item.seconds * 1000 for item in judged)
    return TriageReport(
        n=len(judged),
        threshold=threshold,
        strict=_share([item.triage.issue == item.message.issue for item in labelled]),
        lenient=_share([item.right for item in labelled]),
        top_two=_share([_in_top_two(item) for item in labelled]),
        acted_on=_share([item.acted_on(threshold) for item in store]),
        acted_right=_share([item.right for item in acted]),
        other_acted_on=_share([item.acted_on(threshold) and not item.right for item in outside]),
        spam_recall=_share([item.triage.issue is IssueType.SPAM for item in judged if item.is_spam]),
        honest_lost=_share([item.triage.issue is IssueType.SPAM for item in honest]),
        harm=_harm(honest, threshold),
        recall=_recall(labelled),
        calibration=_calibration(labelled),
        p50_ms=_percentile(times, 0.5),
        p99_ms=_percentile(times, 0.99),
    )


def _share(hits: Sequence[bool]) -> float | None:
    return sum(hits) / len(hits) if hits else None


def _in_top_two(item: Judged) -> bool:
    seconds = item.triage.alternatives[:1]
    return item.right or any(issue == item.message.issue or issue in item.message.also_accept for issue, _ in seconds)


def _harm(honest: Sequence[Judged], threshold: float) -> int:
    total = 0
    for item in honest:
        if item.triage.issue is IssueType.SPAM:
            total += HARM["spam_lost"]
        elif item.message.issue is not None and not item.right:
            total += HARM["acted_wrong" if item.acted_on(threshold) else "not_acted_wrong"]
    return total


def _recall(labelled: Sequence[Judged]) -> dict[IssueType, float]:
    """By label; a wish for a person counts as found where triage notes it beside another issue."""
    seen: Counter[IssueType] = Counter()
    found: Counter[IssueType] = Counter()
    for item in labelled:
        if item.message.issue is not None:
            seen[item.message.issue] += 1
            wish = item.message.issue is IssueType.HUMAN and item.triage.wants_person
            found[item.message.issue] += item.right or wish
    return {issue: found[issue] / count for issue, count in sorted(seen.items())}


def _calibration(labelled: Sequence[Judged], bins: int = 5) -> tuple[Bin, ...]:
    filled: list[list[Judged]] = [[] for _ in range(bins)]
    for item in labelled:
        filled[min(int(item.triage.confidence * bins), bins - 1)].append(item)
    return tuple(
        Bin(
            n=len(items),
            confidence=sum(item.triage.confidence for item in items) / len(items),
            right=sum(item.right for item in items) / len(items),
        )
        for items in filled
        if items
    )


def _percentile(ordered: Sequence[float], share: float) -> float:
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)] if ordered else 0.0
