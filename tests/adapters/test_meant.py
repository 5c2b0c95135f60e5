from pydantic import BaseModel, ConfigDict

from adapters.meant import as_meant
from canonical_schema.declared import read


class Inner(BaseModel):
    model_config = ConfigDict(extra="forbid")
    kind: str = ""
    size: int = 0


class Outer(BaseModel):
    model_config = ConfigDict(extra="forbid")
    driver: str
    parts: list[Inner] = []
    named: dict[str, Inner] = {}


def meant(text):
    return as_meant(Outer, read(text, "a.yaml"))


def test_a_misspelt_key_is_set_right_at_any_depth_and_keeps_its_place():
    node = meant("drivr: a\nparts: [{kind: x}, {sizee: 3}]\nnamed: {one: {knid: y}}\n")
    assert node.plain() == {"driver": "a", "parts": [{"kind": "x"}, {"size": "3"}], "named": {"one": {"kind": "y"}}}
    assert node.key_marks["driver"] == (1, 1)
    assert node.at(("parts", 1, "size")) == (2, 28)


def test_a_key_that_resembles_none_is_left_out_and_so_is_one_whose_place_is_taken():
    assert meant("driver: a\nwhatever: 1\ndrivr: b\n").plain() == {"driver": "a"}


def test_a_sound_file_stays_as_it_is():
    node = read("driver: a\nparts: [{size: 1}]\n", "a.yaml")
    assert as_meant(Outer, node) is node
