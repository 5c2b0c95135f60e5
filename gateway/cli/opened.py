"""How commands open what they need: settings, then the store alone, or the whole gateway.

Heavy imports happen here and in the commands, so that --help needs none of them.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def opened(packs: Sequence[Path] | None = None) -> Iterator[Any]:
    """A Gateway for the time of one command."""
    from gateway.gateway import Gateway  # noqa: PLC0415
    from gateway.settings import load_settings  # noqa: PLC0415

    with Gateway(load_settings(tuple(packs or ()))) as gateway:
        yield gateway


@contextmanager
def opened_store() -> Iterator[Any]:
    """The Database alone: commands that only read need no packs, no drivers and no HTTP client."""
    from gateway.settings import load_settings  # noqa: PLC0415
    from gateway.store.database import open_database  # noqa: PLC0415

    settings = load_settings()
    settings.prepare()
    database = open_database(settings.database_url)
    try:
        yield database
    finally:
        database.dispose()
