"""Migrations: the newest one leads to exactly the schema that the code expects."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, pool
from sqlmodel import SQLModel

import store.tables  # noqa: F401  registers every table
from store.database import sqlalchemy_url
from store.migrate import upgrade


def test_the_migrated_schema_is_the_schema_of_the_tables(database_url: str) -> None:
    engine = create_engine(sqlalchemy_url(database_url), poolclass=pool.NullPool)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == [], "a migration is missing"


def test_migrating_again_changes_nothing(database_url: str) -> None:
    upgrade(database_url)
    test_the_migrated_schema_is_the_schema_of_the_tables(database_url)
