"""Where dropped files go once they are stored: moved in one step, never over another, never lost; what failed has a note."""

import asyncio
import gzip
import os

import pytest

from adapters.drop.folder import Folder
from adapters.drop.source import Changed
from adapters.errors import Malformed, Misconfigured
from adapters.registry import open_adapter
from canonical_schema.problem import ProblemsFound
from tests.adapters.drivers.dropping import SECRETS, Place, later, place, rows, sha256, xml  # noqa: F401 - a fixture

PLAIN = 'files: "*.xml"\ndecode: ["text:gb18030", xml]\n'
MOVED = PLAIN + "after: {}\n"
MARKED = MOVED + 'marker: {name: "{stem}.ok"}\n'


def contents(place):  # noqa: F811
    return sorted(one.read_bytes() for one in place.folder.rglob("*") if one.is_file() and one.suffix != ".error")


def test_what_is_stored_goes_to_done_with_its_marker(place, pull):  # noqa: F811
    bodies = [place.put("a.xml", "1"), place.put("b.xml", "2"), place.write("a.ok", b"")]
    spec = place.adapter(MARKED)
    first = pull(spec, SECRETS)
    assert rows(first) == ["1"]
    assert (place.names(), place.names("done")) == (["b.xml"], ["a.ok", "a.xml"])
    assert contents(place) == sorted(bodies)
    place.write("b.ok", b"")
    assert rows(pull(spec, SECRETS, first.cursor)) == ["2"]
    assert (place.names(), place.names("done")) == ([], ["a.ok", "a.xml", "b.ok", "b.xml"])


def test_what_failed_goes_to_failed_with_a_note_and_the_rest_goes_on(place, pull):  # noqa: F811
    body = place.write("a.xml", xml("1")[:-3])
    place.put("b.xml", "2")
    pulled = pull(place.adapter(MOVED), SECRETS, clock=later)
    assert (rows(pulled), len(pulled.damaged), pulled.error) == (["2"], 1, None)
    assert (place.names(), place.names("done"), place.names("failed")) == ([], ["b.xml"], ["a.xml", "a.xml.error"])
    assert (place.folder / "failed" / "a.xml").read_bytes() == body
    note = (place.folder / "failed" / "a.xml.error").read_text("utf-8").splitlines()
    assert note[0].startswith("a.xml    xx/manifests    20")
    assert note[1] == "未能完整读取, 其余内容已接收。原因如下:"
    assert note[2] == "It could not be read in whole; all else in it was taken. Why:"
    assert note[3].startswith("  a.xml: line 2, column ")
    assert "not well-formed XML" in note[3]


def test_what_could_not_be_taken_at_all_says_so(place, pull):  # noqa: F811
    place.write("a.xml", b"x" * (2 << 20))
    pulled = pull(
        place.adapter(MOVED.replace("after: {}", "after: {failed: bad/ones}"), "{unpacked_mb: 1}"), SECRETS, clock=later
    )
    assert isinstance(pulled.error, Malformed)
    note = (place.folder / "bad" / "ones" / "a.xml.error").read_text("utf-8")
    assert "其内容均未接收" in note
    assert "nothing of it was taken" in note
    assert "a.xml: larger than 1048576 bytes: 'split' reads it in pieces" in note
    assert (place.folder / "bad" / "ones" / "a.xml").stat().st_size == 2 << 20


def test_a_run_that_ends_before_the_move_is_done_over(place, pull):  # noqa: F811
    place.write("a.xml", xml("1")[:-3])
    place.put("b.xml", "2")
    spec = place.adapter(MOVED)
    first = pull(spec, SECRETS, clock=later, stop_after=1)
    assert place.names() == ["a.xml", "b.xml"]
    second = pull(spec, SECRETS, first.cursor, clock=later)
    assert [one.source_name for one in second.exchanges] == ["a.xml", "b.xml"]
    assert (place.names(), place.names("done"), place.names("failed")) == ([], ["b.xml"], ["a.xml", "a.xml.error"])


