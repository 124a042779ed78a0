"""The `baton` command. Each command loads what it needs itself, so that `baton --help` answers at once."""
# ruff: noqa: PLC0415

import asyncio
import os
from collections.abc import Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.errors import CommandFailed, Explained
from cli.evaluating.commands import evaluate
from cli.knowledge import knowledge, recall
from cli.modes import ai, tell_readiness
from cli.policy_commands import policy
from cli.reports import report
from cli.resolution import resolution
from domain.names import Pool
from domain.parties import Role

if TYPE_CHECKING:
    from cli.settings import CommandSettings

app = typer.Typer(
    cls=Explained,
    help="Support orchestration for e-commerce brands on Temporal durable workflows.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
)
token = typer.Typer(help="Bearer tokens for callers of the API.", no_args_is_help=True)
app.add_typer(evaluate, name="eval")
app.add_typer(ai, name="ai")
app.add_typer(knowledge, name="knowledge")
app.add_typer(policy, name="policy")
app.add_typer(report, name="report")
app.add_typer(token, name="token")
app.command("recall")(recall)
policy.command("readiness")(tell_readiness)
report.command("resolution")(resolution)


@app.command()
def dev(
    processes: Annotated[
        bool, typer.Option("--processes", help="Each pool and the API as a process of its own, restarted if it dies.")
    ] = False,
) -> None:
    """Run everything on this machine: database, Temporal, all pools and the API."""
    settings = _settings()
    from cli.dev import develop

    _serve(develop(settings, processes=processes))


@app.command()
def demo(
    once: Annotated[
        bool, typer.Option("--once", help="End after the scenarios, with 1 if one of them failed.")
    ] = False,
) -> None:
    """Play the main job end to end on this machine, then stay up for people to try it."""
    settings = _settings()
    from cli.demo.playing import run_demo

    _serve(run_demo(settings, once=once))


@app.command()
def worker(pools: Annotated[list[Pool], typer.Argument(help="The pools to run in this process.")]) -> None:
    """Run one or more worker pools until SIGTERM; running activities are given time to finish."""
    _settings()
    from workers.pools import run_workers
    from workers.settings import WorkerSettings

    settings = WorkerSettings()
    os.nice(settings.niceness)
    _serve(run_workers(pools, settings))


@app.command()
def api() -> None:
    """Run the HTTP API, the pages and the listener for inbound mail."""
    _settings()
    from cli.serve import serve_api
    from cli.settings import HttpSettings

    _serve(serve_api(HttpSettings()))


@app.command()
def temporal(
    prepare: Annotated[bool, typer.Option("--prepare", help="Only find or make the program; start nothing.")] = False,
) -> None:
    """Find or make a Temporal server for this machine and run it until SIGTERM."""
    settings = _settings()
    if prepare:
        from cli.local.temporal_binary import find_or_make_temporal
        from cli.progress import say

        say(f"temporal: {find_or_make_temporal(say)}")
        return
    from cli.temporal import run_temporal

    asyncio.run(run_temporal(settings))


@app.command()
def migrate() -> None:
    """Bring the database's schema up to date and, if its address is set, Temporal's search attributes."""
    settings = _settings()
    from cli.upkeep import bring_up_to_date

    asyncio.run(bring_up_to_date(settings))


@app.command()
def audit() -> None:
    """Compare store and Temporal: nothing lost, doubled or abandoned. Meaningful once all work is at rest."""
    settings = _settings()
    from cli.audit import audit_all

    typer.echo(asyncio.run(audit_all(settings)))


@app.command()
def outreach(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only list who would be told, and who not and why.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="How many shipments --dry-run lists at most.")] = 500,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document, for programs.")] = False,
) -> None:
    """Tell customers of delayed shipments now, by the active policy; workers do so every minute by themselves."""
    settings = _settings()
    from cli.outreach import list_outreach, request_outreach

    if dry_run:
        asyncio.run(list_outreach(settings, limit, as_json=as_json))
    else:
        asyncio.run(request_outreach(settings, as_json=as_json))


@app.command("import")
def import_shop(
    paths: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="JSON Lines files, or folders of them; see docs/import.md.")
    ],
    errors: Annotated[int, typer.Option(min=1, help="How many mistakes to list at most.")] = 20,
) -> None:
    """Fill the local shop with your own customers, products, orders and shipments: all of them, or none."""
    settings = _settings()
    from cli.importing import import_files

    asyncio.run(import_files(paths, errors, settings))


@token.command("create")
def token_create(
    role: Annotated[Role, typer.Option(help="What the caller may do.")],
    name: Annotated[str, typer.Option(help="Who calls, as admins will see it.")],
    agent: Annotated[str | None, typer.Option(help="The agent for whom a token of role agent or lead acts.")] = None,
) -> None:
    """Make a bearer token and print it, once: only its hash is kept."""
    settings = _settings()
    from cli.tokens import create

    typer.echo(asyncio.run(create(name, role, agent, settings)))


def _serve(process: Coroutine[Any, Any, None]) -> None:
    """Run a process to its end; what ends it unexpectedly is logged like all else, without a customer's words."""
    import structlog

    try:
        asyncio.run(process)
    except CommandFailed:
        raise
    except Exception as error:
        structlog.get_logger("baton").exception("process_failed")
        raise typer.Exit(1) from error


def _settings() -> "CommandSettings":
    from cli.logs import configure_logging
    from cli.settings import CommandSettings

    settings = CommandSettings()
    configure_logging(settings.log_level, settings.log_format)
    return settings
