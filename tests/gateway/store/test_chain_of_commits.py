"""The hash chain is rebuilt from the stored rows alone, and any change to them shows."""

import pytest
from sqlalchemy import select, update

from gateway.domain.owed import Target
from gateway.intake.commit import commit_page
from gateway.store import tables as t
from gateway.store.database import open_database

N1, N2 = "20263205000001", "20263205000002"


@pytest.fixture
def filled(ready, pages):
    commits = [
        pages.page(pages.draft("a", pages.content("1", no=N1), newer="1"), pages.damaged("x"), body=b"1"),
        pages.page(
            pages.draft("a", pages.content("2", no=N1), newer="2"), pages.draft("b", pages.content(no=N2)), body=b"2"
        ),
        pages.page(pages.draft("c", pages.content("2", no=N1), adapter="tj"), body=b"3", adapter="tj"),
    ]
    for minute, page in enumerate(commits):
        commit_page(ready, page, pages.clock(minute), targets=(Target("national"), Target("other")))
    return ready


def test_every_entry_can_be_rebuilt_from_the_rows(filled, chain):
    with filled.read() as conn:
        assert list(chain.broken_links(conn)) == []
        assert conn.execute(select(t.commits.c.first_seq, t.commits.c.last_seq, t.commits.c["items"])).all() == [
            (1, 1, 6),
            (2, 3, 9),
            (4, 3, 2),
        ]


def test_entries_made_before_there_were_replays_get_their_counts(filled, chain):
    with filled.write() as conn:
        for later in ("drifts", "source_places", "source_tallies"):
            conn.exec_driver_sql(f"DROP TABLE {later}")
        for index in ("exchange", "dataset_source_key"):
            conn.exec_driver_sql(f"DROP INDEX ix_quarantine_{index}")
        for column in ("claims", "units"):
            conn.exec_driver_sql(f"ALTER TABLE commits DROP COLUMN {column}")
        conn.exec_driver_sql("UPDATE alembic_version SET version_num = '0002'")
    again = open_database(filled.engine.url.render_as_string(hide_password=False))
    with again.read() as conn:
        assert list(chain.broken_links(conn)) == []
    again.dispose()


def test_a_change_in_any_table_shows(filled, chain):
    with filled.write() as conn:
        conn.execute(update(t.claim_versions).where(t.claim_versions.c.id == 1).values(content=2))
        conn.execute(update(t.record_versions).where(t.record_versions.c.seq == 3).values(content=1))
    with filled.read() as conn:
        assert list(chain.broken_links(conn)) == [1, 2]
