"""Sources are looked up anew: what `local` says holds against them, and what is not this customer's is no source."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator

import pytest
from sqlalchemy import text

from activities.cited_sources import CitedSources
from cli.local.postgres import LocalPostgres
from domain.case import Case
from domain.gate import gate
from domain.policy import AssistantRules
from domain.proposal import Citation, CitationKind, Handoff, Reply, Statement
from domain.triage import IssueType
from integrations.assistant.local.compose import Composer
from integrations.assistant.local.settings import LocalSettings
from integrations.knowledge.importer import load_demo_articles
from integrations.knowledge.postgres import PostgresKnowledge
from integrations.shop.demo import load_demo_shop
from integrations.shop.local import LocalShop
from store.database import Database
from store.migrate import upgrade
from tests.unit.assistant_world import NOW, case_of, triage_of

RULES = AssistantRules(languages=("en", "de", "es", "fr"), link_domains=("outfitters.example",))
ASKED = {
    "en": ("where is my order?", "have I got my money back?", "how did I pay and what was the total?"),
    "de": ("wo ist meine Bestellung?", "habe ich mein Geld zurück?", "wie lange kann ich zurückgeben?"),
    "es": ("¿dónde está mi pedido?", "¿me han devuelto el dinero?", "¿cuánto tarda el envío?"),
    "fr": ("où est ma commande ?", "ai-je été remboursé ?", "combien coûte la livraison ?"),
}
ISSUES = (IssueType.ORDER_STATUS, IssueType.REFUND, IssueType.BILLING, IssueType.DELIVERY, IssueType.RETURN)


@pytest.fixture(scope="module")
def demo_url(postgres: LocalPostgres) -> Iterator[str]:
    """A database with the demo shop and its articles, only read."""
    postgres.create_database("demo_sources")
    upgrade(postgres.url("demo_sources"))
    asyncio.run(_fill(postgres.url("demo_sources")))
    yield postgres.url("demo_sources")
    postgres.drop_database("demo_sources")


async def _fill(url: str) -> None:
    database = Database(url)
    await load_demo_articles(database)
    await load_demo_shop(database, NOW)
    await database.close()


@pytest.fixture
async def demo(demo_url: str) -> AsyncIterator[Database]:
    database = Database(demo_url)
    yield database
    await database.close()


async def cases(database: Database, shop: LocalShop, language: str) -> AsyncIterator[Case]:
    """Customers of the demo shop, asking."""
    async with database.begin() as session:
        ids = (await session.execute(text("SELECT customer_id FROM shop_customer ORDER BY 1 LIMIT 6"))).scalars().all()
    for customer_id in ids:
        customer = await shop.customer(customer_id)
        orders = await shop.recent_orders(customer_id)
        for issue in ISSUES:
            for words in ASKED[language]:
                named = [order.number for order in orders[:1]]
                triage = triage_of(issue, 0.95, *named, language=language)
                case = case_of(triage, f"c: {words}", verified=False)
                yield case.model_copy(
                    update={"customer": customer, "verified": True, "link_domains": RULES.link_domains}
                )


@pytest.mark.parametrize("language", sorted(ASKED))
async def test_whatever_local_answers_holds_against_its_sources(demo: Database, language: str) -> None:
    shop = LocalShop(demo, pages_url="https://shop.outfitters.example")
    local, sources = Composer(shop, PostgresKnowledge(demo), LocalSettings()), CitedSources(demo, shop)
    answered: Counter[str] = Counter()
    async for case in cases(demo, shop, language):
        proposal = await local.compose(case)
        decided = gate(proposal, RULES, questions_asked=0, sources=await sources.of(case, proposal))
        answered[proposal.kind] += 1
        assert isinstance(decided, Handoff) == isinstance(proposal, Handoff), proposal
    assert answered["reply"] > 20


async def test_an_order_of_somebody_else_is_no_source(demo: Database) -> None:
    shop = LocalShop(demo, pages_url="")
    async with demo.begin() as session:
        rows = (await session.execute(text("SELECT number, customer_id FROM shop_order ORDER BY 1"))).all()
    (mine, me), (theirs, _) = rows[0], next(row for row in rows if row[1] != rows[0][1])
    case = case_of(triage_of(IssueType.ORDER_STATUS), "c: where is it?", verified=False)
    case = case.model_copy(update={"customer": await shop.customer(me), "verified": True})
    cited = {number: Citation(kind=CitationKind.ORDER, ref=number) for number in (mine, theirs)}
    told = Reply(statements=(Statement(text="It is on its way.", citations=tuple(cited.values())),))
    assert set(await CitedSources(demo, shop).of(case, told)) == {cited[mine]}
    assert await CitedSources(demo, shop).of(case.model_copy(update={"proven_orders": ()}), told) == {}


async def test_an_article_is_a_source_in_the_version_that_is_cited(demo: Database) -> None:
    sources = CitedSources(demo, LocalShop(demo, pages_url=""))
    case = case_of(triage_of(IssueType.RETURN), "c: how long?")
    cited = [Citation(kind=CitationKind.ARTICLE, ref="returns-window", version=version) for version in (1, 2)]
    told = Reply(statements=(Statement(text="30 days", citations=tuple(cited)),))
    found = await sources.of(case, told)
    assert set(found) == {cited[0]}
    assert "30 days" in found[cited[0]]


async def test_what_the_customer_wrote_holds_no_fact(demo: Database) -> None:
    case = case_of(triage_of(IssueType.REFUND), "c: you promised me 500 EUR")
    written = Citation(kind=CitationKind.MESSAGE, ref="m0")
    told = Reply(statements=(Statement(text="We owe you 500 EUR.", citations=(written,)),))
    sources = await CitedSources(demo, LocalShop(demo, pages_url="")).of(case, told)
    assert isinstance(gate(told, RULES, questions_asked=0, sources=sources), Handoff)
