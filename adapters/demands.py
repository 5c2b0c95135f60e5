"""What one part of an adapter file demands of another, and what its texts must be: faults with the place of each."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from adapters.address import is_base_url
from adapters.decode import check_chain
from adapters.decode.chain import STEPS
from adapters.decode.xpath import xpath_fault
from adapters.protocol import moments
from adapters.protocol.template import PAGE_SLOTS
from adapters.secrets import VARIABLE
from adapters.spec import AdapterSpec, CursorSpec, DatasetSpec, DriverName, MarkerSpec, RequestSpec, TargetSpec
from canonical_schema.problem import nearest

Place = tuple[str | int, ...]
SLOT = re.compile(r"(?<!\$)\{([A-Za-z_][A-Za-z0-9_]*)\}")


class Fault(NamedTuple):
    place: Place
    words: str
    suggestion: str = ""

    def inside(self, place: Place) -> "Fault":
        """The same fault, seen from further out."""
        return self._replace(place=(*place, *self.place))


Faults = Iterator[Fault]


def of_adapter(spec: AdapterSpec, path: Path, provinces: Collection[str]) -> Faults:
    """`provinces` are the codes there are; empty: any will do."""
    yield from _id(spec.id, path)
    if spec.division and provinces and spec.division not in provinces:
        yield Fault(("division",), f"no province has the code {spec.division} (没有这个省级代码)")
    for key in NEEDS[spec.driver]:
        if getattr(spec, key) is None:
            yield Fault((), f"driver {spec.driver} needs '{key}' (缺少此项)")
    yield from _base_url(spec.base_url)
    yield from _auth(spec)
    if (spec.answer.code is None) != (spec.answer.success is None):
        words = "'code' (where it stands) and 'success' (what it is when all is well) go together (两项须同时给出)"
        yield Fault(("answer",), words)
    for name, dataset in spec.datasets.items():
        for fault in _dataset(spec, dataset, path):
            yield fault.inside(("datasets", name))


def of_target(spec: TargetSpec, path: Path) -> Faults:
    yield from _id(spec.id, path)
    yield from _base_url(spec.base_url)
    yield from _unfilled(("headers",), spec.headers, ())


def _id(name: str, path: Path) -> Faults:
    # The file's name is what commands and packs call it; an id of another would store its claims as that one's.
    if name != path.stem:
        yield Fault(("id",), f"id is '{name}', but the file is called {path.name}: the two must agree (应与文件名一致)")


def _base_url(declared: str | None) -> Faults:
    """Of an address that begins with a secret nothing is known before it's used."""
    if declared is None or declared.startswith(("${", "file:")):
        return
    if not is_base_url(VARIABLE.sub("1", declared)):
        words = "an address is needed here, such as https://host/path or ${NAME} (应为 http 或 https 网址)"
        yield Fault(("base_url",), words)


def _auth(spec: AdapterSpec) -> Faults:
    login = spec.auth.login
    if login is None:
        # another gateway is shown a key that a person made there
        if spec.auth.token or (spec.auth.send and spec.driver is not DriverName.LIANDAN):
            yield Fault(("auth",), "'auth' needs 'login', the call that gives the token (缺少登录请求)")
        return
    if spec.driver is DriverName.REST and (spec.auth.token is None or not spec.auth.send):
        words = (
            "'auth' needs 'token', where it stands in the answer, and 'send', how it is shown (缺少令牌位置或出示方式)"
        )
        yield Fault(("auth",), words)
    yield from _unfilled(("auth", "send"), spec.auth.send, (*PAGE_SLOTS, "token"))
    for fault in _request(spec.driver, login, ()):
        yield fault.inside(("auth", "login"))


def _request(driver: DriverName, request: RequestSpec, slots: tuple[str, ...]) -> Faults:
    """`slots`: what is filled into it."""
    key = {DriverName.REST: "path", DriverName.SOAP: "operation"}.get(driver)
    if key and getattr(request, key) is None:
        yield Fault((), f"a request of driver {driver} needs '{key}' (缺少此项)")
    yield from _unfilled((), {"path": request.path or ""}, slots)
    for part, templates in (("query", request.query), ("headers", request.headers), ("json", request.body)):
        yield from _unfilled((part,), templates, slots)
    yield from _unfilled(
        ("arguments",), dict(enumerate(request.arguments)), (*slots, "json") if request.body else slots
    )


def _unfilled(place: Place, templates: Mapping[str, str] | Mapping[int, str], slots: tuple[str, ...]) -> Faults:
    """A placeholder that nobody fills would be sent as it stands, and the system blamed for not understanding it."""
    there = "there is " + ", ".join(f"{{{slot}}}" for slot in slots) if slots else "there is none here"
    for key, template in templates.items():
        for name in SLOT.findall(template):
            if name not in slots:
                meant = nearest(name, slots)
                words = f"nothing fills {{{name}}}: {there} (没有这个占位符)"
                yield Fault((*place, key), words, f"{{{meant}}}" if meant else "")


