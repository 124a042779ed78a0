"""A shop and a knowledge base in memory for the assistant's tests; both can be told to fail."""

from datetime import UTC, date, datetime

from domain.case import Case, Turn
from domain.commerce import (
    Order,
    OrderLine,
    OrderState,
    Product,
    Refund,
    Shipment,
    ShipmentState,
    ShopCustomer,
    Variant,
)
from domain.money import Money
from domain.parties import AuthorKind, Channel
from domain.triage import Entities, IssueType, Triage
from integrations.knowledge.protocol import Passage

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
DUE = date(2026, 3, 4)


def line(line_id: str, title: str) -> OrderLine:
    """One line of an order."""
    return OrderLine(
        line_id=line_id, sku=line_id, title=title, quantity=1, unit_price=Money(minor=3900, currency="EUR")
    )


def parcel(shipment_id: str, state: ShipmentState, *line_ids: str, expected: date | None = None) -> Shipment:
    """One parcel."""
    return Shipment(
        shipment_id=shipment_id,
        state=state,
        carrier="Parcelline",
        tracking_number=f"PL-{shipment_id}",
        line_ids=line_ids,
        expected_on=expected,
        delivered_at=NOW if state is ShipmentState.DELIVERED else None,
    )


def order(
    number: str, state: OrderState, *parcels: Shipment, customer_id: str = "c1", title: str = "Wool Hat"
) -> Order:
    """An order of two lines: the title given, and a lamp."""
    return Order(
        number=number,
        customer_id=customer_id,
        email="ada@example.com",
        state=state,
        placed_at=datetime(2026, 2, 24, 9, tzinfo=UTC),
        total=Money(minor=7800, currency="EUR"),
        lines=(line("l1", title), line("l2", "Desk Lamp")),
        shipments=parcels,
    )


ADA = ShopCustomer(
    customer_id="c1",
    name="Ada Example",
    email="ada@example.com",
    tier="vip",
    lifetime_value=Money(minor=100_00, currency="EUR"),
    orders_count=2,
)
COAT = Product(
    product_id="rain-coat",
    title="Harbour Rain Coat",
    category="Coats",
    description="A coat.",
    attributes={"material": "waxed cotton", "waterproof": "waterproof to 10 000 mm"},
    variants=(
        Variant(sku="s", options={"size": "S", "colour": "navy"}, price=Money(minor=12900, currency="EUR"), stock=0),
        Variant(sku="m", options={"size": "M", "colour": "navy"}, price=Money(minor=12900, currency="EUR"), stock=4),
    ),
)


class MemoryShop:
    """Implements `Shop`."""

    def __init__(self, *orders: Order, products: tuple[Product, ...] = (COAT,)) -> None:
        self.orders = orders
        self.products = products
        self.paid_back: dict[str, tuple[Refund, ...]] = {}
        self.down = False

    def _answering(self) -> None:
        if self.down:
            raise ConnectionError("the shop is down")

    async def customer(self, customer_id: str) -> ShopCustomer | None:
        self._answering()
        return ADA if customer_id == ADA.customer_id else None

    async def customer_by_email(self, email: str) -> ShopCustomer | None:
        self._answering()
        return ADA if email == ADA.email else None

    async def order(self, number: str) -> Order | None:
        self._answering()
        return next((order for order in self.orders if order.number == number), None)

    async def recent_orders(self, customer_id: str, limit: int = 5) -> tuple[Order, ...]:
        self._answering()
        return tuple(order for order in self.orders if order.customer_id == customer_id)[:limit]

    async def refunds(self, number: str) -> tuple[Refund, ...]:
        self._answering()
        return self.paid_back.get(number, ())

    async def product(self, product_id: str) -> Product | None:
        self._answering()
        return next((product for product in self.products if product.product_id == product_id), None)

    async def find_products(self, text: str, limit: int = 3) -> tuple[Product, ...]:
        self._answering()
        words = set(text.lower().split())
        return tuple(product for product in self.products if words & set(product.title.lower().split()))[:limit]


class MemoryKnowledge:
    """Implements `Knowledge`: each article is found by one word."""

    def __init__(self, **articles: str) -> None:
        self.articles = articles
        self.asked: list[str] = []

    async def search(self, text: str, language: str = "en", limit: int = 3) -> tuple[Passage, ...]:  # noqa: ARG002
        self.asked.append(text)
        return tuple(
            Passage(slug=f"about-{word}", version=3, title=f"About {word}", heading="", text=body, url="", score=0.9)
            for word, body in self.articles.items()
            if word in text.lower()
        )[:limit]


def case_of(triage: Triage | None, *said: str, verified: bool = True, questions: int = 0) -> Case:
    """A case of turns `c: text` by the customer and `a: text` by the AI; the trailing customer turns are unanswered."""
    turns = [
        Turn(
            message_id=f"m{index}",
            author=AuthorKind.CUSTOMER if entry[0] == "c" else AuthorKind.AI,
            text=entry[3:],
            at=NOW,
            channel=Channel.CHAT,
        )
        for index, entry in enumerate(said)
    ]
    new = next((n for n, turn in enumerate(reversed(turns)) if turn.author is AuthorKind.AI), len(turns))
    return Case(
        interaction_id="i1",
        channel=Channel.CHAT,
        tier="vip",
        turns=tuple(turns),
        new_turns=new,
        customer=ADA if verified else None,
        verified=verified,
        questions_asked=questions,
        triage=triage,
        now=NOW,
    )


def triage_of(issue: IssueType, confidence: float = 0.95, *orders: str, **more: object) -> Triage:
    """A verdict."""
    values = {"issue": issue, "confidence": confidence, "entities": Entities(order_numbers=orders), **more}
    return Triage.model_validate(values)
