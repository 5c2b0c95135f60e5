"""How a mock starts and ends."""

import json
import signal
import subprocess
import sys
import textwrap

import httpx
import pytest
import typer
from typer.testing import CliRunner

from contract_tests.mocks.command import mock as command


def app():
    found = typer.Typer()
    found.command()(command)
    return found


@pytest.mark.parametrize("name", ["js", "national"])
def test_it_ends_when_standard_input_closes(mock, name):
    with mock(name, manifests=2) as system:
        system.process.stdin.close()
        assert system.process.wait(timeout=10) == 0


def test_no_mock_outlives_a_parent_that_was_killed(tmp_path):
    parent = textwrap.dedent(f"""
        import signal, subprocess, sys
        start = "import typer; from contract_tests.mocks.command import mock; typer.run(mock)"
        command = [sys.executable, "-c", start, "js", "--dir", {str(tmp_path)!r}, "--manifests", "2", "--stop-with-stdin"]
        child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        print(child.stdout.readline().decode(), flush=True)
        signal.pause()
    """)
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen([sys.executable, "-c", parent], **pipes) as process:
        url = json.loads(process.stdout.readline())["url"]
        assert httpx.get(f"{url}/_mock/state", trust_env=False).json()["mock"] == "js"
        process.kill()
        # the mock has inherited the parent's stderr, whose end is reached when both are gone
        process.communicate(timeout=10)
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{url}/_mock/state", trust_env=False)


def test_it_ends_on_sigterm(mock):
    with mock("tj", manifests=2) as system:
        system.process.terminate()
        assert system.process.wait(timeout=10) in {0, -signal.SIGTERM}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["xx"], "js, tj, gd, zj, sh, sc, national"),
        (["js", "--manifests", "-1"], "999,999"),
    ],
)
def test_a_wrong_start_ends_with_2_and_says_why(tmp_path, arguments, words):
    told = CliRunner().invoke(app(), [*arguments, "--dir", str(tmp_path)])
    assert told.exit_code == 2
    assert words in told.output


def test_a_folder_of_another_world_is_refused(mock, tmp_path):
    with mock("js", manifests=3) as system:
        system.http.post("/_mock/finish")
    told = CliRunner().invoke(app(), ["js", "--dir", str(tmp_path / "js"), "--manifests", "4"])
    assert (told.exit_code, "another world" in told.output) == (2, True)


def test_a_taken_port_is_said(mock, tmp_path):
    with mock("js", manifests=2) as system:
        port = system.url.rpartition(":")[2]
        told = CliRunner().invoke(app(), ["js", "--dir", str(tmp_path / "second"), "--manifests", "2", "--port", port])
    assert (told.exit_code, port in told.output) == (2, True)
