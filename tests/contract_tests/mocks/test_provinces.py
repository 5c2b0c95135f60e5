"""Which provinces take part is data: on the command line, in the world, and in what a folder remembers."""

import pytest

from contract_tests.demo.progress import Bars
from contract_tests.demo.run import run
from contract_tests.mocks.command import listed, open_mock
from contract_tests.mocks.registry import PROVINCES
from contract_tests.mocks.servers import MockError
from contract_tests.world import USUAL, World, places
from contract_tests.world.views import EXPECTED
from gateway.errors import UsedWrongly
from gateway.settings import Settings
from gateway.store.database import open_database


def test_every_province_that_can_be_simulated_has_a_mock_that_goes_by_its_id(tmp_path):
    assert list(PROVINCES) == list(places.PROVINCES) == list(EXPECTED)
    for name, make in PROVINCES.items():
        opened = make(World(1, 2, tuple(PROVINCES)), tmp_path / name)
        assert opened.name == name
        assert all(key.startswith(f"LIANDAN_{name.upper()}_") for key in opened.environment("http://x.invalid"))


def test_a_list_of_provinces_is_written_with_commas_or_spaces():
    assert listed("js,tj gd,,js") == ("js", "tj", "gd")
    assert listed("") == ()


def test_a_mock_takes_part_in_the_world_that_is_named(tmp_path):
    open_mock("js", tmp_path / "a", 1, 5, ("js", "gd"))
    with pytest.raises(MockError, match="another world"):
        open_mock("js", tmp_path / "a", 1, 5)
    with pytest.raises(MockError, match="tj takes no part in the world of js, gd"):
        open_mock("tj", tmp_path / "b", 1, 5, ("js", "gd"))


def test_a_folder_from_before_provinces_could_be_chosen_holds_the_usual_world(tmp_path):
    (tmp_path / "js.json").write_text('{"seed":1,"manifests":5,"revealed":0}', "utf-8")
    assert open_mock("js", tmp_path, 1, 5, USUAL).state()["revealed"] == 0


def test_a_demo_of_provinces_that_are_not_there_is_refused(tmp_path):
    with pytest.raises(UsedWrongly, match="zz; there are js, tj, gd, zj, sh, sc"):
        run(1, 1, tmp_path, Bars(quiet=True), ("js", "zz"))


def test_a_kept_demo_goes_on_with_its_own_provinces(tmp_path):
    told = run(3, 1, tmp_path, Bars(quiet=True), ("js",)).as_json()
    assert told["adapters"].keys() == {"js"}
    assert told["national"]["distinct"] == told["truth"]["records"]
    assert run(3, 1, tmp_path, Bars(quiet=True)).as_json()["records"] == told["records"]
    with pytest.raises(UsedWrongly, match="js"):
        run(3, 1, tmp_path, Bars(quiet=True), ("tj",))


def test_a_demo_of_which_nothing_is_said_connects_all_there_are(tmp_path):
    """Faults are on: every system fails, changes under the reader and has something damaged; nothing differs in the end."""
    told = run(100, 7, tmp_path, Bars(quiet=True)).as_json()
    assert list(told["adapters"]) == list(PROVINCES)
    assert all(counts["quarantined"] == 1 for counts in told["adapters"].values())
    assert told["national"]["distinct"] == told["records"] == told["truth"]["records"]
    assert told["truth"]["values_compared"] > 50_000
    assert told["truth"]["values_different"] == 0
    with open_database(Settings(data=tmp_path).database_url).read() as conn:
        merged = conn.exec_driver_sql("select count(*) from records where merged_into is not null").scalar_one()
    assert merged > 0  # sc's national numbers came after the other side's
