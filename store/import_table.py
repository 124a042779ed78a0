"""What an import brought, so that the next one can tell a change in the file from one that was made in Baton."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from store.columns import json_column, moment


class ShopImport(SQLModel, table=True):
    """One record as it was last imported: a digest of all of it, and what it said where Baton may change things."""

    __tablename__ = "shop_import"

    kind: str = Field(primary_key=True)
    """`customer`, `payment_method`, `product`, `order` or `shipment`."""
    id: str = Field(primary_key=True)
    print: str
    """Digest of the record: the same again is passed over, whatever has become of it since."""
    base: dict[str, object] = json_column(default_factory=dict)
    """States, counts and digests, no personal data."""
    at: datetime | None = moment(default_now=True)
