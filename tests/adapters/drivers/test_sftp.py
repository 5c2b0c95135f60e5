"""Driver `xml_drop` against a real SFTP server."""

import asyncio
import os
import socket
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncssh
import pytest

from adapters.errors import Denied, Malformed, Misconfigured, Unreachable
from adapters.load import load_adapter
from adapters.registry import open_adapter
from canonical_schema.problem import ProblemsFound
from tests.adapters.drivers.sftp_server import PASSWORD, USER_KEY, served

ADAPTER = """\
id: xx
title: 文件
title_en: Files
driver: xml_drop
sftp:
  host: 127.0.0.1
  port: {port}
  folder: /out
  user: gw
  {credential}
  {check}
datasets:
  manifests:
    title: 联单
    title_en: Manifests
    files: "*.xml"
    decode: ["text:gb18030", xml]
limits: {{read: 2s, connect: 2s, tries: 2}}
"""
SECRETS = {"XX_PASSWORD": PASSWORD}


def later():
    return datetime.now(UTC) + timedelta(hours=1)


@pytest.fixture
def house(tmp_path):
    (tmp_path / "root" / "out").mkdir(parents=True)
    with served(tmp_path / "root") as house:
        yield house


@pytest.fixture
def adapter(house, tmp_path):
    def made(text="", credential="password: ${XX_PASSWORD}", check=None, **more):
        declared = ADAPTER.format(
            port=more.get("port", house.port), credential=credential, check=check or f"host_key: {house.fingerprint}"
        )
        for old, new in more.get("replaced", []):
            assert old in declared
            declared = declared.replace(old, new)
        (tmp_path / "xx.yaml").write_text(declared + text, "utf-8")
        return load_adapter(tmp_path / "xx.yaml", name="xx.yaml")

    return made


def put(house, name, *numbers):
    body = '<?xml version="1.0" encoding="GB2312"?><表>' + "".join(f"<行>{one}</行>" for one in numbers) + "</表>"
    (house.folder / "out" / name).write_bytes(body.encode("gb18030"))


def rows(pulled):
    return [row.text for tree in pulled.trees() for row in tree]


def test_files_come_over_sftp_and_only_once(house, adapter, pull):
    put(house, "a.xml", "镕1")
    put(house, "b.xml", "2", "3")
    (house.folder / "out" / "b.txt").write_text("x")
    (house.folder / "out" / "c.xml").mkdir()
    (house.folder / "out" / "d.xml").symlink_to(house.folder / "out" / "a.xml")
    first = pull(adapter(), SECRETS, clock=later)
    assert first.error is None
    assert rows(first) == ["镕1", "2", "3"]
    assert [one.source_name for one in first.exchanges] == ["a.xml", "b.xml"]
    assert first.exchanges[0].payload.body == (house.folder / "out" / "a.xml").read_bytes()
    handed_out = house.reads
    assert pull(adapter(), SECRETS, first.cursor, clock=later).exchanges == []
    assert house.reads == handed_out
    put(house, "a.xml", "1", "4")
    assert rows(pull(adapter(), SECRETS, first.cursor, clock=later)) == ["1", "4"]


@pytest.mark.parametrize("phrase", [None, "a long phrase"])
def test_a_private_key_lets_in(house, adapter, pull, tmp_path, phrase):
    put(house, "a.xml", "1")
    file = tmp_path / "key"
    file.write_bytes(USER_KEY.export_private_key(passphrase=phrase))
    credential = f"key: file:{file}" + ("\n  passphrase: ${PHRASE}" if phrase else "")
    assert rows(pull(adapter(credential=credential), {"PHRASE": phrase or ""}, clock=later)) == ["1"]


def test_a_key_that_is_none_is_misconfigured(adapter, pull):
    pulled = pull(adapter(credential="key: ${KEY}"), {"KEY": "no key at all"})
    assert isinstance(pulled.error, Misconfigured)
    assert "sftp.key can't be used" in pulled.error.words
    assert "no key at all" not in str(pulled.error)


def test_known_hosts_are_believed(house, adapter, pull, tmp_path):
    put(house, "a.xml", "1")
    (tmp_path / "known").write_text(house.known_hosts, "utf-8")
    assert rows(pull(adapter(check=f"known_hosts: file:{tmp_path / 'known'}"), SECRETS, clock=later)) == ["1"]


def test_another_host_key_is_refused_before_any_credential_is_shown(house, adapter, pull, tmp_path):
    put(house, "a.xml", "1")
    other = asyncssh.generate_private_key("ssh-ed25519")
    (tmp_path / "known").write_text(f"[127.0.0.1]:{house.port} {other.export_public_key().decode()}", "utf-8")
    for check in (f"host_key: {other.get_fingerprint('sha256')}", f"known_hosts: file:{tmp_path / 'known'}"):
        pulled = pull(adapter(check=check), SECRETS, clock=later)
        assert isinstance(pulled.error, Misconfigured)
        assert pulled.exchanges == []
        assert house.fingerprint.rstrip("=") in pulled.error.words


def test_a_wrong_password_is_denied_and_never_told(adapter, pull, probe):
    wrong = {"XX_PASSWORD": "wrong-password"}
    pulled = pull(adapter(), wrong)
    assert isinstance(pulled.error, Denied)
    assert "wrong-password" not in str(pulled.error)
    found = probe(adapter(), wrong)
    assert isinstance(found.error, Denied)
    assert found.answered is not None
    assert (found.signing_in, "wrong-password" in str(found.error)) == (True, False)
    well = probe(adapter(), SECRETS)
    assert (well.error, well.rows, well.exchange) == (None, 0, None)


