"""`liandan serve` as a process of its own."""

import os
import signal
import socket
import subprocess
import sys
import threading
from importlib import import_module

import httpx
import pytest


@pytest.fixture
def serving(tmp_path, pack):
    """serving(arguments…) → a running `liandan serve`; whatever is left of it is ended afterwards."""
    started = []

    def start(*arguments):
        env = {name: value for name, value in os.environ.items() if not name.startswith("LIANDAN_")}
        env |= {"LIANDAN_DATA": str(tmp_path / "data"), "LIANDAN_PACKS": str(pack)}
        command = [sys.executable, "-m", "gateway.cli.main", "serve", *arguments]
        process = subprocess.Popen(command, env=env, cwd=tmp_path, stderr=subprocess.PIPE, text=True)
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stderr.close()


def said_until(process, words):
    """What the process says up to the line with `words`; killed, should it go silent before."""
    watchdog = threading.Timer(30, process.kill)
    watchdog.start()
    said = ""
    try:
        for line in process.stderr:
            said += line
            if words in line:
                return said
    finally:
        watchdog.cancel()
    raise AssertionError(said)


def address(process):
    """The base URL that the process says it serves at."""
    return said_until(process, "serves at").rsplit(maxsplit=1)[-1]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_and_ends_by_itself_when_told(serving, number):
    process = serving("--port", "0")
    base = address(process)
    assert httpx.get(f"{base}/healthz", trust_env=False).json() == {"status": "ok"}
    assert httpx.get(f"{base}/v1/changes", trust_env=False).status_code == 401
    process.send_signal(number)
    assert process.wait(20) == 0


def test_it_starts_though_adapters_lack_their_host_and_says_so(serving):
    said = said_until(serving("--port", "0"), "serves at")
    assert "adapter js is down" in said
    assert "LIANDAN_JS_URL" in said
    assert "adapter aa is down" not in said


def test_an_address_that_is_taken_is_told(serving):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = serving("--port", str(port))
        assert process.wait(30) == 2
    assert f"127.0.0.1:{port}" in process.stderr.read()


def test_a_second_one_on_the_same_sqlite_is_refused(serving):
    address(serving("--port", "0"))
    second = serving("--port", "0")
    assert second.wait(30) == 2
    assert "SQLite" in second.stderr.read()


HANGING = """\
driver: rest
base_url: http://127.0.0.1:{port}
datasets:
  manifests:
    title: 联单
    title_en: Manifests
    request: {{path: /m, query: {{since: "{{from}}", page: "{{page}}"}}}}
    paging: {{kind: keyset, rows: /rows}}
    cursor: {{row: /at, format: yyyy-MM-dd, start: 2026-01-01, overlap: 0s}}
    decode: [text:utf-8, json]
"""


def test_it_ends_in_the_middle_of_a_run_over_a_system_that_hangs(serving, pack, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as hanging:
        file = pack / "adapters/provinces/aa.yaml"
        head = file.read_text("utf-8").partition("driver:")[0]
        file.write_text(head + HANGING.format(port=hanging.getsockname()[1]), "utf-8")
        settings = import_module("gateway.settings").Settings(data=tmp_path / "data", packs=(pack,))
        with import_module("gateway.gateway").Gateway(settings) as gateway:
            gateway.adapters.stage("aa", "live", who="test", why="a test")
        process = serving("--port", "0")
        hanging.settimeout(30)
        connection, _ = hanging.accept()
        with connection:
            assert connection.recv(100).startswith(b"GET /m?")
            process.send_signal(signal.SIGTERM)
            assert process.wait(20) == 0
    assert "Traceback" not in process.stderr.read()


def test_a_client_that_hangs_doesnt_keep_it_from_ending(serving):
    process = serving("--port", "0")
    host, port = address(process).removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as line:
        whole = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
        line.sendall(whole + whole[:-2])
        assert line.recv(20).startswith(b"HTTP/1.1 200")  # so the half one that follows was read, too
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
