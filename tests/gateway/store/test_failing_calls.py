"""Each call to the database fails once, in turn: nothing of the page is stored, and the next try stores it whole."""

import orjson
from sqlalchemy import event, func, select

from gateway.domain.owed import Target
from gateway.intake.commit import commit_page
from gateway.store import changes
from gateway.store.tables import metadata

N1 = "20263205000001"


class Failed(Exception):
    pass


def test_a_commit_is_whole_or_nothing_whichever_call_fails(ready, pages):
    both = {"consignor": {"name": "甲"}}
    commit_page(ready, pages.page(pages.draft("a", pages.content("1", no=N1, **both)), body=b"1"), pages.clock())
    second = pages.page(
        pages.draft("x", pages.content("2", no=N1, local="tj:9", **both), adapter="tj"),
        pages.draft("y", pages.content("3"), adapter="tj"),
        pages.damaged("z", adapter="tj"),
        adapter="tj",
        body=b"2",
    )
    before = stored(ready)
    for failing in range(1, 200):
        calls = iter(range(1, 1000))

        def fail(_conn, _cursor, _statement, *_more, calls=calls, failing=failing):
            if next(calls) == failing:
                raise Failed

        event.listen(ready.engine, "before_cursor_execute", fail)
        try:
            commit_page(ready, second, pages.clock(1), targets=(Target("national"),))
        except Failed:
            event.remove(ready.engine, "before_cursor_execute", fail)
            assert stored(ready) == before
            continue
        event.remove(ready.engine, "before_cursor_execute", fail)
        break
    assert failing > 20
    with ready.read() as conn:
        shown, _ = changes.page(conn, after=0, limit=10)
    assert [(seq, orjson.loads(one)["change"]) for seq, one in shown] == [
        (1, "created"),
        (2, "updated"),
        (3, "created"),
    ]


def stored(database):
    with database.read() as conn:
        return {name: conn.scalar(select(func.count()).select_from(table)) for name, table in metadata.tables.items()}
