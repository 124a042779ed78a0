"""`baton policy explain`: a case in options, the answer as tables."""

from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path

from pydantic import ValidationError

from cli.errors import CommandFailed
from cli.opened import transaction
from cli.policies import active, read
from cli.settings import CommandSettings
from cli.tables import Table, show
from domain.commerce import OrderState
from domain.money import Money
from domain.parties import Channel
from domain.policy import Policy
from domain.policy_explaining import Explanation, StageExplained
from domain.policy_explaining import explain as explain_by
from domain.routing import Facts, OrderFacts, RoutedCustomer, Snapshot, TeamState
from domain.triage import Complexity, IssueType, Sentiment, Triage, Urgency
from domain.values import Value
from store.snapshots import availability


class NotUnderstood(CommandFailed):
    """An option makes no sense; the message says how to write it."""


class Question(Value):
    """A case as the options tell it."""

    issue: IssueType
    tier: str
    channel: Channel
    at: str
    file: Path | None
    confidence: float
    sentiment: Sentiment
    urgency: Urgency
    complexity: Complexity
    language: str
    wants_person: bool
    amount: str
    order_state: OrderState | None
    repeat: bool
    lifetime: str
    csat: int | None
    tags: tuple[str, ...]
    own_agent: str
    own_agent_away: bool
    available: tuple[str, ...]
    wait: tuple[str, ...]
    pressure: tuple[str, ...]


async def explain(question: Question, settings: CommandSettings, *, as_json: bool) -> None:
    """Print what the policy would do. Raises `NotUnderstood`, `PolicyRefused` or `NoSuchPolicy`."""
    at = instant(question.at) if question.at else datetime.now(UTC).replace(microsecond=0)
    customer = _customer(question)
    if question.file:
        policy = read(question.file)
        snapshot = Snapshot(teams={name: TeamState(available=1) for name in policy.teams})
    else:
        async with transaction(settings) as session:
            policy = await active(session)
            snapshot = await availability(session, [*policy.named_agents, question.own_agent])
    if question.tier not in policy.tiers:
        raise NotUnderstood(f"--tier: '{question.tier}' is no tier of this policy; use {', '.join(policy.tiers)}")
    facts = Facts(triage=_triage(question), customer=customer, snapshot=_stated(question, snapshot, policy))
    answer = explain_by(facts, policy, at)
    if as_json:
        print(answer.model_dump_json(indent=2))
    else:
        _show(answer)


def instant(written: str) -> datetime:
    """An instant in UTC; without a zone it is UTC. Raises `NotUnderstood`."""
    try:
        found = datetime.fromisoformat(written)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise NotUnderstood(f"'{written}' is no instant; write it as 2026-03-02T09:30+01:00 or 2026-03-02") from None


def _triage(question: Question) -> Triage:
    return Triage(
        issue=question.issue,
        confidence=question.confidence,
        sentiment=question.sentiment,
        urgency=question.urgency,
        complexity=question.complexity,
        language=question.language,
        wants_person=question.wants_person,
    )


def _customer(question: Question) -> RoutedCustomer:
    order = None
    if question.amount or question.order_state:
        total = _money("--amount", question.amount or "0.00 EUR")
        order = OrderFacts(number="", state=question.order_state or OrderState.DELIVERED, total=total)
    return RoutedCustomer(
        tier=question.tier,
        channel=question.channel,
        tags=question.tags,
        last_csat=question.csat,
        lifetime_value=_money("--lifetime", question.lifetime) if question.lifetime else None,
        repeat_contact=question.repeat,
        own_agent=question.own_agent,
        order=order,
    )


def _money(option: str, written: str) -> Money:
    number, _, currency = written.partition(" ")
    try:
        minor = Decimal(number) * 100
        whole = int(minor)
    except (InvalidOperation, ValueError, OverflowError):
        minor, whole = Decimal(-1), 0
    if minor != whole or not (len(currency) == 3 and currency.isupper()):
        raise NotUnderstood(f'{option}: "{written}" is no amount; write it as "120.00 EUR"')
    return Money(minor=whole, currency=currency)