def test_nothing_goes_over_what_lies_there(place, pull):  # noqa: F811
    spec, cursor, bodies = place.adapter(MOVED), None, []
    for number in range(3):
        bodies.append(place.put("a.xml", number))
        cursor = pull(spec, SECRETS, cursor, clock=later).cursor
    assert place.names("done") == ["a.2.xml", "a.3.xml", "a.xml"]
    assert contents(place) == sorted(bodies)


def test_what_says_nothing_new_is_put_away_too(place, pull):  # noqa: F811
    spec = place.adapter(MOVED + "duplicates: any\nversions: {name: '(?P<batch>.)(?P<seq>[0-9])[.]xml'}\n")
    place.put("a2.xml", "1")
    first = pull(spec, SECRETS, clock=later)
    place.put("a1.xml", "0")
    place.put("b.xml", "1")
    second = pull(spec, SECRETS, first.cursor, clock=later)
    assert [one.request for one in second.exchanges] == [
        {"file": "a1.xml", "superseded_by": "a2.xml"},
        {"file": "b.xml", "duplicate_of": "a2.xml"},
    ]
    place.put("a2.xml", "1")
    third = pull(spec, SECRETS, second.cursor, clock=later)
    assert (rows(third), place.names()) == ([], [])
    assert place.names("done") == ["a1.xml", "a2.2.xml", "a2.xml", "b.xml"]


def test_a_file_that_is_replaced_before_the_move_stays_and_is_read(place, pull):  # noqa: F811
    place.put("a.xml", "1")
    spec = place.adapter(MOVED)

    async def replaced():
        driver, cursor = open_adapter(spec, SECRETS, later), None
        async for one in driver.pull("manifests", None):
            cursor = one.cursor
            place.put("a.xml", "1", "2")
        await driver.aclose()
        return cursor

    cursor = asyncio.run(replaced())
    assert (place.names(), place.names("done")) == (["a.xml"], [])
    assert rows(pull(spec, SECRETS, cursor, clock=later)) == ["1", "2"]
    assert place.names("done") == ["a.xml"]


def test_where_nothing_may_be_moved_all_is_taken_and_told(place, pull):  # noqa: F811
    place.put("a.xml", "1")
    place.put("b.xml", "2")
    place.write("done", b"a file, no folder")
    pulled = pull(place.adapter(MOVED), SECRETS, clock=later)
    assert rows(pulled) == ["1", "2"]
    assert pulled.error is not None
    assert place.names() == ["a.xml", "b.xml", "done"]


def test_a_shared_control_file_stays(place, pull):  # noqa: F811
    body = place.put("a.xml", "1")
    place.write("all.sums", f"{sha256(body)}  a.xml\n".encode())
    assert rows(pull(place.adapter(MOVED + "marker: {name: all.sums, format: sums}"), SECRETS)) == ["1"]
    assert (place.names(), place.names("done")) == (["all.sums"], ["a.xml"])


def test_without_after_nothing_is_moved(place, pull):  # noqa: F811
    place.put("a.xml", "1")
    place.write("b.xml", b"<")
    pull(place.adapter(PLAIN), SECRETS, clock=later)
    assert sorted(one.name for one in place.folder.iterdir()) == ["a.xml", "b.xml"]


def test_a_file_that_came_between_is_never_lost(tmp_path):
    """Twice replaced while it was moved: both are there, and the run says where."""
    folder = Folder(tmp_path)
    (tmp_path / "a.xml").write_bytes(b"listed")
    (tmp_path / "done").mkdir()
    entry = asyncio.run(folder.entry("a.xml"))
    (tmp_path / "a.xml").write_bytes(b"replaced!")
    with pytest.raises(Changed):
        asyncio.run(folder.move(entry, "done", "a.xml"))
    assert (tmp_path / "a.xml").read_bytes() == b"replaced!"
    assert list((tmp_path / "done").iterdir()) == []
    (tmp_path / "done" / "a.xml").write_bytes(b"other")
    with pytest.raises(Misconfigured):
        asyncio.run(folder.move(entry, "done", "a.xml"))
    assert (tmp_path / "done" / "a.xml").read_bytes() == b"other"
    assert (tmp_path / "a.xml").read_bytes() == b"replaced!"


