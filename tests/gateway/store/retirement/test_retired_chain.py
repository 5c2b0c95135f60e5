"""The chain still proves what was retired: killed in the middle, tampered with."""

import itertools
import threading
from contextlib import nullcontext

import orjson
import pytest
from sqlalchemy import delete, event, func, select, update

from gateway import retirement
from gateway.domain.owed import Target
from gateway.errors import ChangedInPlace
from gateway.intake.commit import commit_page
from gateway.read import manifests
from gateway.store import claims, contents, retire, retirements, search_index
from gateway.store import tables as t


class Killed(BaseException):
    pass


@pytest.mark.parametrize("after", range(0, 60, 3))
def test_killed_after_any_statement_it_goes_on(history, retired, faults, after, asked):
    before = asked.told_of(history)
    left = iter(range(after))

    def kill(_conn, _cursor, statement, *_rest):
        if statement.startswith(("DELETE", "UPDATE", "INSERT", "COPY")) and next(left, None) is None:
            raise Killed

    event.listen(history.engine, "before_cursor_execute", kill)
    try:
        retired(7)
    except Killed:
        pass
    finally:
        event.remove(history.engine, "before_cursor_execute", kill)
    assert faults(history) == []
    for record_id, told in asked.told_of(history).items():
        assert told[:-1] == before[record_id][:-1]
    retired(7)
    assert faults(history) == []
    assert asked.horizon(history).commit == asked.counts(history)["leaves"]


def test_small_batches_come_to_the_same(history, retired, faults, monkeypatch):
    monkeypatch.setattr(retirement, "AT_ONCE", 1)
    steps = []
    tried = retired(7, dry=True)
    tally = retired(7, told=steps.append)
    assert {name: tally.gone[name] for name in tried.gone} == dict(tried.gone)
    assert [one.step for one in steps if one.step in {"leaves", "exchanges"}].count("leaves") == tally.horizon.commit
    assert faults(history) == []


def test_while_it_goes_the_gateway_works(history, retired, faults, pages, store, monkeypatch, asked):
    """Each batch stands between two commits of the same claims that it may be taking out."""
    monkeypatch.setattr(retirement, "AT_ONCE", 1)
    days = iter(range(4000, 5000))

    def told(_progress):
        day = next(days)
        store(day, pages.draft("a", pages.content(str(day), no=asked.NUMBERS[0]), newer=str(day)), pages.damaged("x"))
        assert search_index.catch_up(history) == 0

    retired(9, told=told)
    assert faults(history) == []
    with history.read() as conn:
        newest = orjson.loads(manifests.newest(conn, manifests.resolve(conn, asked.NUMBERS[0])))
    assert newest["content"]["wastes"][0]["quantity_t"] == str(next(days) - 1)


def test_a_store_that_is_not_what_was_committed_is_not_retired(history, retired, asked):
    with history.write() as conn:
        conn.execute(update(t.claim_versions).where(t.claim_versions.c.id == 2).values(findings="[]"))
    before = {name: count for name, count in asked.counts(history).items() if name not in {"commits", "retirements"}}
    with pytest.raises(ChangedInPlace, match="commit 1 "):
        retired(7)
    after = asked.counts(history)
    assert {name: after[name] for name in before} == before


@pytest.mark.parametrize("place", [0, 40, -1])
def test_another_leaf_shows(history, retired, faults, place):
    retired(7)
    with history.write() as conn:
        old = bytearray(conn.scalar(select(t.leaves.c.hashes).where(t.leaves.c.id == 2)))
        old[place] ^= 1
        conn.execute(update(t.leaves).where(t.leaves.c.id == 2).values(hashes=bytes(old)))
    assert ("commits", "2") in faults(history)


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("claim_versions", "findings", "[]"),
        ("claim_versions", "version", 7),
        ("record_versions", "content_offset", 3),
        ("deliveries", "key", b"x" * 32),
        ("retirements", "why", "another"),
        ("quarantine", "unit_hash", b"y" * 32),
    ],
)
def test_what_is_left_among_the_retired_shows_when_it_is_altered(history, retired, faults, table, column, value, asked):
    retired(asked.DAYS)
    one = t.metadata.tables[table]
    with history.write() as conn:
        row = next(iter(one.primary_key))
        first = select(func.min(row)).scalar_subquery()
        assert conn.execute(update(one).where(row == first).values({column: value})).rowcount == 1
    assert "commits" in {part for part, _ in faults(history)}


