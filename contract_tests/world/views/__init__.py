"""What each simulated system shows of the world: `render` gives its native shape, `expected` what a perfect mapping makes of that."""

from collections.abc import Callable
from typing import Any

from contract_tests.world.journey import Side, SideVersion
from contract_tests.world.views import gd, js, sc, sh, tj, zj

EXPECTED: dict[str, Callable[[Side, SideVersion], dict[str, Any]]] = {
    "js": js.expected,
    "tj": tj.expected,
    "gd": gd.expected,
    "zj": zj.expected,
    "sh": sh.expected,
    "sc": sc.expected,
}


def expected(side: Side) -> dict[str, Any]:
    """The canonical content of the newest version that `side` tells, as its system's shape carries it."""
    return EXPECTED[side.adapter](side, side.versions[-1])
