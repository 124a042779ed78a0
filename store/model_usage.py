"""What a model provider was used for in each case: the ledger behind the limits."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from store.columns import moment
from store.ids import new_id


class ModelUsage(SQLModel, table=True):
    """One call of the provider, whether it helped or not."""

    __tablename__ = "model_usage"

    id: str = Field(default_factory=new_id, primary_key=True)
    interaction_id: str = Field(index=True)
    purpose: str
    """`triage`, `compose` or `brief`."""
    model: str
    tokens_in: int = 0
    tokens_out: int = 0
    cost_microdollars: int | None = None
    """NULL where the model's price is not known."""
    seconds: float = 0
    failure: str = ""
    """Empty, or why it did not help: `timeout`, `rate_limited`, `malformed`, `refused`, `unavailable`, `limit`."""
    at: datetime | None = moment(default_now=True)
