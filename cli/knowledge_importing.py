"""Importing and listing articles at the terminal."""

import json
from collections.abc import Sequence
from pathlib import Path

from cli.errors import CommandFailed
from cli.opened import opened_store, transaction
from cli.settings import CommandSettings
from cli.tables import Table, show
from integrations.knowledge.importer import ArticleInvalid, ImportReport, import_articles
from store.articles import list_published


class NothingImported(CommandFailed):
    """Some files cannot be read as articles; nothing was published."""


async def import_into(settings: CommandSettings, folder: Path, base_url: str, *, prune: bool) -> None:
    """Import a folder and print what changed. Raises `NothingImported`."""
    async with opened_store(settings) as store:
        try:
            report = await import_articles(store, folder, base_url=base_url, prune=prune)
        except ArticleInvalid as error:
            raise NothingImported(f"nothing was imported; correct this and import again:\n{error}") from error
    _print(report)


def _print(report: ImportReport) -> None:
    for word, names in (("added", report.added), ("changed", report.changed), ("withdrawn", report.withdrawn)):
        show(_counted(word, names))
    show(f"{report.unchanged} unchanged")
    if report.gaps_closed:
        show(f"{report.gaps_closed} open questions of customers are answered now")


def _counted(word: str, names: Sequence[str]) -> str:
    return f"{len(names)} {word}" + (f": {', '.join(names)}" if names else "")


async def list_articles(settings: CommandSettings, language: str, *, as_json: bool) -> None:
    """Print the published articles."""
    async with transaction(settings) as session:
        found = await list_published(session, language)
    if as_json:
        print(json.dumps([one.model_dump(mode="json") for one in found], indent=2))
        return
    table = Table("article", "language", "version", "published", "title")
    for one in found:
        table.row(one.slug, one.language, str(one.version), f"{one.published_at:%Y-%m-%d}", one.title)
    show(table if found else "no article is published: import some with 'baton knowledge import DIR'")
