"""Systems that take files are handed records: whole or not at all, over nothing that is there, here and over SFTP."""

import gzip
import io
import zipfile

import pytest

from adapters.errors import Malformed, Misconfigured, Rejected
from adapters.load import load_adapter
from adapters.sending import Receipt
from canonical_schema.problem import ProblemsFound
from tests.adapters.drivers.sftp_server import PASSWORD, served

FILE = """\
id: xx
title: 文件
title_en: Files
driver: xml_drop
{where}
datasets:
  manifests:
    title: 联单
    title_en: Manifests
    decode: ["text:gb18030", xml]
    send:
      fields: {{no: {field}}}
      file: {file}
"""
PLAIN = "{folder: in, name: 'LD_{no}_{version}.xml', charset: gb18030}"
SFTP = (
    "sftp: {{host: 127.0.0.1, port: {port}, folder: /out, user: gw, password: '${{XX_PASSWORD}}', host_key: '{key}'}}"
)
DOCUMENT = "<联单><号>N-1</号><名>镕&amp;</名></联单>"


@pytest.fixture(params=["folder", "sftp"])
def place(request, tmp_path):
    """(what the adapter file says of it, its folder on this machine)."""
    root = tmp_path / "root" / "out"
    root.mkdir(parents=True)
    if request.param == "folder":
        yield f"folder: {root}", root
        return
    with served(tmp_path / "root") as house:
        yield SFTP.format(port=house.port, key=house.fingerprint), root


@pytest.fixture
def adapter(place, tmp_path):
    def load(file=PLAIN, field="/联单/号"):
        path = tmp_path / "xx.yaml"
        path.write_text(FILE.format(where=place[0], file=file, field=field), "utf-8")
        return load_adapter(path, name="xx.yaml")

    return load


@pytest.fixture
def put(adapter, outgoing, deliver):
    return lambda file=PLAIN, version=1, no="N-1": deliver(
        adapter(file), {"XX_PASSWORD": PASSWORD}, outgoing(version, text=DOCUMENT.replace("N-1", no), no=no)
    )


def names(folder):
    return sorted(one.name for one in folder.iterdir())


def test_a_record_is_one_file_whole_and_declared(put, place):
    assert put() == Receipt(0, False, "in/LD_N-1_1.xml")
    written = (place[1] / "in/LD_N-1_1.xml").read_bytes()
    assert written == f'<?xml version="1.0" encoding="gb18030"?>\n{DOCUMENT}'.encode("gb18030")
    assert names(place[1] / "in") == ["LD_N-1_1.xml"]


def test_the_same_again_is_held_already_and_another_of_its_name_is_never_written_over(put, place):
    put()
    assert put() == Receipt(0, True, "in/LD_N-1_1.xml")
    (place[1] / "in/LD_N-1_1.xml").write_text("other")
    error = put()
    assert isinstance(error, Rejected)
    assert "in/LD_N-1_1.xml" in error.words
    assert (place[1] / "in/LD_N-1_1.xml").read_text() == "other"
    assert put(version=2).already_held is False


def test_a_marker_follows_the_file_also_after_it_was_lost(put, place):
    file = "{folder: in, name: 'LD_{no}_{version}.xml', marker: '{name}.ok'}"
    put(file)
    assert names(place[1] / "in") == ["LD_N-1_1.xml", "LD_N-1_1.xml.ok"]
    (place[1] / "in/LD_N-1_1.xml.ok").unlink()
    assert put(file).already_held is True
    assert names(place[1] / "in") == ["LD_N-1_1.xml", "LD_N-1_1.xml.ok"]


def test_packed_files_are_the_same_bytes_for_the_same_record(put, place):
    zipped = "{folder: in, name: '{no}_{version}.zip', pack: zip, member: 'LD_{no}.xml', charset: utf-8}"
    gzipped = "{folder: in, name: '{no}_{version}.gz', pack: gzip}"
    assert (put(zipped).already_held, put(zipped).already_held) == (False, True)
    assert (put(gzipped).already_held, put(gzipped).already_held) == (False, True)
    declared = f'<?xml version="1.0" encoding="utf-8"?>\n{DOCUMENT}'.encode()
    with zipfile.ZipFile(io.BytesIO((place[1] / "in/N-1_1.zip").read_bytes())) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == {"LD_N-1.xml": declared}
    assert gzip.decompress((place[1] / "in/N-1_1.gz").read_bytes()) == declared


@pytest.mark.parametrize("no", ["../N", "a/b", "..", "a\x00b", "x" * 300])
def test_what_cannot_be_a_files_name_is_refused(put, place, no):
    error = put("{folder: in, name: '{no}', marker: '{key}'}".replace("'{no}'", "'{no}{version}'"), no=no)
    if no == "..":
        assert error.words == "in/..1"
        return
    assert isinstance(error, Malformed)
    assert not (place[1] / "in").exists() or names(place[1] / "in") == []


def test_a_folder_that_cannot_be_written_is_told(put, place):
    (place[1] / "in").write_text("a file")
    assert isinstance(put(), Misconfigured | Malformed)


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("{folder: /in, name: '{key}'}", "a folder beside"),
        ("{folder: ../in, name: '{key}'}", "a folder beside"),
        ("{folder: in, name: '{no}.xml'}", "{version} or {key}"),
        ("{folder: in, name: '{nr}{key}'}", "nothing fills {nr}"),
        ("{folder: in, name: '{key}', member: a}", "pack: zip"),
        ("{folder: in, name: '{key}', charset: gbx}", "no known charset"),
    ],
)
def test_what_is_declared_wrongly_is_told(adapter, file, words):
    with pytest.raises(ProblemsFound) as found:
        adapter(file)
    assert any(words in one.words for one in found.value.problems)
