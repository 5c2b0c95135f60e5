"""A filled database of every earlier state of the tables comes up to today's with all that it held."""

import pytest
from sqlalchemy import MetaData, create_engine, func, insert, select

from gateway.store import changes, search_index, tables
from gateway.store.database import open_database
from gateway.store.migrations.upgrade import scripts, upgrade

EARLIER = [script.revision for script in scripts().walk_revisions()][::-1][:-1]
DERIVED = {"search_records", "search_terms", "search_hits", "source_tallies", "source_places", "drifts"}
N1, N2 = "20263205000001", "20263205000002"


@pytest.fixture
def filled(ready, pages, commit):
    """Claims in versions, a merge, what two sides differ in, units set apart, deliveries owed."""
    commit(pages.draft("a", pages.content("1", no=N1)), pages.damaged("broken"))
    commit(pages.draft("b", pages.content("2", local="gd:7"), adapter="gd"), adapter="gd")
    commit(pages.draft("c", pages.content("3", no=N1, local="gd:7"), adapter="tj"), adapter="tj")
    commit(pages.draft("a", pages.content("4", no=N1), newer="2"), pages.draft("d", pages.content("5", no=N2)))
    return ready


@pytest.fixture
def at_revision(new_url, filled):
    """at_revision(revision) → URL of a database in that state, with the rows of `filled` as far as it had columns for them."""

    def make(revision):
        url = new_url()
        engine = create_engine(url)
        with engine.begin() as conn:
            upgrade(conn, revision)
        old = MetaData()
        old.reflect(engine)
        with filled.read() as source, engine.begin() as conn:
            for table in tables.metadata.sorted_tables:
                there = old.tables.get(table.name)
                if there is None:
                    continue
                wanted = select(*(table.c[column.name] for column in there.columns)).order_by(*table.primary_key)
                if table is tables.records:  # what a record was merged into may have a higher number
                    wanted = wanted.order_by(None).order_by(table.c.merged_into.is_not(None))
                rows = source.execute(wanted).mappings().all()
                if rows:
                    conn.execute(insert(there), [dict(row) for row in rows])
                if not filled.is_sqlite and "id" in there.c and there.c.id.autoincrement:
                    top = conn.scalar(select(func.max(there.c.id)))
                    name = conn.exec_driver_sql(f"SELECT pg_get_serial_sequence('{table.name}', 'id')").scalar_one()
                    if name and top:
                        conn.exec_driver_sql(f"SELECT setval('{name}', {top})")
        engine.dispose()
        return url

    return make


def rows(database, table):
    with database.read() as conn:
        return sorted(map(tuple, conn.execute(select(table))), key=repr)


@pytest.mark.parametrize("revision", EARLIER)
def test_nothing_is_lost_or_altered_on_the_way_up(filled, at_revision, faults, revision):
    database = open_database(at_revision(revision))
    for table in tables.metadata.sorted_tables:
        if table.name not in DERIVED:
            assert rows(database, table) == rows(filled, table), table.name
    assert faults(database) == []
    assert search_index.catch_up(database) == 0
    database.dispose()


@pytest.mark.parametrize("revision", EARLIER)
def test_the_work_goes_on_where_it_was(filled, at_revision, faults, commit_on, pages, revision):
    database = open_database(at_revision(revision))
    with database.read() as conn:
        before = changes.last(conn)
    commit_on(database)(pages.draft("a", pages.content("9", no=N1), newer="3"), pages.draft("e", pages.content("7")))
    with database.read() as conn:
        assert changes.last(conn) == before + 2
    assert faults(database) == []
    database.dispose()
