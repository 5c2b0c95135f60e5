"""Adapter and target files read whole: shape first, then what one part demands of another; all faults at once."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from adapters.decode import check_chain
from adapters.protocol.moments import known_format
from adapters.spec import AdapterSpec, CursorSpec, DatasetSpec, DriverName, RequestSpec, TargetSpec
from canonical_schema.declared import Node, declare, read
from canonical_schema.problem import Problem, ProblemsFound, nearest

SLOTS = ("page", "size", "from", "to", "token", "json")
Fault = tuple[tuple[str | int, ...], str]


def load_adapter(path: Path, *, name: str = "") -> AdapterSpec:
    """The adapter in a file. `name` is what faults call the file, else the path as given. Raises ProblemsFound."""
    shown = name or str(path)
    node = _read(path, shown)
    spec = declare(AdapterSpec, node, shown)
    problems = [Problem(shown, *node.at(place), "demand", words) for place, words in _faults(spec, path)]
    if problems:
        raise ProblemsFound(problems)
    return spec.read_from(path)


def load_target(path: Path, *, name: str = "") -> TargetSpec:
    """The target in a file. Raises ProblemsFound."""
    shown = name or str(path)
    node = _read(path, shown)
    spec = declare(TargetSpec, node, shown)
    if spec.id != path.stem:
        words = f"id is '{spec.id}', but the file is called {path.name}: the two must agree"
        raise ProblemsFound([Problem(shown, *node.at(("id",)), "demand", words)])
    return spec


def _read(path: Path, shown: str) -> Node:
    try:
        return read(path.read_text("utf-8"), shown)
    except OSError as error:
        raise ProblemsFound([Problem(shown, 1, 1, "file", f"can't be read: {error.strerror} (无法读取)")]) from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ProblemsFound([Problem(shown, line, 1, "file", "not UTF-8 (不是 UTF-8 编码)")]) from None


def _faults(spec: AdapterSpec, path: Path) -> Iterator[Fault]:
    needs: dict[DriverName, tuple[str, ...]] = {
        DriverName.REST: ("base_url",),
        DriverName.SOAP: ("base_url", "soap"),
        DriverName.XML_DROP: ("folder",),
        DriverName.FILE: (),
    }
    if spec.id != path.stem:
        # The file's name is what commands and packs call it; an id of another would store its claims as that one's.
        yield ("id",), f"id is '{spec.id}', but the file is called {path.name}: the two must agree"
    for key in needs[spec.driver]:
        if getattr(spec, key) is None:
            yield (), f"driver {spec.driver} needs '{key}'"
    yield from _auth(spec)
    yield from _slots(spec)
    if (spec.answer.code is None) != (spec.answer.success is None):
        yield ("answer",), "'code' (where it stands) and 'success' (what it is when all is well) go together"
    for name, dataset in spec.datasets.items():
        at = ("datasets", name)
        for place, words in _DEMANDS[spec.driver](dataset):
            yield (*at, *place), words
        wrong = check_chain(dataset.decode)
        if wrong:
            yield (*at, "decode"), wrong
        if dataset.source_schema and not (path.parent / dataset.source_schema).is_file():
            yield (*at, "source_schema"), f"there is no file {dataset.source_schema} beside this one"


def _slots(spec: AdapterSpec) -> Iterator[Fault]:
    """Placeholders that nobody fills would be sent as they stand, and the system blamed for not understanding them."""
    for name, dataset in spec.datasets.items():
        if dataset.request is not None:
            for place, template in _templates(dataset.request):
                yield from _unknown_slots(("datasets", name, "request", *place), template)
    for header, template in spec.auth.send.items():
        yield from _unknown_slots(("auth", "send", header), template)


def _templates(request: RequestSpec) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for part, values in (("query", request.query), ("headers", request.headers), ("json", request.body)):
        for key, template in values.items():
            yield (part, key), template
    for place, template in enumerate(request.arguments):
        yield ("arguments", place), template


def _unknown_slots(place: tuple[str | int, ...], template: str) -> Iterator[Fault]:
    for name in re.findall(r"(?<!\$)\{([A-Za-z_]+)\}", template):
        if name not in SLOTS:
            meant = nearest(name, SLOTS)
            yield (
                place,
                f"nothing fills {{{name}}}; there are {', '.join(SLOTS)}"
                + (f"; did you mean {{{meant}}}?" if meant else ""),
            )


def _auth(spec: AdapterSpec) -> Iterator[Fault]:
    if spec.auth.kind == "none":
        return
    if spec.auth.login is None:
        yield ("auth",), "auth of kind token needs 'login', the call that gives the token"
    if spec.driver is DriverName.REST and (spec.auth.token is None or not spec.auth.send):
        yield ("auth",), "auth of kind token needs 'token', where it stands in the answer, and 'send', how it is shown"


def _pulled(dataset: DatasetSpec) -> Iterator[Fault]:
    if dataset.request is None:
        yield (), "needs 'request'"
    if dataset.paging is None or dataset.cursor is None:
        yield (), "needs 'paging' and 'cursor'"
        return
    yield from _cursor(dataset.cursor)
    if dataset.decode[-1:] != ("json",):
        yield ("decode",), "paging finds rows in JSON only: the chain must end with json"
    if dataset.paging.kind == "keyset" and dataset.cursor.row is None:
        yield ("cursor",), "paging by keyset needs cursor 'row', the place of the value in a row"
    if dataset.paging.kind == "window" and dataset.paging.total is None:
        yield (
            ("paging",),
            "paging by window needs 'total', where the answer says how many rows there are: else pages are missed",
        )
    if dataset.paging.kind == "window" and dataset.cursor.window is None:
        yield ("cursor",), "paging by window needs cursor 'window', such as 30d"


def _cursor(cursor: CursorSpec) -> Iterator[Fault]:
    wrong = known_format(cursor.format, cursor.start)
    if wrong:
        yield ("cursor", "start"), wrong
    try:
        ZoneInfo(cursor.zone)
    except (ZoneInfoNotFoundError, ValueError):
        yield ("cursor", "zone"), f"{cursor.zone!r} is no time zone"


def _rest(dataset: DatasetSpec) -> Iterator[Fault]:
    yield from _pulled(dataset)
    if dataset.request and dataset.request.path is None:
        yield ("request",), "a REST request needs 'path'"


def _soap(dataset: DatasetSpec) -> Iterator[Fault]:
    yield from _pulled(dataset)
    if dataset.request and dataset.request.operation is None:
        yield ("request",), "a SOAP request needs 'operation'"


def _dropped(dataset: DatasetSpec) -> Iterator[Fault]:
    if dataset.files is None:
        yield (), "a drop folder's dataset needs 'files', the pattern of their names"


def _local(_: DatasetSpec) -> Iterator[Fault]:
    return iter(())


_DEMANDS: dict[DriverName, Callable[[DatasetSpec], Iterator[Fault]]] = {
    DriverName.REST: _rest,
    DriverName.SOAP: _soap,
    DriverName.XML_DROP: _dropped,
    DriverName.FILE: _local,
}
