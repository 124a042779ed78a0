"""The tables of `baton eval`."""

from cli.evaluating.heard import HeardTurn
from cli.evaluating.report import AnswersReport, JudgedCase, Totals
from cli.tables import Table, show


def show_answers(report: AnswersReport, *, talk: bool) -> None:
    """A line for each case with what is wrong, and the totals; `talk` shows the conversations of those that failed."""
    for case in report.cases:
        show(_line(case))
        for finding in case.findings:
            show(f"       {finding}")
        if talk and not case.passed:
            show(*(line for turn in case.heard.turns for line in _talk(turn)))
    show("", _totals(report.totals))


def _line(case: JudgedCase) -> str:
    verdict = "PASS" if case.passed else "GAP " if case.known_gap else "FAIL"
    gap = f" (known gap: {case.known_gap})" if case.known_gap else ""
    return f"{verdict}  {case.name}: {case.outcome}{gap}"


def _talk(turn: HeardTurn) -> list[str]:
    lines = [f"       > {turn.said}", f"         [{turn.understood}]"]
    lines += [f"       < {answer.text}" for answer in turn.answers]
    lines += [f"       * begins {flow}" for flow in turn.begun]
    return lines + ([f"       * handed to people: {turn.handoff}"] if turn.handoff else [])


def _totals(counts: Totals) -> Table:
    table = Table("", "count", "of", "share")
    table.row("passed", *_of(counts.passed, counts.cases))
    table.row("resolved", *_of(counts.resolved, counts.answerable, "answerable"))
    table.row("wrong", *_of(counts.wrong, counts.statements, "statements"))
    table.row("unsupported", *_of(counts.unsupported, counts.statements, "statements"))
    table.row("needless handoff", *_of(counts.needless_handoff, counts.answerable, "answerable"))
    table.row("missed handoff", *_of(counts.missed_handoff, counts.must_hand_off, "must be handed off"))
    table.row("known gaps", *_of(counts.known_gaps, counts.cases))
    return table


def _of(part: int, whole: int, name: str = "cases") -> tuple[str, str, str]:
    return str(part), f"{whole} {name}", f"{part / whole:.1%}" if whole else "-"
