"""What `serve` keeps running beside the API."""

import asyncio

from gateway.service import keep_delivering


class Failing:
    """A worker whose first runs end as a lane's defect ends them."""

    def __init__(self, failures):
        self.failures, self.runs = failures, 0

    async def run(self):
        self.runs += 1
        if self.runs <= self.failures:
            raise ExceptionGroup("unhandled errors in a TaskGroup", [ConnectionError("the database is away")])


def test_delivery_begins_anew_after_a_defect_and_ends_when_it_is_stopped(caplog):
    worker = Failing(2)
    asyncio.run(keep_delivering(worker, pause=0))
    assert worker.runs == 3
    assert caplog.text.count("begins anew") == 2
