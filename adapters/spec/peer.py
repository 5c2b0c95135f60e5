"""Another gateway, as a source."""

from typing import Annotated

from pydantic import Field

from adapters.spec.strict import Strict
from adapters.texts import Name


class PeerSpec(Strict):
    """`origins` are the adapters whose claims are taken from it; left out: whatever it tells. `size` is how many claims are
    asked for at once."""

    origins: tuple[Name, ...] = ()
    size: Annotated[int, Field(ge=1, le=1000)] = 100
