"""What the API process is told."""

from pydantic import Field

from gateway.settings import TemporalSettings
from store.settings import DatabaseSettings


class ApiSettings(DatabaseSettings, TemporalSettings):
    """Settings of the application behind `baton api`; where HTTP listens is the command's business."""

    public_url: str = "http://127.0.0.1:8000"
    """Where customers and agents reach the API."""
    secret_key: str = Field(repr=False, min_length=32)
    """Signs session cookies and the tokens by which a shop's page proves who its customer is."""
    mail_account: str = "support@outfitters.example"
    """The brand's mailbox: mail to other recipients is refused."""
    smtp_listen_host: str = "127.0.0.1"
    smtp_listen_port: int = Field(default=2525, ge=0, le=65535)
    """Where inbound mail arrives."""
    temporal_ui_url: str = "http://127.0.0.1:8233"
    """Where admins find the Temporal UI; pages link to it."""
