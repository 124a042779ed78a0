"""What a run of the bench found, as a table for people and as JSON for machines."""

from io import StringIO

from pydantic import BaseModel
from rich.console import Console
from rich.table import Table

from bench.dispatch import Dispatch
from bench.load import Load
from domain.values import Value


class Costs(Value):
    """What one interaction leaves in Temporal."""

    actions: int
    events: int
    history_bytes: int


class Ratios(Value):
    """Interactions per second, and Baton's part of what the bare workflow reaches; a list has one entry per round."""

    rate: dict[str, float]
    ratio: float
    ratios: tuple[float, ...]
    ratio_noop: float
    ratios_noop: tuple[float, ...]
    ratio_local_assistant: float
    processor_ratio: float
    """The same by processor time, which other work on the machine disturbs less."""
    processor_ratio_noop: float
    processor_ms: dict[str, dict[str, float]]
    """Per interaction, by side and program."""
    commits: dict[str, float]
    """Transactions per interaction, as the database counts them."""


class Report(BaseModel):
    """Everything that was measured; parts that were not asked for are empty."""

    processors: int
    python: str
    costs: dict[str, Costs] = {}
    statements: dict[str, int] = {}
    """SQL statements of one AI-resolved interaction, by step."""
    ratios: Ratios | None = None
    dispatch: list[Dispatch] = []
    load: Load | None = None


def table(report: Report) -> str:
    """The figures beside their goals."""
    sheet = Table("what", "measured", "goal", title=f"Baton on {report.processors} processors")
    for who, cost in report.costs.items():
        goal = {"ai": "<= 10 actions, <= 45 events, <= 10 KB", "human": "<= 16 actions"}[who]
        sheet.add_row(
            f"one interaction, {who}",
            f"{cost.actions} actions, {cost.events} events, {cost.history_bytes / 1024:.1f} KB",
            goal,
        )
    if report.ratios:
        _add_ratios(sheet, report.ratios)
    for line in report.dispatch:
        times = line.freed_to_offered_ms
        sheet.add_row(
            f"freed slot to next offer, {line.waiting:,} waiting, {line.agents} agents"
            + ("" if line.tuned else ", plain server"),
            f"p50 {times.p50:.0f} ms, p99 {times.p99:.0f} ms",
            "p99 < 250 ms, within 1.5x at any length" if line.tuned else "for comparison",
        )
        sheet.add_row(f"  one allocation of {line.slots:,} free slots", f"{line.first_allocation_ms:.0f} ms", "< 1 s")
    if report.load:
        _add_load(sheet, report.load)
    text = StringIO()
    Console(file=text, width=120).print(sheet)
    return text.getvalue()


def _add_ratios(sheet: Table, found: Ratios) -> None:
    rates = ", ".join(f"{side} {rate:.1f}" for side, rate in found.rate.items())
    sheet.add_row("interactions per second", rates, "")
    sheet.add_row("ratio", _with_ends(found.ratio, found.ratios), ">= 0.85")
    sheet.add_row("ratio_noop", _with_ends(found.ratio_noop, found.ratios_noop), ">= 0.70")
    sheet.add_row("  by processor time", f"{found.processor_ratio:.2f}, no-op {found.processor_ratio_noop:.2f}", "")
    sheet.add_row("  with the local assistant, against bare", f"{found.ratio_local_assistant:.2f}", "")


def _with_ends(middle: float, values: tuple[float, ...]) -> str:
    return f"{middle:.2f} ({min(values):.2f} to {max(values):.2f} in {len(values)} rounds)"


def _add_load(sheet: Table, found: Load) -> None:
    times = found.acknowledged_ms
    sheet.add_row("acknowledged", f"p50 {times.p50:.0f} ms, p99 {times.p99:.0f} ms of {found.sent}", "p99 < 100 ms")
    sheet.add_row(
        "lost, refused, unanswered, audit",
        f"{found.lost}, {found.refused}, {found.unanswered}, {found.findings}",
        "0, 0, 0, 0",
    )
    sheet.add_row(
        "backlog",
        f"{found.interactions} interactions closed {found.drained_after_seconds:.0f} s after the last message,"
        f" {found.rate_after:.1f}/s",
        f"the steady rate, {found.rate_during:.1f}/s while they came in",
    )
