import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import orjson
import pytest
from sqlalchemy import select

from gateway.domain.owed import Target
from gateway.intake.commit import commit_page
from gateway.store import adapters, changes, claims, records
from gateway.store.database import open_database
from gateway.store.errors import Occupied

NUMBERS = [f"202632{number:08d}" for number in range(40)]


def test_writers_at_once_leave_no_gap_no_double_and_one_record_each(ready, pages):
    """Three systems tell of the same manifests in three orders, while a reader follows the feed."""
    orders = {"js": NUMBERS, "tj": NUMBERS[::-1], "gd": NUMBERS[1::2] + NUMBERS[::2]}
    seen, stop = [], threading.Event()

    def write(adapter):
        for first in range(0, len(NUMBERS), 5):
            drafts = [
                pages.draft(
                    f"{adapter}{number}", pages.content("1", no=number, local=f"{adapter}:{number}"), adapter=adapter
                )
                for number in orders[adapter][first : first + 5]
            ]
            page = pages.page(*drafts, adapter=adapter, body=f"{adapter}{first}".encode())
            commit_page(ready, page, pages.clock(first), targets=(Target("national"),))

    def follow():
        after = 0
        while True:
            last = stop.is_set()
            with ready.read() as conn:
                shown, _ = changes.page(conn, after=after, limit=1000)
            seen.extend(seq for seq, _ in shown)
            after = seen[-1] if seen else 0
            if last and not shown:
                return
            stop.wait(0.001)

    with ThreadPoolExecutor(4) as threads:
        reader = threads.submit(follow)
        for done in [threads.submit(write, adapter) for adapter in orders]:
            done.result()
        stop.set()
        reader.result()
    assert seen == list(range(1, len(seen) + 1))
    with ready.read() as conn:
        assert records.live_counts(conn) == {"manifest": len(NUMBERS)}
        for number in NUMBERS:
            [record] = records.find(conn, number)
            newest = orjson.loads(records.newest(conn, record))
            assert [one["adapter"] for one in newest["claims"]] == ["gd", "js", "tj"]
            assert len(newest["content"]["local_numbers"]) == 3
            assert len(claims.of_record(conn, record)) == 3


def test_records_that_are_merged_while_others_write_lose_nothing(ready, pages):
    """One system knows the national number, one its own, one both, and each corrects what it said while they merge."""
    few = NUMBERS[:12]

    def say(adapter, number, quantity):
        known = {"no": number} if adapter == "js" else {"local": f"gd:{number}"} if adapter == "gd" else None
        told = pages.content(quantity, **(known or {"no": number, "local": f"gd:{number}"}))
        return pages.draft(f"{adapter}{number}", told, adapter=adapter, newer=quantity)

    def write(adapter, step):
        order = few[::step]
        for quantity in "123":
            for first in range(0, len(order), 3):
                drafts = [say(adapter, number, quantity) for number in order[first : first + 3]]
                page = pages.page(*drafts, adapter=adapter, body=f"{adapter}{quantity}{first}".encode())
                commit_page(ready, page, pages.clock(first), targets=(Target("national"),))

    with ThreadPoolExecutor(3) as threads:
        for done in [threads.submit(write, adapter, step) for adapter, step in (("js", 1), ("gd", -1), ("tj", 1))]:
            done.result()
    with ready.read() as conn:
        assert records.live_counts(conn) == {"manifest": len(few)}
        for number in few:
            [record] = records.find(conn, number)
            assert records.find(conn, f"gd:{number}") == [record]
            newest = orjson.loads(records.newest(conn, record))
            assert [one["adapter"] for one in newest["claims"]] == ["gd", "js", "tj"]
            assert newest["content"]["wastes"][0]["quantity_t"] == "3"
            assert len(claims.of_record(conn, record)) == 9


def test_the_same_page_from_two_processes_counts_once(ready, pages):
    page = pages.page(*(pages.draft(number, pages.content("1", no=number)) for number in NUMBERS))
    with ThreadPoolExecutor(4) as threads:
        counts = [one.result() for one in [threads.submit(commit_page, ready, page, pages.clock()) for _ in range(4)]]
    assert sorted(one.accepted for one in counts) == [0, 0, 0, len(NUMBERS)]


@pytest.fixture
def both_in(ready):
    """both_in(module, name, first, second): runs two commits at once that meet in module.name, unless a lock keeps the
    second from coming there before the first has committed."""
    if ready.is_sqlite:
        pytest.skip("SQLite lets one writer in at a time")

    def run(monkeypatch, module, name, first, second):
        really, inside, both = getattr(module, name), [], threading.Event()

        def met(*args):
            answer = really(*args)
            inside.append(threading.get_ident())
            if len(inside) == 2:
                both.set()
            while not both.is_set() and not waits_for_a_lock(ready):
                both.wait(0.01)
            return answer

        monkeypatch.setattr(module, name, met)
        with ThreadPoolExecutor(2) as threads:
            one = threads.submit(first)
            while not inside and not one.done():
                both.wait(0.01)
            two = threads.submit(second)
            two.add_done_callback(lambda _: both.set())
            return one.result(), two.result()

    return run


def waits_for_a_lock(database):
    with database.read() as conn:
        return bool(conn.exec_driver_sql("SELECT count(*) FROM pg_locks WHERE NOT granted").scalar())


