"""Driver `xml_drop`: files that a system drops into a folder, here or behind SFTP, perhaps with a control file that says
when one is complete.

What was taken stands in the cursor, so a file counts again only when it changed. Originals are only ever read or, where the
adapter file says so, moved away once what they hold is stored.
"""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import astuple
from pathlib import Path
from typing import Any

from adapters.decode import Vet, decode
from adapters.decode.xpath import ask
from adapters.driver import Probe
from adapters.drivers.connected import Clock
from adapters.drivers.decoding import Decoding
from adapters.drivers.probing import first_pulled
from adapters.drop.aftermath import move, of_damaged, of_error
from adapters.drop.arrival import Arrived, arrived, put_away, steady
from adapters.drop.folder import Folder
from adapters.drop.sending import put
from adapters.drop.source import Changed, Entry, Source
from adapters.drop.taking import NONE, Drop, Run
from adapters.errors import AdapterError, Denied, Malformed, Misconfigured, Unreachable
from adapters.payload import NOTHING, Damaged, Decoded, Exchange, Payload
from adapters.protocol.control import Control, from_headers
from adapters.protocol.ledger import Taken, UnderWay, from_the_start, pruned, read_ledger, read_under_way, write_ledger
from adapters.secrets import Revealed, resolve
from adapters.sending import Outgoing, Receipt
from adapters.spec import AdapterSpec, DatasetSpec

log = logging.getLogger(__name__)

TOLD = "told"  # the header of an exchange that has nothing to be read: damaged units, if there are any
LONGEST_LIST = 10  # names in an error
EARLIER = "an earlier part of it, read by another run (先前读取的部分)"
PIECE = "piece"  # the header of one whose payload is a piece, unpacked


