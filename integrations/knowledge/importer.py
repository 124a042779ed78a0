"""Imports articles from a folder of Markdown files: what is new or changed becomes a new version."""

from collections.abc import Iterator
from pathlib import Path

import structlog
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.values import Value
from integrations.knowledge.markdown import ArticleInvalid, ParsedArticle, parse_article
from store.articles import Article, ArticlePassage, publish, published
from store.database import Database
from store.ids import new_id

DEMO_ARTICLES = Path(__file__).with_name("articles")
DEMO_URL = "https://outfitters.example.com/help"

_BATCH = 100
"""Articles for each transaction, so that none lasts long."""
_LOCK = 7_041_002
"""Advisory lock: imports run one after the other, so that two never make the same version."""

_log = structlog.get_logger(__name__)


class ImportReport(Value):
    """What an import did, by slug. Articles that are not in the folder stay as they are."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: int = 0


async def import_articles(database: Database, folder: Path, *, base_url: str = "") -> ImportReport:
    """Publish the folder's `*.md` files; the file's name is the slug. Importing the same again changes nothing.

    An article without a `url` of its own gets `<base_url>/<slug>`. All files are read before anything is written.
    Raises `ArticleInvalid` if one cannot be read, `StoreUnavailable` if the database does not answer.
    """
    articles = read_folder(folder)
    report = ImportReport()
    for batch in _batches(articles):
        async with database.begin() as session:
            report = await _publish_changed(session, batch, base_url, report)
    _log.info("articles_imported", added=len(report.added), changed=len(report.changed), unchanged=report.unchanged)
    return report


async def load_demo_articles(database: Database) -> ImportReport:
    """Publish the articles of the demo store; a later call changes nothing."""
    return await import_articles(database, DEMO_ARTICLES, base_url=DEMO_URL)


def read_folder(folder: Path) -> list[ParsedArticle]:
    """All articles of a folder by slug. Raises `ArticleInvalid`."""
    if not folder.is_dir():
        raise ArticleInvalid(f"{folder.name}: no such folder")
    return [parse_article(path.stem, _source(path)) for path in sorted(folder.glob("*.md"))]


def _source(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ArticleInvalid(f"{path.stem}: not UTF-8") from error


def _batches(articles: list[ParsedArticle]) -> Iterator[list[ParsedArticle]]:
    for start in range(0, len(articles), _BATCH):
        yield articles[start : start + _BATCH]


async def _publish_changed(
    session: AsyncSession, articles: list[ParsedArticle], base_url: str, report: ImportReport
) -> ImportReport:
    await session.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    current = await published(session, [article.slug for article in articles])
    added, changed, unchanged = list(report.added), list(report.changed), report.unchanged
    for parsed in articles:
        before = current.get((parsed.slug, parsed.front.language))
        after = _article(parsed, base_url, before)
        if before is not None and _content(before) == _content(after):
            unchanged += 1
            continue
        await publish(session, after, _passages(after, parsed), before)
        (added if before is None else changed).append(parsed.slug)
    return ImportReport(added=tuple(added), changed=tuple(changed), unchanged=unchanged)


def _content(article: Article) -> tuple[str, str, str]:
    """What a customer could have been told: a change of any of it makes a new version."""
    return article.title, article.body, article.url


def _article(parsed: ParsedArticle, base_url: str, before: Article | None) -> Article:
    return Article(
        article_id=new_id(),
        slug=parsed.slug,
        language=parsed.front.language,
        version=1 if before is None else before.version + 1,
        title=parsed.front.title,
        body=parsed.body,
        url=parsed.front.url or (f"{base_url.rstrip('/')}/{parsed.slug}" if base_url else ""),
    )


def _passages(article: Article, parsed: ParsedArticle) -> list[ArticlePassage]:
    return [
        ArticlePassage(
            passage_id=new_id(),
            article_id=article.article_id,
            position=position,
            language=article.language,
            title=article.title,
            heading=section.heading or article.title,
            text=section.text,
        )
        for position, section in enumerate(parsed.sections, 1)
    ]
