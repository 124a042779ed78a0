"""The tools of a model: they read, and what they return is remembered as a source with an id."""

from dataclasses import dataclass, field

from pydantic_ai import RunContext

from domain.case import Case
from domain.commerce import Order
from domain.policy import AssistantRules
from domain.proposal import Citation, CitationKind
from domain.told_facts import flow_facts, order_facts, product_facts
from integrations.knowledge.protocol import Knowledge
from integrations.shop.protocol import ShopReads

_NOT_PROVEN = "This customer is not proven to be who they are. Ask them back with asks_proof; tell nothing of orders."
_NO_SUCH_ORDER = "This customer has no such order, as far as they have proven who they are."
_NOTHING = "Nothing found."
_LONGEST_QUESTION = 500


class ToolBroke(Exception):
    """The shop or the knowledge base did not answer."""


@dataclass
class Source:
    """Something that a tool has returned."""

    citation: Citation
    text: str


@dataclass
class Desk:
    """What a model may look at while it works on one case, and what it has looked at."""

    case: Case
    shop: ShopReads
    knowledge: Knowledge
    rules: AssistantRules
    found: dict[str, Source] = field(default_factory=dict)

    @property
    def language(self) -> str:
        """In which the customer writes."""
        return self.case.triage.language if self.case.triage else "en"

    def told(self, key: str, citation: Citation, text: str) -> str:
        """The text as the model reads it, with the id by which it can be cited."""
        known = next((one for one, source in self.found.items() if source == Source(citation, text)), None)
        source_id = known or (key if key not in self.found else f"{key}-{len(self.found)}")
        self.found[source_id] = Source(citation, text)
        return f"[{source_id}]\n{text}"

    async def order(self, order: Order) -> str:
        """An order of the customer."""
        citation = Citation(kind=CitationKind.ORDER, ref=order.number, title=order.number)
        parcels = [
            parcel.model_copy(update={"tracking_url": self.case.linkable(parcel.tracking_url)})
            for parcel in order.shipments
        ]
        shown = order.model_copy(update={"shipments": tuple(parcels)})
        return self.told(f"order:{order.number}", citation, order_facts(shown, await self.shop.refunds(order.number)))


async def search_knowledge(ctx: RunContext[Desk], question: str) -> str:
    """Search the shop's help articles.

    Args:
        question: The customer's question in a sentence, in the customer's language.
    """
    desk = ctx.deps
    try:
        passages = await desk.knowledge.search(question[:_LONGEST_QUESTION], desk.language)
    except Exception as error:
        raise ToolBroke from error
    told = []
    for passage in passages:
        citation = Citation(
            kind=CitationKind.ARTICLE,
            ref=passage.slug,
            version=passage.version,
            title=passage.title,
            url=desk.case.linkable(passage.url),
        )
        heading = f"{passage.title}: {passage.heading}" if passage.heading else passage.title
        told.append(desk.told(f"article:{passage.slug}", citation, f"{heading}\n{passage.text}"))
    return "\n\n".join(told) or _NOTHING


async def my_orders(ctx: RunContext[Desk]) -> str:
    """The newest orders of the customer who writes."""
    desk = ctx.deps
    if not desk.case.verified or desk.case.customer is None:
        return _NOT_PROVEN
    try:
        recent = await desk.shop.recent_orders(desk.case.customer.customer_id)
        told = [await desk.order(order) for order in recent if desk.case.may_tell(order)]
    except Exception as error:
        raise ToolBroke from error
    return "\n\n".join(told) or _NOTHING


async def order_details(ctx: RunContext[Desk], number: str) -> str:
    """One order of the customer who writes.

    Args:
        number: The order number as printed for the customer.
    """
    desk = ctx.deps
    if not desk.case.verified:
        return _NOT_PROVEN
    try:
        order = await desk.shop.order(number.strip().upper()) or await desk.shop.order(number.strip())
        # An order of somebody else reads like one that does not exist.
        return await desk.order(order) if order is not None and desk.case.may_tell(order) else _NO_SUCH_ORDER
    except Exception as error:
        raise ToolBroke from error


async def find_products(ctx: RunContext[Desk], words: str) -> str:
    """Search the catalogue: attributes, sizes and colours, prices, and what is in stock.

    Args:
        words: What the product is called or what it is like.
    """
    desk = ctx.deps
    try:
        products = await desk.shop.find_products(words[:_LONGEST_QUESTION])
    except Exception as error:
        raise ToolBroke from error
    told = []
    for product in products:
        shown = product.model_copy(update={"url": desk.case.linkable(product.url)})
        citation = Citation(kind=CitationKind.PRODUCT, ref=product.product_id, title=product.title, url=shown.url)
        told.append(desk.told(f"product:{product.product_id}", citation, product_facts(shown)))
    return "\n\n".join(told) or _NOTHING


async def open_flows(ctx: RunContext[Desk]) -> str:
    """Returns, exchanges, cancellations and the like of this customer: how far each has come."""
    desk = ctx.deps
    told = []
    for flow in desk.case.flows:
        named = f"{flow.kind.replace('_', ' ')} {flow.order}"
        citation = Citation(kind=CitationKind.FLOW, ref=flow.flow_id, title=named)
        told.append(desk.told(f"flow:{flow.flow_id}", citation, flow_facts(flow)))
    return "\n\n".join(told) or _NOTHING


READING = (search_knowledge, my_orders, order_details, find_products, open_flows)
"""All of them; none writes."""
