"""Driver `file`: no network at all; its datasets come only by `liandan ingest` or push."""

from collections.abc import AsyncIterator

from adapters.driver import Probe
from adapters.drivers.decoding import Decoding
from adapters.errors import Misconfigured
from adapters.payload import Exchange


class FileDriver(Decoding):
    """Decodes what it is handed."""

    async def pull(self, dataset: str, cursor: str | None) -> AsyncIterator[Exchange]:
        del cursor
        words = f"nothing to pull: hand its files over with `liandan ingest {self.spec.id} {dataset} FILE…` (该接入方式不主动拉取)"
        raise Misconfigured(words, adapter=self.spec.id, dataset=dataset)
        yield  # makes this an async iterator like its siblings

    async def probe(self, dataset: str) -> Probe:
        self.dataset(dataset)
        return Probe()

    async def aclose(self) -> None:
        return
