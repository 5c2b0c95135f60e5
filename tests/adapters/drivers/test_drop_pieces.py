"""Files larger than memory, handed on in pieces of some rows: folder and SFTP, plain and packed."""

import asyncio
import gzip
import io
import json
import tracemalloc
import zipfile

import pytest

from adapters.errors import Malformed
from adapters.registry import open_adapter
from canonical_schema.problem import ProblemsFound
from tests.adapters.drivers.dropping import SECRETS, Place, later, place, rows, sha256, xml  # noqa: F401 - a fixture

SPLIT = 'decode: ["text:gb18030", xml]\nsplit: {row: /表/行, rows: 2}\n'
PLAIN = 'files: "*.xml"\n' + SPLIT
GZIP = 'files: "*.gz"\n' + SPLIT.replace("[", "[gzip, ")
ZIP = 'files: "*.zip"\n' + SPLIT.replace("[", '["zip:*.xml", ')
CONTROL = "marker: {name: c.json, format: json, member: /f, member_name: /n, member_rows: /r, member_digest: /d, row: /表/行}\n"


def zipped(**members):
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(f"{name}.xml", data)
    return body.getvalue()


def test_a_file_comes_in_pieces_that_say_where_they_stood(place, pull):  # noqa: F811
    body = place.put("a.xml", "镕1", "2", "3", "4", "5")
    place.put("b.xml", "6")
    pulled = pull(place.adapter(PLAIN), SECRETS, clock=later)
    assert (rows(pulled), pulled.damaged, pulled.error) == (["镕1", "2", "3", "4", "5", "6"], [], None)
    assert [one.source_name for one in pulled.exchanges] == ["a.xml#1-2", "a.xml#3-4", "a.xml#5-5", "b.xml#1-1"]
    asked = [one.request for one in pulled.exchanges[:3]]
    assert [(one["file"], one["part"], one["sha256"]) for one in asked] == [
        ("a.xml", str(part), sha256(body)) for part in (1, 2, 3)
    ]
    bounds = [[int(place) for place in one["bytes"].split("-")] for one in asked]
    assert b"".join(body[start:end] for start, end in bounds) == body
    assert [len(decoded.documents) for decoded in pulled.decoded] == [1, 1, 1, 1]
    assert pulled.decoded[1].documents[0].chain == ("text:gb18030 (declared gb2312)", "xml")
    assert pull(place.adapter(PLAIN), SECRETS, pulled.cursor, clock=later).exchanges == []


def test_packed_files_are_cut_while_they_are_unpacked(place, pull):  # noqa: F811
    place.write("a.gz", gzip.compress(xml("1", "2", "3")) + b"\0\0")
    place.write("b.zip", zipped(x=xml("4", "5", "6"), y=xml("7")))
    assert rows(pull(place.adapter(GZIP), SECRETS, clock=later)) == ["1", "2", "3"]
    pulled = pull(place.adapter(ZIP), SECRETS, clock=later)
    assert rows(pulled) == ["4", "5", "6", "7"]
    assert [one.source_name for one in pulled.exchanges] == ["b.zip/x.xml#1-2", "b.zip/x.xml#3-3", "b.zip/y.xml#1-1"]