def test_a_look_moves_nothing(house, adapter, probe):
    put(house, "a.xml", "1")
    moving = adapter(replaced=[('"*.xml"', '"*.xml"\n    after: {done: kept}')])
    told = probe(moving, SECRETS, clock=later)
    assert (told.error, told.rows, told.exchange.source_name) == (None, None, "a.xml")
    assert told.exchange.payload.body == (house.folder / "out" / "a.xml").read_bytes()
    assert [path.name for path in (house.folder / "out").iterdir()] == ["a.xml"]


def test_who_can_not_be_reached_is_told(adapter, pull, probe):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        spec = adapter(port=closed.getsockname()[1])
        assert isinstance(pull(spec, SECRETS).error, Unreachable)
        found = probe(spec, SECRETS)
        assert isinstance(found.error, Unreachable)
        assert found.answered is None


def test_the_outbound_guard_holds_for_sftp_too(adapter, pull):
    for host, words in (("${H}", "this machine itself"), ("${M}", "link-local")):
        spec = adapter(replaced=[("host: 127.0.0.1", f"host: {host}")])
        pulled = pull(spec, {**SECRETS, "H": "127.1", "M": "169.254.169.254"})
        assert isinstance(pulled.error, Misconfigured)
        assert words in pulled.error.words


def test_a_missing_folder_is_told(adapter, pull):
    pulled = pull(adapter(replaced=[("folder: /out", "folder: /none")]), SECRETS)
    assert isinstance(pulled.error, Misconfigured)
    assert "the folder can't be read" in pulled.error.words
    assert "/none" in pulled.error.where


def test_a_line_that_is_cut_is_taken_up_again(house, adapter, pull):
    put(house, "a.xml", *("1" * 1000 for _ in range(2000)))
    put(house, "b.xml", "2")
    house.cut = 300_000
    pulled = pull(adapter(), SECRETS, clock=later)
    assert pulled.error is None
    assert len(rows(pulled)) == 2001
    assert house.logins == 2


def test_a_silent_server_ends_the_run_and_what_came_stands(house, adapter, pull):
    put(house, "a.xml", "1")
    house.silent = True
    pulled = pull(adapter(replaced=[("read: 2s", "read: 1s")]), SECRETS, clock=later)
    assert isinstance(pulled.error, Unreachable)
    assert pulled.cursor is None


def test_a_server_that_never_begins_is_given_up(adapter, pull):
    with socket.create_server(("127.0.0.1", 0)) as mute:
        spec = adapter(port=mute.getsockname()[1], replaced=[("read: 2s", "read: 1s"), ("tries: 2", "tries: 1")])
        assert isinstance(pull(spec, SECRETS).error, Unreachable)


def test_no_secret_is_told_or_kept(house, adapter, pull, caplog):
    put(house, "a.xml", "1")
    pulled = pull(adapter(), SECRETS, clock=later)
    assert PASSWORD not in repr(pulled.exchanges) + caplog.text
    for spec in (adapter(replaced=[("folder: /out", "folder: /none")]), adapter(check="host_key: SHA256:" + "A" * 43)):
        assert PASSWORD not in str(pull(spec, SECRETS).error)


def test_a_file_that_grows_while_it_is_read_waits(house, adapter, pull):
    put(house, "a.xml", "1")
    driver = open_adapter(adapter(), SECRETS, later)

    async def run():
        source = driver._source()
        (entry,) = await source.entries()
        put(house, "a.xml", "1", "2")
        with pytest.raises(Malformed):
            async with source.opened(entry):
                pass
        await driver.aclose()

    asyncio.run(run())


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("  host: 127.0.0.1", "  host: 169.254.169.254", "may not be called: link-local"),
        ("  host: 127.0.0.1", "  host: 'https://a'", "a host's name is needed here"),
        ("  password: ${XX_PASSWORD}", "", "needs 'password' or 'key'"),
        ("  password: ${XX_PASSWORD}", "  password: plain", "a secret is named here"),
        ("  password: ${XX_PASSWORD}", "  password: ${P}\n  passphrase: ${P}", "a passphrase is for a 'key'"),
        ("SHA256:", "MD5:", "a fingerprint as ssh-keygen -lf writes it"),
        ("  port: ", "  port: 9", "port"),
        ("driver: xml_drop", "driver: xml_drop\nfolder: /x", "either 'folder' or 'sftp'"),
        ("driver: xml_drop", "driver: xml_drop\nproxy: http://a", "SFTP goes through no proxy"),
        ("  user: gw", "  user: gw\n  names: gbx", "'gbx' is no known charset"),
    ],
)
def test_what_is_wrong_in_the_file_is_told_with_its_place(adapter, old, new, words):
    with pytest.raises(ProblemsFound) as found:
        adapter(replaced=[(old, new)])
    (problem,) = found.value.problems
    assert words in problem.words
    assert problem.line > 1


def test_a_host_without_any_check_is_refused(adapter):
    with pytest.raises(ProblemsFound) as found:
        adapter(check="names: utf-8")
    assert "needs 'host_key' or 'known_hosts'" in found.value.problems[0].words


def test_file_names_may_be_gbk(house, adapter, pull):
    body = "<表><行>1</行></表>".encode("gb18030")
    Path(os.fsdecode(bytes(house.folder / "out") + b"/" + "联单.xml".encode("gbk"))).write_bytes(body)
    (exchange,) = pull(
        adapter(replaced=[("  user: gw", "  user: gw\n  names: gb18030")]), SECRETS, clock=later
    ).exchanges
    assert exchange.source_name == "联单.xml"


def test_without_asyncssh_it_says_what_to_install(adapter, pull, monkeypatch):
    monkeypatch.setitem(sys.modules, "adapters.drop.sftp", None)
    error = pull(adapter(), SECRETS).error
    assert isinstance(error, Misconfigured)
    assert "pip install 'liandan-gateway[sftp]'" in error.words
