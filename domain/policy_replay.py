"""A policy tried on recorded cases: what it would do otherwise than what was done."""

from collections import Counter
from datetime import datetime

from domain.policy import Policy
from domain.routing import Facts, route
from domain.values import Value

MOST_CASES = 200
"""Changed cases that are kept with their particulars; all of them are counted."""


class RecordedCase(Value):
    """One routing decision as the journal has it."""

    interaction_id: str
    at: datetime
    policy_version: int
    stages: tuple[str, ...]
    facts: Facts | None
    """None where they were not recorded, or are no longer understood."""


class ChangedCase(Value):
    """One case that would go elsewhere."""

    interaction_id: str
    at: datetime
    issue: str
    tier: str
    channel: str
    was: str
    becomes: str
    why: str
    """The explanation of the new plan."""


class Change(Value):
    """How many cases would go from one plan to another."""

    was: str
    becomes: str
    count: int


class ReplayReport(Value):
    """The outcome; the most frequent changes first, the newest cases first."""

    cases: int
    unchanged: int
    changes: tuple[Change, ...]
    changed_cases: tuple[ChangedCase, ...]
    """At most `MOST_CASES`."""
    unreadable: int = 0
    """Decisions without recorded facts; they are not among the cases."""
    more_recorded: bool = False
    """There are older decisions that were not tried, because of a limit."""

    @property
    def changed(self) -> int:
        """All cases that would go elsewhere."""
        return self.cases - self.unchanged


class Replay:
    """Tries cases one after the other; what it keeps does not grow with their number."""

    def __init__(self, policy: Policy, keep: int = MOST_CASES) -> None:
        self._policy = policy
        self._keep = keep
        self._changes: Counter[tuple[str, str]] = Counter()
        self._cases: list[ChangedCase] = []
        self.tried = 0
        self.unreadable = 0

    def add(self, case: RecordedCase) -> None:
        """Try the policy on one case, as of the time at which it was routed."""
        if case.facts is None:
            self.unreadable += 1
            return
        self.tried += 1
        facts = case.facts
        plan = route(facts.triage, facts.customer, facts.snapshot, self._policy, case.at)
        was, becomes = " > ".join(case.stages), " > ".join(str(stage) for stage in plan.stages)
        if was == becomes:
            return
        self._changes[was, becomes] += 1
        if len(self._cases) < self._keep:
            self._cases.append(
                ChangedCase(
                    interaction_id=case.interaction_id,
                    at=case.at,
                    issue=facts.triage.issue,
                    tier=facts.customer.tier,
                    channel=facts.customer.channel,
                    was=was,
                    becomes=becomes,
                    why=plan.explanation,
                )
            )

    def report(self, *, more_recorded: bool = False) -> ReplayReport:
        """What was found so far."""
        ordered = sorted(self._changes.items(), key=lambda change: (-change[1], change[0]))
        return ReplayReport(
            cases=self.tried,
            unchanged=self.tried - self._changes.total(),
            changes=tuple(Change(was=was, becomes=becomes, count=count) for (was, becomes), count in ordered),
            changed_cases=tuple(self._cases),
            unreadable=self.unreadable,
            more_recorded=more_recorded,
        )
