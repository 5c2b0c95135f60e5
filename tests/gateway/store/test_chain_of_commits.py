"""The hash chain is rebuilt from the stored rows alone, and any change to them shows."""

from hashlib import sha256

import pytest
import zstandard
from sqlalchemy import delete, func, select, update

from gateway.domain.owed import Target
from gateway.intake.commit import commit_page
from gateway.store import tables as t
from gateway.store.database import open_database

DIGEST = sha256(b"1").hexdigest()
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


def test_every_entry_can_be_rebuilt_from_the_rows(filled, faults):
    assert faults(filled) == []
    with filled.read() as conn:
        assert conn.execute(select(t.commits.c.first_seq, t.commits.c.last_seq, t.commits.c["items"])).all() == [
            (1, 1, 6),
            (2, 3, 9),
            (4, 3, 2),
        ]


def test_entries_made_before_there_were_replays_get_their_counts(filled, faults):
    with filled.write() as conn:
        later = (
            "drifts",
            "source_places",
            "source_tallies",
            "search_hits",
            "search_terms",
            "search_records",
            "descriptions",
            "leaves",
            "retirements",
        )
        for table in later:
            conn.exec_driver_sql(f"DROP TABLE {table}")
        for index in ("exchange", "dataset_source_key"):
            conn.exec_driver_sql(f"DROP INDEX ix_quarantine_{index}")
        for table in ("commits", "claim_versions"):
            conn.exec_driver_sql(f"DROP INDEX ix_{table}_exchange")
        for column in ("claims", "units"):
            conn.exec_driver_sql(f"ALTER TABLE commits DROP COLUMN {column}")
        conn.exec_driver_sql("UPDATE alembic_version SET version_num = '0002'")
    again = open_database(filled.engine.url.render_as_string(hide_password=False))
    assert faults(again) == []
    again.dispose()


def rewritten(conn, table, column, change, where):
    value = conn.scalar(select(table.c[column]).where(where))
    conn.execute(update(table).where(where).values({column: change(value)}))


def flipped(body):
    return bytes([body[0] ^ 1]) + body[1:]


def other_bytes(body):
    return zstandard.compress(zstandard.decompress(body).replace(b"1", b"7"))


@pytest.mark.parametrize(
    ("table", "column", "change", "told"),
    [
        ("claim_versions", "content", lambda _: 2, [("commits", "1")]),
        ("claim_versions", "findings", lambda _: '[{"id":"M000"}]', [("commits", "1")]),
        ("record_versions", "content", lambda _: 2, [("commits", "1")]),
        ("quarantine", "unit_hash", flipped, [("commits", "1")]),
        ("deliveries", "key", flipped, [("commits", "1")]),
        ("commits", "root", flipped, [("commits", "1")]),
        ("commits", "hash", flipped, [("commits", "1"), ("commits", "2")]),
        ("payloads", "body", flipped, [("payloads", DIGEST)]),
        ("payloads", "body", other_bytes, [("payloads", DIGEST)]),
    ],
)
def test_a_change_in_any_table_shows_and_where(filled, faults, table, column, change, told):
    one = t.metadata.tables[table]
    with filled.write() as conn:
        first = one.c.seq if table == "record_versions" else one.c.id
        rewritten(conn, one, column, change, first == select(func.min(first)).scalar_subquery())
    found = faults(filled)
    assert [(part, at) for part, at in found if part in {"commits", "payloads"}] == told


def test_other_bytes_of_a_content_show(filled, faults):
    with filled.write() as conn:
        frame = select(t.contents.c.frame).where(t.contents.c.id == 1).scalar_subquery()
        rewritten(conn, t.frames, "body", other_bytes, t.frames.c.id == frame)
    assert {part for part, _ in faults(filled)} >= {"contents"}
    with filled.write() as conn:
        rewritten(
            conn,
            t.frames,
            "body",
            flipped,
            t.frames.c.id == select(t.contents.c.frame).where(t.contents.c.id == 1).scalar_subquery(),
        )
    assert {part for part, _ in faults(filled)} >= {"contents"}


def test_what_was_added_behind_the_chains_back_shows_and_so_does_what_is_gone(filled, faults):
    with filled.write() as conn:
        conn.execute(delete(t.commits).where(t.commits.c.id == 2))
    found = faults(filled)
    assert ("commits", "2") in found
    assert ("commits", "3") in found
    assert {at for part, at in found if part == "rows"} == {"claim_versions", "exchanges"}


def test_a_delivery_that_was_owed_and_is_gone_is_named(filled, faults):
    with filled.write() as conn:
        conn.execute(delete(t.deliveries).where(t.deliveries.c.version == 2, t.deliveries.c.target == "other"))
    with filled.read() as conn:
        record_id = conn.scalar(select(t.records.c.record_id).order_by(t.records.c.id).limit(1))
    assert faults(filled) == [("commits", "2"), ("deliveries", f"{record_id} v2 → other")]


def test_all_deliveries_of_a_target_gone_are_named(filled, faults):
    with filled.write() as conn:
        first = select(t.record_versions.c.record).where(t.record_versions.c.seq == 1).scalar_subquery()
        conn.execute(delete(t.deliveries).where(t.deliveries.c.record == first, t.deliveries.c.version == 1))
    assert [part for part, _ in faults(filled)] == ["commits", "deliveries", "deliveries"]


def test_what_points_at_nothing_shows(filled, faults):
    with filled.write() as conn:
        conn.execute(update(t.records).where(t.records.c.id == 1).values(newest=9))
        conn.execute(update(t.claims).where(t.claims.c.id == 1).values(newest=9))
        conn.execute(update(t.record_versions).where(t.record_versions.c.seq == 2).values(claims="[99]"))
    assert faults(filled) == [("rows", "records"), ("rows", "claims"), ("rows", "record_versions")]
