"""Each new province's own adapter against its mock: what it says of a wrong credential, and that a second run begins where the first ended."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import adapters
from adapters.errors import Denied
from adapters.load import load_adapter
from adapters.registry import open_adapter

PROVINCES = Path(adapters.__file__).parent / "provinces"
CODES = {"zj": "ZJ-401", "sh": "4011", "sc": "1"}
SECRETS = {"zj": "LIANDAN_ZJ_PASSWORD", "sh": "LIANDAN_SH_SECRET", "sc": "LIANDAN_SC_KEY"}


async def pulled(name, environment, cursor=None, clock=None):
    """(documents' texts, the last cursor)"""
    driver = open_adapter(load_adapter(PROVINCES / f"{name}.yaml"), environment, *([clock] if clock else []))
    texts = []
    try:
        async for exchange in driver.pull("manifests", cursor):
            decoded = driver.decode(exchange.payload, "manifests", exchange.headers, exchange.source_name)
            assert decoded.damaged == ()
            texts += [document.text for document in decoded.leaves]
            cursor = exchange.cursor or cursor
    finally:
        await driver.aclose()
    return texts, cursor


def pull(*given, **told):
    return asyncio.run(pulled(*given, **told))


@pytest.mark.parametrize("name", CODES)
def test_a_wrong_secret_is_denied_in_the_systems_own_words_and_never_shown(mock, name):
    with mock(name, "--no-faults", manifests=3) as system, pytest.raises(Denied) as denied:
        pull(name, system.environment | {SECRETS[name]: "planted-4f1c"})
    assert (denied.value.adapter, denied.value.code) == (name, CODES[name])
    assert "planted-4f1c" not in repr(denied.value) + str(denied.value)


@pytest.mark.parametrize("name", ["zj", "sh"])
def test_a_clock_that_is_wrong_is_denied(mock, name):
    with mock(name, "--no-faults", manifests=3) as system, pytest.raises(Denied):
        pull(name, system.environment, clock=lambda: datetime.now(UTC) - timedelta(minutes=10))


@pytest.mark.parametrize("name", CODES)
def test_the_next_run_asks_for_what_changed_since(mock, name):
    with mock(name, manifests=250) as system:
        first, cursor = pull(name, system.environment)
        assert len(first) > 2
        again, same = pull(name, system.environment, cursor)
        assert len(again) < len(first)
        system.finish()
        later, moved = pull(name, system.environment, same)
    assert later
    assert moved > cursor
