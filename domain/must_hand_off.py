"""What goes to a person whatever an assistant might know."""

from collections.abc import Sequence

from domain.proposal import HandoffReason
from domain.triage import GRAVE, IssueType, Relation, Triage


def must_hand_off(triage: Triage, languages: Sequence[str]) -> HandoffReason | None:
    """Why a person has to answer; None where the AI may. `languages` are those that it writes (ISO 639-1)."""
    if triage.wants_person or triage.issue is IssueType.HUMAN:
        return HandoffReason.CUSTOMER_REQUEST
    if triage.urgency in GRAVE or IssueType.COMPLAINT in (triage.issue, *triage.further_issues):
        return HandoffReason.POLICY_RESTRICTION
    if triage.relation is Relation.DISSATISFIED:
        return HandoffReason.DISSATISFIED
    if triage.language not in languages or triage.auto_reply or triage.issue is IssueType.SPAM:
        return HandoffReason.UNSUPPORTED_REQUEST
    return None
