"""What a worker process is told."""

import re
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import DirectoryPath, Field, SecretStr, model_validator

from gateway.settings import TemporalSettings
from store.settings import DatabaseSettings


class WorkerSettings(DatabaseSettings, TemporalSettings):
    """Settings of `baton worker`, whichever pools it runs. A concurrency is the number of tasks at work at once."""

    flows: str = ""
    """Python modules with flows of the brand's own, separated by commas; each is imported, so it must be importable."""
    workflows_concurrency: int = Field(default=100, ge=1)
    ai_concurrency: int = Field(default=8, ge=1)
    ai_rate_per_second: float | None = Field(default=None, gt=0)
    """Activities per second on the whole queue `ai`, whatever the number of processes: the model provider's quota."""
    dispatch_concurrency: int = Field(default=10, ge=1)
    human_concurrency: int = Field(default=20, ge=1)
    integration_concurrency: int = Field(default=20, ge=1)
    niceness: int = Field(default=5, ge=0, le=19)
    """How far `baton worker` steps back for other processes of its machine (nice(1)): an API beside it goes first."""
    drain_seconds: float = Field(default=10, ge=0)
    """How long running activities may take to finish after SIGTERM."""
    public_url: str = "http://127.0.0.1:8000"
    """Where customers and partners reach the API: links in what flows say lead there."""
    secret_key: str = Field(default="", repr=False)
    """The API's; signs those links. Empty: texts have no links."""
    mail_account: str = "support@outfitters.example"
    """The brand's mailbox, from which flows begin mails."""
    smtp_host: str = "127.0.0.1"
    smtp_port: int = Field(default=1025, ge=1, le=65535)
    """The server that takes outbound mail."""
    smtp_username: str = ""
    smtp_password: str = Field(default="", repr=False)
    """Both empty: no authentication."""
    smtp_security: Literal["none", "starttls", "tls"] = "none"
    """How the connection to the mail server is protected."""
    assistant: Literal["local", "llm"] = "local"
    """Which AI triages and answers: Baton's own, or a model of a provider."""
    order_prefix: str = "BT-"
    """What the shop prints before an order's digits."""
    phone_region: str = Field(default="DE", pattern="^[A-Z]{2}$")
    """Where a phone number without country code is dialled (ISO 3166-1)."""
    examples_dir: DirectoryPath | None = None
    """The brand's own training examples, added to Baton's (see docs/triage.md)."""
    model: str = ""
    """For `llm`: `<provider>:<model>`, the provider being openai or anthropic."""
    model_url: str = ""
    """Another base address that speaks the provider's protocol."""
    model_key: SecretStr = SecretStr("")
    """The provider's API key."""

    @model_validator(mode="after")
    def _assistant_is_whole(self) -> Self:
        if self.assistant == "llm" and not re.fullmatch(r"(?:openai|anthropic):\S+", self.model):
            raise ValueError("BATON_ASSISTANT=llm needs BATON_MODEL=<provider>:<model>, with openai or anthropic")
        if self.assistant == "local" and (self.model or self.model_url):
            raise ValueError("BATON_MODEL and BATON_MODEL_URL need BATON_ASSISTANT=llm; set it, or remove them")
        if self.model_url and urlsplit(self.model_url).scheme not in {"http", "https"}:
            raise ValueError("BATON_MODEL_URL is a base address, e.g. https://models.shop.example/v1")
        return self
