"""Pulling beside the API, from a real folder; and what a run over an adapter does once."""

import asyncio
import logging
import os
import shutil
import threading
from functools import partial
from importlib import import_module

import pytest

DROP = """\
driver: xml_drop
folder: {folder}
datasets:
  manifests:
    title: 联单
    title_en: Manifests
    files: "*.json"
    decode: [text:utf-8, json]
"""


@pytest.fixture
def dropped(tmp_path, pack, page):
    """Both adapters of the pack made to read folders; drop(adapter, name, rows…) lays a finished file there."""
    for name in ("aa", "bb"):
        file = pack / f"adapters/provinces/{name}.yaml"
        head = file.read_text("utf-8").partition("driver:")[0]
        (tmp_path / name).mkdir()
        file.write_text(head + DROP.format(folder=tmp_path / name), "utf-8")

    def drop(adapter, name, *rows):
        file = tmp_path / adapter / name
        shutil.move(page(name, *rows), file)
        os.utime(file, (1, 1))  # old enough to be finished

    return drop


@pytest.fixture
def gateway(dropped, gateway):
    """As in all tests here, but resting only a moment between two runs."""
    gateway.settings = gateway.settings.model_copy(update={"pull_seconds": 0.02})
    return gateway


ROW = {"key": "A-1", "changed": "1", "from": "甲化工厂", "wastes": [{"name": "废油", "kg": 1}]}


def counts(gateway):
    told = {state.id: state.counts for state in gateway.adapters.states()}
    return {name: (one.pulled, one.accepted, one.unchanged) for name, one in told.items()}


async def _until(condition):
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 - what is waited for happens in another thread
            await asyncio.sleep(0.01)


def test_a_run_takes_what_is_new_and_tells_of_each_page(gateway, dropped):
    dropped("aa", "1.json", ROW)
    dropped("aa", "2.json", ROW, ROW | {"key": "A-2"})
    told = []
    first = asyncio.run(gateway.pull("aa", "manifests", told.append))
    assert [one.pulled for one in told] == [1, 2]
    assert (first.pulled, first.accepted, first.unchanged) == (3, 2, 1)
    assert asyncio.run(gateway.pull("aa")).pulled == 0


def test_a_file_that_is_mended_counts_from_the_next_run_on(gateway, dropped, pack):
    """A broken adapter file, then a broken mapping: neither needs a new start."""
    errors = import_module("canonical_schema.problem")
    assert asyncio.run(gateway.pull("aa")).pulled == 0
    for file in (pack / "adapters/provinces/aa.yaml", pack / "mappings/provinces/aa/manifests.yaml"):
        dropped("aa", f"{file.stem}.json", ROW | {"key": file.stem})
        right = file.read_text("utf-8")
        file.write_text("kind: [\n", "utf-8")
        with pytest.raises(errors.ProblemsFound):
            asyncio.run(gateway.pull("aa"))
        file.write_text(right, "utf-8")
        assert asyncio.run(gateway.pull("aa")).accepted == 1


def test_a_run_that_is_moved_out_of_shadow_begins_anew_and_what_it_saw_in_shadow_comes_in(gateway, dropped):
    gateway.adapters.stage("aa", "shadow", who="test", why="a test")
    dropped("aa", "1.json", ROW)
    dropped("aa", "2.json", ROW | {"key": "A-2"})
    told = []

    def go_live(counts):
        told.append(counts)
        if len(told) == 1:
            gateway.adapters.stage("aa", "live", who="test", why="a test")

    asyncio.run(gateway.pull("aa", "manifests", go_live))
    assert [one.pulled for one in told] == [1, 1, 1], "the first page is read once more"
    with gateway.database.read() as conn:
        assert import_module("gateway.store.records").live_counts(conn) == {"manifest": 2}


