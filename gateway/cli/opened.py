"""How every command opens the gateway: settings, then packs and database as they are needed."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def opened(packs: Sequence[Path] | None = None) -> Iterator[Any]:
    """A Gateway for the time of one command. Heavy imports happen here, so that --help needs none of them."""
    from gateway.gateway import Gateway  # noqa: PLC0415
    from gateway.settings import load_settings  # noqa: PLC0415

    with Gateway(load_settings(tuple(packs or ()))) as gateway:
        yield gateway
