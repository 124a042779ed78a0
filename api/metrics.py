"""What the process counts, in Prometheus's text format."""

import math

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from domain.pressure import Pressure
from store.admin_views import Backlog

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

    def page(self, backlog: Backlog) -> bytes:
        """Everything counted, beside what the store says now."""
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
