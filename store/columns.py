"""Column types that the tables share."""

from datetime import datetime
from typing import Any

from sqlalchemy import DateTime, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field


def moment(*, default_now: bool = False, index: bool = False) -> Any:
    """A `timestamptz` column in UTC; with `default_now` the database's clock fills it."""
    options = {"server_default": func.clock_timestamp()} if default_now else {}
    return Field(default=None, sa_type=DateTime(timezone=True), index=index, sa_column_kwargs=options)


def json_column(**options: Any) -> Any:
    """A `jsonb` column."""
    return Field(sa_type=JSONB(none_as_null=True), **options)


__all__ = ["datetime", "json_column", "moment"]
