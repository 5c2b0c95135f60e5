"""`kill -9` of the whole demo at any moment, and again on the same folder: the end is that of an undisturbed run."""

import json
import os
import random
import signal
import subprocess
import sys
from pathlib import Path
from select import select as polling

import orjson
import pytest
from sqlalchemy import select

from contract_tests.demo.progress import Bars
from contract_tests.demo.run import run
from gateway.settings import Settings
from gateway.store import records
from gateway.store.database import open_database
from gateway.store.tables import records as record_table

MANIFESTS, SEED = 60, 5
KILLS = 40 if os.environ.get("LIANDAN_TORTURE") else 5

pytestmark = pytest.mark.slow


def demo(folder: Path) -> subprocess.Popen[bytes]:
    options = ["--manifests", str(MANIFESTS), "--seed", str(SEED), "--keep", str(folder), "--json"]
    command = [sys.executable, "-m", "gateway.cli.main", "demo", *options]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)


def end_of(folder: Path) -> list[str]:
    """The content hashes of what is live. Which record_id a manifest has depends on who told of it first, once systems tell
    its national number late; what it says doesn't."""
    database = open_database(Settings(data=folder).database_url)
    with database.read() as conn:
        live = conn.scalars(select(record_table.c.record_id).where(record_table.c.merged_into.is_(None))).all()
        found = [orjson.loads(records.newest(conn, record_id))["content_hash"] for record_id in live]
    database.dispose()
    return sorted(found)


def left_running(folder: Path) -> list[int]:
    """Processes that name the folder on their command line."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = entry.read_bytes()
        except OSError:  # it ended while we looked
            continue
        if str(folder).encode() in words and int(entry.parent.name) != os.getpid():
            found.append(int(entry.parent.name))
    return found


def wait_for_end(pids: list[int]) -> None:
    for pid in pids:
        try:
            handle = os.pidfd_open(pid)
        except ProcessLookupError:
            continue
        try:
            assert polling([handle], [], [], 15)[0], f"{pid} outlives its demo"
        finally:
            os.close(handle)


def test_a_demo_killed_again_and_again_ends_like_one_that_was_not(tmp_path):
    undisturbed, killed = tmp_path / "undisturbed", tmp_path / "killed"
    calm = run(MANIFESTS, SEED, undisturbed, Bars(quiet=True))
    chance = random.Random(17)
    for _ in range(KILLS):
        process = demo(killed)
        try:
            process.wait(timeout=chance.uniform(0.8, 6.0))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
        process.communicate()
        wait_for_end(left_running(killed))
    process = demo(killed)
    told, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    result = json.loads(told)
    assert end_of(killed) == end_of(undisturbed)
    assert result["records"] == calm.as_json()["records"] == result["national"]["distinct"]
    assert result["national"]["duplicates_stored"] == 0 == result["national"]["order_violations"]
    assert result["deliveries"]["pending"] == 0 == result["deliveries"]["dead"]
    assert result["truth"]["values_different"] == 0
    counts = result["adapters"].values()
    assert all(one["pulled"] == one["accepted"] + one["unchanged"] + one["quarantined"] for one in counts)
    assert sum(one["quarantined"] for one in counts) == result["truth"]["damaged"]


def test_a_finished_folder_ends_again_with_the_same_records_and_another_seed_is_refused(tmp_path):
    first = run(20, 2, tmp_path / "kept", Bars(quiet=True)).as_json()
    again = run(20, 2, tmp_path / "kept", Bars(quiet=True)).as_json()
    assert again["records"] == first["records"]
    assert again["national"]["distinct"] == first["national"]["distinct"]
    assert again["national"]["duplicates_stored"] == 0
    assert sum(one["quarantined"] for one in again["adapters"].values()) == again["truth"]["damaged"]
    refused = subprocess.run(
        [sys.executable, "-m", "gateway.cli.main", "demo", "--manifests", "20", "--seed", "3", "--keep", str(tmp_path / "kept")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert refused.returncode == 2
    assert '"seed": 2' in refused.stderr
