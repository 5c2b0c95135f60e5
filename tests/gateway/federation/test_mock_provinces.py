"""The three mock provinces by one gateway into another: REST, XML within SOAP, XML in archives."""

import asyncio
import os
import time
from datetime import UTC, datetime

import pytest

from contract_tests.mocks import gd, js, tj
from contract_tests.world import World
from gateway.gateway import Gateway
from gateway.settings import Settings
from gateway.store import integrity
from tests.gateway.federation.conftest import records
from tests.gateway.federation.test_two_gateways import newest

MAKE = {"js": js.make, "tj": tj.make, "gd": gd.make}


@pytest.fixture
def first(servers, tmp_path):
    """A gateway that has pulled all three to their end."""
    environment = {}
    for name, make in MAKE.items():
        mock = make(World(5, 25), tmp_path / name, faults=False)
        mock.finish()
        environment |= servers.mock(mock)
    old = time.time() - 7200
    for path in (tmp_path / "gd").rglob("*"):
        os.utime(path, (old, old))
    settings = Settings(data=tmp_path / "first")
    with Gateway(settings, clock=lambda: datetime.now(UTC), environment=environment) as gateway:
        for name in MAKE:
            gateway.adapters.stage(name, "live", who="test", why="a test")
            assert asyncio.run(gateway.pull(name)).accepted > 0
        yield gateway


def test_all_their_claims_arrive_with_lineage_that_holds(first, opened, peer):
    """Each raw value is looked up in its payload on arrival: what comes through is proven."""
    south = peer(*opened(first), size=7)
    counts = south.pull()
    assert counts.quarantined == 0
    assert newest(south.gateway) == newest(first)
    assert {one["adapter"] for record in records(south.gateway) for one in record["claims"]} == set(MAKE)
    assert list(integrity.check(south.gateway.database, lambda part, count: None)) == []
    assert south.pull().pulled == 0
