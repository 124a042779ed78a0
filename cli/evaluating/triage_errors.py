"""The worst errors of triage, for those who mend them."""

from collections.abc import Sequence

from domain.triage import IssueType, Triage
from domain.values import Value
from integrations.assistant.evaluation import HARM, Judged, LabelledMessage


class Error(Value):
    """A message that triage got wrong, by its line in the file."""

    line: int
    harm: int
    """As `integrations.assistant.evaluation.HARM` weighs it."""
    labelled: str
    said: IssueType
    confidence: float
    text: str

    def shown(self, *, texts: bool) -> dict[str, object]:
        """For programs; the message's words only if they are asked for."""
        return self.model_dump(mode="json", exclude=set() if texts else {"text"})


def errors_in(
    messages: Sequence[LabelledMessage], verdicts: Sequence[Triage], lines: Sequence[int], threshold: float
) -> list[Error]:
    """All errors, the most harmful first, and of these the surest first."""
    judged = (Judged(message=one, triage=verdict, seconds=0) for one, verdict in zip(messages, verdicts, strict=True))
    found = [_error(item, line, threshold) for item, line in zip(judged, lines, strict=True)]
    return sorted((error for error in found if error.harm), key=lambda error: (-error.harm, -error.confidence))


def _error(item: Judged, line: int, threshold: float) -> Error:
    message = item.message
    return Error(
        line=line,
        harm=_harm(item, threshold),
        labelled=IssueType.SPAM if item.is_spam else message.issue or "no spam",
        said=item.triage.issue,
        confidence=item.triage.confidence,
        text=message.text or "\n".join(f"{turn.role}: {turn.text}" for turn in message.messages),
    )


def _harm(item: Judged, threshold: float) -> int:
    said_spam = item.triage.issue is IssueType.SPAM
    if item.is_spam:
        return 0 if said_spam else HARM["not_acted_wrong"]
    if said_spam:
        return HARM["spam_lost"]
    if item.message.issue is None or item.right:
        return 0
    return HARM["acted_wrong" if item.acted_on(threshold) else "not_acted_wrong"]
