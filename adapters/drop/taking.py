"""One file of a listing: is it whole, is it new, and what does its control file say. Nothing is taken that isn't both."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field, replace

from adapters.drop.arrival import AGE, Arrived, bare, is_young, superseded_by, twin
from adapters.drop.source import Changed, Entry, Source
from adapters.drop.splitting import Part, hashed, parts, shown
from adapters.errors import Malformed
from adapters.limits import MEGABYTE, Limits
from adapters.payload import NOTHING, Damaged, Payload
from adapters.protocol.control import Control, read_control
from adapters.protocol.ledger import Taken, UnderWay, next_turn
from adapters.spec import DatasetSpec

CONTROL_CEILING = 8 * MEGABYTE
NONE = Payload.of(b"")


@dataclass(frozen=True, slots=True)
class Drop:
    """A file, or a part of it, to be handed on. `taken` is None where more of the file follows, and `pieces` how many came.
    `told` is what its exchange says beside its name. An empty payload has nothing to be read: `told` says why, or `damaged`
    holds what is wrong. `name` is the file's, `source_name` the part's."""

    name: str
    payload: Payload
    taken: Taken | None
    told: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    control: Control | None = None
    source_name: str = ""
    pieces: int = 0
    damaged: Damaged | None = None

    @property
    def again(self) -> bool:
        """Whether it is the very file that was taken before: only its time has changed."""
        return self.payload is NONE and not self.told and self.damaged is None


@dataclass(frozen=True, slots=True)
class Run:
    """One run through a folder. `listed` is all that was there by name, `ledger` what was taken up to now, `now` in
    seconds since 1970."""

    source: Source
    spec: DatasetSpec
    limits: Limits
    ledger: dict[str, Taken]
    listed: Mapping[str, Entry]
    now: float
    under_way: UnderWay | None = None

    async def drops(self, one: Arrived) -> AsyncGenerator[Drop, None]:
        """The file, or its parts, if it is new and complete. Raises Changed, Malformed, Misconfigured and what its source
        does."""
        spec, entry = self.spec, one.entry
        if not one.name.isprintable():
            shown = one.name.encode("utf-8", "replace").decode()
            raise Malformed(f"the file's name can't be read: {shown!r} (文件名编码错误)")
        told = self.marker_of(one)
        if one.unchanged or (told and told not in self.listed and not one.put_away):
            return
        age = spec.complete.age if spec.complete else AGE
        if spec.marker is None and not one.put_away and is_young(entry, self.now, age):
            return
        if later := superseded_by(one, spec.versions, self.ledger):
            # read now it would pass for the newest: whatever it says was said anew since
            yield Drop(one.name, NONE, Taken(*entry.state, ""), {"superseded_by": later})
            return
        young = spec.marker is not None and not one.put_away and is_young(entry, self.now, spec.marker.settle)
        try:
            control = await self._control(told, one.name)
        except Malformed:
            if young:
                return
            raise
        if young and (self._stale(told, one, control) or (control and control.of_size(entry.size))):
            return
        read = self._parts if spec.split else self._whole
        async for drop in read(one, control, young=young):
            yield drop

    def marker_of(self, one: Arrived) -> str:
        """The name of the file's marker; "" where none is declared."""
        marker, (way, slash, name) = self.spec.marker, one.name.rpartition("/")
        return f"{way}{slash}{marker.of(name, one.version.batch if one.version else '')}" if marker else ""

    async def _whole(self, one: Arrived, control: Control | None, *, young: bool) -> AsyncGenerator[Drop, None]:
        entry, ceiling = one.entry, self.limits.unpacked
        if entry.size > ceiling:
            words = f"larger than {ceiling} bytes: 'split' reads it in pieces, limits.unpacked_mb says how much is taken at once"
            raise Malformed(f"{words} (文件过大)", where=one.name)
        async with self.source.opened(entry) as file:
            payload = Payload.of(await asyncio.to_thread(file.read, ceiling + 1))
        await self._still(entry)
        wrong = await asyncio.to_thread(control.of_file, payload) if control else ()
        if wrong and young:
            return
        drop = self._nothing_new(one, payload.sha256, wrong=bool(wrong))
        yield drop or Drop(one.name, payload, self._taken(one, payload.sha256), _supersedes(one), control, one.name)

    async def _parts(self, one: Arrived, control: Control | None, *, young: bool) -> AsyncGenerator[Drop, None]:
        """The last one is handed on only when it is known to be the last: it says that the file is taken."""
        entry, ceiling = one.entry, (self.spec.split.largest_mb if self.spec.split else 0) * MEGABYTE
        if entry.size > ceiling:
            raise Malformed(
                f"larger than {ceiling} bytes: split.largest_mb says how much is read (文件过大)", where=one.name
            )
        async with self.source.opened(entry) as file:
            algorithms = {"sha256"} | ({control.algorithm} if control else set())
            digests = await asyncio.to_thread(hashed, file, algorithms)
            await self._still(entry)
            wrong = (control.of_size(entry.size) or control.of_digest(digests[control.algorithm])) if control else ()
            if wrong and young:
                return
            if wrong:
                raise Malformed(wrong[0], where=one.name)
            if drop := self._nothing_new(one, digests["sha256"], wrong=False):
                yield drop
                return
            told = {"sha256": digests["sha256"], **_supersedes(one)}
            stored, number = self._stored(entry), 0
            coming = parts(file, one.name, self.spec, self.limits, control)
            part = await asyncio.to_thread(next, coming, None)
            while part is not None:
                following, number = await asyncio.to_thread(next, coming, None), number + 1
                taken = self._taken(one, digests["sha256"]) if following is None else None
                if taken is not None:
                    await self._still(entry)
                if number > stored or taken is not None:
                    yield _of_part(one.name, part, number, taken, told)
                part = following

    def begun(self, entry: Entry) -> UnderWay | None:
        """How far the last run came with it; None where it is another file since."""
        one = self.under_way
        return one if one and (one.name, one.size, one.changed_ns) == (entry.name, *entry.state) else None

    def _stored(self, entry: Entry) -> int:
        """How many parts of it needn't be handed on. Where it is to be put away, the last one's damage must be learnt."""
        begun = self.begun(entry)
        return begun.pieces - (self.spec.after is not None) if begun else 0

    async def _still(self, entry: Entry) -> None:
        if await self.source.entry(entry.name) != entry:
            raise Changed.of(entry.name)

    def _taken(self, one: Arrived, digest: str) -> Taken:
        return Taken(*one.entry.state, digest[:16], next_turn(self.ledger))

    def _nothing_new(self, one: Arrived, digest: str, *, wrong: bool) -> Drop | None:
        """Where the file says only what was taken already. A `wrong` one is told even so."""
        taken = self._taken(one, digest)
        if one.known and one.known.digest == taken.digest:
            return Drop(one.name, NONE, replace(taken, turn=one.known.turn))
        other = "" if wrong else twin(digest, one.name, self.spec, self.ledger)
        return Drop(one.name, NONE, taken, {"duplicate_of": other}) if other else None

    def _stale(self, told: str, one: Arrived, control: Control | None) -> bool:
        """Whether a marker that gives no digest is older than the file: it speaks of the one that was there before."""
        return not (control and control.digest) and self.listed[told].changed_ns < one.entry.changed_ns

    async def _control(self, told: str, name: str) -> Control | None:
        marker = self.spec.marker
        if marker is None or marker.bare or told not in self.listed:
            return None
        try:
            read = read_control(await self.source.read(told, CONTROL_CEILING), marker, self.limits)
            return read.about(bare(name), archive=self.spec.decode[0].startswith("zip"))
        except Malformed as error:
            error.where = told
            raise


def _supersedes(one: Arrived) -> dict[str, str]:
    return {"supersedes": one.known.digest} if one.known else {}


def _of_part(file: str, part: Part, number: int, taken: Taken | None, told: Mapping[str, str]) -> Drop:
    if part.piece is None:
        return Drop(file, NONE, taken, told, source_name=file, pieces=number, damaged=part.damaged)
    name = f"{file}/{part.name}" if part.name else file
    told = {**told, "part": str(number), "bytes": f"{part.piece.start}-{part.piece.end}"}
    return Drop(file, Payload.of(part.piece.body), taken, told, None, name + shown(part.piece), number)
