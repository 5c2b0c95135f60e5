"""The drop folder as a reader finds it."""

import hashlib
import zipfile
from collections import Counter

import pytest
from lxml import etree

from contract_tests.world import World
from contract_tests.world.views import gd

XML = etree.XMLParser(encoding="gb18030")


def controls(folder):
    return sorted((folder / "out").glob("*.ctl.xml"))


def members(control):
    """(what the control file says of it, its bytes) for each member of the night."""
    told = etree.parse(control, XML).getroot()
    packed = control.with_name(told.get("压缩包"))
    assert hashlib.sha256(packed.read_bytes()).hexdigest() == told.get("sha256")
    with zipfile.ZipFile(packed) as archive:
        assert archive.namelist() == [member.get("名称") for member in told]
        assert len(told) == int(told.get("文件数"))
        return [(member, archive.read(member.get("名称"))) for member in told]


def rows_by_number(folder):
    """The newest rows of each manifest, and the members that can't be read."""
    found, broken = {}, []
    for control in controls(folder):
        for member, body in members(control):
            assert hashlib.sha256(body).hexdigest() == member.get("sha256")
            try:
                root = etree.fromstring(body, XML)
            except etree.XMLSyntaxError:
                broken.append(member)
                continue
            assert len(root) == int(member.get("行数"))
            assert [row.get("序号") for row in root] == [str(number) for number in range(1, len(root) + 1)]
            night = {}
            for row in root:
                night.setdefault(row.findtext("广东省联单号"), []).append(row)
            found |= night
    return found, broken


def plain(rows):
    for row in rows:
        row.set("序号", "")
    return [etree.tostring(row, method="c14n") for row in rows]


def stripped(rows):
    parser = etree.XMLParser(remove_blank_text=True)
    return plain([etree.fromstring(etree.tostring(row, encoding="unicode"), parser) for row in rows])


@pytest.mark.parametrize("manifests", [60, 400])
def test_everything_lies_there_but_for_one_broken_file(mock, tmp_path, manifests):
    with mock("gd", manifests=manifests) as system:
        assert system.environment == {"LIANDAN_GD_DIR": str(tmp_path / "gd" / "out")}
        assert system.state()["pending"] > 0
        assert system.finish()["pending"] == 0
    found, broken = rows_by_number(tmp_path / "gd")
    sides = list(World(7, manifests).for_province("gd"))
    wanted = {side.number: stripped(gd.render(side, side.versions[-1])) for side in sides if not side.damaged}
    assert {number: stripped(rows) for number, rows in found.items()} == wanted
    assert len(broken) == 1
    damaged = [side for side in sides if side.damaged]
    assert int(broken[0].get("行数")) == sum(len(side.versions[0].content["wastes"]) for side in damaged)


def test_the_label_says_gb2312_and_the_bytes_are_gb18030(mock, tmp_path):
    with mock("gd", manifests=200):
        bodies = [body for control in controls(tmp_path / "gd") for _, body in members(control)]
    assert all(body.startswith(b'<?xml version="1.0" encoding="GB2312"?>') for body in bodies)
    text = b"".join(bodies).decode("gb18030")
    assert set("镕堃㙟") <= set(text)
    with pytest.raises(UnicodeDecodeError):
        b"".join(bodies).decode("gb2312")


def test_rows_of_a_manifest_need_not_stand_together(mock, tmp_path):
    with mock("gd", manifests=200):
        apart = 0
        for control in controls(tmp_path / "gd"):
            for _, body in members(control):
                numbers = [
                    row.findtext("广东省联单号")
                    for row in etree.fromstring(body, etree.XMLParser(encoding="gb18030", recover=True))
                ]
                runs = Counter(
                    number for number, before in zip(numbers, [None, *numbers], strict=False) if number != before
                )
                apart += sum(count > 1 for count in runs.values())
    assert 0 < apart < 60


def test_files_are_written_once_even_when_they_were_taken_away(mock, tmp_path):
    with mock("gd") as system:
        first, second, *_ = controls(tmp_path / "gd")
        told = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "gd" / "out").iterdir()}
        state = system.state()
    first.unlink()
    with mock("gd") as system:
        assert system.state()["files"] >= state["files"]
        assert not first.exists()
        assert second.stat().st_mtime_ns == told[second.name]


def test_a_night_that_was_cut_short_by_a_crash_is_written_again_the_same(mock, tmp_path):
    with mock("gd", manifests=20) as system:
        system.finish()
    last = controls(tmp_path / "gd")[-1]
    packed = last.with_name(last.name.replace(".ctl.xml", ".zip"))
    before = last.read_bytes(), packed.read_bytes()
    last.unlink()
    state = tmp_path / "gd" / "gd.json"
    state.write_text(state.read_text().replace(f',"{last.name[8:16]}"', ""))
    with mock("gd", manifests=20) as system:
        system.finish()
    assert (last.read_bytes(), packed.read_bytes()) == before
