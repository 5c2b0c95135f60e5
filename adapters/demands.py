"""What one part of an adapter file demands of another, and what its texts must be: faults with the place of each."""

from collections.abc import Callable, Collection
from pathlib import Path

from adapters.address import is_base_url
from adapters.decode import check_chain
from adapters.decode.text import known_charset
from adapters.decode.xpath import xpath_fault
from adapters.fault import Fault, Faults, unfilled
from adapters.protocol.body import embeds
from adapters.protocol.demands import of_answer, of_detail, of_reading
from adapters.protocol.template import PAGE_SLOTS, texts_in
from adapters.secrets import VARIABLE
from adapters.soap import demands as soap
from adapters.spec import AdapterSpec, DatasetSpec, DetailSpec, DriverName, MarkerSpec, RequestSpec, TargetSpec


def of_adapter(spec: AdapterSpec, path: Path, provinces: Collection[str]) -> Faults:
    """`provinces` are the codes there are; empty: any will do."""
    yield from _id(spec.id, path)
    if spec.division and provinces and spec.division not in provinces:
        yield Fault(("division",), f"no province has the code {spec.division} (没有这个省级代码)")
    for key in _NEEDS[spec.driver]:
        if getattr(spec, key) is None:
            yield Fault((), f"driver {spec.driver} needs '{key}' (缺少此项)")
    yield from _base_url(spec.base_url)
    yield from _auth(spec)
    yield from soap.of_soap(spec, path)
    for fault in of_answer(spec.answer):
        yield fault.inside(("answer",))
    for name, dataset in spec.datasets.items():
        for fault in _dataset(spec, dataset, path):
            yield fault.inside(("datasets", name))


def of_target(spec: TargetSpec, path: Path) -> Faults:
    yield from _id(spec.id, path)
    yield from _base_url(spec.base_url)
    yield from unfilled(("headers",), spec.headers, ())


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
        if spec.auth.token or spec.auth.send:
            yield Fault(("auth",), "'auth' needs 'login', the call that gives the token (缺少登录请求)")
        return
    if spec.driver is DriverName.REST and (spec.auth.token is None or not spec.auth.send):
        words = (
            "'auth' needs 'token', where it stands in the answer, and 'send', how it is shown (缺少令牌位置或出示方式)"
        )
        yield Fault(("auth",), words)
    yield from unfilled(("auth", "send"), spec.auth.send, (*PAGE_SLOTS, "token"))
    for fault in _request(spec.driver, login, ()):
        yield fault.inside(("auth", "login"))


def _request(driver: DriverName, request: RequestSpec, slots: tuple[str, ...]) -> Faults:
    """`slots`: what is filled into it."""
    key = {DriverName.REST: "path", DriverName.SOAP: "operation"}.get(driver)
    if key and getattr(request, key) is None:
        yield Fault((), f"a request of driver {driver} needs '{key}' (缺少此项)")
    yield from unfilled((), {"path": request.path or "", "text": request.text or ""}, slots)
    for place, text in texts_in(request.body, ("json",)):
        yield from unfilled(place[:-1], {str(place[-1]): text}, slots)
    told = (*slots, *embeds(request))
    for part, templates in (("query", request.query), ("headers", request.headers), ("form", request.form)):
        yield from unfilled((part,), templates, told)
    yield from soap.of_request(request, told)
    if not known_charset(request.charset):
        yield Fault(("charset",), f"{request.charset!r} is no known charset (未知字符集)")


def _dataset(spec: AdapterSpec, dataset: DatasetSpec, path: Path) -> Faults:
    yield from _DEMANDS[spec.driver](dataset)
    if spec.driver is DriverName.SOAP and dataset.paging and dataset.paging.kind == "link":
        yield Fault(("paging", "kind"), "SOAP has no links: a request goes to one address (soap 不支持)")
    if dataset.answer is not None:
        for fault in of_answer(dataset.answer):
            yield fault.inside(("answer",))
    if dataset.request:
        slots = (*PAGE_SLOTS, "token") if spec.auth.login else PAGE_SLOTS
        for fault in _request(spec.driver, dataset.request, slots):
            yield fault.inside(("request",))
    if dataset.detail is not None:
        yield from _detail(spec, dataset, dataset.detail)
    if wrong := check_chain(dataset.decode):
        yield Fault(("decode",), wrong)
    if dataset.source_schema and not (path.parent / dataset.source_schema).is_file():
        words = f"there is no file {dataset.source_schema} beside this one (没有这个文件)"
        yield Fault(("source_schema",), words)


def _detail(spec: AdapterSpec, dataset: DatasetSpec, detail: DetailSpec) -> Faults:
    if spec.driver is not DriverName.REST:
        yield Fault(("detail",), "only driver rest asks for details (仅 rest 支持)")
    slots = (*detail.row, "token") if spec.auth.login else tuple(detail.row)
    for fault in (
        *of_detail(dataset),
        *(one.inside(("request",)) for one in _request(spec.driver, detail.request, slots)),
    ):
        yield fault.inside(("detail",))


def _dropped(dataset: DatasetSpec) -> Faults:
    if dataset.files is None:
        yield Fault((), "a drop folder's dataset needs 'files', the pattern of their names (缺少此项)")
    if dataset.marker is not None:
        for fault in _marker(dataset.marker):
            yield fault.inside(("marker",))


def _marker(marker: MarkerSpec) -> Faults:
    yield from unfilled((), {"name": marker.name}, ("stem",))
    for key in ("archive_sha256", "member", "member_name", "member_rows", "member_sha256", "row"):
        path = getattr(marker, key)
        if path is not None and (wrong := xpath_fault(path, nodes=key in {"member", "row"})):
            yield Fault((key,), wrong)


def _local(_: DatasetSpec) -> Faults:
    return iter(())


_NEEDS: dict[DriverName, tuple[str, ...]] = {
    DriverName.REST: ("base_url",),
    DriverName.SOAP: ("base_url", "soap"),
    DriverName.XML_DROP: ("folder",),
    DriverName.FILE: (),
}
_DEMANDS: dict[DriverName, Callable[[DatasetSpec], Faults]] = {
    DriverName.REST: of_reading,
    DriverName.SOAP: of_reading,
    DriverName.XML_DROP: _dropped,
    DriverName.FILE: _local,
}
