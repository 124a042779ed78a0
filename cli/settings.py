"""What the `baton` command itself is told, before it knows which process it becomes."""

from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class CommandSettings(BaseSettings):
    """Settings of every `baton` command. What is left out, `baton dev` provides on this machine."""

    model_config = SettingsConfigDict(env_prefix="BATON_", hide_input_in_errors=True)

    state_directory: Path = Path(".baton")
    """Where local servers keep their data."""
    database_url: str | None = Field(default=None, repr=False)
    """PostgreSQL; without it, one on this machine in the state directory."""
    temporal_address: str | None = None
    """`host:port` of Temporal; without it, a local server in the state directory."""
    temporal_namespace: str = Field(default="default", min_length=1)
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["console", "json"] = "console"
    """`json` writes one object for each line, for machines."""


class HttpSettings(BaseSettings):
    """Where `baton api` and `baton dev` listen for HTTP."""

    model_config = SettingsConfigDict(env_prefix="BATON_", hide_input_in_errors=True)

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
