"""Ten years of a small store, and what is retired of them."""

import importlib.util
from dataclasses import replace
from pathlib import Path

import pytest

from gateway import retirement
from gateway.domain.owed import Target
from gateway.intake.commit import commit_page
from gateway.retirement import Order
from gateway.store import deliveries, search_index
from gateway.store.deliveries import Mark


def _beside(name):
    spec = importlib.util.spec_from_file_location(f"retirement_{name}", Path(__file__).with_name(f"{name}.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


_asked = _beside("asked")
FINDING = {"id": "M001", "severity": "warning", "fields": [], "message": "甲", "message_en": "a"}


@pytest.fixture
def asked():
    """The questions; tests lie in no package, so they come as a fixture."""
    return _asked


@pytest.fixture
def store(ready, pages):
    """store(day, *drafts, …): a page of that day; what it owes is delivered unless told otherwise."""

    def commit(day, *drafts, adapter="js", deliver=True, body=None):
        minutes = day * 24 * 60
        page = pages.page(*drafts, adapter=adapter, minutes=minutes, body=body or b"%d %s" % (day, adapter.encode()))
        commit_page(ready, page, pages.clock(minutes), targets=(Target("national"), Target("other")))
        while deliver:
            now = pages.clock(minutes)()
            with ready.write() as conn:
                due = [
                    one for target in ("national", "other") for one in deliveries.claim_due(conn, target, now, 500, 60)
                ]
                deliveries.mark(conn, [Mark(one.id, one.fence, "deliver", now) for one in due])
            deliver = bool(due)

    return commit


@pytest.fixture
def history(ready, pages, store):
    """Records that end, that live on, are merged and split; refused units, a notice, and one side's word against the other's."""
    d, c = pages.draft, pages.content
    n = _asked.NUMBERS
    store(0, d("a", c("1", no=n[0])), d("b", c("1", no=n[1])), pages.damaged("x"), d("long", c("1", no=n[2])))
    store(1, d("g", c("5", local="gd:7"), adapter="gd"), adapter="gd")
    store(2, d("a", c("2", no=n[0])), d("long", c("2", no=n[2])), d("c", c("1", no=n[3], local="gd:7")))
    store(3, d("a2", c("2", no=n[0]), adapter="tj"), adapter="tj")
    store(4, d("late", c("1", no=n[4])), replace(d("V", {"status": "voided", "national_no": n[8]}), partial=True))
    store(5, pages.damaged("y"), d("c", c("3", no=n[3])), d("long", c("3", no=n[2])))
    store(6, d("late", c("2", no=n[4])), d("x", c("1", no=n[5])))
    store(7, d("long", c("4", no=n[2])), d("b", c("1", no=n[1], local="js:1"), findings=(FINDING,)))
    store(8, d("new", c("1", no=n[6])))
    search_index.catch_up(ready)
    return ready


@pytest.fixture
def retired(ready, pages):
    """retired(day, …) → Tally: all from before that day of the history goes, ten years later."""

    def go(day, *, dry=False, told=lambda _: None):
        order = Order(_asked.day_of(pages, day), "test", "ten years", 10, dry)
        return retirement.retire(ready, order, pages.clock(60 * 24 * (3653 + 30)), told)

    return go
