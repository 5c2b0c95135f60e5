"""F1, F9: killed at random moments while the target loses answers; in the end each version is there once, in order."""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

KILLS = 200 if os.environ.get("LIANDAN_TORTURE") else 10
SEED = 20260305


def start(owing, unruly) -> subprocess.Popen:
    script = Path(__file__).with_name("deliver.py")
    return subprocess.Popen([sys.executable, str(script), owing.url, unruly.url], stdout=subprocess.PIPE, text=True)


@pytest.mark.slow
def test_kill_9_at_random_moments_loses_nothing_and_sends_nothing_twice(owing, unruly) -> None:
    dice = random.Random(SEED)
    records = 60 * KILLS
    everything = [(str(number), version) for version in (1, 2, 3) for number in range(records)]
    owing.owe(everything)
    unruly.pause = 0.015
    unruly.seeded = lambda key, count: "503" if count == 0 and int(key[:2], 16) < 25 else ""
    unruly.faults["batch"] = [dice.choice(["", "", "", "drop", "503", "429 0"]) for _ in range(records)]
    killed_at_work = 0
    for _ in range(KILLS):
        with start(owing, unruly) as worker:
            assert worker.stdout is not None
            assert worker.stdout.readline() == "ready\n"
            time.sleep(dice.uniform(0.02, 0.4))
            killed_at_work += worker.poll() is None
            worker.kill()
    assert killed_at_work == KILLS, "there was work left at every kill"
    with start(owing, unruly) as last:
        assert last.wait(300) == 0
    counts = owing.counts()
    assert (counts["delivered"], counts["dead"], counts["pending"]) == (len(everything), 0, 0)
    assert sorted(unruly.arrivals) == sorted({(f"00000000-0000-5000-8000-{name:0>12}", v) for name, v in everything})
    assert (unruly.out_of_order, unruly.mixed) == (0, 0)
    assert unruly.again > 0, "some answers were lost and the versions were asked for again"
    assert all(len(places) == 1 for places in unruly.keys.values())
    print(f"seed {SEED}, {KILLS} kills, {len(everything)} owed, {unruly.again} asked again: 0 lost, 0 twice")  # noqa: T201 - a figure to quote