def test_the_loop_waits_for_no_database(gateway, dropped, monkeypatch):
    """Other runs and the API's requests share the loop's thread."""
    asked = []

    def noted(name, really):
        asked.append((name, threading.current_thread()))
        return really()

    for name in ("read", "write"):
        monkeypatch.setattr(gateway.database, name, partial(noted, name, getattr(gateway.database, name)))
    dropped("aa", "1.json", ROW)
    assert asyncio.run(gateway.pull("aa")).accepted == 1
    assert {name for name, _ in asked} == {"read", "write"}
    assert threading.main_thread() not in {thread for _, thread in asked}


def test_a_run_is_refused_before_the_adapter_takes_data(gateway):
    gateway.adapters.stage("aa", "suspended", who="test", why="a test")
    with pytest.raises(import_module("gateway.errors").WrongStage, match="liandan adapters stage aa live"):
        asyncio.run(gateway.pull("aa"))


def test_one_that_is_down_stops_no_other_and_is_back_when_mended(gateway, dropped, tmp_path, caplog):
    keep_pulling = import_module("gateway.pulling").keep_pulling
    caplog.set_level(logging.INFO)
    (tmp_path / "aa").rename(tmp_path / "away")
    dropped("bb", "1.json", ROW)

    async def run():
        task = asyncio.create_task(keep_pulling(gateway))
        await _until(lambda: counts(gateway)["bb"] == (1, 1, 0))
        assert counts(gateway)["aa"] == (0, 0, 0)
        (tmp_path / "away").rename(tmp_path / "aa")
        dropped("aa", "2.json", ROW, ROW | {"key": "A-2"})
        await _until(lambda: "adapter aa is back" in caplog.text)  # said once its page is committed
        assert counts(gateway)["aa"] == (2, 2, 0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(run())


def test_an_adapter_that_was_suspended_meanwhile_is_left_alone(gateway, dropped):
    keep_pulling = import_module("gateway.pulling").keep_pulling

    async def run():
        task = asyncio.create_task(keep_pulling(gateway))
        dropped("aa", "1.json", ROW)
        await _until(lambda: counts(gateway)["aa"] == (1, 1, 0))
        gateway.adapters.stage("aa", "suspended", who="test", why="a test")
        dropped("aa", "2.json", ROW | {"key": "A-2"})
        dropped("bb", "2.json", ROW | {"key": "B-2"})
        await _until(lambda: counts(gateway)["bb"] == (1, 1, 0))
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert counts(gateway)["aa"] == (1, 1, 0)

    asyncio.run(run())


def test_a_database_that_is_away_for_a_moment_ends_no_loop(gateway, dropped, monkeypatch):
    pulling = import_module("gateway.pulling")
    registration, errors = type(gateway.adapters), import_module("sqlalchemy.exc")
    state, asked = registration.state, []

    def away(self, name):
        asked.append(name)
        if len(asked) <= 6:
            raise errors.OperationalError("SELECT", None, ConnectionError("away"))
        return state(self, name)

    monkeypatch.setattr(registration, "state", away)
    dropped("aa", "1.json", ROW)

    async def run():
        task = asyncio.create_task(pulling.keep_pulling(gateway))
        await _until(lambda: task.done() or counts(gateway)["aa"] == (1, 1, 0))
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(run())


def test_the_same_trouble_is_said_once(gateway, dropped, tmp_path, caplog, monkeypatch):
    pulling = import_module("gateway.pulling")
    registration = type(gateway.adapters)
    state, asked = registration.state, []

    def noted(self, name):
        asked.append(name)
        return state(self, name)

    monkeypatch.setattr(registration, "state", noted)
    dropped("aa", "1.json", ROW)

    async def run():
        task = asyncio.create_task(pulling.keep_pulling(gateway))
        await _until(lambda: counts(gateway)["aa"] == (1, 1, 0))
        shutil.rmtree(tmp_path / "aa")
        await _until(lambda: "adapter aa" in caplog.text)
        runs = asked.count("aa")
        await _until(lambda: asked.count("aa") > runs + 3)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(run())
    assert caplog.text.count("adapter aa") == 1
