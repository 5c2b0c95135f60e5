"""What systems say of themselves, kept by version."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from adapters.description import Description
from gateway.store import descriptions

AT = datetime(2026, 3, 5, 0, 30, tzinfo=UTC)
FIRST = Description("ab" * 32, '{"start": "镕"}', AT)
SECOND = Description("cd" * 32, "other", AT + timedelta(days=1), ("+ operation P.a", "- operation P.b"))


def test_the_last_is_given_back_as_it_was_kept(database):
    with database.write() as conn:
        assert descriptions.last(conn, "tj") is None
        descriptions.keep(conn, "tj", FIRST)
        descriptions.keep(conn, "zj", SECOND)
        assert descriptions.last(conn, "tj") == FIRST
        descriptions.keep(conn, "tj", SECOND)
        assert descriptions.last(conn, "tj") == SECOND


def test_the_same_again_only_moves_when_it_was_seen(database):
    later = replace(SECOND, seen_at=AT + timedelta(days=2), changes=())
    with database.write() as conn:
        for one in (FIRST, SECOND, later):
            descriptions.keep(conn, "tj", one)
        last = descriptions.last(conn, "tj")
        assert last == replace(SECOND, seen_at=later.seen_at)
        (changed,) = descriptions.changed(conn)
        assert (changed.sha256, changed.changes, changed.state) == (SECOND.sha256, list(SECOND.changes), "open")
        assert (changed.first_at, changed.last_at) == ("2026-03-06T08:30:00+08:00", "2026-03-07T08:30:00+08:00")


def test_one_that_comes_back_is_a_version_of_its_own(database):
    with database.write() as conn:
        for one in (FIRST, SECOND, replace(FIRST, changes=("- operation P.a",))):
            descriptions.keep(conn, "tj", one)
        assert [one.sha256 for one in descriptions.changed(conn, "tj")] == [SECOND.sha256, FIRST.sha256]
        assert descriptions.changed(conn, "zj") == []


def test_a_change_is_acknowledged_once_with_its_reason(database):
    with database.write() as conn:
        descriptions.keep(conn, "tj", FIRST)
        descriptions.keep(conn, "tj", SECOND)
        (changed,) = descriptions.changed(conn)
        assert not descriptions.acknowledge(conn, changed.id - 1, "nothing changed there", AT)
        assert descriptions.acknowledge(conn, changed.id, "read", AT)
        assert not descriptions.acknowledge(conn, changed.id, "again", AT)
        (changed,) = descriptions.changed(conn)
        assert (changed.state, changed.why, changed.moved_at) == ("acknowledged", "read", "2026-03-05T08:30:00+08:00")
