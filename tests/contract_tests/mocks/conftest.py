"""The mocks as they run in the demo: own processes on loopback."""

import json
import signal
import subprocess
import sys
from contextlib import contextmanager

import httpx
import pytest

START = "import typer; from contract_tests.mocks.command import mock; typer.run(mock)"


class Running:
    def __init__(self, process, told):
        self.process, self.url, self.environment = process, told["url"], told["environment"]
        self.http = httpx.Client(base_url=self.url, trust_env=False, timeout=10)

    def state(self):
        return self.http.get("/_mock/state").json()

    def finish(self):
        return self.http.post("/_mock/finish").json()


@contextmanager
def running(name, folder, *options, manifests=60, seed=7):
    told = ["--dir", str(folder), "--seed", str(seed), "--manifests", str(manifests), "--stop-with-stdin", *options]
    process = subprocess.Popen(
        [sys.executable, "-c", START, name, *told],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    with process:
        line = process.stdout.readline()
        if not line:
            pytest.fail(process.stderr.read().decode())
        mock = Running(process, json.loads(line))
        try:
            with mock.http:
                yield mock
        finally:
            process.send_signal(signal.SIGKILL)


@pytest.fixture
def mock(tmp_path):
    """`with mock("js", manifests=60) as m`: every call starts the same folder again."""
    return lambda name, *options, **told: running(name, tmp_path / name, *options, **told)
