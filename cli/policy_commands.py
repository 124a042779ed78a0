"""`baton policy ...`: check, explain, compare, replay, activate, roll back. Each loads what it needs when it runs."""
# ruff: noqa: PLC0415

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from domain.commerce import OrderState
from domain.parties import Channel
from domain.triage import Complexity, IssueType, Sentiment, Urgency

if TYPE_CHECKING:
    from cli.settings import CommandSettings

policy = typer.Typer(help="The routing policy.", no_args_is_help=True)

PolicyFile = Annotated[Path, typer.Argument(help="A policy in YAML.", exists=True, dir_okay=False, readable=True)]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document, for programs.")]


@policy.command("check")
def check_file(file: PolicyFile) -> None:
    """Check a policy file; every problem is named with its line and key."""
    from cli.policies import check

    typer.echo(check(file))


@policy.command("activate")
def activate_file(file: PolicyFile) -> None:
    """Check a policy file and make it the policy of all new interactions."""
    settings = _settings()
    from cli.policies import activate

    typer.echo(asyncio.run(activate(file, settings)))


@policy.command("history")
def list_versions(
    limit: Annotated[int, typer.Option(min=1, max=500, help="How many, the newest first.")] = 20,
    as_json: AsJson = False,
) -> None:
    """List the versions: when each was activated, and by whom."""
    settings = _settings()
    from cli.policies import history

    asyncio.run(history(limit, settings, as_json=as_json))


@policy.command("rollback")
def bring_back(version: Annotated[int, typer.Argument(min=1, help="The version whose content to activate.")]) -> None:
    """Activate the content of an earlier version again, as a new version."""
    settings = _settings()
    from cli.policies import rollback

    typer.echo(asyncio.run(rollback(version, settings)))


@policy.command("diff")
def compare(
    before: Annotated[str, typer.Argument(metavar="A", help="A version's number, 'active', or a file.")],
    after: Annotated[str, typer.Argument(metavar="B", help="A version's number, 'active', or a file.")],
) -> None:
    """Show in which lines two policies differ, each written in the same way."""
    settings = _settings()
    from cli.policies import diff

    typer.echo(asyncio.run(diff(before, after, settings)))


@policy.command("explain")
def explain_case(
    issue: Annotated[IssueType, typer.Option(help="What the case is about.", show_choices=False)],
    tier: Annotated[str, typer.Option(help="The customer's tier.")] = "guest",
    channel: Annotated[Channel, typer.Option()] = Channel.CHAT,
    at: Annotated[str, typer.Option(help="An instant such as 2026-03-02T09:30+01:00; by default now.")] = "",
    file: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            help="Ask this file instead of the active policy; the store is then not asked, and a team counts as free.",
        ),
    ] = None,
    confidence: Annotated[float, typer.Option(min=0, max=1, help="Of triage.")] = 0.9,
    sentiment: Annotated[Sentiment, typer.Option()] = Sentiment.NEUTRAL,
    urgency: Annotated[Urgency, typer.Option()] = Urgency.NORMAL,
    complexity: Annotated[Complexity, typer.Option()] = Complexity.SIMPLE,
    language: Annotated[str, typer.Option(help="ISO 639-1.")] = "en",
    wants_person: Annotated[bool, typer.Option("--wants-person", help="The customer asks for a person.")] = False,
    amount: Annotated[str, typer.Option(help='Total of the order, such as "120.00 EUR".')] = "",
    order_state: Annotated[OrderState | None, typer.Option(help="By default delivered, if there is an amount.")] = None,
    repeat: Annotated[bool, typer.Option("--repeat", help="A second case about the same issue.")] = False,
    lifetime: Annotated[str, typer.Option(help='The customer\'s lifetime value, such as "900.00 EUR".')] = "",
    csat: Annotated[int | None, typer.Option(min=1, max=5, help="The customer's last rating.")] = None,
    tag: Annotated[list[str] | None, typer.Option(help="A tag of the customer.")] = None,
    own_agent: Annotated[str, typer.Option(help="Id of the agent who knows the customer.")] = "",
    own_agent_away: Annotated[bool, typer.Option("--own-agent-away", help="That agent is not available.")] = False,
    available: Annotated[list[str] | None, typer.Option(help="TEAM=NUMBER of agents who could take it.")] = None,
    wait: Annotated[list[str] | None, typer.Option(help="TEAM=MINUTES of estimated wait.")] = None,
    pressure: Annotated[list[str] | None, typer.Option(help="TEAM=normal, elevated or critical.")] = None,
    as_json: AsJson = False,
) -> None:
    """Tell what the policy would do with a case, and why; what is not stated is taken from the store as it is now."""
    settings = _settings()
    from cli.policy_questions import Question, explain

    question = Question(
        issue=issue, tier=tier, channel=channel, at=at, file=file, confidence=confidence, sentiment=sentiment,
        urgency=urgency, complexity=complexity, language=language, wants_person=wants_person, amount=amount,
        order_state=order_state, repeat=repeat, lifetime=lifetime, csat=csat, tags=tuple(tag or ()),
        own_agent=own_agent, own_agent_away=own_agent_away, available=tuple(available or ()), wait=tuple(wait or ()),
        pressure=tuple(pressure or ()),
    )  # fmt: skip
    asyncio.run(explain(question, settings, as_json=as_json))


@policy.command("replay")
def try_on_history(
    file: PolicyFile,
    since: Annotated[str, typer.Option(help="A date, an instant, or a duration such as 7d, 12h or 30m.")],
    limit: Annotated[int | None, typer.Option(min=1, help="At most so many cases, the newest.")] = None,
    as_json: AsJson = False,
) -> None:
    """Try a policy file on recorded cases: what it would do otherwise, before it is activated."""
    settings = _settings()
    from cli.policy_replaying import replay

    asyncio.run(replay(file, since, limit, settings, as_json=as_json))


def _settings() -> "CommandSettings":
    from cli.logs import configure_logging
    from cli.settings import CommandSettings

    settings = CommandSettings()
    configure_logging(settings.log_level, settings.log_format)
    return settings
