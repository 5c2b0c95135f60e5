"""Mapping files compiled when they have changed, and their versions kept in the store for ever."""

from dataclasses import dataclass, field
from pathlib import Path

from canonical_schema.problem import Problem, ProblemsFound
from gateway.errors import NoSuchAdapter
from gateway.kept import Kept
from gateway.packs import Found, Packs, load_functions, province
from gateway.store import mappings
from gateway.store.database import Database
from mappings import Beside, Program, compile_mapping
from mappings.language.shared import check_shared
from mappings.outward import Outward, compile_outward, is_outward


@dataclass(slots=True)
class Programs:
    """The compiled mappings of the loaded packs, by (adapter, dataset)."""

    packs: Packs
    _compiled: Kept[Program] = field(default_factory=Kept)

    def program(self, adapter: str, dataset: str) -> Program:
        """Compiled at first use and after a change. NoSuchAdapter without a mapping file, ProblemsFound for one with
        faults."""
        found = self.packs.province(adapter)
        files = (found.mappings.get(dataset), found.shared, found.module, *found.tables)
        return self._compiled.get((adapter, dataset), files, lambda: compiled(found, dataset))

    def ours(self, adapter: str, dataset: str) -> Program | None:
        """The program, where the loaded packs have a sound one."""
        try:
            return self.program(adapter, dataset)
        except (NoSuchAdapter, ProblemsFound):
            return None

    def keep(self, database: Database, adapter: str, dataset: str) -> Program:
        """The program, its version stored: a claim may only name a mapping that can still explain it in ten years."""
        program = self.program(adapter, dataset)
        with database.write() as conn:
            mappings.put(conn, program.hash, adapter, dataset, program.file, program.text, program.template)
        return program


def compiled(found: Found, dataset: str) -> Program:
    """One mapping file of a pack, compiled with the functions of the pack's own Python."""
    file = found.mappings.get(dataset)
    if file is None:
        listed = ", ".join(found.mappings) or "-"
        raise NoSuchAdapter(
            f"适配器 {found.id} 的数据集 {dataset!r} 没有映射文件; 已有: {listed}",
            f"adapter {found.id} has no mapping for a dataset {dataset!r}; there are: {listed}",
        )
    return compiled_file(found, file)


def compiled_file(found: Found, file: Path) -> Program:
    """Any file as a mapping of the pack: it may use all that stands beside the pack's own. ProblemsFound."""
    program = compile_mapping(_text(file), shown(found, file), beside(found))
    _its_own(found, program.file, program.text, program.spec.system)
    return program


def outward(found: Found, dataset: str) -> Outward:
    """The mapping that writes records in the system's own form. NoSuchAdapter without a file, ProblemsFound."""
    file = found.outward.get(dataset)
    if file is None:
        listed = ", ".join(found.outward) or "-"
        raise NoSuchAdapter(
            f"适配器 {found.id} 的数据集 {dataset!r} 没有回写映射 (out/{dataset}.yaml); 已有: {listed}",
            f"adapter {found.id} has no outward mapping for a dataset {dataset!r} (out/{dataset}.yaml); there are: {listed}",
        )
    made = compile_outward(_text(file), shown(found, file), beside(found))
    _its_own(found, made.file, made.text, made.system)
    return made


def linted(file: Path) -> tuple[Problem, ...]:
    """Advice on a mapping file, read with what stands beside it in its pack. ProblemsFound with its faults."""
    text, whole = _text(file), file.resolve()
    if file.name == "_shared.yaml":
        check_shared(text, str(file))
        return ()
    back = is_outward(text, str(file))
    own = whole.parent.parent if back else whole.parent
    pack = own.parent.parent.parent
    around = beside(province(pack, pack / f"adapters/provinces/{own.name}.yaml"))
    if back:
        compile_outward(text, str(file), around)
        return ()
    return compile_mapping(text, str(file), around).advice


def _its_own(found: Found, file: str, text: str, system: str) -> None:
    """A copied mapping that still names its neighbour would give out this system's numbers as that one's."""
    if system != found.id:
        line = next((at for at, row in enumerate(text.splitlines(), 1) if row.startswith("system:")), 1)
        words = f"system is '{system}', but this is a mapping of the adapter '{found.id}' (system 应为适配器编号)"
        raise ProblemsFound([Problem(file, line, 1, "demand", words, found.id)])


def beside(found: Found) -> Beside:
    """What stands beside the mappings of a pack: its functions, its shared file, its CSV tables."""
    code = found.module.read_bytes() if found.module is not None else b""
    shared = (shown(found, found.shared), _text(found.shared)) if found.shared is not None else None
    return Beside(load_functions(found), code, shared, {path.name: _text(path) for path in found.tables})


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ProblemsFound(
            [
                Problem(
                    str(file),
                    1,
                    1,
                    "file",
                    f"can't be read as UTF-8: {error} (无法读取; 请另存为 UTF-8, 表格存为“CSV UTF-8”)",
                )
            ]
        ) from error


def shown(found: Found, file: object) -> str:
    """A pack's file as problems name it: by its way from the folder that was given."""
    text = str(file)
    return text.removeprefix(f"{found.pack}/") if found.pack.is_absolute() else text
