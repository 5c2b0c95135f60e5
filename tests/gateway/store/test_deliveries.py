from datetime import timedelta

import orjson
import pytest

from gateway.domain.owed import Target
from gateway.intake.commit import commit_page
from gateway.store import deliveries
from gateway.store.deliveries import Mark

NATIONAL = (Target("national"),)
N1, N2 = "20263205000001", "20263205000002"


@pytest.fixture
def owed(ready, pages):
    """Two manifests: the first with two versions, the second with one."""
    commit_page(
        ready, pages.page(pages.draft("a", pages.content("1", no=N1)), body=b"1"), pages.clock(0), targets=NATIONAL
    )
    second = pages.page(
        pages.draft("a", pages.content("2", no=N1)), pages.draft("b", pages.content("3", no=N2)), body=b"2"
    )
    commit_page(ready, second, pages.clock(1), targets=NATIONAL)
    return ready


def claim(database, now, limit=10, lease_s=60, target="national"):
    with database.write() as conn:
        return deliveries.claim_due(conn, target, now, limit, lease_s)


def mark(database, event, due, now, **said):
    with database.write() as conn:
        return deliveries.mark(conn, [Mark(due.id, due.fence, event, now, **said)])


def counts(database):
    with database.read() as conn:
        return dict(deliveries.counts(conn))


def test_a_version_waits_until_the_one_before_it_is_acknowledged(owed, pages):
    now = pages.clock(2)()
    first = claim(owed, now)
    assert [(due.version, due.attempts, orjson.loads(due.envelope)["version"]) for due in first] == [
        (1, 0, 1),
        (1, 0, 1),
    ]
    assert claim(owed, now) == []
    assert mark(owed, "deliver", first[0], now, words="201") == set()
    [second] = claim(owed, now)
    assert (second.record_id, second.version) == (first[0].record_id, 2)
    assert counts(owed) == {"delivered": 1, "dead": 0, "pending": 2, "attempts": 1}
    with owed.read() as conn:
        assert deliveries.acknowledged(conn, second.record_id) == [("national", "2026-03-05T08:32:00+08:00", 1)]
        assert deliveries.rows(conn, state="delivered")[0].words == "201"


def test_a_retry_waits_for_its_time_and_holds_back_its_record_alone(owed, pages):
    now = pages.clock(2)()
    one, other = claim(owed, now)
    later = now + timedelta(seconds=30)
    mark(owed, "retry", one, now, words="503", next_at=later)
    mark(owed, "deliver", other, now)
    assert claim(owed, now) == []
    with owed.read() as conn:
        assert deliveries.next_due_at(conn, "national") == later
    [again] = claim(owed, later)
    assert (again.id, again.attempts, again.fence) == (one.id, 1, 2)


def test_a_dead_version_is_superseded_by_the_next(owed, pages):
    now = pages.clock(2)()
    one, _ = claim(owed, now)
    mark(owed, "refuse", one, now, words="422 schema")
    [following] = claim(owed, now)
    assert (following.record_id, following.version) == (one.record_id, 2)
    assert counts(owed)["dead"] == 1


def test_a_lease_that_ran_out_is_given_anew_and_the_late_word_is_refused(owed, pages):
    now = pages.clock(2)()
    [late, _] = claim(owed, now, lease_s=60)
    after = now + timedelta(seconds=61)
    [new] = [due for due in claim(owed, after) if due.id == late.id]
    assert new.fence == late.fence + 1
    for event in ("retry", "refuse", "give_up", "release"):
        assert mark(owed, event, late, after, **({"next_at": after} if event == "retry" else {})) == {late.id}
    assert mark(owed, "deliver", late, after) == set()
    assert mark(owed, "deliver", new, after) == {new.id}
    assert counts(owed)["delivered"] == 1


def test_what_is_given_back_was_not_tried(owed, pages):
    now = pages.clock(2)()
    [one, _] = claim(owed, now)
    mark(owed, "release", one, now)
    [again] = claim(owed, now)
    assert (again.id, again.attempts) == (one.id, 0)
    assert counts(owed)["attempts"] == 0


def test_a_process_that_is_alone_takes_back_all_leases(owed, pages):
    now = pages.clock(2)()
    assert len(claim(owed, now, lease_s=3600)) == 2
    with owed.write() as conn:
        assert deliveries.recover(conn, "national", now) == 2
    assert len(claim(owed, now)) == 2


def test_nothing_waits_when_all_is_done(owed, pages):
    now = pages.clock(2)()
    while due := claim(owed, now):
        with owed.write() as conn:
            deliveries.mark(conn, [Mark(one.id, one.fence, "deliver", now) for one in due])
    with owed.read() as conn:
        assert deliveries.next_due_at(conn, "national") is None
    assert counts(owed) == {"delivered": 3, "dead": 0, "pending": 0, "attempts": 3}


def test_two_workers_never_get_the_same_delivery(owed, pages):
    """On PostgreSQL both transactions are open at once; SQLite lets one writer in at a time."""
    now = pages.clock(2)()
    if owed.is_sqlite:
        assert len(claim(owed, now, limit=1)) == len(claim(owed, now, limit=1)) == 1
        return
    with owed.write() as one, owed.write() as other:
        first = deliveries.claim_due(one, "national", now, 1, 60)
        second = deliveries.claim_due(other, "national", now, 10, 60)
    assert len(first) == len(second) == 1
    assert first[0].id != second[0].id


def test_the_search_for_what_is_due_uses_its_index(owed, pages, plans):
    now = pages.clock(2)()
    with owed.write() as conn:
        claiming = plans(owed, conn, lambda: deliveries.claim_due(conn, "national", now, 10, 60))
        asking = plans(owed, conn, lambda: deliveries.next_due_at(conn, "national"))
    assert "ix_deliveries_due" in claiming
    assert "ix_deliveries_due" in asking
