"""The adapters and targets of the loaded packs: their files read and checked, their stages kept in the store."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from adapters.load import load_adapter, load_target
from adapters.spec import AdapterSpec, TargetSpec
from canonical_schema.problem import ProblemsFound
from canonical_schema.values.division import PROVINCES
from gateway.checked import Checked, check
from gateway.clock import Clock
from gateway.domain.asking import Asked
from gateway.domain.counts import Counts
from gateway.errors import UsedWrongly
from gateway.kept import Kept
from gateway.lifecycle import move_by_hand, require_taking_data
from gateway.packs import Packs
from gateway.programs import shown
from gateway.readiness import AdapterState, missing
from gateway.store import adapters as stored
from gateway.store.adapters import StageChange
from gateway.store.database import Database


@dataclass(slots=True)
class Registration:
    """Known adapters, from files on one side and the database on the other. A broken file concerns its adapter alone."""

    packs: Packs
    database: Database
    clock: Clock
    environment: Mapping[str, str]
    _specs: Kept[AdapterSpec] = field(default_factory=Kept)

    def spec(self, adapter: str) -> AdapterSpec:
        """The adapter's file, read at first use and after a change. NoSuchAdapter, ProblemsFound."""
        files = (self.packs.province(adapter).file,)
        return self._specs.get((adapter,), files, lambda: read_adapter(self.packs, adapter))

    def taking_data(self, adapter: str) -> AdapterSpec:
        """The adapter's file, if its stage lets it bring data. WrongStage names the command that helps."""
        spec = self.spec(adapter)
        with self.database.read() as conn:
            stage = stored.stage(conn, adapter)
        # Our own pack is always loaded: only for another's must the command name it.
        folder = self.packs.province(adapter).pack
        require_taking_data(adapter, stage, (str(folder),) if folder in self.packs.folders else ())
        return spec

    def states(self) -> list[AdapterState]:
        """Every known adapter, by id."""
        with self.database.read() as conn:
            stages, tallies = stored.stages(conn), stored.tallies(conn)
            asked = {name: stored.asked(conn, name) for name in self.packs.provinces}
        return [
            self._state(name, stages.get(name, stored.UNREGISTERED), tallies.get(name, Counts()), asked[name])
            for name in sorted(self.packs.provinces)
        ]

    def state(self, adapter: str) -> AdapterState:
        """One known adapter."""
        self.packs.province(adapter)
        with self.database.read() as conn:
            stage, tallies = stored.stage(conn, adapter), stored.tallies(conn)
            asked = stored.asked(conn, adapter)
        return self._state(adapter, stage, tallies.get(adapter, Counts()), asked)

    def keep_asked(self, adapter: str, asked: Asked) -> None:
        """What is known of the runs over an adapter."""
        with self.database.write() as conn:
            stored.keep_asked(conn, adapter, asked)

    def _state(self, name: str, stage: str, counts: Counts, asked: Asked) -> AdapterState:
        try:
            spec = self.spec(name)
        except ProblemsFound as error:
            return AdapterState(name, "", "", "", None, (), stage, str(error), counts, asked)
        return AdapterState(
            name,
            spec.title,
            spec.title_en,
            str(spec.driver),
            spec.division,
            tuple(spec.datasets),
            stage,
            missing(spec, self.environment),
            counts,
            asked,
        )

    def targets(self) -> Iterator[tuple[str, TargetSpec | None, str]]:
        """(id, file, what is wrong with it or missing) of every target."""
        for name, found in sorted(self.packs.targets.items()):
            try:
                spec = load_target(found.file, name=shown(found, found.file))
            except ProblemsFound as error:
                yield name, None, str(error)
            else:
                yield name, spec, missing(spec, self.environment)

    def check(self, adapter: str) -> Checked:
        """Every fault of the adapter's file and of its mappings, both ways, and what may not be meant."""
        return check(self.packs.province(adapter), lambda: self.spec(adapter), self.environment)

    def stage(self, adapter: str, wanted: str, *, who: str, why: str) -> tuple[str, str]:
        """Moves a known adapter by hand; (stage before, stage after). WrongStage where the table doesn't allow it."""
        self.packs.province(adapter)
        if not why.strip():
            raise UsedWrongly("请说明原因 (--reason)", "say why (--reason)")
        if wanted == "live" and (problems := self.check(adapter).problems):
            raise ProblemsFound(problems)
        with self.database.write() as conn:
            before = stored.stage(conn, adapter)
            after = move_by_hand(adapter, before, wanted)
            if after != before:
                stored.set_stage(conn, adapter, after, who=who, why=why.strip(), at=self.clock())
            if before == "shadow" and after != before:
                # What was seen in shadow has no record yet: it comes in as it is read once more.
                stored.rewind(conn, adapter)
        return before, after

    def history(self, adapter: str) -> list[StageChange]:
        """The oldest change first."""
        self.packs.province(adapter)
        with self.database.read() as conn:
            return stored.history(conn, adapter)


def read_adapter(packs: Packs, adapter: str) -> AdapterSpec:
    """An adapter's file as it is, without a look at the database. NoSuchAdapter, ProblemsFound."""
    found = packs.province(adapter)
    return load_adapter(found.file, name=shown(found, found.file), provinces=PROVINCES)
