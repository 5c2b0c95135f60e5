"""F20: a target is down for a day, on a clock that runs 8,640 times as fast; then it gets all of it, in order."""

import time
from datetime import datetime, timedelta

import pytest

from canonical_schema.values.instant import CHINA
from gateway.domain.backoff import Schedule
from gateway.domain.breaker import Patience

DAY = timedelta(days=1)
START = datetime(2026, 3, 5, tzinfo=CHINA)


@pytest.mark.slow
def test_after_a_day_of_outage_the_backlog_arrives_in_order_and_the_day_cost_few_requests(
    owing, unruly, destination, deliver
) -> None:
    began = time.monotonic()

    def clock() -> datetime:
        return START + timedelta(seconds=(time.monotonic() - began) * 8640)

    asked: list[datetime] = []

    def down(_name: str, _key: str = "") -> str:
        asked.append(clock())
        return "503" if clock() < START + DAY else ""

    unruly.fault = down
    owing.owe([(str(number), version) for version in (1, 2, 3) for number in range(100)], at=START)
    lane = destination(
        batch=20,
        attempt_s=3600,
        schedule=Schedule(),
        patience=Patience(pause=60, longest=1800, probe=3600),
    )
    deliver(lane, seconds=60, clock=clock, tick=0.01)
    assert owing.counts()["delivered"] == 300
    assert all(unruly.versions_of(f"00000000-0000-5000-8000-{number:0>12}") == [1, 2, 3] for number in range(100))
    in_vain = [at for at in asked if at < START + DAY]
    # Five batches and those under way, then a probe every quarter to half an hour, some of them sooner at first.
    assert 20 <= len(in_vain) <= 120
    assert unruly.again == 0
