"""Two made-up provinces, as a pack of files, and a gateway in which their manifests lie. Nothing of it is a stand-in:
the pages go the whole way from bytes to commit. The parts are imported where a fixture needs them, so that tests of
one part don't load all others."""

import contextlib
import json
import socket
import threading
from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest

ADAPTER = """\
id: {id}
division: "{division}"
title: 某省
title_en: A province
driver: file
datasets:
  manifests:
    title: 联单
    title_en: Manifests
    decode: [text:utf-8, json]
"""

MAPPING = """\
kind: manifest
standard: 1.0-rc
system: {id}
document: json
times: yyyy-MM-dd HH:mm
zone: Asia/Shanghai
records: rows
key: key
newer: changed
fields:
  national_no: no
  local_numbers:
    - system: {{const: {id}}}
      number: key
  status: {{from: state, lookup: {{"1": declared, "2": completed, "9": voided}}}}
  planned_at: planned
  void: {{at: voided, reason: why}}
  backfill: {{filed_at: filed}}
  consignor: {{name: from, handed_over_at: handed}}
  wastes:
    each: wastes
    fields:
      name: name
      quantity_t: {{from: kg, unit: kg}}
  legs:
    each: legs
    fields:
      carrier: {{name: who}}
      departed_at: out
      arrived_at: in
      handover: {{at: over}}
  consignee: {{name: to, received_at: got, confirmed_at: sure}}
"""

NUMBER = "20263201000001"
OTHER = "20263201000002"


def row(key, **more):
    """A manifest as the made-up systems write it."""
    return {
        "key": key,
        "changed": "1",
        "from": "甲化工厂",
        "planned": "2026-03-01 08:00",
        "wastes": [{"name": "废油", "kg": 1250.50}],
    } | more


FULL = row(
    "A-1",
    no=NUMBER,
    state="2",
    handed="2026-03-02 08:00",
    legs=[
        {"who": "一号运输", "out": "2026-03-02 09:00", "in": "2026-03-02 12:00", "over": "2026-03-02 12:30"},
        {"who": "二号运输", "out": "2026-03-02 13:00", "in": "2026-03-02 18:00"},
    ],
    to="乙处置厂",
    got="2026-03-02 19:00",
    sure="2026-03-03 10:00",
)


class Clock:
    """Goes a second on at every look."""

    def __init__(self):
        self.at = datetime(2026, 3, 5, tzinfo=UTC)

    def __call__(self):
        self.at += timedelta(seconds=1)
        return self.at


@pytest.fixture
def pack(tmp_path):
    folder = tmp_path / "pack"
    for name, division in (("aa", "32"), ("bb", "44")):
        adapters, mappings = folder / "adapters/provinces", folder / f"mappings/provinces/{name}"
        adapters.mkdir(parents=True, exist_ok=True)
        mappings.mkdir(parents=True)
        (adapters / f"{name}.yaml").write_text(ADAPTER.format(id=name, division=division), "utf-8")
        (mappings / "manifests.yaml").write_text(MAPPING.format(id=name), "utf-8")
    return folder


@pytest.fixture
def page(tmp_path):
    """page(name, rows…) → a file as those systems hand it over."""

    def write(name, *rows):
        file = tmp_path / name
        file.write_text(json.dumps({"rows": rows}, ensure_ascii=False), "utf-8")
        return file

    return write


@pytest.fixture
def gateway(tmp_path, pack):
    """An empty gateway with both provinces live."""
    settings = import_module("gateway.settings").Settings(data=tmp_path / "data", packs=(pack,))
    with import_module("gateway.gateway").Gateway(settings, clock=Clock(), environment={}) as opened:
        for name in ("aa", "bb"):
            opened.adapters.stage(name, "live", who="test", why="a test")
        yield opened


@pytest.fixture
def filled(gateway, page):
    """Manifest NUMBER, known to both provinces, which differ on the quantity; OTHER in two versions; one refused."""
    gateway.ingest("aa", "manifests", [page("first.json", FULL, row("A-2", no=OTHER), row("A-3", wastes=[]))])
    receipt = {name: FULL[name] for name in ("to", "got", "sure")}
    late = row("B-7", no=NUMBER, wastes=[{"name": "废油", "kg": 1200}], **receipt)
    gateway.ingest("bb", "manifests", [page("second.json", late)])
    voided = row("A-2", no=OTHER, changed="2", state="9", voided="2026-03-04 10:00", why="填写错误")
    voided["filed"] = "2026-03-04 11:00"
    gateway.ingest("aa", "manifests", [page("third.json", voided)])
    return gateway


@pytest.fixture
def serve():
    """serve(application) → base URL of a real server on loopback that runs until the test ends."""
    with contextlib.ExitStack() as stack:
        yield lambda app: stack.enter_context(_running(app))


@contextlib.contextmanager
def _running(app):
    uvicorn = import_module("uvicorn")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture
def connected(serve, tmp_path, pack):
    """connected(adapter, mapping, application) → a gateway in which `aa` is that adapter, live, asking that application."""
    with contextlib.ExitStack() as stack:

        def make(adapter, mapping, application):
            (pack / "adapters/provinces/aa.yaml").write_text(adapter, "utf-8")
            (pack / "mappings/provinces/aa/manifests.yaml").write_text(mapping, "utf-8")
            settings = import_module("gateway.settings").Settings(data=tmp_path / "data", packs=(pack,))
            kind, environment = import_module("gateway.gateway").Gateway, {"AA_URL": serve(application)}
            gateway = stack.enter_context(kind(settings, environment=environment))
            gateway.adapters.stage("aa", "live", who="test", why="a test")
            return gateway

        yield make


@pytest.fixture
def proved():
    """proved(gateway, no) → the one claim of a record with its lineage, after the checker that imports nothing of ours has
    derived it again from the bytes."""

    def claim_of(gateway, no):
        exact = import_module("msgspec").json.Decoder(float_hook=import_module("decimal").Decimal)
        read = import_module("gateway.read.lineage").lineage
        encode, resolve = import_module("gateway.read.answer").encode, import_module("gateway.read.manifests").resolve
        with gateway.database.read() as conn:
            told = exact.decode(encode(read(conn, resolve(conn, no), documents=True, with_payloads=True)))
        payloads = {name: import_module("base64").b64decode(one) for name, one in told["payloads"].items()}
        (claim,) = told["claims"]
        assert import_module("contract_tests.lineage_check").claim_faults(claim, payloads) == []
        return claim

    return claim_of


@pytest.fixture
def set_apart():
    """set_apart(gateway) → (place, state) of everything in quarantine."""

    def entries(gateway):
        with gateway.database.read() as conn:
            return [(one.place, one.state) for one in import_module("gateway.store.quarantine").rows(conn)]

    return entries
