"""One file of a listing: is it whole, is it new, and what does its control file say. Nothing is taken that isn't both."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from adapters.drop.arrival import AGE, Arrived, is_young, superseded_by, twin
from adapters.drop.source import Changed, Entry, Source
from adapters.errors import Malformed
from adapters.limits import MEGABYTE, Limits
from adapters.payload import NOTHING, Payload
from adapters.protocol.control import Control, read_control
from adapters.protocol.ledger import Taken, next_turn
from adapters.spec import DatasetSpec

CONTROL_CEILING = 8 * MEGABYTE
NONE = Payload.of(b"")


@dataclass(frozen=True, slots=True)
class Drop:
    """A file to be handed on, with what its control file says. Where `told` says why nothing of it is to be read (another
    has the same content, a later version came before it), its payload is empty."""

    name: str
    payload: Payload
    taken: Taken
    control: Control | None = None
    told: Mapping[str, str] = field(default_factory=lambda: NOTHING)

    @property
    def again(self) -> bool:
        """Whether it is the very file that was taken before: only its time has changed."""
        return self.payload is NONE and not self.told


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

    async def take(self, one: Arrived) -> Drop | None:
        """The file if it is new and complete, else None. Raises Changed, Malformed, Misconfigured and what its source does."""
        spec, entry = self.spec, one.entry
        if not one.name.isprintable():
            shown = one.name.encode("utf-8", "replace").decode()
            raise Malformed(f"the file's name can't be read: {shown!r} (文件名编码错误)")
        told = self.marker_of(one)
        if one.unchanged or (told and told not in self.listed):
            return None
        if spec.marker is None and is_young(entry, self.now, spec.complete.age if spec.complete else AGE):
            return None
        if later := superseded_by(one, spec.versions, self.ledger):
            # read now it would pass for the newest: whatever it says was said anew since
            return Drop(one.name, NONE, Taken(*entry.state, ""), told={"superseded_by": later})
        young = spec.marker is not None and is_young(entry, self.now, spec.marker.settle)
        try:
            control = await self._control(told, one.name)
        except Malformed:
            if young:
                return None
            raise
        if young and self._stale(told, one, control):
            return None
        if young and control is not None and control.of_size(entry.size):
            return None
        return await self._read(one, control, young=young)

    def marker_of(self, one: Arrived) -> str:
        """The name of the file's marker; "" where none is declared."""
        marker = self.spec.marker
        return marker.of(one.name, one.version.batch if one.version else "") if marker else ""

    async def _read(self, one: Arrived, control: Control | None, *, young: bool) -> Drop | None:
        entry, ceiling = one.entry, self.limits.unpacked
        if entry.size > ceiling:
            raise Malformed(f"larger than {ceiling} bytes (文件过大)", where=one.name)
        async with self.source.opened(entry) as file:
            payload = Payload.of(await asyncio.to_thread(file.read, ceiling + 1))
        if await self.source.entry(one.name) != entry:
            raise Changed.of(one.name)
        wrong = await asyncio.to_thread(control.of_file, payload) if control else ()
        if wrong and young:
            return None
        taken = Taken(*entry.state, payload.sha256[:16], next_turn(self.ledger))
        if one.known and one.known.digest == taken.digest:
            return Drop(one.name, NONE, replace(taken, turn=one.known.turn))
        if not wrong and (same := self._twin(one, payload.sha256)):
            return same
        told = {"supersedes": one.known.digest} if one.known else NOTHING
        return Drop(one.name, payload, taken, control, told)

    def _stale(self, told: str, one: Arrived, control: Control | None) -> bool:
        """Whether a marker that gives no digest is older than the file: it speaks of the one that was there before."""
        return not (control and control.digest) and self.listed[told].changed_ns < one.entry.changed_ns

    def _twin(self, one: Arrived, digest: str) -> Drop | None:
        other = twin(digest, one.name, self.spec, self.ledger)
        taken = Taken(*one.entry.state, digest[:16], next_turn(self.ledger))
        return Drop(one.name, NONE, taken, told={"duplicate_of": other}) if other else None

    async def _control(self, told: str, name: str) -> Control | None:
        marker = self.spec.marker
        if marker is None or marker.bare:
            return None
        try:
            read = read_control(await self.source.read(told, CONTROL_CEILING), marker, self.limits)
            return read.about(name, archive=self.spec.decode[0].startswith("zip"))
        except Malformed as error:
            error.where = told
            raise