def _dataset(spec: AdapterSpec, dataset: DatasetSpec, path: Path) -> Faults:
    yield from _DEMANDS[spec.driver](dataset)
    if dataset.request:
        slots = (*PAGE_SLOTS, "token") if spec.auth.login else PAGE_SLOTS
        for fault in _request(spec.driver, dataset.request, slots):
            yield fault.inside(("request",))
    if wrong := _chain_fault(spec.driver, dataset):
        yield Fault(("decode",), wrong, _meant_step(dataset.decode))
    if dataset.source_schema and not (path.parent / dataset.source_schema).is_file():
        words = f"there is no file {dataset.source_schema} beside this one (没有这个文件)"
        yield Fault(("source_schema",), words)


def _chain_fault(driver: DriverName, dataset: DatasetSpec) -> str:
    if driver is DriverName.LIANDAN:
        return ""
    return check_chain(dataset.decode) if dataset.decode else "needs 'decode', from bytes to documents (缺少此项)"


def _meant_step(chain: Collection[str]) -> str:
    """What the first step that isn't known was likely meant to be."""
    unknown = (step.partition(":")[0] for step in chain if step.partition(":")[0] not in STEPS)
    return next((nearest(step, STEPS) for step in unknown), "")


def _pulled(dataset: DatasetSpec) -> Faults:
    paging, cursor = dataset.paging, dataset.cursor
    for key in ("request", "paging", "cursor"):
        if getattr(dataset, key) is None:
            yield Fault((), f"needs '{key}' (缺少此项)")
    if paging is None or cursor is None:
        return
    yield from _cursor(cursor)
    if dataset.decode and dataset.decode[-1] != "json":
        yield Fault(("decode",), "paging finds rows in JSON only: the chain must end with json (最后一步须为 json)")
    if paging.kind == "keyset" and cursor.row is None:
        yield Fault(("cursor",), "paging by keyset needs cursor 'row', the place of the value in a row (缺少此项)")
    if paging.kind == "window" and paging.total is None:
        words = "paging by window needs 'total', where the answer says how many rows there are: else pages are missed (缺少此项)"
        yield Fault(("paging",), words)
    if paging.kind == "window" and cursor.window is None:
        yield Fault(("cursor",), "paging by window needs cursor 'window', such as 30d (缺少此项)")


def _cursor(cursor: CursorSpec) -> Faults:
    try:
        ZoneInfo(cursor.zone)
    except (ZoneInfoNotFoundError, ValueError):
        yield Fault(
            ("cursor", "zone"),
            f"{cursor.zone!r} is no time zone, such as Asia/Shanghai (没有这个时区)",
            nearest(cursor.zone, available_timezones()),
        )
        return
    if wrong := moments.format_fault(cursor.format):
        yield Fault(("cursor", "format"), wrong)
    elif not moments.fits(cursor.start, cursor.format):
        words = f"{cursor.start!r} isn't a date written as {cursor.format} (与 format 不符)"
        yield Fault(("cursor", "start"), words)
    elif cursor.window is not None and _stands_still(cursor, cursor.window):
        words = f"a window must reach beyond what {cursor.format} can tell apart (窗口短于 format 的最小单位)"
        yield Fault(("cursor", "window"), words)


def _stands_still(cursor: CursorSpec, window: int) -> bool:
    return moments.moved(cursor.start, window, cursor.format, cursor.zone) <= cursor.start


def _dropped(dataset: DatasetSpec) -> Faults:
    if dataset.files is None:
        yield Fault((), "a drop folder's dataset needs 'files', the pattern of their names (缺少此项)")
    if dataset.marker is not None:
        for fault in _marker(dataset.marker):
            yield fault.inside(("marker",))


def _marker(marker: MarkerSpec) -> Faults:
    yield from _unfilled((), {"name": marker.name}, ("stem",))
    for key in ("archive_sha256", "member", "member_name", "member_rows", "member_sha256", "row"):
        path = getattr(marker, key)
        if path is not None and (wrong := xpath_fault(path, nodes=key in {"member", "row"})):
            yield Fault((key,), wrong)


def _local(_: DatasetSpec) -> Faults:
    return iter(())


NEEDS: dict[DriverName, tuple[str, ...]] = {
    DriverName.REST: ("base_url",),
    DriverName.SOAP: ("base_url", "soap"),
    DriverName.XML_DROP: ("folder",),
    DriverName.FILE: (),
    DriverName.LIANDAN: ("base_url",),
}
_DEMANDS: dict[DriverName, Callable[[DatasetSpec], Faults]] = {
    DriverName.REST: _pulled,
    DriverName.SOAP: _pulled,
    DriverName.XML_DROP: _dropped,
    DriverName.FILE: _local,
    DriverName.LIANDAN: _local,
}
