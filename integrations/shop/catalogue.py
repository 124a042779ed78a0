"""The demo catalogue: reads `catalogue.yaml` and lays out each product's variants."""

from dataclasses import dataclass
from functools import cache
from itertools import product as combinations
from pathlib import Path

import yaml
from pydantic import Field

from domain.values import Value
from store.commerce import ShopProduct, ShopVariant

CURRENCY = "EUR"
SHOP_URL = "https://outfitters.example"
_SOURCE = Path(__file__).with_name("catalogue.yaml")


class CatalogueEntry(Value):
    """One product as written in the file; `price` in cents, one price for all variants."""

    id: str
    title: str
    category: str
    price: int = Field(gt=0)
    description: str
    sizes: tuple[str, ...] = ()
    colours: tuple[str, ...]
    sold_out: tuple[str, ...] = ()
    attributes: dict[str, str]


@dataclass(frozen=True)
class Catalogue:
    """Rows of the catalogue and, for each SKU, the title as it is printed on an order."""

    products: tuple[ShopProduct, ...]
    variants: tuple[ShopVariant, ...]
    titles: dict[str, str]

    def variant(self, sku: str) -> ShopVariant:
        """The variant with this SKU; KeyError if there is none."""
        for variant in self.variants:
            if variant.sku == sku:
                return variant
        raise KeyError(sku)


@cache
def read_catalogue() -> Catalogue:
    """The catalogue that ships with the demo store. Raises pydantic's ValidationError if the file is broken."""
    entries = [CatalogueEntry.model_validate(entry) for entry in yaml.safe_load(_SOURCE.read_text("utf-8"))]
    variants = [(entry, variant) for entry in entries for variant in _variants(entry)]
    return Catalogue(
        products=tuple(_product(entry) for entry in entries),
        variants=tuple(variant for _, variant in variants),
        titles={v.sku: ", ".join((entry.title, *v.options.values())) for entry, v in variants},
    )


def _product(entry: CatalogueEntry) -> ShopProduct:
    return ShopProduct(
        product_id=entry.id,
        title=entry.title,
        category=entry.category,
        description=entry.description,
        attributes=dict(entry.attributes),
        url=f"{SHOP_URL}/products/{entry.id}",
    )


def _variants(entry: CatalogueEntry) -> list[ShopVariant]:
    pairs = list(combinations(entry.sizes or ("",), entry.colours))
    return [_variant(entry, position, size, colour) for position, (size, colour) in enumerate(pairs, 1)]


def _variant(entry: CatalogueEntry, position: int, size: str, colour: str) -> ShopVariant:
    options = {"size": size, "colour": colour} if size else {"colour": colour}
    key = "/".join(options.values())
    return ShopVariant(
        sku="-".join((entry.id, *options.values())).replace(" ", "-").lower(),
        product_id=entry.id,
        position=position,
        options=options,
        price_minor=entry.price,
        currency=CURRENCY,
        stock=0 if key in entry.sold_out else 5 + 7 * position % 30,
    )
