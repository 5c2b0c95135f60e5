"""Driver `xml_drop`: files that a system drops into a folder, with a control file that says when one is complete.

Originals are only ever read. What was taken stands in the cursor, so a file counts again only when it changed.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from adapters.decode import Vet
from adapters.decode.xpath import ask
from adapters.driver import Probe
from adapters.drivers.connected import Clock
from adapters.drivers.decoding import Decoding, read_bounded
from adapters.drivers.probing import first_pulled
from adapters.errors import AdapterError, Malformed, Misconfigured
from adapters.limits import MEGABYTE
from adapters.payload import NOTHING, Damaged, Decoded, Exchange, Payload
from adapters.protocol.control import Control, from_headers, read_control
from adapters.protocol.ledger import Taken, read_ledger, write_ledger
from adapters.secrets import resolve
from adapters.spec import AdapterSpec, DatasetSpec, MarkerSpec


@dataclass(frozen=True, slots=True)
class _Drop:
    """A file that is complete, with what its control file says."""

    name: str
    payload: Payload
    taken: Taken
    control: Control | None


class XmlDropDriver(Decoding):
    def __init__(self, spec: AdapterSpec, environment: Mapping[str, str], clock: Clock) -> None:
        super().__init__(spec)
        self._environment = environment
        self._clock = clock

    async def pull(self, dataset: str, cursor: str | None) -> AsyncIterator[Exchange]:
        spec = self.dataset(dataset)
        faults: list[AdapterError] = []
        try:
            ledger = read_ledger(cursor)
            for path in await asyncio.to_thread(self._names, spec):
                try:
                    drop = await asyncio.to_thread(self._take, path, dataset, ledger.get(path.name))
                except AdapterError as error:
                    # one file that can't be taken holds up no other; it is told at the end
                    faults.append(error)
                    continue
                if drop is not None:
                    ledger[drop.name] = drop.taken
                    yield self._exchange(dataset, drop, write_ledger(ledger))
            if faults:
                raise faults[0]
        except AdapterError as error:
            raise error.about(self.spec.id, dataset) from None

    def decode(self, payload: Payload, dataset: str, headers: Mapping[str, str] = NOTHING, name: str = "") -> Decoded:
        control = from_headers(headers)
        if control is None:
            return self.vetted(payload, dataset, name, self.vet(dataset))
        decoded = self.vetted(payload, dataset, name, self._against(control, dataset))
        if any(one.place == name for one in decoded.damaged):
            return decoded  # the archive as a whole: nothing is known of its members
        seen = {document.name for document in decoded.documents} | {one.place for one in decoded.damaged}
        words = "the control file names it, the archive hasn't got it (压缩包中缺少此文件)"
        missing = tuple(Damaged(one.name, (words,), one.sha256) for one in control.members if one.name not in seen)
        return Decoded(decoded.documents, decoded.damaged + missing)

    def _against(self, control: Control, dataset: str) -> Vet:
        """Besides the schema: digests and counts that the control file gives."""
        own, marker = self.vet(dataset), self.dataset(dataset).marker
        expected = {one.name: one for one in control.members}

        def member(name: str, body: bytes) -> tuple[str, ...]:
            return expected[name].of_bytes(body) if name in expected else ()

        def document(name: str, tree: Any) -> tuple[str, ...]:
            if marker is None or marker.row is None or name not in expected:
                return own.document(name, tree)
            return expected[name].of_rows(len(ask(tree, marker.row))) or own.document(name, tree)

        return Vet(member, document)

    def _names(self, spec: DatasetSpec) -> list[Path]:
        folder = self._folder()
        try:
            with os.scandir(folder) as entries:
                found = [entry.name for entry in entries if entry.is_file(follow_symlinks=False)]
        except OSError as error:
            raise Misconfigured(
                f"the folder can't be read: {error.strerror} (无法读取目录)", where=str(folder)
            ) from None
        return [folder / name for name in sorted(found) if fnmatchcase(name, spec.files or "*")]

    def _take(self, path: Path, dataset: str, known: Taken | None) -> _Drop | None:
        """The file if it is new and complete, else None. Raises Malformed, Misconfigured."""
        marker = self.dataset(dataset).marker
        before = _stat(path)
        if before is None or (known and (known.size, known.changed_ns) == before):
            return None
        told = path.with_name(marker.name.replace("{stem}", path.stem)) if marker else None
        if told is not None and not told.is_file():
            return None
        payload = Payload.of(read_bounded(path, self.limits.unpacked, adapter=self.spec.id, dataset=dataset))
        young = self._clock().timestamp() - before[1] / 1e9 < (marker.settle if marker else 60)
        try:
            control = self._control(told, marker, dataset) if told and marker else None
        except Malformed as error:
            error.where = told.name if told else path.name
            if young:
                return None
            raise
        stated = control.archive_sha256 if control else ""
        if _stat(path) != before or (young and (stated != payload.sha256 if stated else marker is None)):
            return None
        taken = Taken(*before, payload.sha256[:16])
        return None if known and known.digest == taken.digest else _Drop(path.name, payload, taken, control)

    def _control(self, told: Path, marker: MarkerSpec, dataset: str) -> Control:
        return read_control(read_bounded(told, MEGABYTE * 8, adapter=self.spec.id, dataset=dataset), marker)

    def _exchange(self, dataset: str, drop: _Drop, cursor: str) -> Exchange:
        return Exchange(
            adapter=self.spec.id,
            dataset=dataset,
            payload=drop.payload,
            received_at=self._clock(),
            request={"file": drop.name},
            headers=drop.control.as_header() if drop.control else NOTHING,
            cursor=cursor,
            source_name=drop.name,
        )

    def _folder(self) -> Path:
        return Path(resolve(self.spec.folder or "", self._environment, where=self.spec.file.name).reveal())

    async def probe(self, dataset: str) -> Probe:
        self.dataset(dataset)
        return await first_pulled(self.pull(dataset, None))

    async def aclose(self) -> None:
        return


def _stat(path: Path) -> tuple[int, int] | None:
    """(size, time of change in ns); None where it is gone."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns
