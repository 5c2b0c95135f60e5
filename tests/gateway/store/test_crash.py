"""kill -9 between any two instructions of a commit: what is stored is whole pages, and going on gives the same end."""

import random
import subprocess
import sys
import time
from pathlib import Path

import orjson
import pytest

from gateway.domain.chain import GENESIS
from gateway.store import adapters, changes, deliveries, quarantine
from gateway.store.database import open_database

HERE = Path(__file__).parent
KILLS = 8


def run(url: str) -> subprocess.Popen[str]:
    command = [sys.executable, str(HERE / "committer.py"), url, str(HERE)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=HERE.parents[2])


def finish(url: str) -> None:
    with run(url) as process:
        process.communicate(timeout=60)
    assert process.returncode == 0


def state(url: str):
    """All that a reader or a target can see, without the times of writing."""
    database = open_database(url)
    with database.read() as conn:
        shown, _ = changes.page(conn, after=0, limit=100_000)
        envelopes = [orjson.loads(envelope) for _, envelope in shown]
        chain = conn.exec_driver_sql("SELECT previous_hash, hash, first_seq, last_seq FROM commits ORDER BY id").all()
        seen = (
            [
                (seq, one["record_id"], one["version"], one["change"], one["content_hash"])
                for (seq, _), one in zip(shown, envelopes, strict=True)
            ],
            adapters.tallies(conn),
            adapters.cursor(conn, "js", "manifests"),
            deliveries.counts(conn),
            [(one.place, one.times) for one in quarantine.rows(conn)],
            [(first, last) for _, _, first, last in chain],
        )
        orphans = conn.exec_driver_sql(
            "SELECT count(*) FROM contents WHERE id NOT IN (SELECT content FROM claim_versions) "
            "AND id NOT IN (SELECT content FROM record_versions)"
        ).scalar()
    database.dispose()
    assert orphans == 0
    assert [bytes(previous) for previous, *_ in chain] == [GENESIS, *(bytes(own) for _, own, *_ in chain)][: len(chain)]
    assert [seq for seq, _ in shown] == list(range(1, len(shown) + 1))
    return seen


@pytest.mark.slow
def test_killed_at_random_moments_it_ends_as_if_nothing_had_happened(new_url):
    undisturbed, killed = new_url(), new_url()
    finish(undisturbed)
    seed = random.randrange(10_000)
    rng = random.Random(seed)
    survived = 0
    for _ in range(KILLS):
        with run(killed) as process:
            assert process.stdout is not None
            for _ in range(rng.randint(1, 4)):
                process.stdout.readline()
            time.sleep(rng.random() * 0.02)
            process.kill()
        survived += process.returncode == 0
    finish(killed)
    assert state(killed) == state(undisturbed), f"seed {seed}"
    assert survived < KILLS
