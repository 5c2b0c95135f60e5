"""The engine, its transactions, and the border between one process (SQLite) and many (PostgreSQL)."""

import fcntl
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url

from gateway.store.errors import Occupied, WrongDatabase
from gateway.store.migrations.upgrade import upgrade

# How long a writer waits for another process's short transaction (an operator's command beside `serve`).
_BUSY_MS = 30_000


class Database:
    """One open database. `write()` and `read()` give connections in a transaction; a write commits at its end."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.is_sqlite = engine.dialect.name == "sqlite"
        self._writing = engine.execution_options(liandan_writes=True)
        # SQLite's own waiting is a poll with growing pauses; inside one process a plain lock is fair and immediate.
        self._turn: AbstractContextManager[Any] = threading.Lock() if self.is_sqlite else nullcontext()
        self._lock_file: Any = None

    @contextmanager
    def write(self) -> Iterator[Connection]:
        with self._turn, self._writing.begin() as conn:
            yield conn

    @contextmanager
    def read(self) -> Iterator[Connection]:
        with self.engine.connect() as conn:
            yield conn

    def acquire_single_writer(self) -> None:
        """Makes this process the database's one long-running writer until `dispose` or its death.

        Does nothing on PostgreSQL. The lock lies on a file beside the database and is the kernel's, so that a
        killed process leaves none behind. Raises Occupied when another process has it.
        """
        if not self.is_sqlite or self._lock_file is not None:
            return
        path = Path(f"{self.engine.url.database}.lock")
        file = path.open("a+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            raise Occupied(str(self.engine.url.database)) from None
        self._lock_file = file

    def dispose(self) -> None:
        self.engine.dispose()
        if self._lock_file is not None:
            self._lock_file.close()
            self._lock_file = None


def open_database(url: str) -> Database:
    """Opens `sqlite:///FILE` or `postgresql+psycopg://…` and brings its tables to this version's state.

    Raises WrongDatabase for another kind of database, or for one that a newer version has written.
    """
    # Errors of the database go to the log, and what is bound to a statement is people's data: hence hide_parameters.
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        if not parsed.database:
            raise WrongDatabase(
                "SQLite 数据库需要一个文件: sqlite:///FILE", "a SQLite database needs a file: sqlite:///FILE"
            )
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(parsed, hide_parameters=True)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    elif parsed.get_backend_name() == "postgresql":
        engine = create_engine(parsed, pool_pre_ping=True, hide_parameters=True)
    else:
        name = parsed.get_backend_name()
        raise WrongDatabase(
            f"不支持 {name} 数据库; 请用 sqlite 或 postgresql+psycopg",
            f"no support for {name} databases; use sqlite or postgresql+psycopg",
        )
    database = Database(engine)
    with ExitStack() as undo:
        undo.callback(database.dispose)
        with database.write() as conn:
            upgrade(conn)
        undo.pop_all()
    return database


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own BEGIN comes too late and is never IMMEDIATE; `_begin_sqlite` says it instead.
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout = {_BUSY_MS}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "cache_size = -65536",
        "temp_store = MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(conn: Connection) -> None:
    # A transaction that reads first and writes later would fail when another came between: take the lock at once.
    conn.exec_driver_sql("BEGIN IMMEDIATE" if conn.get_execution_options().get("liandan_writes") else "BEGIN")
