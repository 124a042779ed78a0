"""What the shop knows of a proven sender, read before the message is recorded."""

import time
from collections import OrderedDict
from collections.abc import Callable

import structlog

from domain.commerce import ShopCustomer
from domain.message import ClaimedIdentity, InboundMessage
from domain.parties import IdentityKind
from integrations.shop.protocol import Shop
from store.receiving import CustomerProfile

KEPT_SECONDS = 60.0
"""How old the shop's answer may be; a chat in full flow asks the shop once a minute."""
_KEPT = 5000

log = structlog.get_logger("api")


class Recognition:
    """Asks the shop about verified identities. A shop that does not answer delays nothing: the tier stays as it was."""

    def __init__(self, shop: Shop, clock: Callable[[], float] = time.monotonic) -> None:
        self._shop = shop
        self._clock = clock
        self._kept: OrderedDict[tuple[str, str], tuple[float, CustomerProfile | None]] = OrderedDict()

    async def profile(self, inbound: InboundMessage) -> CustomerProfile | None:
        """The profile of whom the channel has proven; None for everybody else."""
        proven = [claim for claim in (inbound.sender, *inbound.further_identities) if claim.verified]
        for kind in (IdentityKind.SHOP_CUSTOMER, IdentityKind.EMAIL):
            for claim in proven:
                if claim.kind is kind and (found := await self._look_up(claim)):
                    return found
        return None

    async def _look_up(self, claim: ClaimedIdentity) -> CustomerProfile | None:
        key = (claim.kind.value, claim.value)
        at, profile = self._kept.get(key, (float("-inf"), None))
        if self._clock() - at <= KEPT_SECONDS:
            return profile
        try:
            profile = _profile(await self._ask(claim))
        except Exception as error:  # whatever ails the shop, the message must be recorded
            log.warning("shop_unavailable", kind=type(error).__name__)
            return profile
        self._kept[key] = (self._clock(), profile)
        if len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return profile

    async def _ask(self, claim: ClaimedIdentity) -> ShopCustomer | None:
        if claim.kind is IdentityKind.SHOP_CUSTOMER:
            return await self._shop.customer(claim.value)
        return await self._shop.customer_by_email(claim.value)


def _profile(record: ShopCustomer | None) -> CustomerProfile | None:
    if record is None:
        return None
    return CustomerProfile(tier=record.tier, display_name=record.name, shop_customer_id=record.customer_id)
