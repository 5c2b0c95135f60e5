import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import orjson
import pytest

from gateway.domain.owed import Target
from gateway.intake.commit import commit_page
from gateway.store import changes, claims, records
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
