"""Where customers and outside parties find Baton, and the signed links that lead there."""

from datetime import datetime, timedelta

from pydantic import Field

from domain.signed_token import PartnerToken, PortalToken, RatingToken
from domain.values import Value


class FrontDoor(Value):
    """The address of the pages, the key that signs links to them, and the brand's mailbox.

    Without an address or a key there are no links, and texts leave the sentence with the link out.
    """

    public_url: str = ""
    secret_key: str = Field(default="", repr=False)
    mail_account: str = ""

    @property
    def has_pages(self) -> bool:
        """Can links be made?"""
        return bool(self.public_url and self.secret_key)

    def portal(self, shop_customer_id: str, order: str, flow_id: str, now: datetime, days: float) -> str:
        """The self-service page of a customer's flow, for so many days; empty without pages or customer."""
        if not (self.has_pages and shop_customer_id and days > 0):
            return ""
        token = PortalToken(sub=shop_customer_id, order=order, flow=flow_id, exp=_until(now, days))
        return f"{self._root}/portal/{token.sign(self.secret_key)}"

    def partner(self, inquiry_id: str, now: datetime, days: float) -> str:
        """The page on which an outside party answers, for so many days; empty without pages."""
        if not self.has_pages:
            return ""
        return f"{self._root}/partner/{PartnerToken(sub=inquiry_id, exp=_until(now, days)).sign(self.secret_key)}"

    def rating(self, interaction_id: str, until: datetime) -> str:
        """The page on which a customer says how their case was resolved; empty without pages."""
        if not self.has_pages:
            return ""
        token = RatingToken(sub=interaction_id, exp=int(until.timestamp()))
        return f"{self._root}/rate/{token.sign(self.secret_key)}"

    @property
    def _root(self) -> str:
        return self.public_url.rstrip("/")


def _until(now: datetime, days: float) -> int:
    return int((now + timedelta(days=days)).timestamp())
