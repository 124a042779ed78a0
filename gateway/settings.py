"""Where Temporal is."""

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class TemporalSettings(BaseSettings):
    """What every process that reaches Temporal is told, by environment variables: `BATON_` before the name."""

    model_config = SettingsConfigDict(env_prefix="BATON_", hide_input_in_errors=True)

    temporal_address: str = "127.0.0.1:7233"
    """`host:port` of the Temporal frontend."""
    temporal_namespace: str = Field(default="default", min_length=1)
    """The namespace that holds Baton's workflows."""
