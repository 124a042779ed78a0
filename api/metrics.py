"""What the process counts, in Prometheus's text format."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

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

    def page(self, backlog: Backlog) -> bytes:
        """Everything counted, beside what the store says now."""
        self._outbox.set(backlog.waiting)
        self._dead.set(backlog.dead)
        self._age.set(backlog.oldest_seconds)
        for gauge, counts in ((self._open, backlog.interactions), (self._work, backlog.work_items)):
            gauge.clear()
            for state, number in counts.items():
                gauge.labels(state).set(number)
        return generate_latest(self._registry)
