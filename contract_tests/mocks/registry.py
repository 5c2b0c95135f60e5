"""Every mock province by its id. What each needs from the environment, it says itself (`Mock`)."""

from collections.abc import Callable

from contract_tests.mocks import gd, js, sc, sh, tj, zj
from contract_tests.mocks.servers import Mock

PROVINCES: dict[str, Callable[..., Mock]] = {
    "js": js.make,
    "tj": tj.make,
    "gd": gd.make,
    "zj": zj.make,
    "sh": sh.make,
    "sc": sc.make,
}
"""(world, folder, *, faults) → the mock; in the order of `contract_tests/world/data/provinces.csv`, which says what the world needs to know of them."""