@pytest.mark.parametrize("become", [lambda file: file.symlink_to("/etc/hostname"), os.mkfifo])
def test_what_became_a_link_or_a_pipe_is_not_read(tmp_path, become):
    folder, file = Folder(tmp_path), tmp_path / "a.xml"
    file.write_bytes(b"listed")
    entry = asyncio.run(folder.entry("a.xml"))
    file.unlink()
    become(file)

    async def read():
        async with folder.opened(entry) as found:
            return found.read()

    for work in (read(), folder.read("a.xml", 99)):
        with pytest.raises(Changed):
            asyncio.run(asyncio.wait_for(work, 5))


@pytest.mark.parametrize("folder", ["/abs", ".", "./", "../done", "a/../../done"])
def test_a_folder_beside_the_files_is_needed(tmp_path, folder):
    with pytest.raises(ProblemsFound) as found:
        Place(tmp_path, "folder: /x").adapter(PLAIN + f"after: {{done: {folder}}}")
    assert "a folder beside the files" in found.value.problems[0].words


def test_packed_files_go_the_same_way(place, pull):  # noqa: F811
    place.write("a.xml", gzip.compress(xml("1")))
    pull(place.adapter('files: "*.xml"\ndecode: [gzip, "text:gb18030", xml]\nafter: {}'), SECRETS, clock=later)
    assert place.names("done") == ["a.xml"]


def test_a_dataset_begun_anew_reads_what_was_put_away_too(place, pull):  # noqa: F811
    spec, cursor = place.adapter(MOVED + 'marker: {name: "{name}.sum", format: sums}\n'), None
    for number, name in enumerate(["b.xml", "a.xml", "a.xml"]):
        body = place.put(name, number)
        place.write(f"{name}.sum", f"{sha256(body)}  {name}".encode())
        os.utime(place.folder / name, (number + 1, number + 1))
        cursor = pull(spec, SECRETS, cursor).cursor
    place.write("bad.xml", b"<")
    place.write("bad.xml.sum", f"{sha256(b'<')}  bad.xml".encode())
    cursor = pull(spec, SECRETS, cursor).cursor
    assert pull(spec, SECRETS, cursor).exchanges == []
    before = contents(place)
    first = pull(spec, SECRETS, None, stop_after=1)
    assert rows(first) == ["0"]
    rest = pull(spec, SECRETS, first.cursor)
    assert (rows(rest), [one.place for one in rest.damaged]) == (["1", "2"], ["failed/bad.xml"])
    assert pull(spec, SECRETS, rest.cursor).exchanges == []
    assert contents(place) == before
    assert (place.names(), place.names("failed")) == ([], ["bad.xml", "bad.xml.error", "bad.xml.sum"])


def test_a_look_moves_nothing(place):  # noqa: F811
    place.write("a.xml", b"x" * (2 << 20))
    place.put("b.xml", "1")

    driver = open_adapter(place.adapter(MOVED, "{unpacked_mb: 1}"), SECRETS, later)

    async def look():
        try:
            return [one.source_name async for one in driver.pull("manifests", None, tidy=False)]
        except Malformed:
            return []
        finally:
            await driver.aclose()

    asyncio.run(look())
    assert place.names() == ["a.xml", "b.xml"]


def test_all_that_could_not_be_taken_are_named(place, pull):  # noqa: F811
    for name in "abc":
        place.write(f"{name}.xml", b"x" * (2 << 20))
    told = str(pull(place.adapter(MOVED, "{unpacked_mb: 1}"), SECRETS, clock=later).error)
    assert told.startswith("xx/manifests: a.xml: malformed: larger than")
    assert told.endswith("; 2 more (另有 2 个): b.xml, c.xml")
