"""A record of one province handed over to another system, in that one's own form, through the whole gateway."""

import json
import textwrap

import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

from contract_tests.mocks.servers import Dropped

NUMBER = "20263201000001"
ROW = {"key": "A-1", "no": NUMBER, "changed": "1", "from": "甲化工厂", "wastes": [{"name": "废油", "kg": 1250.50}]}
TARGET = """\
id: cc
title: 对方
title_en: The other side
driver: rest
base_url: ${CC_URL}
hosts: ["127.0.0.1"]
answer: {code: /code, success: 0, words: /msg}
limits: {tries: 1}
datasets:
  manifests:
    title: 联单
    title_en: Manifests
    decode: ["text:utf-8", json]
    send:
      request: {method: POST, path: /in, headers: {Idempotency-Key: "{key}"}, json: {data: "{content}"}}
      fields: {no: /no}
      held:
        request: {path: "/in/{no}"}
        answer: {code: /code, success: 0, empty_status: [404]}
        same: {/data/rev: version}
"""
OUT = """\
kind: manifest
standard: 1.0-rc
system: cc
to: json
fields:
  no: national_no
  rev: {from: /version, as: text}
  firm: consignor/name
  wastes: {each: wastes, fields: {name: name, tonnes: quantity_t}}
"""


@pytest.fixture
def other(servers, pack, monkeypatch):
    """The other system, connected by two files more in the pack: what it holds, and whether its next answer gets lost."""
    (pack / "adapters/provinces/cc.yaml").write_text(TARGET, "utf-8")
    out = pack / "mappings/provinces/cc/out"
    out.mkdir(parents=True)
    (out / "manifests.yaml").write_text(textwrap.dedent(OUT), "utf-8")
    held, keys, lose = {}, [], []

    async def take(request):
        data = json.loads(await request.body())["data"]
        held[data["no"]] = data
        keys.append(request.headers["idempotency-key"])
        return lose.pop() if lose else JSONResponse({"code": 0, "msg": "已接收"})

    async def tell(request):
        found = held.get(request.path_params["no"])
        return JSONResponse({"code": 0, "data": found}) if found else JSONResponse({"code": 1}, 404)

    monkeypatch.setenv(
        "CC_URL", servers.app(Starlette(routes=[Route("/in", take, methods=["POST"]), Route("/in/{no}", tell)]))
    )
    return held, keys, lose


@pytest.fixture
def ready(other, with_pack, page):
    assert with_pack("adapters", "check", "cc").code == 0
    assert with_pack("adapters", "stage", "cc", "live", "--reason", "a test").code == 0
    assert with_pack("ingest", "aa", "manifests", page("a.json", ROW)).code == 0
    return with_pack


def test_the_record_arrives_in_the_others_form_once(ready, other):
    held, keys, _ = other
    said = ready("adapters", "send", "cc", "manifests", NUMBER, "--json")
    assert (said.code, said.json["already_held"], said.json["words"]) == (0, False, "已接收")
    assert held[NUMBER] == {
        "no": NUMBER,
        "rev": "1",
        "firm": "甲化工厂",
        "wastes": [{"name": "废油", "tonnes": "1.2505"}],
    }
    again = ready("adapters", "send", "cc", "manifests", NUMBER, "--json").json
    assert (again["already_held"], again["key"]) == (True, said.json["key"])
    assert keys == [said.json["key"]]


def test_a_lost_answer_is_told_and_then_found_out(ready, other):
    _, keys, lose = other
    lose.append(Dropped())
    said = ready("adapters", "send", "cc", "manifests", NUMBER)
    assert (said.code, said.out) == (1, "")
    assert "unreachable" in said.err
    assert "already" in ready("adapters", "send", "cc", "manifests", NUMBER).out
    assert len(keys) == 1


def test_a_dry_run_shows_the_document_and_sends_nothing(ready, other):
    said = ready("adapters", "send", "cc", "manifests", NUMBER, "--dry-run")
    assert json.loads(said.out)["no"] == NUMBER
    assert other[0] == {}


def test_what_cannot_be_sent_is_told(ready):
    assert ready("adapters", "send", "cc", "manifests", "20993201999999").code == 1
    assert ready("adapters", "send", "aa", "manifests", NUMBER).code == 2
    assert ready("adapters", "stage", "cc", "suspended", "--reason", "a test").code == 0
    assert ready("adapters", "send", "cc", "manifests", NUMBER).code == 2


def test_a_system_that_only_takes_is_said_to_have_nothing_to_look_at(ready):
    said = ready("adapters", "probe", "cc")
    assert said.code == 1
    assert "only sent" in said.out
