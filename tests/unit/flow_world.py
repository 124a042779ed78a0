"""A small shop for tests of what policy says of requests: one order, one customer, two products."""

from datetime import UTC, datetime
from typing import Any

from domain.commerce import (
    Address,
    MethodKind,
    Order,
    OrderLine,
    OrderState,
    Payment,
    PaymentMethod,
    PaymentState,
    Product,
    Shipment,
    ShipmentState,
    ShopCustomer,
    Variant,
)
from domain.flows.judging import judge
from domain.flows.kinds import AskedBy, Requester
from domain.flows.requests import FlowRequest, ItemWanted, Swap
from domain.flows.rules import CommerceRules
from domain.flows.verdict import RequestFacts, Verdict
from domain.money import Money

DELIVERED = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
CUSTOMER, AGENT, POLICY = (
    AskedBy(kind=Requester.CUSTOMER),
    AskedBy(kind=Requester.AGENT, agent_id="a1"),
    AskedBy(kind=Requester.POLICY),
)
HOME = Address(line1="Elm Street 1", city="Leipzig", postcode="04109", country="DE")
AWAY = HOME.model_copy(update={"line1": "Oak Street 2"})


def eur(minor: int) -> Money:
    """Cents."""
    return Money(minor=minor, currency="EUR")


def line(line_id: str = "l1", **changed: Any) -> OrderLine:
    """Two scarves at 20 euros, as `l1`."""
    return OrderLine.model_validate(
        {
            "line_id": line_id,
            "sku": "scarf-grey",
            "title": "Scarf, grey",
            "quantity": 2,
            "unit_price": eur(2000),
            "product_id": "scarf",
            "category": "accessories",
            **changed,
        }
    )


BOOTS = line("l2", sku="boots-42", quantity=1, unit_price=eur(9000), product_id="boots", category="shoes")
PARCEL = Shipment(
    shipment_id="s1",
    state=ShipmentState.DELIVERED,
    carrier="post",
    tracking_number="1",
    line_ids=("l1", "l2"),
    delivered_at=DELIVERED,
)


def paid(minor: int = 13_500, **changed: Any) -> Payment:
    """By the card on file."""
    fields = {"payment_id": "p1", "method": MethodKind.CARD, "method_id": "card", "amount": eur(minor)}
    return Payment.model_validate({**fields, "state": PaymentState.CAPTURED, **changed})


def order(**changed: Any) -> Order:
    """Two scarves, a pair of boots and 5 euros of shipping, all delivered and paid by card."""
    return Order.model_validate(
        {
            "number": "BT-1",
            "customer_id": "c1",
            "email": "robin@example.com",
            "state": OrderState.DELIVERED,
            "placed_at": DELIVERED,
            "total": eur(13_500),
            "shipping": eur(500),
            "lines": (line(), BOOTS),
            "shipments": (PARCEL,),
            "payments": (paid(),),
            "address": HOME,
            **changed,
        }
    )


def unpacked(**changed: Any) -> Order:
    """The same order before anything of it was packed."""
    return order(**{"state": OrderState.PAID, "shipments": (), **changed})


def customer(**changed: Any) -> ShopCustomer:
    """With a card, a wallet, a gift card of 10 euros and store credit."""
    kinds = (("card", "card"), ("wallet", "paypal"), ("gift", "gift_card"), ("credit", "store_credit"))
    methods = [
        PaymentMethod(
            method_id=name,
            kind=MethodKind(kind),
            balance=eur(1000) if name in {"gift", "credit"} else None,
        )
        for name, kind in kinds
    ]
    fields = {"customer_id": "c1", "name": "Robin", "email": "robin@example.com", "tier": "standard"}
    return ShopCustomer.model_validate({**fields, "lifetime_value": eur(0), "methods": methods, **changed})


def variant(sku: str, price: int = 2000, stock: int = 5, currency: str = "EUR") -> Variant:
    """One form of a product."""
    return Variant(sku=sku, options={}, price=Money(minor=price, currency=currency), stock=stock)


SCARVES = Product(
    product_id="scarf",
    title="Scarf",
    category="accessories",
    description="",
    variants=(
        variant("scarf-grey"),
        variant("scarf-blue", 2600),
        variant("scarf-red", 1500),
        variant("scarf-silk", 2600, stock=1),
        variant("scarf-dollar", currency="USD"),
    ),
)
HATS = Product(product_id="hat", title="Hat", category="accessories", description="", variants=(variant("hat"),))


def facts(of: Order | None = None, **changed: Any) -> RequestFacts:
    """What is known of the order; everything of it is delivered."""
    of = of or order()
    fields = {"order": of, "customer": customer(), "products": (SCARVES, HATS)}
    arrived = {one.line_id: DELIVERED for one in of.lines} if of.shipments else {}
    return RequestFacts.model_validate({**fields, "delivered_at": arrived, **changed})


def rules(**sections: Any) -> CommerceRules:
    """As a policy file would say it."""
    return CommerceRules.model_validate(sections)


def judged(
    request: FlowRequest,
    known: RequestFacts | None = None,
    by: CommerceRules | None = None,
    *,
    asked_by: AskedBy = CUSTOMER,
    now: datetime = NOW,
) -> Verdict:
    """The verdict, under default rules and facts where nothing else is said."""
    return judge(request, known or facts(), by or CommerceRules(), asked_by, now)


def items(quantity: int = 1, line_id: str = "l1") -> tuple[ItemWanted, ...]:
    """Units of a line."""
    return (ItemWanted(line_id=line_id, quantity=quantity),)


def swaps(sku: str = "scarf-blue", quantity: int = 1, line_id: str = "l1") -> tuple[Swap, ...]:
    """Units of a line for another variant."""
    return (Swap(line_id=line_id, quantity=quantity, new_sku=sku),)
