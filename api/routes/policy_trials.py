"""Asking a policy before it counts: check a file, explain a case, replay a file over recorded cases."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AfterValidator, AwareDatetime, BaseModel, Field
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from api.callers import AdminReader
from api.fields import Body, Text
from api.parts import Engine
from api.policy_body import YAML, checked, written_policy
from api.problems import invalid, not_found, responses
from domain.commerce import OrderState
from domain.money import Money
from domain.parties import Channel
from domain.policy_explaining import Explanation, explain
from domain.policy_replay import RecordedCase, Replay, ReplayReport
from domain.policy_text import differences, write_policy
from domain.pressure import Pressure
from domain.routing import Facts, OrderFacts, RoutedCustomer, Snapshot, TeamState
from domain.triage import Complexity, IssueType, Sentiment, Triage, Urgency
from store.errors import NotFound
from store.locking import database_now
from store.policy_history import recorded_cases
from store.snapshots import availability

router = APIRouter(prefix="/v1/admin/policy", tags=["policy"])

MOST_REPLAYED = 100_000
_BATCH = 50
_MINOR = Annotated[int, Field(ge=0, le=10**12)]


def _near(at: datetime) -> datetime:
    if not 2000 <= at.year <= 2200:
        raise ValueError("must lie between the years 2000 and 2200")
    return at.astimezone(UTC)


Instant = Annotated[AwareDatetime, AfterValidator(_near)]


class CheckedPolicy(BaseModel):
    """A valid policy, and what it would change."""

    teams: list[str]
    yaml: str
    """The same policy as Baton writes it."""
    diff: str
    """Against the active version; empty if nothing would change."""


class Amount(Body):
    """Money."""

    minor: _MINOR
    currency: Annotated[Text, Field(pattern="^[A-Z]{3}$")]


class TeamStated(Body):
    """How a team is supposed to stand; what is left out is as it is now."""

    available: Annotated[int, Field(ge=0, le=100_000)] = 1
    wait_minutes: Annotated[float, Field(ge=0, le=100_000, allow_inf_nan=False)] | None = 0
    """Null: work waits, and nobody is here."""
    pressure: Pressure = Pressure.NORMAL


class CaseAsked(Body):
    """A case. What is not stated of the teams is as it is now."""

    issue: IssueType
    tier: Text = "guest"
    channel: Channel = Channel.CHAT
    at: Instant | None = None
    """By default now."""
    confidence: Annotated[float, Field(ge=0, le=1)] = 0.9
    sentiment: Sentiment = Sentiment.NEUTRAL
    urgency: Urgency = Urgency.NORMAL
    complexity: Complexity = Complexity.SIMPLE
    language: Annotated[Text, Field(pattern="^[a-z]{2,3}$")] = "en"
    wants_person: bool = False
    amount: Amount | None = None
    order_state: OrderState | None = None
    repeat_contact: bool = False
    lifetime_value: Amount | None = None
    last_csat: Annotated[int, Field(ge=1, le=5)] | None = None
    tags: Annotated[list[Text], Field(max_length=50)] = []
    own_agent: Annotated[Text, Field(max_length=100)] = ""
    teams: dict[Text, TeamStated] = {}
    policy: Text | None = None
    """A policy file to ask instead of the active policy."""


@router.post("/check", responses=responses(400, 401, 403, 413, 422, 503), openapi_extra=YAML)
async def check_policy(request: Request, _: AdminReader, parts: Engine) -> CheckedPolicy:
    """Check a policy file (YAML) without activating it."""
    _text, policy = await written_policy(request)
    written = write_policy(policy)
    async with parts.database.begin() as session:
        try:
            active = await parts.shelf.active(session)
            before, name = write_policy(active), f"version {active.version}"
        except NotFound:
            before, name = "", "nothing"
    return CheckedPolicy(teams=list(policy.teams), yaml=written, diff=differences(before, written, (name, "file")))


@router.post("/explain", responses=responses(400, 401, 403, 404, 413, 422, 503))
async def explain_case(body: CaseAsked, _: AdminReader, parts: Engine) -> Explanation:
    """What the policy would do with a case, and why."""
    draft = await run_in_threadpool(checked, body.policy) if body.policy is not None else None
    async with parts.database.begin() as session:
        try:
            policy = draft or await parts.shelf.active(session)
        except NotFound:
            raise not_found() from None
        snapshot = await availability(session, [*policy.named_agents, body.own_agent])
        now = await database_now(session)
    if body.tier not in policy.tiers:
        raise invalid("tier", f"is none of {', '.join(policy.tiers)}")
    for team in body.teams:
        if team not in policy.teams:
            raise invalid(f"teams.{team}", f"is none of {', '.join(policy.teams)}")
    facts = Facts(triage=_triage(body), customer=_customer(body), snapshot=_stated(body, snapshot))
    return explain(facts, policy, body.at or now)


@router.post("/replay", responses=responses(400, 401, 403, 413, 422, 503), openapi_extra=YAML)
async def replay_policy(
    request: Request,
    _: AdminReader,
    parts: Engine,
    since: Annotated[Instant, Query(description="Cases that were routed since then.")],
    limit: Annotated[int, Query(ge=1, le=MOST_REPLAYED, description="The newest cases.")] = 20_000,
) -> ReplayReport:
    """Try a policy file (YAML) on recorded cases: what it would do otherwise."""
    _text, policy = await written_policy(request)
    trial, batch, more = Replay(policy), list[RecordedCase](), False
    async for case in recorded_cases(parts.database, since, limit + 1):
        more = trial.tried + trial.unreadable + len(batch) == limit
        if more:
            break
        batch.append(case)
        if len(batch) == _BATCH:
            await run_in_threadpool(_try, trial, batch)
            batch = []
    await run_in_threadpool(_try, trial, batch)
    return trial.report(more_recorded=more)


def _try(trial: Replay, cases: Sequence[RecordedCase]) -> None:
    for case in cases:
        trial.add(case)


def _triage(body: CaseAsked) -> Triage:
    return Triage(
        issue=body.issue,
        confidence=body.confidence,
        sentiment=body.sentiment,
        urgency=body.urgency,
        complexity=body.complexity,
        language=body.language,
        wants_person=body.wants_person,
    )


def _customer(body: CaseAsked) -> RoutedCustomer:
    total, value = body.amount, body.lifetime_value
    order = OrderFacts(
        number="",
        state=body.order_state or OrderState.DELIVERED,
        total=Money(minor=total.minor, currency=total.currency) if total else Money(minor=0, currency="EUR"),
    )
    return RoutedCustomer(
        tier=body.tier,
        channel=body.channel,
        tags=tuple(body.tags),
        last_csat=body.last_csat,
        lifetime_value=Money(minor=value.minor, currency=value.currency) if value else None,
        repeat_contact=body.repeat_contact,
        own_agent=body.own_agent,
        order=order if total or body.order_state else None,
    )


def _stated(body: CaseAsked, snapshot: Snapshot) -> Snapshot:
    stated = {name: _changed(snapshot.team(name), team) for name, team in body.teams.items()}
    return snapshot.model_copy(update={"teams": {**snapshot.teams, **stated}})


def _changed(team: TeamState, stated: TeamStated) -> TeamState:
    said = stated.model_dump(exclude_unset=True, exclude={"wait_minutes"})
    if "wait_minutes" in stated.model_fields_set:
        said["wait_seconds"] = None if stated.wait_minutes is None else stated.wait_minutes * 60
    return team.model_copy(update=said)
