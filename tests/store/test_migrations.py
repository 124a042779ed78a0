"""Migrations: the newest one leads to exactly the schema that the code expects."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, pool
from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlmodel import SQLModel

import store.tables  # noqa: F401  registers every table
from store.database import sqlalchemy_url
from store.journal import Xid8
from store.migrate import upgrade


def differences(url: str, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    monkeypatch.setitem(ischema_names, "xid8", Xid8)
    engine = create_engine(sqlalchemy_url(url), poolclass=pool.NullPool)
    with engine.connect() as connection:
        found: list[object] = compare_metadata(MigrationContext.configure(connection), SQLModel.metadata)
    return found


def test_the_migrated_schema_is_the_schema_of_the_tables(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert differences(database_url, monkeypatch) == [], "a migration is missing"


def test_migrating_again_changes_nothing(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    upgrade(database_url)
    assert differences(database_url, monkeypatch) == []
