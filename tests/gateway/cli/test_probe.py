"""`liandan adapters probe` as a person runs it, against the mock provinces."""

import os
import time

import pytest
from sqlalchemy import create_engine, text
from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from contract_tests.mocks.registry import PROVINCES
from contract_tests.world import World


@pytest.fixture
def province(servers, tmp_path, monkeypatch):
    """province("js") starts the mock and tells the gateway where it is."""

    def start(name):
        mock = PROVINCES[name](World(5, 20, tuple(PROVINCES)), tmp_path / name, faults=False)
        mock.finish()
        environment = servers.mock(mock)
        if name == "gd":  # a file counts as complete only after a while
            old = time.time() - 7200
            for path in (tmp_path / name).rglob("*"):
                os.utime(path, (old, old))
        for key, value in environment.items():
            monkeypatch.setenv(key, value)
        return environment

    return start


def outcomes(said):
    return {one["name"]: one["outcome"] for one in said.json["steps"]}


MAPPED = [("js", "warning"), ("tj", "ok"), ("gd", "ok"), ("zj", "ok"), ("sh", "ok"), ("sc", "ok")]


@pytest.mark.parametrize(("name", "mapped"), MAPPED)
def test_a_province_that_is_well_and_nothing_is_stored(liandan, province, tmp_path, name, mapped):
    """The world of the mocks has a few damaged records: a warning, with the reason."""
    assert {one for one, _ in MAPPED} == set(PROVINCES)
    province(name)
    said = liandan("adapters", "probe", name, "--json")
    assert (said.code, said.json["adapter"], said.json["ok"], said.err) == (0, name, True, "")
    steps = {one["name"]: one for one in said.json["steps"]}
    assert list(steps) == ["settings", "reach", "credential", "clock", "read", "map"]
    assert {steps[one]["outcome"] for one in ("settings", "reach", "read")} == {"ok"}
    networked = "ok" if name != "gd" else "skipped"
    assert (steps["credential"]["outcome"], steps["clock"]["outcome"]) == (networked, networked)
    assert (steps["read"]["dataset"], steps["map"]["outcome"]) == ("manifests", mapped)
    assert bool(steps["map"]["detail"]) == (mapped == "warning")
    assert int(steps["map"]["words_zh"].split()[0]) > 0
    assert "can be accepted" in steps["map"]["words_en"]
    assert steps["reach"]["seconds"] <= steps["read"]["seconds"] <= steps["map"]["seconds"]
    with create_engine(f"sqlite:///{next((tmp_path / 'data').glob('*.db'))}").connect() as conn:
        for table in (
            "datasets",
            "exchanges",
            "payloads",
            "mappings",
            "claims",
            "adapter_stages",
            "quarantine",
            "descriptions",
        ):
            assert conn.scalar(text(f"SELECT count(*) FROM {table}")) == 0, table


def test_what_it_says_to_people(liandan, province):
    province("js")
    lines = liandan("adapters", "probe", "js", "manifests").out.splitlines()
    assert lines[0] == "✓ 配置 settings: 所需变量与文件齐备 · variables and files are there"
    assert lines[1].startswith("✓ 连通 reach: 有应答 · it answers (0.")
    assert lines[2].startswith("✓ 凭证 credential: 登录成功 · signed in (0.")
    assert any(line.startswith("! 映射 map manifests: ") for line in lines)


def test_a_variable_that_is_missing(liandan, monkeypatch):
    monkeypatch.delenv("LIANDAN_JS_URL", raising=False)
    said = liandan("adapters", "probe", "js")
    assert said.code == 1
    first, detail, todo, *rest = said.out.splitlines()
    assert first == "✗ 配置 settings: 配置不全或有误 · the settings lack something"
    assert "LIANDAN_JS_URL" in detail
    assert todo == "    → 补齐后再试 · set it right, then probe again"
    assert all(line.startswith("- ") for line in rest)


