"""Where the store is."""

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class DatabaseSettings(BaseSettings):
    """What every process that reaches PostgreSQL is told, by environment variables: `BATON_` before the name."""

    model_config = SettingsConfigDict(env_prefix="BATON_", hide_input_in_errors=True)

    database_url: str = Field(repr=False)
    """PostgreSQL, e.g. `postgresql://user:password@host/baton`."""
    database_pool_size: int = Field(default=10, ge=1)
    """Connections that a process keeps open; under load it opens as many again."""
