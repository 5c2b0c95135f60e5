"""Where the provinces' folders lie: our own packages and every --pack DIR, found by the same code.

A pack is a folder with adapters/provinces/<id>.yaml, mappings/provinces/<id>/<dataset>.yaml, perhaps
mappings/provinces/<id>/out/<dataset>.yaml, mappings/provinces/<id>/_shared.yaml and tables *.csv, adapters/targets/<id>.yaml and
adapters/provinces/<id>.py. Finding reads no file: a broken one must not keep the others from running.
"""

import hashlib
import importlib.util
import inspect
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import adapters
from gateway.errors import BadSettings, NoSuchAdapter, TwicePacked

OWN = Path(adapters.__file__).resolve().parent.parent

StepFunction = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Found:
    """One adapter or target of a pack, by its files; `mappings` and `outward` (the way back) by dataset name, `tables` the CSV
    files beside them. `pack` is the folder as it was given."""

    id: str
    pack: Path
    file: Path
    module: Path | None = None
    shared: Path | None = None
    mappings: dict[str, Path] = field(default_factory=dict)
    outward: dict[str, Path] = field(default_factory=dict)
    tables: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Packs:
    """All that was found, by id."""

    provinces: dict[str, Found]
    targets: dict[str, Found]
    folders: tuple[Path, ...] = ()

    def province(self, name: str) -> Found:
        return _known(self.provinces, name)


def find_packs(folders: Iterable[Path] = ()) -> Packs:
    """Our own pack and those in `folders`. BadSettings where a folder is no pack, TwicePacked where two claim one id."""
    given = tuple(folders)
    packs = Packs({}, {}, given)
    seen: set[Path] = set()
    for folder in (OWN, *given):
        if not (folder / "adapters").is_dir():
            raise BadSettings(
                f"{folder} 不是扩展包: 其中没有 adapters 目录", f"{folder} is no pack: it has no folder 'adapters'"
            )
        if folder.resolve() in seen:
            continue
        seen.add(folder.resolve())
        for file in sorted((folder / "adapters/provinces").glob("*.yaml")):
            _add(packs.provinces, province(folder, file))
        for file in sorted((folder / "adapters/targets").glob("*.yaml")):
            _add(packs.targets, Found(file.stem, folder, file))
    return packs


def load_functions(found: Found) -> dict[str, StepFunction]:
    """The public functions of the pack's own Python, by name; none where there is no module.

    The file is loaded under a private name of its path and content: packs can't shadow each other nor an installed
    package, and a changed file is loaded anew.
    """
    if found.module is None:
        return {}
    module = _load(found.module)
    return {
        name: value
        for name, value in vars(module).items()
        if inspect.isfunction(value) and value.__module__ == module.__name__ and not name.startswith("_")
    }


def _load(path: Path) -> ModuleType:
    name = "_liandan_pack_" + hashlib.sha256(str(path.resolve()).encode() + path.read_bytes()).hexdigest()[:16]
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise BadSettings(f"{path} 无法加载", f"{path} can't be loaded")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up while it is being run
    try:
        spec.loader.exec_module(module)
    except (SyntaxError, ImportError, NameError, AttributeError, TypeError, ValueError) as error:
        del sys.modules[name]
        raise BadSettings(f"{path} 无法加载: {error}", f"{path} can't be loaded: {error}") from error
    return module


def province(folder: Path, file: Path) -> Found:
    """What a pack has of one adapter, by its adapter file."""
    name = file.stem
    own = folder / "mappings/provinces" / name
    module, shared = file.with_suffix(".py"), own / "_shared.yaml"
    return Found(
        name,
        folder,
        file,
        module if module.is_file() else None,
        shared if shared.is_file() else None,
        {path.stem: path for path in sorted(own.glob("*.yaml")) if not path.stem.startswith("_")},
        {path.stem: path for path in sorted((own / "out").glob("*.yaml"))},
        tuple(sorted(own.glob("*.csv"))),
    )


def _add(table: dict[str, Found], found: Found) -> None:
    other = table.setdefault(found.id, found)
    if other is not found:
        raise TwicePacked(
            f"{found.id} 同时出现在 {other.file} 和 {found.file}", f"{found.id} is in {other.file} and in {found.file}"
        )


def _known(table: dict[str, Found], name: str) -> Found:
    found = table.get(name)
    if found is None:
        listed = ", ".join(sorted(table)) or "-"
        raise NoSuchAdapter(
            f"没有适配器 {name!r}; 已加载: {listed} (其他扩展包用 --pack DIR)",
            f"there is no adapter {name!r}; loaded: {listed} (further packs with --pack DIR)",
        )
    return found
