"""Driver `xml_drop`: files that a system drops into a folder, here or behind SFTP, perhaps with a control file that says
when one is complete.

Originals are only ever read. What was taken stands in the cursor, so a file counts again only when it changed.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, BinaryIO

from adapters.decode import Vet
from adapters.decode.xpath import ask
from adapters.driver import Probe
from adapters.drivers.connected import Clock
from adapters.drivers.decoding import Decoding
from adapters.drop.folder import Folder
from adapters.drop.source import Entry, Source
from adapters.errors import AdapterError, Malformed, Misconfigured, Unreachable
from adapters.limits import MEGABYTE
from adapters.payload import NOTHING, Damaged, Decoded, Exchange, Payload
from adapters.protocol.control import Control, from_headers, read_control
from adapters.protocol.ledger import Taken, read_ledger, write_ledger
from adapters.secrets import Revealed, resolve
from adapters.spec import AdapterSpec, DatasetSpec

CONTROL_CEILING = 8 * MEGABYTE


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
        self._clock = clock
        self._environment = environment
        self._revealed = Revealed(environment, spec.file.name)
        self._opened: Source | None = None

    async def pull(self, dataset: str, cursor: str | None) -> AsyncIterator[Exchange]:
        spec = self.dataset(dataset)
        faults: list[AdapterError] = []
        try:
            ledger, source = read_ledger(cursor), self._source()
            for entry in self._fitting(spec, await source.entries()):
                try:
                    drop = await self._take(source, entry, spec, ledger.get(entry.name))
                except Unreachable:
                    raise  # what one file can't be asked for, no other can
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
            raise error.without(self._revealed.hide).about(self.spec.id, dataset) from None

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

    def _fitting(self, spec: DatasetSpec, entries: list[Entry]) -> list[Entry]:
        return [one for one in entries if fnmatchcase(one.name, spec.files or "*")]

    async def _take(self, source: Source, entry: Entry, spec: DatasetSpec, known: Taken | None) -> _Drop | None:
        """The file if it is new and complete, else None. Raises Malformed, Misconfigured and what its source raises."""
        if known and known.state == entry.state:
            return None
        marker = spec.marker
        told = marker.of(entry.name) if marker else ""
        if told and await source.entry(told) is None:
            return None
        async with source.opened(entry) as file:
            payload = await asyncio.to_thread(self._payload, file, entry.name)
        young = self._clock().timestamp() - entry.changed_ns / 1e9 < (marker.settle if marker else 60)
        try:
            control = read_control(await source.read(told, CONTROL_CEILING), marker) if told and marker else None
        except Malformed as error:
            error.where = told or entry.name
            if young:
                return None
            raise
        stated = control.archive_sha256 if control else ""
        if await source.entry(entry.name) != entry or (
            young and (stated != payload.sha256 if stated else marker is None)
        ):
            return None
        taken = Taken(*entry.state, payload.sha256[:16])
        return None if known and known.digest == taken.digest else _Drop(entry.name, payload, taken, control)

    def _payload(self, file: BinaryIO, name: str) -> Payload:
        ceiling = self.limits.unpacked
        body = file.read(ceiling + 1)
        if len(body) > ceiling:
            raise Malformed(f"larger than {ceiling} bytes (文件过大)", where=name)
        return Payload.of(body)

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

    def _source(self) -> Source:
        """Made at the first use: its address may be missing, and then only this adapter is down."""
        if self._opened is None:
            self._opened = self._sftp() if self.spec.sftp else Folder(Path(self._plain(self.spec.folder or "")))
        return self._opened

    def _plain(self, template: str) -> str:
        """What the adapter file names and is no secret: a folder, a host."""
        return resolve(template, self._environment, where=self.spec.file.name).reveal()

    def _sftp(self) -> Source:
        try:
            # a third of a second to import, which no command without such a system should wait for
            from adapters.drop.sftp import Sftp  # noqa: PLC0415
        except ModuleNotFoundError:
            words = "SFTP needs asyncssh: pip install 'liandan-gateway[sftp]' (缺少 asyncssh)"
            raise Misconfigured(words, where=self.spec.file.name) from None
        assert self.spec.sftp is not None
        return Sftp(self.spec.sftp, self.limits, self._plain, self._revealed.reveal)

    async def probe(self) -> Probe:
        spec = next(iter(self.spec.datasets.values()))
        try:
            found = self._fitting(spec, await self._source().entries())
        except AdapterError as error:
            told = str(error.without(self._revealed.hide).about(self.spec.id))
            up = self.spec.sftp is not None and not isinstance(error, Unreachable | Misconfigured)
            return Probe(up=up, authorized=False, words=told)
        return Probe(up=True, authorized=True, words=f"{len(found)} files there (目录可读)")

    async def aclose(self) -> None:
        if self._opened is not None:
            await self._opened.aclose()
            self._opened = None
