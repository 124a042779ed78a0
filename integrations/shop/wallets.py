"""What the demo store keeps on file for its customers: where they live, and how they pay."""

from domain.commerce import Address, MethodKind
from store.commerce import ShopCustomer
from store.commerce_ledger import ShopPaymentMethod

_CITIES = {
    "10115": "Berlin",
    "20095": "Hamburg",
    "04109": "Leipzig",
    "50667": "Cologne",
    "80331": "Munich",
    "70173": "Stuttgart",
    "60311": "Frankfurt",
    "28195": "Bremen",
    "01067": "Dresden",
    "1010": "Vienna",
    "8010": "Graz",
    "75001": "Paris",
    "69002": "Lyon",
    "1012 AB": "Amsterdam",
    "3511 CE": "Utrecht",
    "28001": "Madrid",
    "08002": "Barcelona",
    "8001": "Zurich",
}
_STREETS = ("Garden Street", "Mill Lane", "Station Road", "Harbour Street", "Linden Avenue")


def home(customer_id: str, name: str, postcode: str, country: str) -> dict[str, str]:
    """A customer's address, as the tables hold it; the same each time."""
    number = int(customer_id.removeprefix("cus-"))
    street = f"{number % 80 + 1} {_STREETS[number % len(_STREETS)]}"
    address = Address(name=name, line1=street, city=_CITIES[postcode], postcode=postcode, country=country)
    return address.model_dump(mode="json")


def method_id(customer: ShopCustomer, kind: str) -> str:
    """The id of a customer's method on file; empty for guests, for whom nothing is kept, and for transfers."""
    kept = customer.tier != "guest" and kind != MethodKind.TRANSFER
    return f"{customer.customer_id}-{kind}" if kept else ""


def wallet_rows(customer: ShopCustomer) -> list[ShopPaymentMethod]:
    """The methods on file of a customer: a card, PayPal, and for some a gift card. Guests have none."""
    if customer.tier == "guest":
        return []
    number = int(customer.customer_id.removeprefix("cus-"))
    rows = [
        _method(customer, MethodKind.CARD, f"card ending in {number:04d}"),
        _method(customer, MethodKind.PAYPAL, "PayPal"),
    ]
    if number % 4 == 0:
        rows.append(_method(customer, MethodKind.GIFT_CARD, f"gift card ending in {number:04d}", balance=5000))
    return rows


def store_credit(customer: ShopCustomer, balance: int) -> ShopPaymentMethod:
    """Store credit of a customer, in cents."""
    return _method(customer, MethodKind.STORE_CREDIT, "store credit", balance=balance)


def _method(customer: ShopCustomer, kind: MethodKind, label: str, balance: int | None = None) -> ShopPaymentMethod:
    return ShopPaymentMethod(
        method_id=method_id(customer, kind),
        customer_id=customer.customer_id,
        kind=kind.value,
        label=label,
        balance_minor=balance,
        currency=customer.currency,
    )
