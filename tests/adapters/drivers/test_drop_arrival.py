"""Which dropped files are whole, which are new, and in which order they are taken. Folder and SFTP alike."""

import asyncio
import os
import time

import pytest

from adapters.errors import Malformed
from canonical_schema.problem import ProblemsFound
from tests.adapters.drivers.dropping import SECRETS, Place, later, place, rows, sha256, xml  # noqa: F401 - a fixture

PLAIN = 'files: "*.xml"\ndecode: ["text:gb18030", xml]\n'
VERSIONS = PLAIN + "versions: {name: 'LD_(?P<batch>[0-9]{8})_(?P<seq>[0-9]+)[.]xml'}\n"


def aged(place, name, seconds):  # noqa: F811
    then = time.time() - seconds
    os.utime(place.folder / name, (then, then))


def test_a_file_is_whole_when_it_was_not_changed_for_so_long(place, pull):  # noqa: F811
    place.put("a.xml", "1")
    place.put("b.xml", "2")
    aged(place, "b.xml", 100)
    assert rows(pull(place.adapter(PLAIN), SECRETS)) == ["2"]
    assert rows(pull(place.adapter(PLAIN + "complete: {unchanged: 5m}"), SECRETS)) == []
    aged(place, "a.xml", 10)
    assert rows(pull(place.adapter(PLAIN + "complete: {unchanged: 5s}"), SECRETS)) == ["1", "2"]


def test_two_looks_find_what_is_still_written_whatever_the_clocks_say(place, pull, monkeypatch):  # noqa: F811
    place.put("a.xml", "1")
    place.put("b.xml", "2")
    aged(place, "b.xml", -7200)  # the server's clock is two hours ahead
    waited = []

    async def writes_on(seconds):
        waited.append(seconds)
        place.put("a.xml", "1", "1a")
        place.put("c.xml", "3")

    spec = place.adapter(PLAIN + "complete: {looks: 7s}")
    with monkeypatch.context() as patched:
        patched.setattr("adapters.drivers.xml_drop.asyncio.sleep", writes_on)
        first = pull(spec, SECRETS)
    assert (rows(first), waited) == (["2"], [7])

    async def rests(seconds):
        waited.append(seconds)

    with monkeypatch.context() as patched:
        patched.setattr("adapters.drivers.xml_drop.asyncio.sleep", rests)
        second = pull(spec, SECRETS, first.cursor)
        assert rows(second) == ["1", "1a", "3"]
        pull(spec, SECRETS, second.cursor)
    assert waited == [7, 7]  # with nothing new there is no second look
    assert asyncio.sleep is not rests


def test_a_marker_file_says_that_another_is_whole(place, pull):  # noqa: F811
    spec = place.adapter(PLAIN + 'marker: {name: "{name}.ok"}')
    place.put("a.xml", "1")
    place.put("b.xml", "2")
    place.write("b.xml.ok", b"")
    first = pull(spec, SECRETS)
    assert rows(first) == ["2"]
    place.write("a.xml.ok", b"not read at all \xff")
    assert rows(pull(spec, SECRETS, first.cursor)) == ["1"]


def test_a_marker_that_is_older_than_the_file_speaks_of_another(place, pull):  # noqa: F811
    spec = place.adapter(PLAIN + 'marker: {name: "{stem}.ok"}')
    place.put("a.xml", "1")
    place.write("a.ok", b"")
    first = pull(spec, SECRETS)
    aged(place, "a.ok", 30)
    place.put("a.xml", "1", "2")
    assert rows(pull(spec, SECRETS, first.cursor)) == []
    assert rows(pull(spec, SECRETS, first.cursor, clock=later)) == ["1", "2"]


def test_the_same_name_with_another_content_supersedes(place, pull):  # noqa: F811
    old = place.put("a.xml", "1")
    first = pull(place.adapter(PLAIN), SECRETS, clock=later)
    place.put("a.xml", "1", "2")
    (exchange,) = (second := pull(place.adapter(PLAIN), SECRETS, first.cursor, clock=later)).exchanges
    assert exchange.request == {"file": "a.xml", "supersedes": sha256(old)[:16]}
    assert rows(second) == ["1", "2"]


def test_a_file_that_says_the_same_as_the_last_is_told_and_not_read(place, pull, caplog):  # noqa: F811
    caplog.set_level("INFO", "adapters.drivers.xml_drop")
    spec = place.adapter(PLAIN)
    place.put("a.xml", "1")
    first = pull(spec, SECRETS, clock=later)
    place.put("b.xml", "1")
    second = pull(spec, SECRETS, first.cursor, clock=later)
    (exchange,) = second.exchanges
    assert exchange.request == {"file": "b.xml", "duplicate_of": "a.xml"}
    assert (exchange.payload.body, rows(second), second.damaged) == (b"", [], [])
    assert caplog.messages == ["xx/manifests: b.xml: {'duplicate_of': 'a.xml'}"]
    assert pull(spec, SECRETS, second.cursor, clock=later).exchanges == []


