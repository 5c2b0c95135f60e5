"""How a system is reached."""

from typing import Annotated, Literal

from pydantic import Field

from adapters.spec.strict import Strict
from adapters.texts import Text


class TlsSpec(Strict):
    """`ca` are certificates in PEM that are trusted instead of the public ones: `file:PATH`, or a variable that holds them.
    `min_version` is the oldest TLS that is spoken; below 1.2 only for systems that
    can't do better."""

    ca: Text | None = None
    min_version: Literal["1.0", "1.1", "1.2", "1.3"] = "1.2"


class ReachedSpec(Strict):
    """What adapters and targets say alike. `hosts` may be called besides that of base_url; `redirects` are followed in a
    row, within these hosts; `proxy` is an http or https address, its user and password secret."""

    base_url: Text | None = None
    hosts: tuple[Text, ...] = ()
    proxy: Text | None = None
    tls: TlsSpec = TlsSpec()
    redirects: Annotated[int, Field(ge=0, le=10)] = 0
