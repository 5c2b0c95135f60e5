import json
from dataclasses import dataclass
from typing import Any

import pytest

from gateway.cli.main import run


@dataclass
class Said:
    """What a command line led to."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def liandan(tmp_path, monkeypatch, capfd):
    """liandan(arguments…) → what the command said, run in this process with a data folder of the test's own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LIANDAN_DATA", str(tmp_path / "data"))
    for name in ("LIANDAN_DATABASE", "LIANDAN_PACKS"):
        monkeypatch.delenv(name, raising=False)

    def command(*arguments):
        capfd.readouterr()
        code = run([str(one) for one in arguments])
        told = capfd.readouterr()
        return Said(code, told.out, told.err)

    return command


@pytest.fixture
def with_pack(liandan, pack, monkeypatch):
    """The same, with the made-up provinces loaded and live."""
    monkeypatch.setenv("LIANDAN_PACKS", str(pack))
    for name in ("aa", "bb"):
        assert liandan("adapters", "stage", name, "live", "--reason", "a test").code == 0
    return liandan
