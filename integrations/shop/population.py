"""The crowd of the demo store: customers of all tiers and their orders, drawn with a fixed seed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from integrations.shop.catalogue import CURRENCY, Catalogue
from integrations.shop.ordering import DemoOrder
from integrations.shop.stories import TELLINGS, OrderStory
from integrations.shop.wallets import home
from store.commerce import ShopCustomer

_NAMES = ("Alex", "Robin", "Sam", "Kim", "Noa", "Mika", "Jo", "Toni", "Charlie", "Luca", "Nikita", "Sascha")
_TIERS = {"guest": 20, "standard": 55, "gold": 18, "vip": 7}
_APPETITE = {"guest": 1, "standard": 3, "gold": 7, "vip": 12}
"""How likely a customer of each tier is to have placed an order, relative to a guest."""
_COUNTRIES = {"DE": 64, "AT": 10, "FR": 8, "NL": 8, "ES": 6, "CH": 4}
_LOCALES = {"DE": "de", "AT": "de", "CH": "de", "FR": "fr", "ES": "es", "NL": "en"}
_POSTCODES = {
    "DE": ("10115", "20095", "04109", "50667", "80331", "70173", "60311", "28195"),
    "AT": ("1010", "8010"),
    "FR": ("75001", "69002"),
    "NL": ("1012 AB", "3511 CE"),
    "ES": ("28001", "08002"),
    "CH": ("8001",),
}


@dataclass(frozen=True)
class Buyer:
    """A customer and where their parcels go."""

    customer: ShopCustomer
    country: str
    postcode: str


def draw_buyers(rng: Random, numbers: range, now: datetime) -> list[Buyer]:
    """One buyer for each number, registered more than a year ago."""
    return [_buyer(rng, number, now) for number in numbers]


def draw_orders(rng: Random, buyers: list[Buyer], count: int, catalogue: Catalogue) -> list[DemoOrder]:
    """Orders `BT-10001` and up in the order of placing; all tellings of `stories` occur."""
    tellings, weights = [telling for _, telling in TELLINGS], [weight for weight, _ in TELLINGS]
    stories = [telling(rng) for telling in rng.choices(tellings, weights, k=count)]
    stories.sort(key=lambda story: -story.age)
    chosen = rng.choices(buyers, [_APPETITE[buyer.customer.tier] for buyer in buyers], k=count)
    return [
        _order(rng, f"BT-{number}", buyer, story, catalogue)
        for number, (buyer, story) in enumerate(zip(chosen, stories, strict=True), 10001)
    ]


def _buyer(rng: Random, number: int, now: datetime) -> Buyer:
    name, country = rng.choice(_NAMES), _pick(rng, _COUNTRIES)
    customer = ShopCustomer(
        customer_id=f"cus-{number:04d}",
        name=f"{name} {number}",
        email=f"{name.lower()}.{number}@example.com",
        tier=_pick(rng, _TIERS),
        # 030 23125 xxx is kept free for fiction (Bundesnetzagentur, "Rufnummern für Medienproduktionen").
        phone=f"+493023125{number:03d}" if country == "DE" else "",
        locale=_LOCALES[country],
        currency=CURRENCY,
        created_at=now - timedelta(days=rng.randint(361, 1200)),
    )
    postcode = rng.choice(_POSTCODES[country])
    customer.address = home(customer.customer_id, customer.name, postcode, country)
    return Buyer(customer, country, postcode)


def _order(rng: Random, number: str, buyer: Buyer, story: OrderStory, catalogue: Catalogue) -> DemoOrder:
    variants = rng.sample(catalogue.variants, rng.randint(max(1, len(story.parcels)), 4))
    return DemoOrder(
        number=number,
        customer=buyer.customer,
        basket=tuple((variant.sku, rng.choice((1, 1, 1, 2))) for variant in variants),
        story=story,
        postcode=buyer.postcode,
        country=buyer.country,
        method="express" if rng.random() < 0.15 and buyer.country != "CH" else "standard",
        payment_method=rng.choice(("card", "card", "paypal")),
    )


def _pick(rng: Random, weights: dict[str, int]) -> str:
    return rng.choices(list(weights), list(weights.values()))[0]
