"""What an evaluation of conversations comes to: each case with its findings, and the totals."""

from collections.abc import Sequence

from cli.evaluating.cases import Outcome, ReadyCase
from cli.evaluating.heard import Heard
from cli.evaluating.judging import Fault, Finding
from domain.values import Value


class JudgedCase(Value):
    """A case, what was heard and what is wrong with it."""

    name: str
    answerable: bool | None
    outcome: Outcome
    resolved: bool
    statements: int
    """Messages of the AI, each statement of a reply counted by itself."""
    findings: tuple[Finding, ...]
    known_gap: str = ""
    heard: Heard

    @property
    def passed(self) -> bool:
        """Nothing is wrong."""
        return not self.findings

    def has(self, *faults: Fault) -> bool:
        """Something is wrong under one of these headings."""
        return any(finding.fault in faults for finding in self.findings)


class Totals(Value):
    """Counts of cases, and shares between 0 and 1 (None where there is nothing to divide by)."""

    cases: int
    passed: int
    failed: int
    answerable: int
    resolved: int
    resolved_rate: float | None
    """Of the answerable cases."""
    statements: int
    wrong: int
    """Statements and flows, as is `unsupported`."""
    unsupported: int
    wrong_or_unsupported_rate: float | None
    """Of all statements."""
    needless_handoff: int
    needless_handoff_rate: float | None
    """Of the answerable cases."""
    must_hand_off: int
    missed_handoff: int
    missed_handoff_rate: float | None
    """Of the cases that must be handed off."""
    known_gaps: int


class AnswersReport(Value):
    """What `baton eval answers --json` prints."""

    totals: Totals
    cases: tuple[JudgedCase, ...]


def judged(case: ReadyCase, heard: Heard, findings: Sequence[Finding]) -> JudgedCase:
    """A case with its verdict. It is resolved if it could be, was answered to the end, and nothing is wrong."""
    answered = case.answerable is True and heard.outcome is Outcome.RESOLVED
    return JudgedCase(
        name=case.name,
        answerable=case.answerable,
        outcome=heard.outcome,
        resolved=answered and not findings,
        statements=_statements(heard),
        findings=tuple(findings),
        known_gap=case.known_gap,
        heard=heard,
    )


def totals(cases: Sequence[JudgedCase]) -> Totals:
    """Count."""
    answerable = [case for case in cases if case.answerable]
    people = [case for case in cases if case.answerable is False]
    resolved = sum(case.resolved for case in cases)
    statements = sum(case.statements for case in cases)
    wrong, unsupported = _faults(cases, Fault.WRONG), _faults(cases, Fault.UNSUPPORTED)
    needless = sum(case.has(Fault.NEEDLESS_HANDOFF) for case in cases)
    missed = sum(case.has(Fault.MISSED_HANDOFF) for case in cases)
    return Totals(
        cases=len(cases),
        passed=sum(case.passed for case in cases),
        failed=sum(not case.passed for case in cases),
        answerable=len(answerable),
        resolved=resolved,
        resolved_rate=_share(resolved, len(answerable)),
        statements=statements,
        wrong=wrong,
        unsupported=unsupported,
        wrong_or_unsupported_rate=_share(wrong + unsupported, statements),
        needless_handoff=needless,
        needless_handoff_rate=_share(needless, len(answerable)),
        must_hand_off=len(people),
        missed_handoff=missed,
        missed_handoff_rate=_share(missed, len(people)),
        known_gaps=sum(bool(case.known_gap) for case in cases),
    )


def _statements(heard: Heard) -> int:
    said = [answer for turn in heard.turns for answer in turn.answers if answer.by_ai]
    return sum(len(answer.statements) if answer.statements else 1 for answer in said)


def _faults(cases: Sequence[JudgedCase], fault: Fault) -> int:
    return sum(finding.fault is fault for case in cases for finding in case.findings)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
