import asyncio
from pathlib import Path

import pytest

import adapters
from adapters.load import load_adapter
from adapters.registry import open_adapter

OWN = Path(adapters.__file__).parent / "provinces"


class Pulled:
    """What one run gave: exchanges, the last cursor, the error that ended it."""

    def __init__(self) -> None:
        self.exchanges, self.cursor, self.error, self.decoded = [], None, None, []

    @property
    def damaged(self):
        return [one for decoded in self.decoded for one in decoded.damaged]

    def trees(self):
        yield from (document.tree for decoded in self.decoded for document in decoded.leaves)


async def _pull(spec, environment, cursor, dataset, stop_after, opened):
    driver, pulled = open_adapter(spec, environment, **opened), Pulled()
    pulled.cursor = cursor
    try:
        async for exchange in driver.pull(dataset, cursor):
            pulled.exchanges.append(exchange)
            pulled.decoded.append(driver.decode(exchange.payload, dataset, exchange.headers, exchange.source_name))
            pulled.cursor = exchange.cursor or pulled.cursor
            if len(pulled.exchanges) == stop_after:
                break
    except adapters.errors.AdapterError as error:
        pulled.error = error
    finally:
        await driver.aclose()
    return pulled


@pytest.fixture
def pull():
    def run(spec, environment, cursor=None, dataset="manifests", clock=None, stop_after=0, **opened):
        opened |= {"clock": clock} if clock else {}
        return asyncio.run(_pull(spec, environment, cursor, dataset, stop_after, opened))

    return run


@pytest.fixture
def own():
    """Our own adapter by name, with parts of its file replaced."""

    def load(name, tmp_path=None, **replaced):
        file = OWN / f"{name}.yaml"
        if not replaced:
            return load_adapter(file)
        text = file.read_text("utf-8")
        for old, new in replaced.pop("text", []):
            assert old in text
            text = text.replace(old, new)
        changed = tmp_path / f"{name}.yaml"
        changed.write_text(text, "utf-8")
        return load_adapter(changed, name=f"{name}.yaml")

    return load


@pytest.fixture
def probe():
    async def ask(spec, environment, dataset, clock):
        driver = open_adapter(spec, environment, **({"clock": clock} if clock else {}))
        try:
            return await driver.probe(dataset)
        finally:
            await driver.aclose()

    def run(spec, environment, dataset="manifests", clock=None):
        return asyncio.run(ask(spec, environment, dataset, clock))

    return run
