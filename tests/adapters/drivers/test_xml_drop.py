"""Driver `xml_drop` on real folders: the mock's, and worse ones."""

import hashlib
import io
import os
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.errors import Malformed, Misconfigured
from contract_tests.mocks import gd
from contract_tests.world import World

ROW = "<行><广东省联单号>{}</广东省联单号></行>"


def member(*numbers):
    text = (
        '<?xml version="1.0" encoding="GB2312"?>\n<危险废物转移联单>'
        + "".join(map(ROW.format, numbers))
        + "</危险废物转移联单>"
    )
    return text.encode("gb18030")


def packed(**members):
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(f"{name}.xml", data)
    return body.getvalue()


def control(archive, members):
    named = "".join(
        f'<文件 名称="{name}.xml" 行数="{count}" sha256="{hashlib.sha256(data).hexdigest()}"/>'
        for name, (data, count) in members.items()
    )
    return f'<控制文件 sha256="{hashlib.sha256(archive).hexdigest()}">{named}</控制文件>'.encode()


def drop(folder, night, marker=True, **members):
    """A night with `members` as name -> (bytes, rows)."""
    archive = packed(**{name: data for name, (data, _) in members.items()})
    (folder / f"GD_HWLD_{night}.zip").write_bytes(archive)
    if marker:
        (folder / f"GD_HWLD_{night}.ctl.xml").write_bytes(control(archive, members))
    return archive


def numbers(pulled):
    return [row.findtext("广东省联单号") for tree in pulled.trees() for row in tree]


def later():
    return datetime.now(UTC) + timedelta(hours=1)


def test_everything_the_mock_drops(own, pull, tmp_path):
    world = World(5, 120)
    mock = gd.make(world, tmp_path)
    environment = mock.environment("")
    before = {file.name: file.read_bytes() for file in (tmp_path / "out").iterdir()}
    first = pull(own("gd"), environment)
    assert first.error is None
    (damaged,) = first.damaged
    assert damaged.place.startswith("GD_HWLD_")
    assert "not well-formed XML" in damaged.reasons[0]
    assert before == {file.name: file.read_bytes() for file in (tmp_path / "out").iterdir()}
    mock.finish()
    second = pull(own("gd"), environment, first.cursor)
    assert (second.error, second.damaged) == (None, [])
    assert {*numbers(first), *numbers(second)} == {side.number for side in world.for_province("gd") if not side.damaged}
    assert pull(own("gd"), environment, second.cursor).exchanges == []


def test_an_exchange_is_the_file_as_it_lies_there(own, pull, tmp_path):
    archive = drop(tmp_path, "20260101", a=(member("1", "2"), 2))
    (exchange,) = pull(own("gd"), {"LIANDAN_GD_DIR": str(tmp_path)}).exchanges
    assert exchange.payload.body == archive
    assert (exchange.source_name, exchange.request, exchange.status) == (
        "GD_HWLD_20260101.zip",
        {"file": "GD_HWLD_20260101.zip"},
        None,
    )
    assert str(tmp_path) not in repr(exchange)


def test_without_its_control_file_a_drop_is_not_there_yet(own, pull, tmp_path):
    drop(tmp_path, "20260101", marker=False, a=(member("1"), 1))
    (tmp_path / "README.txt").write_text("x")
    assert pull(own("gd"), {"LIANDAN_GD_DIR": str(tmp_path)}).exchanges == []


def test_a_drop_that_is_still_under_way_waits_and_a_broken_one_is_told(own, pull, tmp_path):
    archive = drop(tmp_path, "20260101", a=(member("1"), 1), b=(member("2"), 1))
    (tmp_path / "GD_HWLD_20260101.zip").write_bytes(archive[:-40])
    environment = {"LIANDAN_GD_DIR": str(tmp_path)}
    assert pull(own("gd"), environment).exchanges == []
    settled = pull(own("gd"), environment, clock=later)
    assert [one.place for one in settled.damaged] == ["GD_HWLD_20260101.zip"]
    assert settled.error is None


