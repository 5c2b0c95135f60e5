"""What the packs' mappings make of what their systems serve: exactly what the world holds, in every version."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from contract_tests.world import World
from contract_tests.world.views import sc, sh, zj
from mappings import Mapped, compile_mapping

ROOT = Path(__file__).resolve().parents[4] / "mappings/provinces"


def rows_of_sh(side, version):
    return json.loads(json.dumps({"数据": {"联单": sh.render(side, version)}}), parse_float=Decimal)


def page_of_sc(side, version):
    return sc.page([sc.render(side, version)], 1)


def page_of_zj(side, version):
    return zj.page([zj.render(side, version)], 1)


VIEWS = {"zj": (page_of_zj, zj.expected), "sh": (rows_of_sh, sh.expected), "sc": (page_of_sc, sc.expected)}


@pytest.mark.parametrize("name", VIEWS)
def test_every_version_maps_to_what_its_shape_carries(name):
    program = compile_mapping((ROOT / name / "manifests.yaml").read_text("utf-8"), name)
    served, expected = VIEWS[name]
    count = 0
    for side in World(11, 150, ("js", "tj", "gd", name)).for_province(name):
        for version in side.versions if not side.damaged else ():
            (mapped,) = program.run(served(side, version))
            assert isinstance(mapped, Mapped), mapped
            assert (mapped.content, mapped.findings) == (expected(side, version), ())
            count += 1
    assert count > 150
