"""A system's WSDL changes between two runs: what the operator hears of it, from the server to the command."""

import asyncio
import json
import logging
from datetime import timedelta

import pytest

from contract_tests.mocks import tj
from contract_tests.world import World
from gateway.cli.main import run
from gateway.clock import system_clock
from gateway.gateway import Gateway
from gateway.settings import Settings


@pytest.fixture
def days(servers, tmp_path, monkeypatch):
    """Pulls `tj` after so many days, with that change to its WSDL."""
    environment = servers.mock(tj.make(World(5, 12), tmp_path / "mock"))
    told = tj.wsdl
    data = tmp_path / "data"

    def pull(days, *changes):
        def changed(address):
            text = told(address)
            for old, new in changes:
                assert old in text
                text = text.replace(old, new)
            return text

        monkeypatch.setattr(tj, "wsdl", changed)
        clock = lambda: system_clock() + timedelta(days=days)  # noqa: E731 - a clock is a function
        with Gateway(Settings(data=data), clock=clock, environment=environment) as gateway:
            if days == 0:
                gateway.adapters.stage("tj", "live", who="li", why="a test")
            return asyncio.run(gateway.pull("tj"))

    monkeypatch.setenv("LIANDAN_DATA", str(data))
    return pull


def drift(capsys, *arguments):
    assert run(["map", "drift", *arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)["drift"]


CHANGED = (b'name="getLdxxReturn" type="xsd:string"', b'name="getLdxxReturn" type="xsd:anyType"')
GONE = (b"<wsdl:definitions", b"<html/><wsdl:definitions")


def test_what_changed_is_logged_listed_and_acknowledged(days, capsys, caplog):
    counts = days(0)
    assert counts.accepted > 0
    with caplog.at_level(logging.WARNING, logger="gateway"):
        days(2)
        assert drift(capsys, "tj") == []
        assert [one for one in caplog.messages if "WSDL" in one] == []
        assert days(4, CHANGED).quarantined == 0
    (warned,) = [one for one in caplog.messages if "WSDL" in one]
    assert warned.startswith("adapter tj: its WSDL has changed in 1 place(s)")
    assert "~ message getLdxxResponse: getLdxxReturn: xsd:string → xsd:anyType" in warned
    (item,) = drift(capsys, "tj")
    assert (item["id"], item["kind"], item["count"], item["state"]) == ("wsdl-2", "changed_wsdl", 1, "open")
    assert "xsd:string → xsd:anyType" in item["detail"]
    assert "its WSDL has changed in 1 place(s)" in item["words"][1]
    assert drift(capsys, "js") == []
    assert drift(capsys, "--ack", "wsdl-2", "--reason", "a name only") == []
    (item,) = drift(capsys, "--all")
    assert (item["state"], item["why"]) == ("acknowledged", "a name only")
    assert run(["map", "drift", "--ack", "wsdl-2", "--reason", "again"]) == 1
    assert run(["map", "drift", "--ack", "wsdl-x", "--reason", "none"]) == 1


def test_a_wsdl_that_is_gone_stops_nobody_and_is_told(days, caplog):
    days(0)
    with caplog.at_level(logging.WARNING, logger="gateway"):
        days(2, GONE)
    (told,) = [one for one in caplog.messages if "the WSDL can't be had" in one]
    assert told.startswith("adapter tj: the WSDL can't be had (")
