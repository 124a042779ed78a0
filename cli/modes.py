"""`baton ai ...` and `baton policy readiness`: how far the AI may go. Each loads what it needs when it runs."""
# ruff: noqa: PLC0415

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from domain.modes import EVERY_CELL

if TYPE_CHECKING:
    from cli.settings import CommandSettings

ai = typer.Typer(help="Stop the AI at once, and let it start again.", no_args_is_help=True)

Cell = Annotated[str, typer.Option(help="A cell of the policy, e.g. 'return x vip'; by default the whole brand.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document, for programs.")]


@ai.command("stop")
def stop_at_once(why: Annotated[str, typer.Option(help="Whoever wonders reads it.")], cell: Cell = EVERY_CELL) -> None:
    """Stop the AI; what it has in hand goes to people, with a brief. Repeating it is safe."""
    settings = _settings()
    from cli.switching import stop

    typer.echo(asyncio.run(stop(cell, why, settings)))


@ai.command("start")
def start_again(cell: Cell = EVERY_CELL) -> None:
    """Let the AI answer new turns again; what people have stays theirs."""
    settings = _settings()
    from cli.switching import start

    typer.echo(asyncio.run(start(cell, settings)))


@ai.command("status")
def tell_status(as_json: AsJson = False) -> None:
    """Tell where the AI is stopped, and the cells in which it can be."""
    settings = _settings()
    from cli.switching import status

    asyncio.run(status(settings, as_json=as_json))


def tell_readiness(
    days: Annotated[int, typer.Option(min=1, max=366, help="How far back.")] = 30, as_json: AsJson = False
) -> None:
    """Tell what people made of the AI's drafts in each cell, and which mode that speaks for."""
    settings = _settings()
    from cli.readiness import show

    asyncio.run(show(days, settings, as_json=as_json))


def _settings() -> "CommandSettings":
    from cli.logs import configure_logging
    from cli.settings import CommandSettings

    settings = CommandSettings()
    configure_logging(settings.log_level, settings.log_format)
    return settings