class XmlDropDriver(Decoding):
    def __init__(self, spec: AdapterSpec, environment: Mapping[str, str], clock: Clock) -> None:
        super().__init__(spec)
        self._clock = clock
        self._environment = environment
        self._revealed = Revealed(environment, spec.file.name)
        self._opened: Source | None = None
        self._broken: dict[str, tuple[Damaged, ...]] = {}

    async def pull(self, dataset: str, cursor: str | None, *, tidy: bool = True) -> AsyncIterator[Exchange]:
        """As every driver; unless `tidy`, nothing is moved: for who only wants to look."""
        spec = self.dataset(dataset)
        faults: list[AdapterError] = []
        try:
            ledger, source = read_ledger(cursor), self._source()
            entries = await self._entries(source, spec, ledger)
            stored = await self._stored(source, spec, ledger) if from_the_start(cursor) else []
            listed = {one.name: one for one in entries} | {one.name: one.entry for one in stored}
            if not from_the_start(cursor):
                ledger = pruned(ledger, listed)
            now, under_way = self._clock().timestamp(), read_under_way(cursor)
            run = Run(source, spec, self.limits, ledger, listed, now, under_way)
            for one in [*stored, *arrived(entries, spec, ledger)]:
                found, why = 0, [EARLIER] if (begun := run.begun(one.entry)) and begun.broken else []
                try:
                    async with aclosing(run.drops(one)) as drops:
                        async for drop in drops:
                            found += 1
                            if drop.taken is not None:
                                ledger[drop.name] = drop.taken
                            if drop.payload is NONE and drop.told:
                                log.info("%s/%s: %s: %s", self.spec.id, dataset, drop.name, dict(drop.told))
                            if not drop.again:
                                yield self._exchange(dataset, one, drop, ledger, broken=bool(why))
                            # whoever asks for the next has stored this one, and decoded it before
                            why += of_damaged(self._broken.pop(drop.payload.sha256, ()))
                except (Unreachable, Denied):
                    raise  # what one file can't be asked for, no other can
                except Changed:
                    continue
                except AdapterError as error:
                    # one file that can't be taken holds up no other; it is told at the end
                    error.where = error.where or one.name
                    faults.append(error)
                    if not isinstance(error, Malformed):
                        continue
                    why += of_error(error)
                if tidy and (found or why) and not one.put_away:
                    faults += await self._put_away(run, dataset, one, why, taken=bool(found))
            if faults:
                raise _together(faults)
        except AdapterError as error:
            raise error.without(self._revealed.hide).about(self.spec.id, dataset) from None

    async def _stored(self, source: Source, spec: DatasetSpec, ledger: Mapping[str, Taken]) -> list[Arrived]:
        """What was put away before: a dataset that is begun anew needs it, and it lies nowhere else."""
        if spec.after is None:
            return []
        folders = dict.fromkeys((spec.after.done, spec.after.failed))
        return put_away([one for folder in folders for one in await source.entries(folder)], spec, ledger)

    async def _put_away(
        self, run: Run, dataset: str, one: Arrived, why: Sequence[str], *, taken: bool
    ) -> list[AdapterError]:
        """What went wrong with it: the file is where it was, or where the error says."""
        try:
            await move(run, one, f"{self.spec.id}/{dataset}", why, self._clock(), taken=taken)
        except (Unreachable, Denied):
            raise
        except Changed:
            return []
        except AdapterError as error:
            return [error]
        return []

    async def _entries(self, source: Source, spec: DatasetSpec, ledger: Mapping[str, Taken]) -> list[Entry]:
        """What lies there; of what is new, only what two looks find alike, where two are declared."""
        entries = await source.entries()
        looks = spec.complete.looks if spec.complete else None
        if looks is None or all(one.unchanged for one in arrived(entries, spec, ledger)):
            return entries
        await asyncio.sleep(looks)
        return list(steady(entries, await source.entries()))

    def decode(self, payload: Payload, dataset: str, headers: Mapping[str, str] = NOTHING, name: str = "") -> Decoded:
        decoded = self._decoded(payload, dataset, headers, name)
        if decoded.damaged and self.dataset(dataset).after is not None:
            # else the run that handed it out wouldn't know where it belongs
            self._broken[payload.sha256] = decoded.damaged
        return decoded

    def _decoded(self, payload: Payload, dataset: str, headers: Mapping[str, str], name: str) -> Decoded:
        if TOLD in headers:
            return Decoded((), _read_damaged(headers[TOLD]))
        if PIECE in headers:
            steps = self.dataset(dataset).decode[-2:]
            return decode(payload.body, steps, self.limits, name=name, vet=self.vet(dataset))
        control = from_headers(headers)
        if control is None:
            return self.vetted(payload, dataset, name, self.vet(dataset))
        if wrong := control.of_file(payload):
            # one clear word: what its parts hold is nobody's when the whole isn't the one that was sent
            return Decoded((), (Damaged(name, wrong, payload.sha256),))
        decoded = self.vetted(payload, dataset, name, self._against(control, dataset))
        if any(one.place == name for one in decoded.damaged):
            return decoded  # the archive as a whole: nothing is known of its members
        seen = {document.name for document in decoded.documents} | {one.place for one in decoded.damaged}
        words = "the control file names it, the archive hasn't got it (压缩包中缺少此文件)"
        missing = [Damaged(one.name, (words,), one.digest) for one in control.members if one.name not in seen]
        missing += [Damaged(name, wrong, payload.sha256) for wrong in [control.of_count(len(seen))] if wrong]
        return Decoded(decoded.documents, decoded.damaged + tuple(missing))

    def _against(self, control: Control, dataset: str) -> Vet:
        """Besides the schema: digests and counts that the control file gives."""
        own, marker = self.vet(dataset), self.dataset(dataset).marker
        expected = {one.name: one for one in control.members}

        def member(name: str, body: bytes) -> tuple[str, ...]:
            return expected[name].of_bytes(body, control.algorithm) if name in expected else ()

        def document(name: str, tree: Any) -> tuple[str, ...]:
            if marker is None or marker.row is None or name not in expected:
                return own.document(name, tree)
            return expected[name].of_rows(len(ask(tree, marker.row))) or own.document(name, tree)

        return Vet(member, document)

    def _exchange(
        self, dataset: str, one: Arrived, drop: Drop, ledger: Mapping[str, Taken], *, broken: bool
    ) -> Exchange:
        under_way = None if drop.taken else UnderWay(drop.name, *one.entry.state, drop.pieces, int(broken))
        return Exchange(
            adapter=self.spec.id,
            dataset=dataset,
            payload=drop.payload,
            received_at=self._clock(),
            request={"file": drop.name, **drop.told},
            headers=_headers(drop),
            cursor=write_ledger(ledger, under_way, again=one.put_away),
            source_name=drop.source_name or drop.name,
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

    async def deliver(self, dataset: str, outgoing: Outgoing, *, again: bool) -> Receipt:
        del again  # the file itself says whether it's there
        send = self.dataset(dataset).send
        try:
            if send is None or send.file is None:
                raise Misconfigured("the adapter file doesn't say how it is sent there: 'send' (未声明如何发送)")
            return await put(self._source(), send, send.file, outgoing, self.limits, self._plain)
        except AdapterError as error:
            raise error.without(self._revealed.hide).about(self.spec.id, dataset) from None

    async def probe(self, dataset: str) -> Probe:
        self.dataset(dataset)
        return await first_pulled(self.pull(dataset, None, tidy=False))

    async def aclose(self) -> None:
        if self._opened is not None:
            await self._opened.aclose()
            self._opened = None


def _together(faults: Sequence[AdapterError]) -> AdapterError:
    """The first, with the names of the others: one that was put away isn't met again."""
    first, *others = faults
    if others:
        named = ", ".join(dict.fromkeys(one.where for one in others[:LONGEST_LIST]))
        more = ", …" if len(others) > LONGEST_LIST else ""
        first.words += f"; {len(others)} more (另有 {len(others)} 个): {named}{more}"
    return first


def _headers(drop: Drop) -> Mapping[str, str]:
    if drop.payload is NONE:
        units = [astuple(drop.damaged)] if drop.damaged else []
        return {TOLD: json.dumps(units, ensure_ascii=False)}
    if drop.pieces:
        return {PIECE: str(drop.pieces)}
    return drop.control.as_header() if drop.control else NOTHING


def _read_damaged(text: str) -> tuple[Damaged, ...]:
    return tuple(Damaged(place, tuple(reasons), sha256) for place, reasons, sha256 in json.loads(text))