def test_nothing_is_handed_on_of_what_can_not_be_unpacked_to_its_end(place, pull):  # noqa: F811
    many = xml(*map(str, range(9999)))
    place.write("a.gz", gzip.compress(many)[:-30])
    place.write("b.gz", b"no gzip")
    place.write("c.gz", gzip.compress(xml("1")))
    pulled = pull(place.adapter(GZIP), SECRETS, clock=later)
    assert rows(pulled) == ["1"]
    assert [(one.place, one.reasons[0].partition(" (")[0]) for one in pulled.damaged] == [
        ("a.gz", "the gzip stream is cut short"),
        ("b.gz", "not gzip: Error -3 while decompressing data: incorrect header check"),
    ]
    broken = bytearray(zipped(x=xml("1"), y=many, z=xml("2")))
    broken[len(broken) // 2] ^= 255
    place.write("d.zip", bytes(broken))
    place.write("e.zip", b"no zip")
    pulled = pull(place.adapter(ZIP), SECRETS, clock=later)
    assert rows(pulled) == ["1", "2"]
    assert [one.place for one in pulled.damaged] == ["y.xml"]
    assert "the member can't be unpacked" in pulled.damaged[0].reasons[0]
    assert isinstance(pulled.error, Malformed)
    assert "e.zip: malformed: not a readable ZIP" in str(pulled.error)


def test_bombs_are_told(place, pull):  # noqa: F811
    bomb = b"<a>" + b" " * (5 << 20) + b"</a>"
    place.write("a.gz", gzip.compress(bomb))
    place.write("b.zip", zipped(x=bomb, y=xml("1")))
    limits = "{ratio: 50, unpacked_mb: 3}"
    (damaged,) = pull(place.adapter(GZIP, limits), SECRETS, clock=later).damaged
    assert damaged.reasons == ("unpacks to more than 1048576 bytes (解压后过大)",)
    pulled = pull(place.adapter(ZIP, limits), SECRETS, clock=later)
    assert ([one.place for one in pulled.damaged], rows(pulled)) == (["x.xml"], ["1"])


def test_all_that_is_unpacked_is_bounded_together(place, pull):  # noqa: F811
    text = xml(*("x" * 50_000 + str(number) for number in range(12)))
    place.write("a.zip", zipped(a=text, b=text[:-9], c=xml("1")))
    pulled = pull(
        place.adapter(ZIP.replace("rows: 2", "rows: 2, largest_mb: 1"), "{ratio: 1000}"), SECRETS, clock=later
    )
    assert len(rows(pulled)) == 12
    assert [(one.place, one.reasons[0].partition(" bytes")[0]) for one in pulled.damaged] == [
        ("b.xml", f"unpacks to more than {(1 << 20) - len(text)}"),
        ("c.xml", "unpacks to more than 0"),
    ]


def test_one_broken_piece_costs_only_itself(place, pull):  # noqa: F811
    place.write("a.xml", xml("1", "2", "3", "4", "5").replace(b">4<", b">&<"))
    spec = place.adapter(PLAIN + "after: {}")
    pulled = pull(spec, SECRETS, clock=later)
    assert rows(pulled) == ["1", "2", "5"]
    assert [one.place for one in pulled.damaged] == ["a.xml#3-4"]
    assert (place.names("failed"), place.names()) == (["a.xml", "a.xml.error"], [])
    assert "a.xml#3-4: line" in (place.folder / "failed" / "a.xml.error").read_text("utf-8")


def test_a_run_that_ended_in_the_middle_goes_on_there(place, pull):  # noqa: F811
    place.put("a.xml", *range(9))
    spec = place.adapter(PLAIN)
    first = pull(spec, SECRETS, clock=later, stop_after=2)
    second = pull(spec, SECRETS, first.cursor, clock=later, stop_after=1)
    assert [rows(one) for one in (first, second)] == [["0", "1", "2", "3"], ["4", "5"]]
    third = pull(spec, SECRETS, second.cursor, clock=later)
    assert rows(third) == ["6", "7", "8"]
    assert json.loads(third.cursor).keys() == {"taken"}
    place.put("a.xml", *range(10))
    assert rows(pull(spec, SECRETS, second.cursor, clock=later)) == [str(number) for number in range(10)]


def test_what_was_broken_before_a_run_was_cut_short_is_not_forgotten(place, pull):  # noqa: F811
    spec = place.adapter(PLAIN + "after: {}")
    for name, bad, stop_after in (("a.xml", b">1<", 1), ("b.xml", b">1<", 3), ("c.xml", b">none<", 2)):
        place.write(name, xml(*range(1, 9)).replace(bad, b">&<"))
        first = pull(spec, SECRETS, "{}", clock=later, stop_after=stop_after)
        rest = pull(spec, SECRETS, first.cursor, clock=later)
        assert rows(rest)[-1] == "8"
    assert place.names("failed") == ["a.xml", "a.xml.error", "b.xml", "b.xml.error"]
    assert place.names("done") == ["c.xml"]


def test_the_control_file_counts_before_anything_is_handed_on(place, pull):  # noqa: F811
    good, wrong = xml("1", "2", "3"), xml("4", "5", "6")
    place.write("a.zip", zipped(good=good, rows=good, digest=wrong, extra=xml("7")))
    said = [("good.xml", 3, good), ("rows.xml", 4, good), ("digest.xml", 3, good), ("gone.xml", 1, good)]
    place.write("c.json", json.dumps({"f": [{"n": n, "r": r, "d": sha256(body)} for n, r, body in said]}).encode())
    pulled = pull(place.adapter(ZIP + CONTROL), SECRETS, clock=later)
    assert rows(pulled) == ["1", "2", "3", "7"]
    assert [(one.place, one.reasons[0].partition(" (")[0].partition(" is ")[0]) for one in pulled.damaged] == [
        ("rows.xml", "it has 3 rows, the control file says 4"),
        ("digest.xml", "its SHA-256"),
        ("gone.xml", "the control file names it, the archive hasn't got it"),
    ]


def test_a_file_that_is_another_than_its_control_file_says_waits_and_is_one_error(place, pull):  # noqa: F811
    place.put("a.xml", "1", "2", "3")
    place.write("a.xml.sum", f"{'0' * 64}  a.xml".encode())
    spec = place.adapter(PLAIN + 'marker: {name: "{name}.sum", format: sums}')
    young = pull(spec, SECRETS)
    assert (young.exchanges, young.error) == ([], None)
    old = pull(spec, SECRETS, clock=later)
    assert old.exchanges == []
    assert "a.xml: malformed: its SHA-256 is" in str(old.error)


def test_rows_of_one_record_stay_together(place, pull):  # noqa: F811
    text = "".join(f"<行><号>{key}</号></行>" for key in "aabbbc")
    place.write("a.xml", f"<表>{text}</表>".encode("gb18030"))
    pulled = pull(place.adapter(PLAIN.replace("rows: 2", "rows: 1, together: 号")), SECRETS, clock=later)
    assert ["".join(row.findtext("号") for row in tree) for tree in pulled.trees()] == ["aa", "bbb", "c"]


def test_a_file_that_changes_while_its_pieces_are_taken_is_read_again(place, pull):  # noqa: F811
    place.put("a.xml", *range(5))
    spec = place.adapter(PLAIN + "after: {}")

    async def run():
        driver, cursor = open_adapter(spec, SECRETS, later), None
        async for one in driver.pull("manifests", None):
            cursor = one.cursor
            place.put("a.xml", *range(7))
        await driver.aclose()
        return cursor

    cursor = asyncio.run(run())
    assert place.names() == ["a.xml"]
    assert rows(pull(spec, SECRETS, cursor, clock=later)) == [str(number) for number in range(7)]


def test_memory_is_that_of_a_few_pieces_whatever_the_size(place, pull):  # noqa: F811
    row, count = "<行>" + "危" * 150 + "</行>", 40_000
    body = f"<表>{row * count}</表>".encode("gb18030")
    place.write("a.xml", body)
    spec, size, found = place.adapter(PLAIN.replace("rows: 2", "rows: 500")), len(body), []
    del body

    async def run():
        driver = open_adapter(spec, SECRETS, later)
        async for one in driver.pull("manifests", None):
            decoded = driver.decode(one.payload, "manifests", one.headers, one.source_name)
            found.append(len(decoded.documents[0].tree))
        await driver.aclose()

    tracemalloc.start()
    asyncio.run(run())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert sum(found) == count
    assert size > 12_000_000
    assert peak < 6_000_000


def test_a_file_larger_than_is_read_at_all_is_told(place, pull):  # noqa: F811
    place.write("a.xml", b" " * (2 << 20))
    pulled = pull(place.adapter(PLAIN.replace("rows: 2", "rows: 2, largest_mb: 1")), SECRETS, clock=later)
    assert "a.xml: malformed: larger than 1048576 bytes: split.largest_mb" in str(pulled.error)


def test_a_file_in_a_charset_that_can_not_be_cut_is_told(place, pull):  # noqa: F811
    place.put("a.xml", "1", charset="utf-16")
    (damaged,) = pull(place.adapter(PLAIN.replace("text:gb18030", "text")), SECRETS, clock=later).damaged
    assert damaged.reasons == ("a text in utf-16 can't be read in pieces (该字符集不支持分段)",)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("/表/行", "'/表/行[1]'", "the plain path of a row"),
        ("/表/行", "行", "the plain path of a row"),
        ("rows: 2", "rows: 0", "at least 1 is needed here"),
        ("rows: 2", "rows: 2, together: 'a['", "is no XPath"),
        ("text:gb18030", "text:utf-16", "< must be one byte"),
        ('"text:gb18030", xml', '"text:gb18030", json', "files read in pieces are XML"),
        ('["text', '[base64, "text', "files read in pieces are XML"),
        ("split:", "spread: yes\nsplit:", "can't be read in pieces"),
    ],
)
def test_what_is_wrong_in_the_file_is_told_with_its_place(tmp_path, old, new, words):
    assert old in PLAIN
    with pytest.raises(ProblemsFound) as found:
        Place(tmp_path, "folder: /x").adapter(PLAIN.replace(old, new))
    assert words in found.value.problems[0].words
