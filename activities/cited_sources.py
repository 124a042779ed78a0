"""What the sources of an answer say, looked up anew: an assistant's word for its own sources is not taken."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlmodel import col

from domain.case import Case
from domain.grounding import Sources
from domain.parties import AuthorKind
from domain.proposal import Citation, CitationKind, Proposal, Question, Reply
from domain.told_facts import flow_facts, order_facts, product_facts
from integrations.own_orders import own_orders
from integrations.shop.protocol import ShopReads
from store.articles import Article
from store.database import Database

_ABOUT_THE_CASE = frozenset({CitationKind.MESSAGE, CitationKind.INTERACTION, CitationKind.CUSTOMER})
"""They hold for what is said of the conversation, and for no fact: whoever writes could make it up."""


_KNOWN = Citation(kind=CitationKind.CUSTOMER, ref="known")
"""What a question may name: no answer can cite it."""


class CitedSources:
    """Looks up what an answer cites. Of orders, only those that the customer of the case may hear of."""

    def __init__(self, database: Database, shop: ShopReads) -> None:
        self._database = database
        self._shop = shop

    async def of(self, case: Case, proposal: Proposal) -> Sources:
        """The text behind each citation; what is not there, or not for this customer, is left out.

        For a question also what it may name without a source: the customer's own orders, and their own words.
        """
        cited = proposal.citations if isinstance(proposal, Reply | Question) else ()
        found = {citation: "" for citation in cited if citation.kind in _ABOUT_THE_CASE}
        found |= await self._articles([one for one in cited if one.kind is CitationKind.ARTICLE])
        found |= await self._products([one for one in cited if one.kind is CitationKind.PRODUCT])
        found |= _flows(case, [one for one in cited if one.kind is CitationKind.FLOW])
        if isinstance(proposal, Question) and _KNOWN not in cited:
            found[_KNOWN] = await self._known(case)
        return found | await self._orders(case, cited)

    async def _known(self, case: Case) -> str:
        mine = [order_facts(order) for order in await own_orders(self._shop, case)]
        return "\n".join([*mine, *(turn.text for turn in case.turns if turn.author is AuthorKind.CUSTOMER)])

    async def _articles(self, cited: Iterable[Citation]) -> dict[Citation, str]:
        found: dict[Citation, str] = {}
        for citation in cited:
            query = select(col(Article.title), col(Article.body), col(Article.url)).where(
                col(Article.slug) == citation.ref, col(Article.version) == citation.version
            )
            async with self._database.begin() as session:
                rows = (await session.execute(query)).all()
            if rows:
                found[citation] = "\n".join(part for row in rows for part in row)
        return found

    async def _products(self, cited: Iterable[Citation]) -> dict[Citation, str]:
        looked_up = [(citation, await self._shop.product(citation.ref)) for citation in cited]
        return {citation: product_facts(product) for citation, product in looked_up if product is not None}

    async def _orders(self, case: Case, cited: Iterable[Citation]) -> dict[Citation, str]:
        found: dict[Citation, str] = {}
        parcels: dict[str, str] = {}
        for citation in cited:
            order = await self._shop.order(citation.ref) if citation.kind is CitationKind.ORDER else None
            if order is not None and case.may_tell(order):
                found[citation] = order_facts(order, await self._shop.refunds(order.number))
                parcels |= {parcel.shipment_id: found[citation] for parcel in order.shipments}
        of_parcels = [one for one in cited if one.kind is CitationKind.SHIPMENT and one.ref in parcels]
        return found | {citation: parcels[citation.ref] for citation in of_parcels}


def _flows(case: Case, cited: Iterable[Citation]) -> dict[Citation, str]:
    known = {flow.flow_id: flow_facts(flow) for flow in case.flows}
    return {citation: known[citation.ref] for citation in cited if citation.ref in known}
