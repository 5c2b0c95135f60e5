"""What every driver does alike: decode by the dataset's chain, and take a local file as if it had been pulled."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from adapters.decode import Vet, decode
from adapters.decode.source_schema import Check, load_schema
from adapters.errors import Malformed, Misconfigured
from adapters.limits import Limits
from adapters.payload import NOTHING, Decoded, Exchange, Payload
from adapters.sending import Outgoing, Receipt
from adapters.spec import AdapterSpec, DatasetSpec

NO_VET = Vet()


class Decoding:
    """The part of a driver that needs neither network nor secrets."""

    def __init__(self, spec: AdapterSpec) -> None:
        self.spec = spec
        self.limits: Limits = spec.limits.bounds()
        self._schemas: dict[str, Check] = {}

    async def deliver(self, dataset: str, outgoing: Outgoing, *, again: bool) -> Receipt:
        """A driver that can't send says so."""
        del outgoing, again
        words = f"driver {self.spec.driver} hands nothing over (该驱动不支持发送)"
        raise Misconfigured(words, adapter=self.spec.id, dataset=dataset)

    def dataset(self, name: str) -> DatasetSpec:
        """Raises Misconfigured naming those there are."""
        try:
            return self.spec.datasets[name]
        except KeyError:
            known = ", ".join(self.spec.datasets)
            words = f"no dataset {name!r}; there are {known} (没有这个数据集)"
            raise Misconfigured(words, adapter=self.spec.id, dataset=name) from None

    def decode(self, payload: Payload, dataset: str, headers: Mapping[str, str] = NOTHING, name: str = "") -> Decoded:
        del headers
        return self.vetted(payload, dataset, name, self.vet(dataset))

    def vetted(self, payload: Payload, dataset: str, name: str, vet: Vet) -> Decoded:
        spec = self.dataset(dataset)
        found = self.decoded(payload.body, self.steps(spec), name, vet)
        if not spec.spread:
            return found
        return replace(found, documents=tuple(replace(one, spread=True) for one in found.documents))

    def decoded(self, body: bytes, steps: tuple[str, ...], name: str, vet: Vet) -> Decoded:
        return decode(body, steps, self.limits, name=name, vet=vet)

    def steps(self, spec: DatasetSpec) -> tuple[str, ...]:
        """The chain from a payload's bytes; a driver that packs what it gathers unpacks it first."""
        return spec.decode

    def vet(self, dataset: str) -> Vet:
        """What a document must satisfy besides being readable: the system's own schema, if there is one."""
        schema = self._schema(dataset)
        return Vet(document=lambda _, tree: schema(tree)) if schema else NO_VET

    def _schema(self, name: str) -> Check | None:
        declared = self.dataset(name).source_schema
        if declared is None:
            return None
        if name not in self._schemas:
            try:
                self._schemas[name] = load_schema(self.spec.file.parent / declared)
            except Misconfigured as error:
                raise error.about(self.spec.id, name) from None
        return self._schemas[name]

    def local(self, dataset: str, file: Path, received_at: datetime) -> Exchange:
        self.dataset(dataset)
        body = self.packed(dataset, read_bounded(file, self.limits.unpacked, adapter=self.spec.id, dataset=dataset))
        return Exchange(
            adapter=self.spec.id,
            dataset=dataset,
            payload=Payload.of(body),
            received_at=received_at,
            request={"file": file.name},
            source_name=file.name,
        )

    def packed(self, dataset: str, body: bytes) -> bytes:
        """One answer as this driver's payload holds it."""
        del dataset
        return body


def read_bounded(file: Path, ceiling: int, *, adapter: str, dataset: str) -> bytes:
    """The file's bytes. Raises Misconfigured where it can't be read, Malformed where it is too large."""
    try:
        with file.open("rb") as stream:
            body = stream.read(ceiling + 1)
    except OSError as error:
        words = f"can't be read: {error.strerror} (无法读取文件)"
        raise Misconfigured(words, where=file.name, adapter=adapter, dataset=dataset) from None
    if len(body) > ceiling:
        words = f"larger than {ceiling} bytes (文件过大)"
        raise Malformed(words, where=file.name, adapter=adapter, dataset=dataset)
    return body
