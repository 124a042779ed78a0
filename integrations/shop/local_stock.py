"""Stock of the local shop: variants under lock, and a move on record for every change."""

from collections.abc import Iterable
from enum import StrEnum

from sqlalchemy import select
from sqlmodel import col

from domain.flows.refusal import Rule
from integrations.shop.local_effects import Broken, Turn
from store.commerce import ShopProduct, ShopVariant
from store.commerce_ledger import ShopStockMove


class Cause(StrEnum):
    """Why stock changed."""

    HOLD = "hold"
    RELEASE = "release"
    RESTOCK = "restock"
    CANCEL = "cancel"
    SWAP_IN = "swap_in"
    SWAP_OUT = "swap_out"


async def lock_variants(turn: Turn, skus: Iterable[str]) -> dict[str, ShopVariant]:
    """The variants, locked in the order of their SKUs. Raises `Broken` for one that there is not."""
    wanted = sorted(set(skus))
    query = (
        select(ShopVariant)
        .where(col(ShopVariant.sku).in_(wanted))
        .order_by(col(ShopVariant.sku))
        .with_for_update(key_share=True)
    )
    found = {variant.sku: variant for variant in await turn.session.scalars(query)} if wanted else {}
    for sku in wanted:
        if sku not in found:
            raise Broken(Rule.UNKNOWN_VARIANT, sku)
    return found


def take_units(turn: Turn, variant: ShopVariant, units: int, cause: Cause) -> None:
    """Take units of a locked variant out of stock. Raises `Broken` if there are not enough, or of another currency."""
    if variant.currency != turn.order.currency:
        raise Broken(Rule.OTHER_CURRENCY, variant.currency)
    if variant.stock < units:
        raise Broken(Rule.VARIANT_UNAVAILABLE, variant.sku)
    _move(turn, variant, -units, cause)


def put_back(turn: Turn, variant: ShopVariant, units: int, cause: Cause) -> None:
    """Put units of a locked variant into stock."""
    _move(turn, variant, units, cause)


async def title_of(turn: Turn, variant: ShopVariant) -> str:
    """A variant as it is printed on an order: the product's title, then its options."""
    query = select(col(ShopProduct.title)).where(col(ShopProduct.product_id) == variant.product_id)
    return ", ".join((await turn.session.scalar(query) or variant.sku, *variant.options.values()))


def _move(turn: Turn, variant: ShopVariant, delta: int, cause: Cause) -> None:
    variant.stock += delta
    turn.session.add(ShopStockMove(sku=variant.sku, delta=delta, cause=cause.value, effect_key=turn.key, at=turn.at))
