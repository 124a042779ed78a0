"""Imports articles from a folder of Markdown and HTML files: what is new or changed becomes a new version."""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import structlog
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.values import Value
from integrations.knowledge.gaps import close_answered_gaps
from integrations.knowledge.markdown import ArticleInvalid, ParsedArticle, parse_article
from integrations.knowledge.web_page import parse_web_page
from store.articles import Article, ArticlePassage, newest_versions, publish, published, withdraw_others
from store.database import Database
from store.ids import new_id

__all__ = ["ArticleInvalid", "ImportReport", "close_answered_gaps", "import_articles", "load_demo_articles"]

DEMO_ARTICLES = Path(__file__).with_name("articles")
DEMO_URL = "https://outfitters.example/help"

_READERS = {".md": parse_article, ".markdown": parse_article, ".html": parse_web_page, ".htm": parse_web_page}
_BATCH = 100
"""Articles for each transaction, so that none lasts long."""
_LOCK = 7_041_002
"""Advisory lock: imports run one after the other, so that two never make the same version."""

_log = structlog.get_logger(__name__)


class ImportReport(Value):
    """What an import did; articles are named as their files."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: int = 0
    withdrawn: tuple[str, ...] = ()
    """Published articles that the folder does not hold, as `slug (language)`."""
    gaps_closed: int = 0
    """Open questions of customers that an article answers now."""


async def import_articles(database: Database, folder: Path, *, base_url: str = "", prune: bool = False) -> ImportReport:
    """Publish the Markdown and HTML files of a folder and the folders in it. Doing it again changes nothing.

    The file's name without ending is the slug, the same in all languages. An article without a `url` of its own gets
    the base URL with its path in the folder. With `prune`, published articles that are not in the folder are withdrawn:
    they are found no more, and kept for what cites them. All files are read before anything is written.
    Raises `ArticleInvalid` if some cannot be read, `StoreUnavailable` if the database does not answer.
    """
    articles = read_folder(folder)
    report = ImportReport()
    for batch in _batches(articles):
        async with database.begin() as session:
            report = await _publish_changed(session, batch, base_url, report)
    if prune:
        report = report.model_copy(update={"withdrawn": await _prune(database, articles)})
    if report.added or report.changed:
        report = report.model_copy(update={"gaps_closed": await close_answered_gaps(database)})
    _log.info(
        "articles_imported",
        added=len(report.added),
        changed=len(report.changed),
        unchanged=report.unchanged,
        withdrawn=len(report.withdrawn),
        gaps_closed=report.gaps_closed,
    )
    return report


async def load_demo_articles(database: Database) -> ImportReport:
    """Publish the articles of the demo store; a later call changes nothing."""
    return await import_articles(database, DEMO_ARTICLES, base_url=DEMO_URL)


def read_folder(folder: Path) -> list[ParsedArticle]:
    """All articles of a folder and the folders in it, by path. Raises `ArticleInvalid`, a line for each file."""
    if not folder.is_dir():
        raise ArticleInvalid(f"{folder.name}: no such folder")
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in _READERS)
    if not paths:
        raise ArticleInvalid(f"{folder.name}: no articles: it holds no file that ends in {', '.join(_READERS)}")
    articles, wrong = [], []
    for path in paths:
        try:
            articles.append(_read(path, path.relative_to(folder).as_posix()))
        except ArticleInvalid as error:
            wrong.append(str(error))
    wrong += _twice(articles)
    if wrong:
        raise ArticleInvalid("\n".join(wrong))
    return articles


def _read(path: Path, name: str) -> ParsedArticle:
    try:
        source = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ArticleInvalid(f"{name}: not UTF-8: save it in this encoding") from error
    if "\x00" in source:
        raise ArticleInvalid(f"{name}: holds a NUL character: it is not a text file")
    return _READERS[path.suffix.lower()](name, source)


def _twice(articles: list[ParsedArticle]) -> list[str]:
    first: dict[tuple[str, str], str] = {}
    found = []
    for one in articles:
        other = first.setdefault((one.slug, one.front.language), one.name)
        if other != one.name:
            found.append(f"{one.name}: same name and language as {other}: rename one, or correct its language")
    return found


def _batches(articles: list[ParsedArticle]) -> Iterator[list[ParsedArticle]]:
    for start in range(0, len(articles), _BATCH):
        yield articles[start : start + _BATCH]


async def _publish_changed(
    session: AsyncSession, articles: list[ParsedArticle], base_url: str, report: ImportReport
) -> ImportReport:
    await session.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    slugs = [article.slug for article in articles]
    current, newest = await published(session, slugs), await newest_versions(session, slugs)
    added, changed, unchanged = list(report.added), list(report.changed), report.unchanged
    for parsed in articles:
        key = parsed.slug, parsed.front.language
        before, after = current.get(key), _article(parsed, base_url, newest.get(key, 0) + 1)
        if before is not None and _content(before) == _content(after):
            unchanged += 1
            continue
        await publish(session, after, _passages(after, parsed), before)
        (added if before is None else changed).append(parsed.name)
    return ImportReport(added=tuple(added), changed=tuple(changed), unchanged=unchanged)


async def _prune(database: Database, articles: list[ParsedArticle]) -> tuple[str, ...]:
    kept = {(article.slug, article.front.language) for article in articles}
    async with database.begin() as session:
        await session.execute(select(func.pg_advisory_xact_lock(_LOCK)))
        gone = await withdraw_others(session, kept)
    return tuple(f"{slug} ({language})" for slug, language in gone)


def _content(article: Article) -> tuple[str, str, str]:
    """What a customer could have been told: a change of any of it makes a new version."""
    return article.title, article.body, article.url


def _article(parsed: ParsedArticle, base_url: str, version: int) -> Article:
    path = PurePosixPath(parsed.name).with_suffix("").as_posix()
    return Article(
        article_id=new_id(),
        slug=parsed.slug,
        language=parsed.front.language,
        version=version,
        title=parsed.front.title,
        body=parsed.body,
        url=parsed.front.url or (f"{base_url.rstrip('/')}/{path}" if base_url else ""),
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
            asked="\n".join(section.asked),
        )
        for position, section in enumerate(parsed.sections, 1)
    ]