def test_two_commits_on_one_record_follow_each_other(ready, pages, monkeypatch, both_in):
    """The second claim has lost its number, so that no lock on a number keeps the two apart."""
    commit_page(ready, pages.page(pages.draft("a", pages.content("1", no=NUMBERS[0])), body=b"1"), pages.clock(0))
    other = pages.draft("b", pages.content("1", no=NUMBERS[0]), adapter="tj")
    commit_page(ready, pages.page(other, adapter="tj", body=b"2"), pages.clock(1))
    more = pages.page(pages.draft("a", pages.content("2", no=NUMBERS[0])), body=b"3")
    less = pages.page(pages.draft("b", pages.content("3"), adapter="tj"), adapter="tj", body=b"4")
    counts = both_in(
        monkeypatch,
        records,
        "held",
        lambda: commit_page(ready, more, pages.clock(2)),
        lambda: commit_page(ready, less, pages.clock(3)),
    )
    assert [one.accepted for one in counts] == [1, 1]
    with ready.read() as conn:
        [record] = records.find(conn, NUMBERS[0])
        versions = [orjson.loads(one) for one in records.versions(conn, record)]
        assert {one.source_key for one in claims.of_record(conn, record)} == {"a", "b"}
    assert [one["version"] for one in versions] == list(range(1, len(versions) + 1))
    assert versions[-1]["content"]["wastes"][0]["quantity_t"] == "2"


def test_records_are_locked_by_their_ids(ready, pages):
    """Whatever order they lie in: two commits on the same records would wait for each other in a circle."""
    if ready.is_sqlite:
        pytest.skip("SQLite lets one writer in at a time")
    low, high = (pages.draft(key, pages.content("1", no=no)) for key, no in zip("ab", NUMBERS, strict=False))
    commit_page(ready, pages.page(low, high, body=b"1"), pages.clock(0))
    # A new version of the first moves its row behind the second's.
    commit_page(ready, pages.page(pages.draft("a", pages.content("2", no=NUMBERS[0])), body=b"2"), pages.clock(1))
    table = records.records
    with ready.read() as conn:
        first, second = conn.scalars(select(table.c.id).order_by(table.c.id)).all()
        ids = conn.scalars(select(claims.claims.c.id)).all()

    def lock_both():
        with ready.write() as conn:
            for way in ("indexscan", "bitmapscan"):  # else so small a table is read in the order of its index
                conn.exec_driver_sql(f"SET LOCAL enable_{way} = off")
            return records.lock_of_claims(conn, ids)

    with ThreadPoolExecutor(1) as threads:
        with ready.write() as conn:
            conn.execute(select(table.c.id).where(table.c.id == first).with_for_update())
            waiting = threads.submit(lock_both)
            while not waits_for_a_lock(ready) and not waiting.done():
                threading.Event().wait(0.01)
            assert not waiting.done()
            free = select(table.c.id).where(table.c.id == second).with_for_update(skip_locked=True)
            assert conn.scalar(free) == second, "the higher one is only asked for when the lower one is had"
        assert set(waiting.result().values()) == {first, second}


def test_places_in_the_feed_are_given_out_one_commit_after_the_other(ready, pages, monkeypatch, both_in):
    """Two systems, two records, nothing in common but the feed."""
    pair = [
        pages.page(
            pages.draft("a", pages.content("1", no=number), adapter=adapter), adapter=adapter, body=adapter.encode()
        )
        for adapter, number in zip(("js", "tj"), NUMBERS, strict=False)
    ]
    counts = both_in(
        monkeypatch,
        changes,
        "last",
        lambda: commit_page(ready, pair[0], pages.clock(0)),
        lambda: commit_page(ready, pair[1], pages.clock(1)),
    )
    assert [one.accepted for one in counts] == [1, 1]
    with ready.read() as conn:
        shown, _ = changes.page(conn, after=0, limit=10)
    assert [seq for seq, _ in shown] == [1, 2]


def test_a_stage_is_moved_before_a_commit_or_after_it(database, pages, monkeypatch, both_in):
    """Else the very first page of a run in shadow could set a cursor that going live has just rewound."""
    pages.prepare(database, stage="shadow")
    first = pages.page(pages.draft("a", pages.content("1", no=NUMBERS[0])), cursor="1")

    def go_live():
        with database.write() as conn:
            adapters.set_stage(conn, "js", "live", who="test", why="test", at=pages.clock()())
            adapters.rewind(conn, "js")

    both_in(monkeypatch, adapters, "hold_stage", lambda: commit_page(database, first, pages.clock()), go_live)
    with database.read() as conn:
        assert (adapters.stage(conn, "js"), adapters.cursor(conn, "js", "manifests")) == ("live", None)


def test_a_second_writing_process_on_sqlite_is_refused_in_plain_words(database):
    url = database.engine.url.render_as_string(hide_password=False)
    database.acquire_single_writer()
    other = open_database(url)
    try:
        if database.is_sqlite:
            with pytest.raises(Occupied, match="SQLite serves one process"):
                other.acquire_single_writer()
        else:
            other.acquire_single_writer()
        with other.read() as conn:
            assert records.live_counts(conn) == {}
    finally:
        other.dispose()


def test_the_lock_of_a_killed_process_is_free(tmp_path):
    url = f"sqlite:///{tmp_path}/a.db"
    code = (
        "import signal; from gateway.store.database import open_database; "
        f"database = open_database({url!r}); database.acquire_single_writer(); print('held', flush=True); signal.pause()"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        database = open_database(url)
        with pytest.raises(Occupied):
            database.acquire_single_writer()
        holder.kill()
    database.acquire_single_writer()
    database.dispose()
