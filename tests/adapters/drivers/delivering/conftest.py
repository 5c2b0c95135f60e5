"""Records handed over to real systems that keep what they are given, and lose answers on purpose."""

import asyncio

import pytest

from adapters.errors import AdapterError
from adapters.registry import open_adapter
from adapters.sending import Outgoing


@pytest.fixture
def outgoing():
    """outgoing(version, …) → a manifest in a made-up system's own form."""

    def make(version=1, *, no="N-1", name="镕<&>\"'", text=None):
        values = {"no": no, "name": name, "rev": str(version)}
        plain = ",".join(f'"{key}":"{value}"' for key, value in values.items()).replace('<&>"', '<&>\\"')
        return Outgoing("manifest", "r-1", version, f"key-{no}-{version}", text or f"{{{plain}}}", values)

    return make


@pytest.fixture
def deliver():
    """deliver(spec, environment, outgoing, again=False) → the receipt, or the error it ended with."""

    async def go(spec, environment, outgoing, again, dataset):
        driver = open_adapter(spec, environment)
        try:
            return await driver.deliver(dataset, outgoing, again=again)
        except AdapterError as error:
            return error
        finally:
            await driver.aclose()

    def run(spec, environment, outgoing, *, again=False, dataset="manifests"):
        return asyncio.run(go(spec, environment, outgoing, again, dataset))

    return run
