from datetime import UTC, datetime

import pytest
from sqlalchemy import update

from gateway.errors import ChangedInPlace
from gateway.intake.commit import commit_page
from gateway.store import adapters, claims, frames, keys, meta, payloads, quarantine, records
from gateway.store.errors import Missing
from gateway.store.tables import payloads as payload_table

AT = datetime(2026, 3, 5, 0, 30, tzinfo=UTC)
HASH = "ab" * 32


def test_an_adapter_is_draft_until_it_is_moved_and_its_moves_are_kept(database):
    with database.write() as conn:
        assert adapters.stage(conn, "js") == "draft"
        adapters.set_stage(conn, "js", "shadow", who="zhang", why="first look", at=AT)
        adapters.set_stage(conn, "js", "live", who="li", why="contract passed", at=AT)
    with database.read() as conn:
        assert adapters.stages(conn) == {"js": "live"}
        moves = [(one.stage, one.who, one.at) for one in adapters.history(conn, "js")]
        assert moves == [
            ("shadow", "zhang", "2026-03-05T08:30:00+08:00"),
            ("live", "li", "2026-03-05T08:30:00+08:00"),
        ]


def test_a_key_is_found_by_its_hash_until_it_is_revoked(database):
    with database.write() as conn:
        keys.create(conn, "reader", "national", None, key_hash=HASH, at=AT)
        found = keys.find(conn, HASH)
        assert (found.name, found.role, found.division) == ("reader", "national", None)
        assert keys.find(conn, "cd" * 32) is None
        assert keys.revoke(conn, "reader", AT) == 1
        assert keys.revoke(conn, "reader", AT) == 0
        assert keys.find(conn, HASH) is None
        assert [one.revoked_at for one in keys.rows(conn)] == ["2026-03-05T08:30:00+08:00"]


def test_facts_about_the_database_are_replaced_by_name(database):
    with database.write() as conn:
        assert meta.get(conn, "demo") is None
        meta.put(conn, "demo", "1")
        meta.put(conn, "demo", "2")
        assert meta.get(conn, "demo") == "2"


def test_a_payload_that_was_changed_is_not_handed_out(ready, pages):
    commit_page(ready, pages.page(pages.draft("a", pages.content()), body=b"as received"), pages.clock())
    digest = pages.page(body=b"as received").exchange.payload.sha256
    other = pages.page(body=b"something else").exchange.payload.sha256
    with ready.write() as conn:
        assert payloads.read(conn, digest) == b"as received"
        with pytest.raises(Missing):
            payloads.read(conn, other)
        conn.execute(update(payload_table).values(hash=bytes.fromhex(other)))
        with pytest.raises(ChangedInPlace):
            payloads.read(conn, other)
        conn.execute(update(payload_table).values(body=b"no frame at all"))
        with pytest.raises(ChangedInPlace):
            payloads.read(conn, other)


def test_pieces_come_back_from_many_frames(database):
    pieces = [bytes([number % 251]) * (number * 997 % 40_000) for number in range(60)]
    with database.write() as conn:
        places = frames.write(conn, pieces)
        assert len({place.frame for place in places}) > 3
        found = frames.read(conn, places[::-1])
        [alone] = frames.write(conn, [b""])
        assert frames.read(conn, [alone]) == [b""]
        assert frames.write(conn, []) == []
        with pytest.raises(ChangedInPlace, match="is gone"):
            frames.read(conn, [alone._replace(frame=alone.frame + 1)])
    assert found == pieces[::-1]


def test_what_is_asked_for_by_id_and_isnt_there_is_said(database):
    with database.read() as conn:
        for ask in (records.newest, records.newest_claims):
            with pytest.raises(Missing):
                ask(conn, "no such id")
        with pytest.raises(Missing):
            payloads.exchange(conn, 1)
        assert records.versions(conn, "no such id") == []
        assert quarantine.one(conn, 1) is None


def test_rows_are_found_among_many_values_by_their_index(database, plans):
    with database.read() as conn:
        assert "ix_claims_record" in plans(database, conn, lambda: claims.current(conn, [1, 2, 3]))
