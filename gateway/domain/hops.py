"""By which gateways an exchange came to us, the first one first: kept with its request. None for what we pulled ourselves."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Final

import orjson

_KEY: Final = "forwarded"


@dataclass(frozen=True, slots=True)
class Hop:
    """`gateway`: the first entry of that gateway's hash chain (hex); `via`: the adapter under which we know it; `at`: when we
    took it from there (instant)."""

    gateway: str
    via: str
    at: str

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


def hops_of(request: Mapping[str, str]) -> list[Hop]:
    return [Hop(**one) for one in orjson.loads(request.get(_KEY, "[]"))]


def with_hops(request: Mapping[str, str], hops: Sequence[Hop]) -> dict[str, str]:
    return {**request, _KEY: orjson.dumps([hop.as_dict() for hop in hops]).decode()}


def without_hops(request: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in request.items() if name != _KEY}
