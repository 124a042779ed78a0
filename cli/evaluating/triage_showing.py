"""The tables of `baton eval triage`."""

from collections.abc import Sequence

from cli.evaluating.triage_errors import Error
from cli.tables import Table, show
from integrations.assistant.evaluation import TriageReport


def show_triage(report: TriageReport, errors: Sequence[Error], *, texts: bool) -> None:
    """The figures, recall by issue, calibration, and the worst errors."""
    show(_figures(report))
    if report.recall:
        show(_recall(report), _calibration(report))
    if errors:
        show("worst errors", _errors(errors, texts=texts))


def _figures(report: TriageReport) -> Table:
    table = Table("figure", "", "what it says")
    table.row("messages", str(report.n), "")
    table.row("strict accuracy", _share(report.strict), "the labelled issue")
    table.row("lenient accuracy", _share(report.lenient), "the labelled issue, or one that is also right")
    table.row("top two", _share(report.top_two), "right, or right in second place")
    table.row(
        "acted on", _share(report.acted_on), f"of what a store can settle, at a confidence of {report.threshold:g}"
    )
    table.row("acted right", _share(report.acted_right), "of that, right")
    table.row("other acted on", _share(report.other_acted_on), "of what no store can settle")
    table.row("spam recall", _share(report.spam_recall), "of spam, set aside")
    table.row("honest lost", _share(report.honest_lost), "of honest messages, set aside as spam")
    table.row("harm", str(report.harm), "errors weighed by what they cost")
    table.row("time", f"{report.p50_ms:.1f} / {report.p99_ms:.1f} ms", "p50 and p99 of a message")
    return table


def _recall(report: TriageReport) -> Table:
    table = Table("issue", "recall")
    for issue, share in report.recall.items():
        table.row(issue, _share(share))
    return table


def _calibration(report: TriageReport) -> Table:
    table = Table("messages", "confidence", "right")
    for one in report.calibration:
        table.row(str(one.n), _share(one.confidence), _share(one.right))
    return table


def _errors(errors: Sequence[Error], *, texts: bool) -> Table:
    table = Table("line", "harm", "labelled", "triage says", "confidence", *(["message"] if texts else []))
    for error in errors:
        words = [" ".join(error.text.split())] if texts else []
        table.row(str(error.line), str(error.harm), error.labelled, error.said, f"{error.confidence:.2f}", *words)
    return table


def _share(part: float | None) -> str:
    return "-" if part is None else f"{part:.3f}"