def test_what_others_came_between_is_read_again_unless_the_file_says_otherwise(place, pull):  # noqa: F811
    place.put("a.xml", "1")
    place.put("b.xml", "2")
    first = pull(place.adapter(PLAIN), SECRETS, clock=later)
    place.put("c.xml", "1")
    assert rows(pull(place.adapter(PLAIN), SECRETS, first.cursor, clock=later)) == ["1"]
    assert rows(pull(place.adapter(PLAIN + "duplicates: any"), SECRETS, first.cursor, clock=later)) == []
    place.put("c.xml", "2")
    assert rows(pull(place.adapter(PLAIN), SECRETS, first.cursor, clock=later)) == []
    assert rows(pull(place.adapter(PLAIN + "duplicates: read"), SECRETS, first.cursor, clock=later)) == ["2"]


def test_versions_are_taken_in_their_order_and_a_late_old_one_is_told(place, pull):  # noqa: F811
    spec = place.adapter(VERSIONS)
    for seq in ("2", "10", "9"):
        place.put(f"LD_20260101_{seq}.xml", f"v{seq}")
    place.put("LD_20260102_1.xml", "next")
    place.put("other.xml", "x")
    first = pull(spec, SECRETS, clock=later)
    assert rows(first) == ["v2", "v9", "v10", "next", "x"]
    place.put("LD_20260101_3.xml", "v3")
    place.put("LD_20260101_11.xml", "v11")
    second = pull(spec, SECRETS, first.cursor, clock=later)
    assert rows(second) == ["v11"]
    assert [one.request for one in second.exchanges] == [
        {"file": "LD_20260101_3.xml", "superseded_by": "LD_20260101_10.xml"},
        {"file": "LD_20260101_11.xml"},
    ]
    assert pull(spec, SECRETS, second.cursor, clock=later).exchanges == []


def test_a_marker_may_be_named_by_the_batch(place, pull):  # noqa: F811
    spec = place.adapter(VERSIONS + 'marker: {name: "{batch}.done"}')
    place.put("LD_20260101_1.xml", "1")
    place.put("LD_20260102_1.xml", "2")
    place.write("20260102.done", b"")
    assert rows(pull(spec, SECRETS)) == ["2"]


def test_a_cursor_of_before_goes_on(place, pull):  # noqa: F811
    body = place.put("a.xml", "1")
    there = (place.folder / "a.xml").stat()
    changed = (
        there.st_mtime_ns if "folder:" in place.source and "sftp" not in place.source else int(there.st_mtime) * 10**9
    )
    cursor = f'{{"taken":{{"a.xml":[{there.st_size},{changed},"{sha256(body)[:16]}"]}}}}'
    assert pull(place.adapter(PLAIN), SECRETS, cursor, clock=later).exchanges == []


def test_a_name_that_no_text_can_hold_is_told_and_holds_nothing_up(place, pull):  # noqa: F811
    place.put("a.xml", "1")
    with (place.folder / os.fsdecode(b"\xc1\xaa.xml")).open("wb") as file:
        file.write(xml("2"))
    pulled = pull(place.adapter(PLAIN), SECRETS, clock=later)
    assert rows(pulled) == ["1"]
    assert isinstance(pulled.error, Malformed)
    assert "the file's name can't be read" in pulled.error.words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("versions: {name: '(?P<batch>a'}", "is no pattern (RE2)"),
        ("versions: {name: 'a(?P<seq>[0-9])'}", "needs the groups"),
        ("complete: {unchanged: 5}", "a number and s, m, h or d"),
        ("duplicates: all", "'all' is none of 'last'"),
        ("marker: {name: '{batch}.ok'}", "nothing fills {batch}"),
        ("marker: {name: a.ok}\ncomplete: {looks: 5s}", "it is the marker that says so"),
        ("marker: {name: a.ok, member: /a}", "go together"),
        ("marker: {name: a.ok, archive_sha256: /a, archive_digest: /b}", "is SHA-256; say"),
        ("marker: {name: a.ok, archive_sha256: /a, digest: md5}", "say 'archive_digest' with 'digest: md5'"),
        ("marker: {name: a.ok, archive_digest: 'a['}", "is no XPath"),
        ("marker: {name: a.ok, format: json, archive_digest: a}", "a JSON Pointer"),
        ("marker: {name: a.ok, format: sums, archive_digest: a}", "has its places fixed"),
        ("marker: {name: a.ok, charset: gbx}", "no known charset"),
        ("marker: {name: a.ok, digest: crc32}", "'crc32' is none of"),
    ],
)
def test_what_is_wrong_in_the_file_is_told_with_its_place(tmp_path, text, words):
    with pytest.raises(ProblemsFound) as found:
        Place(tmp_path, "folder: /x").adapter(PLAIN + text)
    assert words in found.value.problems[0].words
    assert found.value.problems[0].line > 10
