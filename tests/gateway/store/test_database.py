from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, select

from gateway.store.database import Database, open_database
from gateway.store.tables import datasets, metadata


def test_the_migrations_give_exactly_the_tables_that_the_code_uses(database: Database) -> None:
    with database.read() as conn:
        assert compare_metadata(MigrationContext.configure(conn), metadata) == []
        assert set(inspect(conn).get_table_names()) == {*metadata.tables, "alembic_version"}


def test_opening_again_changes_nothing(database: Database, new_url) -> None:
    again = open_database(database.engine.url.render_as_string(hide_password=False))
    with again.read() as conn:
        assert conn.execute(select(datasets)).all() == []
    again.dispose()
