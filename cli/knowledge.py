"""`baton knowledge ...` and `baton recall`: the brand's articles, the questions that they leave open, and corrections.

Each loads what it needs when it runs.
"""
# ruff: noqa: PLC0415

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from cli.settings import CommandSettings

knowledge = typer.Typer(help="The articles that the assistant answers from.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="One JSON document, for programs.")]


@knowledge.command("import")
def import_folder(
    folder: Annotated[Path, typer.Argument(help="Markdown and HTML files, also in folders; see docs/knowledge.md.")],
    base_url: Annotated[
        str, typer.Option(help="Where customers read them: an article's address is this and its path in the folder.")
    ] = "",
    prune: Annotated[bool, typer.Option("--prune", help="Withdraw articles that the folder does not hold.")] = False,
) -> None:
    """Publish a folder's articles: what is new or changed becomes a new version; all of them, or none."""
    settings = _settings()
    from cli.knowledge_importing import import_into

    asyncio.run(import_into(settings, folder, base_url, prune=prune))


@knowledge.command("list")
def list_articles(
    language: Annotated[str, typer.Option(help="Only articles in this language, such as de.")] = "",
    as_json: AsJson = False,
) -> None:
    """List the published articles with their versions."""
    settings = _settings()
    from cli.knowledge_importing import list_articles

    asyncio.run(list_articles(settings, language, as_json=as_json))


@knowledge.command("gaps")
def gaps(
    days: Annotated[int, typer.Option(min=1, max=3650, help="How far back.")] = 30,
    check: Annotated[
        bool, typer.Option("--check", help="Search the questions again first, and close what is answered now.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Report what customers asked and no article answers, by topic: the articles to write next."""
    settings = _settings()
    from cli.knowledge_gaps import report_gaps

    asyncio.run(report_gaps(settings, days, check=check, as_json=as_json))


def recall(
    article: Annotated[str, typer.Option(help="The article's slug: its file name without ending.")],
    version: Annotated[
        int, typer.Option(min=1, help="The version that was wrong; 'baton knowledge list' has the newest.")
    ],
    language: Annotated[str, typer.Option(help="The language of the version.")] = "en",
    correction: Annotated[str, typer.Option(help="What they are told: a text, or the name of a file with it.")] = "",
    send: Annotated[bool, typer.Option("--send", help="Send it, once to each; without this it is only shown.")] = False,
    as_json: AsJson = False,
) -> None:
    """List everyone who was told a version of an article, and send them a correction."""
    settings = _settings()
    from cli.recalling import recall_version
    from store.recalls import Version

    version_of = Version(slug=article, version=version, language=language)
    asyncio.run(recall_version(settings, version_of, correction, send=send, as_json=as_json))


def _settings() -> "CommandSettings":
    from cli.logs import configure_logging
    from cli.settings import CommandSettings

    settings = CommandSettings()
    configure_logging(settings.log_level, settings.log_format)
    return settings
