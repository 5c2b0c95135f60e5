import asyncio
import contextlib
import json

import pytest

from gateway import keys
from gateway.api.app import create_app
from gateway.gateway import Gateway
from gateway.settings import Settings
from tests.gateway.conftest import Clock

ADAPTER = """\
id: {id}
title: 北方网关
title_en: The gateway of the north
driver: liandan
base_url: ${{PEER_URL}}
auth: {{send: {{Authorization: "Bearer ${{PEER_KEY}}"}}}}
gateway: {{size: {size}}}
datasets:
  claims: {{title: 申报, title_en: Claims}}
limits: {{connect: 2s, total: 10s, tries: 1}}
"""


class Peer:
    """A gateway that takes another one's claims."""

    def __init__(self, gateway, name):
        self.gateway, self.name = gateway, name

    def pull(self):
        return asyncio.run(self.gateway.pull(self.name))

    def probe(self):
        return {one.name: one for one in asyncio.run(self.gateway.probe(self.name))}

    def feed(self):
        """Each record version as (national number, version, content hash, claims)."""
        return [
            (one["content"].get("national_no"), one["version"], one["content_hash"], one["claims"])
            for one in records(self.gateway)
        ]


def records(gateway):
    from gateway.store import changes  # noqa: PLC0415

    with gateway.database.read() as conn:
        return [json.loads(envelope) for _, envelope in changes.page(conn, after=0, limit=1000)[0]]


@pytest.fixture
def peer(tmp_path):
    """peer(url, key) → an empty gateway that is connected to the one there, live."""
    with contextlib.ExitStack() as stack:

        def make(url, key, name="north", size=100, text=ADAPTER, packs=()):
            folder = tmp_path / f"{name}_pack"
            (folder / "adapters/provinces").mkdir(parents=True)
            (folder / f"adapters/provinces/{name}.yaml").write_text(text.format(id=name, size=size), "utf-8")
            settings = Settings(data=tmp_path / f"{name}_data", packs=(folder, *packs))
            clock = Clock()
            clock.at = clock.at.replace(hour=12)
            environment = {"PEER_URL": url, "PEER_KEY": key}
            gateway = stack.enter_context(Gateway(settings, clock=clock, environment=environment))
            gateway.adapters.stage(name, "live", who="test", why="a test")
            return Peer(gateway, name)

        yield make


@pytest.fixture
def opened(serve):
    """opened(gateway) → (its URL, a key of an auditor's)."""

    def serves(gateway):
        key = keys.create(gateway.database, "peer", "auditor", None, gateway.clock())
        return serve(create_app(gateway.database, gateway.settings)), key

    return serves
