import asyncio
import threading
from importlib import import_module

import pytest

TARGET = """\
id: ministry
title: 国家系统
title_en: National system
driver: national
base_url: ${LIANDAN_TEST_MINISTRY}
"""

ROW = {"key": "A-1", "changed": "1", "from": "甲化工厂", "wastes": [{"name": "废油", "kg": 1}]}


def ministry(held):
    """A national system that takes everything and remembers it."""
    responses, routing, applications = (
        import_module(f"starlette.{one}") for one in ("responses", "routing", "applications")
    )

    async def one(request):
        held.append(await request.json())
        return responses.JSONResponse({}, 201)

    async def batch(request):
        records = (await request.json())["records"]
        held.extend(one["record"] for one in records)
        results = [{"idempotency_key": one["idempotency_key"], "status": 201} for one in records]
        return responses.JSONResponse({"results": results})

    return applications.Starlette(
        routes=[
            routing.Route("/records/{kind}/{record}/versions/{version}", one, methods=["PUT"]),
            routing.Route("/records:batch", batch, methods=["POST"]),
        ]
    )


@pytest.fixture
def pack(pack):
    (pack / "adapters/targets").mkdir()
    (pack / "adapters/targets/ministry.yaml").write_text(TARGET, "utf-8")
    return pack


def counts(gateway):
    with gateway.database.read() as conn:
        rows = import_module("gateway.store.deliveries").rows(conn, target="ministry")
    return sorted(row.state for row in rows)


def test_an_adapter_that_leaves_shadow_is_read_from_the_beginning(gateway):
    datasets = import_module("gateway.store.datasets")

    def cursor(*stages):
        with gateway.database.write() as conn:
            number = datasets.lock(conn, "aa", "manifests")
            datasets.advance(conn, number, import_module("gateway.domain.counts").Counts(), '{"from":"5"}')
        for stage in stages:
            gateway.adapters.stage("aa", stage, who="test", why="a test")
        with gateway.database.read() as conn:
            return datasets.cursor(conn, "aa", "manifests")

    assert cursor("suspended", "live") == '{"from":"5"}'
    assert cursor("shadow") == '{"from":"5"}'
    assert cursor("live") is None


def test_every_record_version_is_owed_to_all_targets_also_one_that_is_down(gateway, page):
    gateway.ingest("aa", "manifests", [page("a.json", ROW)])
    assert "ministry" in {target.id for target in gateway.targets}
    asyncio.run(gateway.worker().run(until_empty=True))
    assert counts(gateway) == ["pending"]


def test_what_was_owed_goes_out_once_the_target_has_its_address(gateway, page, serve):
    held = []
    gateway.ingest("aa", "manifests", [page("a.json", ROW, ROW | {"key": "A-2"})])
    gateway.environment["LIANDAN_TEST_MINISTRY"] = serve(ministry(held))
    asyncio.run(gateway.worker().run(until_empty=True))
    assert counts(gateway) == ["delivered", "delivered"]
    assert sorted(one["claims"][0]["source_key"] for one in held) == ["A-1", "A-2"]


def test_a_commit_wakes_the_worker(gateway, page, serve, monkeypatch):
    held, rested = [], threading.Event()
    gateway.environment["LIANDAN_TEST_MINISTRY"] = serve(ministry(held))
    ledger = import_module("gateway.delivery.ledger").Ledger
    really = ledger.turn

    async def turn(self, *args, **more):
        told = await really(self, *args, **more)
        rested.set()
        return told

    monkeypatch.setattr(ledger, "turn", turn)

    async def run():
        worker = gateway.worker()
        worker._tick = 3600
        running = asyncio.create_task(worker.run())
        await asyncio.to_thread(rested.wait, 10)
        await asyncio.to_thread(gateway.ingest, "aa", "manifests", [page("a.json", ROW)])
        async with asyncio.timeout(10):
            while not held:  # noqa: ASYNC110 - what is waited for happens in another thread
                await asyncio.sleep(0.01)
        worker.stop()
        await running

    asyncio.run(run())
    assert counts(gateway) == ["delivered"]


def test_a_claim_names_a_mapping_that_is_kept(gateway, page):
    gateway.ingest("aa", "manifests", [page("a.json", ROW)])
    mappings = import_module("gateway.store.tables").mappings
    program = gateway.programs.program("aa", "manifests")
    with gateway.database.read() as conn:
        (stored,) = conn.execute(mappings.select()).all()
    assert stored.hash.hex() == program.hash
    assert (stored.adapter, stored.dataset, stored.text) == ("aa", "manifests", program.text)


def test_nothing_is_opened_before_it_is_needed(tmp_path):
    settings = import_module("gateway.settings").Settings(data=tmp_path / "data")
    with import_module("gateway.gateway").Gateway(settings):
        pass
    assert not (tmp_path / "data").exists()