def test_a_new_content_under_the_same_name_is_taken_again(own, pull, tmp_path):
    environment = {"LIANDAN_GD_DIR": str(tmp_path)}
    drop(tmp_path, "20260101", a=(member("1"), 1))
    first = pull(own("gd"), environment)
    file = tmp_path / "GD_HWLD_20260101.zip"
    os.utime(file, ns=(1, 1))
    assert pull(own("gd"), environment, first.cursor).exchanges == []
    drop(tmp_path, "20260101", a=(member("1", "2"), 2))
    assert numbers(pull(own("gd"), environment, first.cursor)) == ["1", "2"]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ((member("1", "2"), 3), "it has 2 rows, the control file says 3"),
        ((member("1", "3"), 2), "its SHA-256 is"),
    ],
)
def test_a_member_that_differs_from_the_control_file_is_damaged(own, pull, tmp_path, said, words):
    archive = packed(a=member("1", "2"), b=member("9"))
    (tmp_path / "GD_HWLD_20260101.zip").write_bytes(archive)
    (tmp_path / "GD_HWLD_20260101.ctl.xml").write_bytes(
        control(archive, {"a": said, "b": (member("9"), 1), "c": (b"", 0)})
    )
    pulled = pull(own("gd"), {"LIANDAN_GD_DIR": str(tmp_path)})
    assert [one.place for one in pulled.damaged] == ["a.xml", "c.xml"]
    assert words in pulled.damaged[0].reasons[0]
    assert "hasn't got it" in pulled.damaged[1].reasons[0]
    assert numbers(pulled) == ["9"]


def test_one_unreadable_drop_leaves_the_others(own, pull, tmp_path):
    drop(tmp_path, "20260101", a=(member("1"), 1))
    (tmp_path / "GD_HWLD_20260102.zip").write_bytes(b"PK no zip")
    (tmp_path / "GD_HWLD_20260102.ctl.xml").write_bytes(control(b"PK no zip", {"a": (b"", 1)}))
    drop(tmp_path, "20260103", a=(member("3"), 1))
    (tmp_path / "GD_HWLD_20260103.ctl.xml").write_bytes(b"<control")
    drop(tmp_path, "20260104", a=(member("4"), 1))
    pulled = pull(own("gd"), {"LIANDAN_GD_DIR": str(tmp_path)}, clock=later)
    assert numbers(pulled) == ["1", "4"]
    assert [one.place for one in pulled.damaged] == ["GD_HWLD_20260102.zip"]
    assert isinstance(pulled.error, Malformed)
    assert str(pulled.error).startswith("gd/manifests: GD_HWLD_20260103.ctl.xml: malformed: not well-formed XML")


def test_links_and_folders_are_not_drops(own, pull, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    inside = tmp_path / "in"
    inside.mkdir()
    drop(outside, "20260101", a=(member("1"), 1))
    (inside / "GD_HWLD_20260101.zip").symlink_to(outside / "GD_HWLD_20260101.zip")
    (inside / "GD_HWLD_20260102.zip").mkdir()
    assert pull(own("gd"), {"LIANDAN_GD_DIR": str(inside)}).exchanges == []


def test_a_missing_folder_is_told(own, pull, probe, tmp_path):
    environment = {"LIANDAN_GD_DIR": str(tmp_path / "none")}
    pulled = pull(own("gd"), environment)
    assert isinstance(pulled.error, Misconfigured)
    assert "none" in str(pulled.error)
    assert isinstance(probe(own("gd"), environment).error, Misconfigured)
    assert "LIANDAN_GD_DIR" in str(probe(own("gd"), {}).error)
    empty = probe(own("gd"), {"LIANDAN_GD_DIR": str(tmp_path)})
    assert (empty.error, empty.rows, empty.exchange) == (None, 0, None)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(0, 400), young=st.booleans(), marked=st.booleans())
def test_a_partial_file_is_never_taken_for_whole(own, pull, tmp_path_factory, cut, young, marked):
    folder = tmp_path_factory.mktemp("drop")
    archive = drop(folder, "20260101", marker=marked, a=(member("1"), 1))
    (folder / "GD_HWLD_20260101.zip").write_bytes(archive[: min(cut, len(archive) - 1)])
    pulled = pull(own("gd"), {"LIANDAN_GD_DIR": str(folder)}, clock=None if young else later)
    assert numbers(pulled) == []
    assert bool(pulled.damaged) == (marked and not young)