def test_a_host_that_is_down(liandan, province, monkeypatch):
    province("js")
    monkeypatch.setenv("LIANDAN_JS_URL", "http://127.0.0.1:9")
    said = liandan("adapters", "probe", "js", "--json")
    assert said.code == 1
    assert outcomes(said) == {
        "settings": "ok",
        "reach": "failed",
        "credential": "skipped",
        "clock": "skipped",
        "read": "skipped",
        "map": "skipped",
    }
    reach = said.json["steps"][1]
    assert (reach["words_zh"], reach["words_en"]) == ("没有应答", "no answer")
    assert "http://127.0.0.1:9/auth/token" in reach["detail"][0]
    assert "防火墙" in reach["todo_zh"]
    assert "firewall" in reach["todo_en"]


def test_a_credential_that_is_wrong_names_the_variables_and_not_their_values(liandan, province, monkeypatch):
    province("js")
    monkeypatch.setenv("LIANDAN_JS_APP_SECRET", "not-the-secret")
    said = liandan("adapters", "probe", "js", "--json")
    assert (said.code, outcomes(said)["reach"], outcomes(said)["credential"]) == (1, "ok", "failed")
    step = said.json["steps"][2]
    assert step["words_zh"] == "凭证未被接受"
    assert "appId或appSecret错误" in step["detail"][0]
    assert "LIANDAN_JS_APP_ID, LIANDAN_JS_APP_SECRET" in step["todo_en"]
    assert "not-the-secret" not in said.out


def test_a_page_for_people_where_data_should_be(liandan, servers, monkeypatch):
    token = JSONResponse({"code": "1", "data": {"token": "t"}})
    page = Response("<html><title>统一身份认证</title></html>", media_type="text/html")
    routes = [
        Route("/auth/token", lambda _: token, methods=["POST"]),
        Route("/api/manifests", lambda _: page),
    ]
    for name, value in {"URL": servers.app(Starlette(routes=routes)), "APP_ID": "a", "APP_SECRET": "b"}.items():
        monkeypatch.setenv(f"LIANDAN_JS_{name}", value)
    said = liandan("adapters", "probe", "js", "--json")
    assert (said.code, outcomes(said)["credential"], outcomes(said)["read"]) == (1, "ok", "failed")
    read = next(one for one in said.json["steps"] if one["name"] == "read")
    assert (read["words_zh"], read["words_en"]) == (
        "返回的是网页, 不是数据",
        "it answers with a web page, not with data",
    )
    assert "登录页" in read["todo_zh"]
    assert "login page" in read["todo_en"]


def test_records_that_would_be_refused_are_told_with_the_reason(liandan, servers, monkeypatch):
    rows = [{"transNo": "A-1", "updateTime": "2026-03-01 00:00:00"}]
    routes = [
        Route("/auth/token", lambda _: JSONResponse({"code": "1", "data": {"token": "t"}}), methods=["POST"]),
        Route("/api/manifests", lambda _: JSONResponse({"code": "1", "data": {"total": 1, "list": rows}})),
    ]
    for name, value in {"URL": servers.app(Starlette(routes=routes)), "APP_ID": "a", "APP_SECRET": "b"}.items():
        monkeypatch.setenv(f"LIANDAN_JS_{name}", value)
    said = liandan("adapters", "probe", "js", "--json")
    step = said.json["steps"][-1]
    assert (said.code, step["name"], step["outcome"]) == (1, "map", "failed")
    assert step["words_en"] == "0 can be accepted, 1 would be set apart"
    assert "/wastes" in step["detail"][0]


def test_an_adapter_that_only_takes_files_and_names_that_are_not_there(liandan, pack):
    said = liandan("adapters", "probe", "aa", "--pack", pack, "--json")
    assert (said.code, set(outcomes(said).values())) == (0, {"ok", "skipped"})
    assert liandan("adapters", "probe", "aa", "others", "--pack", pack).code == 2
    assert liandan("adapters", "probe", "zz", "--pack", pack).code == 2
