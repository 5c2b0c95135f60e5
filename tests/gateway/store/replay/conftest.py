"""A gateway over stored exchanges, whose mapping can be mended and replayed."""

import json
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from sqlalchemy import delete

from gateway.gateway import Gateway
from gateway.intake.reread import Tally
from gateway.settings import Settings
from gateway.store import claims
from gateway.store import tables as t


@pytest.fixture
def url(new_url):
    return new_url()


@pytest.fixture
def opened(tmp_path, pack, url):
    """opened() → a gateway on the database; each call another one, as after a restart."""
    hours = count()

    def clock():
        return datetime(2026, 3, 5, tzinfo=UTC) + timedelta(hours=next(hours))

    with ExitStack() as stack:

        def new():
            settings = Settings(data=tmp_path / "data", database=url, packs=(pack,))
            return stack.enter_context(Gateway(settings, clock=clock, environment={}))

        first = new()
        for name in ("aa", "bb"):
            first.adapters.stage(name, "live", who="test", why="a test")
        yield new


@pytest.fixture
def gateway(opened):
    return opened()


@pytest.fixture
def take(gateway, page):
    """take(rows…) → one exchange of `aa`."""
    numbers = count()
    return lambda *rows: gateway.ingest("aa", "manifests", [page(f"{next(numbers)}.json", *rows)])


@pytest.fixture
def mend(pack):
    """mend(what, by what, …) in the mapping of `aa`."""

    def change(*pairs):
        file = pack / "mappings/provinces/aa/manifests.yaml"
        text = file.read_text("utf-8")
        for old, new in pairs:
            assert old in text
            text = text.replace(old, new)
        file.write_text(text, "utf-8")

    return change


@pytest.fixture
def row():
    def row(key, **more):
        """A manifest; `at` is the day of March on which its system last changed it."""
        changed = {"changed": f"2026-03-0{more.pop('at', 1)} 08:00"}
        return {"key": key, "from": "甲化工厂", "wastes": [{"name": "废油", "kg": 1250.50}]} | changed | more

    return row


@pytest.fixture
def replayed():
    def replayed(gateway, **how):
        return sum((tally for tally, _ in gateway.replay("aa", "manifests", **how)), Tally())

    return replayed


@pytest.fixture
def content():
    def content(gateway, key):
        with gateway.database.read() as conn:
            return json.loads(claims.newest_contents(conn, "aa", "manifests", [key])[key])

    return content


@pytest.fixture
def forget():
    def forget(gateway):
        """As if no replay had ever run: the next one begins at the beginning."""
        with gateway.database.write() as conn:
            conn.execute(delete(t.meta).where(t.meta.c.name.like("replay %")))

    return forget
