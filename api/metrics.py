"""What the process counts, in Prometheus's text format."""

import math

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from domain.pressure import Pressure
from store.admin_views import Backlog
from store.outcome_figures import OutcomeFigures
from store.resolved_by import Outcome

_NO_RESOLUTIONS = {outcome.value: 0 for outcome in Outcome if outcome is not Outcome.OPEN}
"""A rate needs its parts even while there is nothing to count."""
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)


class Metrics:
    """One registry for each application."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self.requests = Counter(
            "baton_http_requests", "Requests answered", ["method", "route", "status"], registry=self._registry
        )
        self.seconds = Histogram(
            "baton_http_request_seconds",
            "Time to the first byte of the answer",
            ["route"],
            buckets=_BUCKETS,
            registry=self._registry,
        )
        self.messages = Counter(
            "baton_messages_received", "Messages recorded, repeats left out", ["channel"], registry=self._registry
        )
        self._outbox = Gauge("baton_outbox_waiting", "Rows not yet told to Temporal", registry=self._registry)
        self._dead = Gauge("baton_outbox_dead", "Rows that Temporal refused for good", registry=self._registry)
        self._age = Gauge("baton_outbox_oldest_seconds", "Age of the oldest waiting row", registry=self._registry)
        self._open = Gauge("baton_interactions_open", "Open interactions by state", ["state"], registry=self._registry)
        self._work = Gauge("baton_work_items_open", "Open work items by state", ["state"], registry=self._registry)
        self._waiting = Gauge("baton_team_waiting", "Work items that wait", ["team"], registry=self._registry)
        self._wait = Gauge(
            "baton_team_wait_seconds", "Estimated wait; NaN while nobody is here", ["team"], registry=self._registry
        )
        self._pressure = Gauge(
            "baton_team_pressure", "1 for the level that holds", ["team", "level"], registry=self._registry
        )
        self._shifted = Gauge(
            "baton_team_shifted_to_ai", "Open cases that pressure gave to the AI", ["team"], registry=self._registry
        )

        self._outcomes = _OutcomeGauges(self._registry)

    def page(self, backlog: Backlog, outcomes: OutcomeFigures) -> bytes:
        """Everything counted, beside what the store says now."""
        self._outcomes.show(outcomes)
        self._outbox.set(backlog.waiting)
        self._dead.set(backlog.dead)
        self._age.set(backlog.oldest_seconds)
        for gauge, counts in ((self._open, backlog.interactions), (self._work, backlog.work_items)):
            gauge.clear()
            for state, number in counts.items():
                gauge.labels(state).set(number)
        for team, load in backlog.teams.items():
            self._waiting.labels(team).set(load.waiting)
            self._wait.labels(team).set(math.nan if load.wait_seconds is None else load.wait_seconds)
            self._shifted.labels(team).set(load.shifted_to_ai)
            for level in Pressure:
                self._pressure.labels(team, level.value).set(level.value == load.pressure)
        return generate_latest(self._registry)


class _OutcomeGauges:
    """Figures of the last 24 hours out of the store: every process shows the same, and none starts at zero."""

    def __init__(self, registry: CollectorRegistry) -> None:
        def gauge(name: str, about: str, label: str) -> Gauge:
            return Gauge(name, about, [label], registry=registry)

        self._resolutions = gauge("baton_resolutions", "Cases ended or taken back in the last 24 hours", "outcome")
        self._handoffs = gauge("baton_handoffs", "Cases given to people in the last 24 hours", "reason")
        self._rated = gauge("baton_satisfaction_count", "Ratings of the last 24 hours by who resolved", "by")
        self._sum = gauge("baton_satisfaction_sum", "Sum of these ratings, each 1 to 5", "by")
        self._drafts = gauge("baton_drafts", "Drafts of the last 24 hours by what people made of them", "verdict")
        self._gaps = gauge("baton_knowledge_gaps_open", "Questions that no article answers yet", "issue")
        self._stopped = gauge("baton_ai_stopped", "1 for each cell in which the AI is stopped, * the brand", "cell")

    def show(self, figures: OutcomeFigures) -> None:
        """Bring them up to date; what is no more is gone."""
        shown: list[tuple[Gauge, dict[str, int]]] = [
            (self._resolutions, {**_NO_RESOLUTIONS, **figures.resolutions}),
            (self._handoffs, figures.handoffs),
            (self._rated, {by: ratings.count for by, ratings in figures.ratings.items()}),
            (self._sum, {by: ratings.total for by, ratings in figures.ratings.items()}),
            (self._drafts, figures.drafts),
            (self._gaps, figures.gaps),
            (self._stopped, dict.fromkeys(figures.stopped, 1)),
        ]
        for gauge, counts in shown:
            gauge.clear()
            for label, number in counts.items():
                gauge.labels(label).set(number)
