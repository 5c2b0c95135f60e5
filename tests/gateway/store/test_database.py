import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, select
from sqlalchemy.exc import IntegrityError

from gateway.store import dialect
from gateway.store.database import Database, open_database
from gateway.store.errors import WrongDatabase
from gateway.store.tables import claims, datasets, metadata


def test_the_migrations_give_exactly_the_tables_that_the_code_uses(database: Database) -> None:
    with database.read() as conn:
        assert compare_metadata(MigrationContext.configure(conn), metadata) == []
        assert set(inspect(conn).get_table_names()) == {*metadata.tables, "alembic_version"}


def test_a_database_of_a_newer_version_is_refused_in_plain_words(database: Database) -> None:
    url = database.engine.url.render_as_string(hide_password=False)
    with database.write() as conn:
        conn.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(WrongDatabase, match="newer version"):
        open_database(url)


@pytest.mark.parametrize("url", ["sqlite://", "mysql+pymysql://host/name"])
def test_other_databases_are_refused_in_plain_words(url: str) -> None:
    with pytest.raises(WrongDatabase):
        open_database(url)


def test_an_error_of_the_database_tells_nothing_of_the_row(database: Database) -> None:
    row = (1, 99, "13800138000", "manifest", "32", 1)
    names = ("id", "dataset", "source_key", "kind", "division", "newest")
    with pytest.raises(IntegrityError) as refused, database.write() as conn:
        dialect.insert_rows(conn, claims, names, [row])
    assert "claims" in str(refused.value)
    assert "13800138000" not in str(refused.value)


def test_opening_again_changes_nothing(database: Database, new_url) -> None:
    again = open_database(database.engine.url.render_as_string(hide_password=False))
    with again.read() as conn:
        assert conn.execute(select(datasets)).all() == []
    again.dispose()
