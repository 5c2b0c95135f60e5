"""Which mock provinces there are: the only place that knows them all. What each needs from the environment, it says itself (`Mock`)."""

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
"""By adapter id: (world, folder, *, faults) → the mock. Their division codes: `contract_tests.world.places.ALL_CODES`."""