def _stated(question: Question, snapshot: Snapshot, policy: Policy) -> Snapshot:
    """The availability, with what the options say of it instead."""
    teams = {name: snapshot.team(name) for name in policy.teams}
    for option, field, stated in (
        ("--available", "available", question.available),
        ("--wait", "wait_seconds", question.wait),
        ("--pressure", "pressure", question.pressure),
    ):
        for written in stated:
            team, _, value = written.partition("=")
            if team not in teams:
                raise NotUnderstood(f"{option}: '{team}' is no team of this policy; use {', '.join(teams)}")
            teams[team] = _changed(teams[team], field, value, option)
    agents = dict(snapshot.agents)
    if question.own_agent and (question.file or question.own_agent_away):
        agents[question.own_agent] = not question.own_agent_away
    return snapshot.model_copy(update={"teams": teams, "agents": agents})


def _changed(team: TeamState, field: str, value: str, option: str) -> TeamState:
    try:
        known = float(value) * 60 if field == "wait_seconds" else value
        return TeamState.model_validate({**team.model_dump(), field: known})
    except (ValueError, ValidationError):
        raise NotUnderstood(f"{option}: '{value}' makes no sense; see 'baton policy explain --help'") from None


def _show(answer: Explanation) -> None:
    plan, triage, customer = answer.plan, answer.facts.triage, answer.facts.customer
    candidates = Table("", "candidate", "outcome")
    for number, one in enumerate(plan.considered, start=1):
        outcome = f"passed over: {one.passed_over}" if one.passed_over else "chosen"
        candidates.row(str(number), " > ".join(one.targets), outcome)
    if plan.gap:
        candidates.row("", f"queue:{plan.stages[0].team}", "overflow: no candidate fits, a gap in the policy")
    stages = Table("", "stage", "how")
    for number, stage in enumerate(answer.stages, start=1):
        stages.row(str(number), stage.stage, "\n".join(_in_words(stage)))
    asked = f"{triage.issue} from a {customer.tier} on {customer.channel}, {answer.at:%Y-%m-%d %H:%M} UTC"
    notes = [f"policy version {plan.policy_version}" if plan.policy_version else "policy: the file"]
    notes += ["The AI gets it only because of the pressure."] if plan.shifted else []
    notes += [f"From pressure {plan.shifts_at} on the AI would get it."] if plan.shifts_at else []
    show(asked, *notes, f"\nCandidates of the cell {plan.cell}", candidates, "Plan", stages)


def _open(stage: StageExplained) -> str:
    if stage.open:
        return "open"
    return f"closed until {stage.opens_at:%a %Y-%m-%d %H:%M} UTC" if stage.opens_at else "closed"


def _in_words(stage: StageExplained) -> list[str]:
    lines = []
    if stage.team:
        wait = "nobody is here" if stage.wait_minutes is None else f"wait {stage.wait_minutes:.0f} min"
        lines.append(
            f"team {stage.team}: {_open(stage)}, {stage.available} available, {wait}, pressure {stage.pressure}"
        )
        lines.append(f"mode {stage.mode}, cost {stage.cost}")
        lines += [
            f"asks {ring.asks or 'anyone of the team'}" + (f" for {ring.for_seconds:g} s" if ring.for_seconds else "")
            for ring in stage.rings
        ]
        lines += [
            f"{target.kind} in {target.minutes:g} min: due {target.due_at:%a %H:%M} UTC" if target.due_at
            else f"{target.kind} in {target.minutes:g} min: never reached in these hours"
            for target in stage.targets
        ]  # fmt: skip
    if stage.deadline_minutes:
        lines.append(f"after {stage.deadline_minutes:g} min: {stage.falls_back_to}")
    elif stage.falls_back_to:
        lines.append(f"what it cannot finish: {stage.falls_back_to}")
    return lines or ["ends the case"]
