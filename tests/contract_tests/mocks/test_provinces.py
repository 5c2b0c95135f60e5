"""Which provinces take part is data: on the command line, in the world, and in what a folder remembers."""

import pytest

from contract_tests.demo.progress import Bars
from contract_tests.demo.run import run
from contract_tests.mocks.command import listed, open_mock
from contract_tests.mocks.registry import PROVINCES
from contract_tests.mocks.servers import MockError
from contract_tests.world import USUAL, World
from contract_tests.world.places import ALL_CODES
from gateway.errors import UsedWrongly


def test_every_province_that_can_be_simulated_has_a_mock_that_goes_by_its_id(tmp_path):
    assert list(PROVINCES) == list(ALL_CODES)
    for name, make in PROVINCES.items():
        opened = make(World(1, 2, tuple(ALL_CODES)), tmp_path / name)
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


@pytest.mark.parametrize("provinces", [(), ("js", "zz")])
def test_a_demo_of_provinces_that_are_not_there_is_refused(tmp_path, provinces):
    with pytest.raises(UsedWrongly, match="js, tj, gd"):
        run(1, 1, tmp_path, Bars(quiet=True), provinces)


def test_a_kept_demo_goes_on_with_its_own_provinces_only(tmp_path):
    told = run(3, 1, tmp_path, Bars(quiet=True), ("js",)).as_json()
    assert told["adapters"].keys() == {"js"}
    assert told["national"]["distinct"] == told["truth"]["records"]
    with pytest.raises(UsedWrongly, match="js"):
        run(3, 1, tmp_path, Bars(quiet=True))
