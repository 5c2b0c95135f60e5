"""A worker in a process of its own, to be killed: `deliver.py DATABASE_URL TARGET_URL`; says "ready" when it starts."""

import asyncio
import sys
from contextlib import aclosing

from adapters.spec import TargetSpec
from adapters.targets.national import open_target
from gateway.clock import system_clock
from gateway.delivery.lane import Destination
from gateway.delivery.worker import Worker
from gateway.domain.backoff import Schedule
from gateway.domain.breaker import Patience
from gateway.store.database import open_database


def main(database: str, target: str) -> None:
    spec = TargetSpec(id="national", title="国家", title_en="National", driver="national", base_url="${URL}")
    destination = Destination(
        "national",
        lambda: aclosing(open_target(spec, {"URL": target}, system_clock)),
        batch=5,
        senders=3,
        attempt_s=0.5,
        schedule=Schedule(base=0.02, cap=0.2),
        patience=Patience(pause=0.02, longest=0.1),
    )
    opened = open_database(database)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    asyncio.run(Worker(opened, [destination], tick=0.1).run(until_empty=True))
    opened.dispose()


if __name__ == "__main__":
    main(*sys.argv[1:])