def test_what_is_left_among_the_retired_shows_when_it_is_gone(history, retired, faults, asked):
    retired(asked.DAYS)
    with history.write() as conn:
        d = t.deliveries.c
        one = conn.scalar(select(func.min(d.id)).where(d.target == "other"))
        conn.execute(delete(t.attempts).where(t.attempts.c.delivery == one))
        conn.execute(delete(t.deliveries).where(d.id == one))
    found = faults(history)
    assert found
    assert {part for part, _ in found} == {"deliveries"}


def test_leaves_without_a_retirement_show(history, retired, faults):
    retired(7)
    with history.write() as conn:
        conn.execute(delete(t.retirements))
    found = faults(history)
    assert ("commits", "1") in found


def test_each_retirement_is_an_entry_of_the_chain(history, retired, faults):
    retired(4)
    retired(7)
    retired(5)
    with history.read() as conn:
        told = retirements.all_of(conn)
        assert told[-1].upto == retirements.horizon(conn).commit
    assert [one.why for one in told] == ["ten years"] * 2
    assert faults(history) == []


def test_writers_at_the_same_moment_lose_nothing(history, retired, faults, pages, asked, monkeypatch):
    """They bring the very claims, numbers and bytes that are being taken out."""
    monkeypatch.setattr(retirement, "AT_ONCE", 1)
    over, failed = threading.Event(), []
    told = {}

    def write(adapter):
        try:
            for number in itertools.count(4000):
                word = str(number)
                drafts = [
                    pages.draft(key, pages.content(word, no=no), adapter=adapter, newer=word)
                    for key, no in (("a", asked.NUMBERS[0]), ("late", asked.NUMBERS[4]), ("c", asked.NUMBERS[3]))
                ]
                minutes = number * 24 * 60
                page = pages.page(*drafts, adapter=adapter, minutes=minutes, body=f"{adapter}{number}".encode())
                commit_page(history, page, pages.clock(minutes), targets=(Target("national"),))
                told[adapter] = word
                if over.is_set():
                    return
        except Exception as error:  # told in the test's own thread
            failed.append(error)
            raise

    writers = [threading.Thread(target=write, args=(adapter,)) for adapter in ("js", "tj")]
    for one in writers:
        one.start()
    try:
        retired(9)
    finally:
        over.set()
        for one in writers:
            one.join()
    assert failed == []
    assert faults(history) == []
    with history.read() as conn:
        for adapter, word in told.items():
            for key in ("a", "late", "c"):
                found = claims.newest_contents(conn, adapter, "manifests", [key])
                assert orjson.loads(found[key])["wastes"][0]["quantity_t"] == word


def test_a_content_that_goes_while_it_is_taken_up_again(ready, retired, faults, pages, store, asked, monkeypatch):
    put = contents.put
    retirements_due = iter([9])

    def found_then_gone(conn, bodies):
        rows = put(conn, bodies)
        for day in retirements_due:
            retired(day)
        return rows

    store(0, pages.draft("p", pages.content("1")))
    if ready.is_sqlite:  # one writes after the other
        retired(next(retirements_due))
    monkeypatch.setattr(retire, "indexed", lambda _database: nullcontext())  # to be made, they wait for who is writing
    monkeypatch.setattr(contents, "put", found_then_gone)
    store(4000, pages.draft("q", pages.content("1")))
    assert asked.counts(ready)["claims"] == asked.counts(ready)["contents"] == 1
    assert faults(ready) == []
