"""What a folder can hold instead of a good drop: told with its place, the others taken, the file still there, and taken when
it is mended."""

import hashlib
import io
import zipfile
from datetime import UTC, datetime, timedelta

import pytest

from adapters.errors import Malformed, Misconfigured

ROWS = '<?xml version="1.0" encoding="GB2312"?>\n<危险废物转移联单>{}</危险废物转移联单>'
ROW = "<行><广东省联单号>{}</广东省联单号></行>"


def text(number):
    return ROWS.format(ROW.format(number)).encode("gb18030")


def packed(members):
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return body.getvalue()


def lay(folder, night, archive, *members):
    named = "".join(f'<文件 名称="{name}" 行数="1"/>' for name in members)
    told = f'<控制文件 sha256="{hashlib.sha256(archive).hexdigest()}">{named}</控制文件>'
    file = folder / f"GD_HWLD_{night}.zip"
    file.write_bytes(archive)
    (folder / f"GD_HWLD_{night}.ctl.xml").write_text(told, "utf-8")
    return file


def link():
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        named = zipfile.ZipInfo("a.xml")
        named.external_attr = 0o120777 << 16
        archive.writestr(named, "/etc/passwd")
    return body.getvalue()


BROKEN = {
    "HTML": (b"<html><body>Please log in</body></html>", "not a readable ZIP"),
    "nothing": (b"", "not a readable ZIP"),
    "half": (packed({"a.xml": text("2") * 50})[:90], "not a readable ZIP"),
    "a bomb": (packed({"a.xml": bytes(30 << 20)}), "unpacks to more"),
    "a link": (link(), "not well-formed XML"),
    "nested": (packed({"a.xml": packed({"a.xml": text("2")})}), "not gb18030"),
    "an entity bomb": (packed({"a.xml": b'<!DOCTYPE a [<!ENTITY b "bbbb">]><a>&b;</a>'}), "DOCTYPE"),
}


@pytest.fixture
def run(own, pull, tmp_path):
    spec = own("gd")
    later = datetime.now(UTC) + timedelta(hours=1)
    return lambda cursor=None: pull(spec, {"LIANDAN_GD_DIR": str(tmp_path)}, cursor, clock=lambda: later)


def numbers(pulled):
    return {row.findtext("广东省联单号") for tree in pulled.trees() for row in tree}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_drop_costs_only_itself(name, run, tmp_path):
    body, words = BROKEN[name]
    lay(tmp_path, "20260101", packed({"a.xml": text("1")}), "a.xml")
    broken = lay(tmp_path, "20260102", body, "a.xml")
    lay(tmp_path, "20260103", packed({"a.xml": text("3")}), "a.xml")
    around = {file.name for file in tmp_path.parent.iterdir()}
    first = run()
    assert first.error is None
    assert numbers(first) == {"1", "3"}
    assert words in " ".join(reason for one in first.damaged for reason in one.reasons)
    assert broken.read_bytes() == body, "the original stays as it lies there"
    assert {file.name for file in tmp_path.parent.iterdir()} == around, "nothing was written elsewhere"
    lay(tmp_path, "20260102", packed({"a.xml": text("2")}), "a.xml")
    assert numbers(run(first.cursor)) == {"2"}


def test_a_name_that_leads_outside_is_only_a_name(run, tmp_path):
    """Members are read into memory: whatever they are called, nothing is written anywhere."""
    names = ("../../a.xml", "/tmp/a.xml", "C:\\a.xml", "..\\..\\b.xml")
    lay(tmp_path, "20260101", packed({name: text(str(number)) for number, name in enumerate(names)}), *names)
    around = sorted(tmp_path.parent.rglob("*.xml"))
    pulled = run()
    assert numbers(pulled) == {"0", "1", "2", "3"}
    assert (pulled.error, pulled.damaged) == (None, [])
    assert sorted(tmp_path.parent.rglob("*.xml")) == around


def test_a_file_larger_than_allowed_is_told_and_moves_nothing(own, pull, tmp_path):
    spec = own("gd")
    spec = spec.model_copy(update={"limits": spec.limits.model_copy(update={"unpacked_mb": 1})})
    later = datetime.now(UTC) + timedelta(hours=1)
    lay(tmp_path, "20260101", bytes(2 << 20))
    pulled = pull(spec, {"LIANDAN_GD_DIR": str(tmp_path)}, clock=lambda: later)
    assert type(pulled.error) is Malformed
    assert (pulled.exchanges, pulled.cursor) == ([], None)


def test_a_folder_that_is_away_is_told_and_loses_nothing(run, tmp_path):
    lay(tmp_path, "20260101", packed({"a.xml": text("1")}), "a.xml")
    first = run()
    lay(tmp_path, "20260102", packed({"a.xml": text("2")}), "a.xml")
    tmp_path.rename(tmp_path.with_name("away"))
    gone = run(first.cursor)
    assert type(gone.error) is Misconfigured
    assert gone.cursor == first.cursor
    tmp_path.with_name("away").rename(tmp_path)
    assert numbers(run(first.cursor)) == {"2"}
