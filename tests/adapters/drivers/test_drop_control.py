"""Control files in the forms that systems write them: what differs is one clear word, and never read as if it were whole."""

import hashlib
import io
import json
import zipfile

import pytest

from adapters.errors import Malformed
from tests.adapters.drivers.dropping import SECRETS, later, place, rows, sha256, xml  # noqa: F401 - a fixture

XML = """\
files: "*.zip"
decode: ["zip:*.xml", "text:gb18030", xml]
marker:
  name: "{stem}.ctl"
  digest: md5
  archive_digest: /c/@md5
  archive_size: /c/@size
  member: /c/f
  member_count: /c/@n
  member_name: "@name"
  member_rows: "@rows"
  member_digest: "@md5"
  row: /表/行
"""
JSON = """\
files: "*.xml"
decode: ["text:gb18030", xml]
marker: {name: night.json, format: json, digest: sm3, member: /files, member_name: /name, member_rows: /rows,
         member_digest: /sm3, row: /表/行}
"""
SUMS = """\
files: "*.xml"
decode: ["text:gb18030", xml]
marker: {name: "{name}.sha256", format: sums}
"""


def md5(body):
    return hashlib.md5(body, usedforsecurity=False).hexdigest()


def sm3(body):
    return hashlib.new("sm3", body).hexdigest()


def zipped(**members):
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(f"{name}.xml", data)
    return body.getvalue()


def control(archive, **said):
    members = {"a": (xml("1", "2"), 2), "b": (xml("3"), 1)}
    listed = "".join(f'<f name="{name}.xml" rows="{n}" md5="{md5(body)}"/>' for name, (body, n) in members.items())
    values = {"md5": md5(archive), "size": len(archive), "n": 2} | said
    return f'<c md5="{values["md5"].upper() if values["md5"] else ""}" size="{values["size"]}" n="{values["n"]}">{listed}</c>'.encode()


GOOD = zipped(a=xml("1", "2"), b=xml("3"))


def test_what_agrees_is_taken_at_once(place, pull):  # noqa: F811
    place.write("n.zip", GOOD)
    place.write("n.ctl", control(GOOD))
    pulled = pull(place.adapter(XML), SECRETS)
    assert (rows(pulled), pulled.damaged, pulled.error) == (["1", "2", "3"], [], None)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"md5": "0" * 32}, f"its MD5 is {md5(GOOD)}, the control file says {'0' * 32}"),
        ({"size": len(GOOD) + 1}, f"it has {len(GOOD)} bytes, the control file says {len(GOOD) + 1}"),
    ],
)
def test_a_drop_that_is_another_waits_and_is_then_one_clear_error(place, pull, said, words):  # noqa: F811
    place.write("n.zip", GOOD)
    place.write("n.ctl", control(GOOD, **said))
    assert pull(place.adapter(XML), SECRETS).exchanges == []
    pulled = pull(place.adapter(XML), SECRETS, clock=later)
    (damaged,) = pulled.damaged
    assert (damaged.place, damaged.reasons[0].partition(" (")[0], rows(pulled)) == ("n.zip", words, [])
    assert damaged.sha256 == sha256(GOOD)
    assert pulled.exchanges[0].payload.body == GOOD


def test_a_count_that_differs_is_told_beside_what_is_there(place, pull):  # noqa: F811
    place.write("n.zip", GOOD)
    place.write("n.ctl", control(GOOD, n=3))
    pulled = pull(place.adapter(XML), SECRETS)
    assert rows(pulled) == ["1", "2", "3"]
    assert [(one.place, one.reasons) for one in pulled.damaged] == [
        ("n.zip", ("it has 2 members, the control file says 3 (文件数与控制文件不符)",))
    ]


def test_one_json_control_file_speaks_of_several_files(place, pull):  # noqa: F811
    bodies = {"a.xml": place.put("a.xml", "1"), "b.xml": place.put("b.xml", "2", "3"), "c.xml": place.put("c.xml", "4")}
    said = [{"name": name, "rows": 1, "sm3": sm3(body)} for name, body in bodies.items() if name != "c.xml"]
    place.write("night.json", json.dumps({"files": said}).encode())
    pulled = pull(place.adapter(JSON), SECRETS, clock=later)
    assert rows(pulled) == ["1"]
    assert [(one.place, one.reasons[0].partition(" (")[0]) for one in pulled.damaged] == [
        ("b.xml", "it has 2 rows, the control file says 1")
    ]
    assert isinstance(pulled.error, Malformed)
    assert "night.json: malformed: the control file doesn't name it" in str(pulled.error)


def test_sums_as_sha256sum_writes_them(place, pull):  # noqa: F811
    good, other = place.put("a.xml", "1"), place.put("b.xml", "2")
    place.write("a.xml.sha256", f"{sha256(good)} *a.xml\n\n".encode())
    place.write("b.xml.sha256", f"{sha256(good)}  b.xml\n".encode())
    pulled = pull(place.adapter(SUMS), SECRETS, clock=later)
    assert rows(pulled) == ["1"]
    # its sum says that it holds what a.xml held: it must be looked at to see that it doesn't
    (damaged,) = pulled.damaged
    assert damaged.place == "b.xml"
    assert damaged.reasons[0].startswith(f"its SHA-256 is {sha256(other)}, the control file says {sha256(good)}")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "the control file names no member"),
        (b"0" * 64 + b"  b.xml", "the control file doesn't name it"),
        (b"no sum at all", "line 1 of the control file is no digest and name"),
        (b"\xff\xfe\xff", "not utf-16"),
    ],
)
def test_a_control_file_that_says_nothing_waits_and_is_told(place, pull, body, words):  # noqa: F811
    place.put("a.xml", "1")
    place.write("a.xml.sha256", body)
    young = pull(place.adapter(SUMS), SECRETS)
    assert (young.exchanges, young.error) == ([], None)
    old = pull(place.adapter(SUMS), SECRETS, clock=later)
    assert words in str(old.error)
    assert "a.xml.sha256" in str(old.error)
