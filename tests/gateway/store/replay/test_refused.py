"""What was refused under one mapping and is read under the mended one."""

import json

from gateway.intake.reread import Tally
from gateway.store import quarantine


def states(gateway, by="source_key"):
    with gateway.database.read() as conn:
        return {getattr(one, by): one.state for one in quarantine.rows(conn)}


def entries(gateway):
    with gateway.database.read() as conn:
        return [(one.source_key, one.state) for one in quarantine.rows(conn)]


def test_what_the_mended_mapping_accepts_leaves_quarantine(gateway, take, mend, content, forget, replayed, row):
    strict = ("  planned_at: planned\n", "  planned_at: {from: planned, required: yes}\n")
    mend(strict)
    take(row("A-1"), row("A-2", planned="2026-03-01 08:00"), row("A-3", wastes=[]))
    assert states(gateway) == {"A-1": "open", "A-3": "open"}
    mend(strict[::-1])
    expected = Tally(exchanges=1, remapped=3, unchanged=1, newly_accepted=1, still_refused=1)
    assert replayed(gateway, dry=True) == expected
    assert replayed(gateway) == expected
    assert states(gateway) == {"A-1": "accepted", "A-3": "open"}
    assert content(gateway, "A-1")["wastes"]
    forget(gateway)
    assert replayed(gateway) == Tally(exchanges=1, remapped=3, unchanged=2, still_refused=1)


def test_a_line_that_moves_makes_no_other_unit_of_what_is_refused(gateway, take, mend, replayed, row):
    mend(("  planned_at: planned\n", "  planned_at: {from: planned, required: yes}\n"))
    take(row("A-1"))
    mend(("zone: ", "# a comment\nzone: "))
    assert replayed(gateway).still_refused == 1
    assert take(row("A-1"), row("A-2", planned="2026-03-01 08:00")).unchanged == 1
    with gateway.database.read() as conn:
        assert len(quarantine.rows(conn)) == 1


def test_what_it_no_longer_accepts_is_quarantined_and_what_was_said_stands(
    gateway, take, mend, content, forget, replayed, row
):
    strict = ("  planned_at: planned\n", "  planned_at: {from: planned, required: yes}\n")
    mend(strict)
    take(row("A-1"))
    mend(strict[::-1])
    replayed(gateway)
    mend(strict)
    assert replayed(gateway, dry=True).newly_refused == 1
    assert replayed(gateway) == Tally(exchanges=1, remapped=1, newly_refused=1)
    assert states(gateway) == {"A-1": "open"}
    assert content(gateway, "A-1")["wastes"]
    forget(gateway)
    assert replayed(gateway) == Tally(exchanges=1, remapped=1, still_refused=1)


def test_a_refusal_of_what_was_told_anew_since_is_none(gateway, take, mend, replayed, row):
    take(row("A-1", at=1))
    take(row("A-1", at=2, planned="2026-03-01 08:00"))
    mend(("  planned_at: planned\n", "  planned_at: {from: planned, required: yes}\n"))
    assert replayed(gateway) == Tally(exchanges=2, remapped=2, unchanged=2)
    assert states(gateway) == {}


def test_a_page_refused_whole_comes_in_and_what_cant_be_read_stays(gateway, take, mend, tmp_path, replayed, row):
    broken = tmp_path / "broken.json"
    broken.write_text('{"rows": [', "utf-8")
    gateway.ingest("aa", "manifests", [broken])
    mend(("records: rows", "records: list"))
    take(row("A-1"), row("A-2"))
    mend(("records: list", "records: rows"))
    assert replayed(gateway) == Tally(exchanges=2, remapped=2, newly_accepted=2)
    assert sorted(states(gateway, by="place").items()) == [("0.json#/list", "accepted"), ("broken.json", "open")]


def test_what_the_mended_mapping_no_longer_selects_stays_refused(gateway, mend, tmp_path, replayed, row):
    (both := tmp_path / "both.json").write_text(
        json.dumps({"rows": [row("A-1", wastes=[]), row(None, wastes=[])], "other": [row("B-1"), row("B-2")]}), "utf-8"
    )
    gateway.ingest("aa", "manifests", [both])
    assert states(gateway, by="place") == {"both.json#/rows/0": "open", "both.json#/rows/1": "open"}
    mend(("records: rows", "records: other"))
    expected = Tally(exchanges=1, remapped=2, newly_accepted=2)
    assert replayed(gateway, dry=True) == expected
    assert replayed(gateway) == expected
    assert set(states(gateway, by="place").values()) == {"open"}


def test_a_record_refused_for_another_reason_has_one_open_entry(gateway, take, mend, replayed, row):
    strict = ("  planned_at: planned\n", "  planned_at: {from: planned, required: yes}\n")
    take(row("A-1", wastes=[]), row("A-2"), row("A-3", planned="2026-03-01 08:00", wastes=[]))
    mend(strict)
    assert (replayed(gateway, dry=True).still_refused, replayed(gateway).still_refused) == (2, 2)
    assert entries(gateway) == [("A-1", "closed"), ("A-3", "open"), ("A-1", "open"), ("A-2", "open")]
    mend(strict[::-1])
    assert replayed(gateway).still_refused == 2
    assert entries(gateway) == [("A-1", "open"), ("A-3", "open"), ("A-1", "closed"), ("A-2", "accepted")]


def test_a_replay_mends_what_an_earlier_exchange_was_refused_for(gateway, take, mend, replayed, row):
    take(row("A-1", wastes=[]))
    mend(("records: rows", "records: list"))
    take(row("A-1", at=2))
    mend(("records: list", "records: rows"))
    replayed(gateway)
    assert entries(gateway) == [("A-1", "accepted"), (None, "accepted")]


def test_a_record_without_a_key_leaves_quarantine_once_it_has_one(gateway, take, mend, replayed, row):
    take(row(None, id="A-1"), row(None))
    mend(("key: key\nnewer", "key: {from: id, required: yes}\nnewer"), ("number: key", "number: id"))
    assert replayed(gateway).newly_accepted == 1
    assert sorted(states(gateway, by="place").values()) == ["accepted", "open"]
