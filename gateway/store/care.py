"""What an operator does to a store as a whole: look at its size, copy it while it works, give back its free space."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, func, inspect, select, text
from sqlalchemy.exc import OperationalError

from gateway.errors import UsedWrongly
from gateway.store import changes, deliveries, meta, records, retirements
from gateway.store import tables as t
from gateway.store.database import Database
from gateway.store.errors import NotCopied, Occupied
from gateway.store.search_index import REACHED

PAUSE: Final = 1.0
"""Seconds between two words on how far a copy is."""

Told = Callable[[int, int], None]
"""Called with the bytes that are copied, and those there are."""


@dataclass(frozen=True, slots=True)
class Stats:
    """`tables`: name → (rows, bytes with indexes; None where SQLite can't tell). `payloads`: how many, their bytes as
    received and as stored. `unsearched`: changes that the search index doesn't know yet. `retired`: the last change behind
    which all is still there."""

    revision: str
    size: int
    tables: dict[str, tuple[int, int | None]]
    payloads: tuple[int, int, int]
    records: dict[str, int]
    deliveries: dict[str, int]
    commits: int
    changes: int
    unsearched: int
    retired: int


def revision(conn: Connection) -> str:
    """The state of the tables."""
    return str(conn.scalar(text("SELECT version_num FROM alembic_version")))


def stats(conn: Connection) -> Stats:
    sizes = _sizes(conn)
    received, stored = (
        func.coalesce(func.sum(t.payloads.c.size), 0),
        func.coalesce(func.sum(func.length(t.payloads.c.body)), 0),
    )
    count, raw, kept = conn.execute(select(func.count(), received, stored).select_from(t.payloads)).one()
    last = changes.last(conn)
    return Stats(
        revision=revision(conn),
        size=_size(conn),
        tables={
            table.name: (conn.scalar(select(func.count()).select_from(table)) or 0, sizes.get(table.name))
            for table in t.metadata.sorted_tables
        },
        payloads=(int(count), int(raw), int(kept)),
        records=records.live_counts(conn),
        deliveries=dict(deliveries.counts(conn)),
        commits=conn.scalar(select(func.count()).select_from(t.commits)) or 0,
        changes=last,
        unsearched=last - int(meta.get(conn, REACHED) or 0),
        retired=retirements.horizon(conn).seq,
    )


def vacuum(database: Database) -> tuple[int, int]:
    """Gives back what is free and renews what the database knows of its tables; bytes before and after. Occupied on SQLite
    while somebody writes."""
    with database.read() as conn:
        before = _size(conn)
    engine = database.engine.execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as conn:
        if database.is_sqlite:
            driver = conn.connection.driver_connection
            assert isinstance(driver, sqlite3.Connection)
            _alone(driver, str(database.engine.url.database))
        else:
            conn.exec_driver_sql("VACUUM (ANALYZE)")
    with database.read() as conn:
        return before, _size(conn)


def backup(database: Database, file: Path, told: Told) -> None:
    """A copy as of one moment, while the gateway works: a SQLite file, or what pg_dump writes. It stands there whole or not
    at all. NotCopied; UsedWrongly where the file is there already or pg_dump isn't."""
    if file.exists():
        raise UsedWrongly(f"{file} 已存在, 不覆盖", f"{file} is there already and isn't written over")
    part = file.with_name(f"{file.name}.part")
    try:
        with part.open("wb") as made:
            os.fchmod(made.fileno(), 0o600)  # it holds what the store holds
        if database.is_sqlite:
            _copy(Path(str(database.engine.url.database)), part, told)
        else:
            _dump(database, part)
        with part.open("rb") as made:
            os.fsync(made.fileno())
        os.link(part, file)  # unlike a rename it never takes another's place
    except (OSError, sqlite3.Error) as error:
        raise NotCopied(str(file), str(error)) from error
    finally:
        part.unlink(missing_ok=True)


def _copy(source: Path, target: Path, told: Told) -> None:
    # In one step, so that it's one moment: in smaller ones each commit would make it begin anew. Writers aren't held up.
    with ThreadPoolExecutor(1) as thread:
        copying = thread.submit(_copied, source, target)
        while wait([copying], timeout=PAUSE).not_done:
            told(target.stat().st_size, source.stat().st_size)
        copying.result()


def _copied(source: Path, target: Path) -> None:
    read_only = f"{source.resolve().as_uri()}?mode=ro"
    with closing(sqlite3.connect(read_only, uri=True)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
        new.execute("PRAGMA journal_mode = DELETE")  # the copy is one file
        (verdict,) = new.execute("PRAGMA quick_check(1)").fetchone()
        if verdict != "ok":
            raise NotCopied(str(target), verdict)


def _dump(database: Database, target: Path) -> None:
    program = shutil.which("pg_dump")
    if program is None:
        raise UsedWrongly(
            "找不到 pg_dump; 请安装与服务器同版本的 PostgreSQL 客户端, 或用数据库自身的备份 (PITR)",
            "there is no pg_dump; install the PostgreSQL client of the server's version, or use the database's own backups (PITR)",
        )
    url = database.engine.url
    given = {"PGPASSWORD": str(url.password)} if url.password else {}  # a command line can be read by everybody
    plain = url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    command = [program, "--format=custom", "--no-password", f"--file={target}", f"--dbname={plain}"]
    done = subprocess.run(command, env={**os.environ, **given}, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise NotCopied(str(target), done.stderr.strip())


def _alone(driver: sqlite3.Connection, name: str) -> None:
    try:
        driver.execute("PRAGMA busy_timeout = 1000")
        driver.execute("VACUUM")
        driver.execute("PRAGMA optimize")
        driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except (sqlite3.OperationalError, OperationalError) as error:
        raise Occupied(name) from error


def _size(conn: Connection) -> int:
    if conn.dialect.name == "sqlite":
        return int(conn.exec_driver_sql("PRAGMA page_count").scalar_one()) * int(
            conn.exec_driver_sql("PRAGMA page_size").scalar_one()
        )
    return sum(size for size in _sizes(conn).values())


def _sizes(conn: Connection) -> dict[str, int]:
    if conn.dialect.name == "sqlite":
        return {}
    names = inspect(conn).get_table_names()
    return {
        name: int(conn.scalar(text("SELECT pg_total_relation_size(CAST(:name AS regclass))"), {"name": name}) or 0)
        for name in names
    }
