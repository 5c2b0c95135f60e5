"""What one part of an adapter file demands of another, and what its texts must be: faults with the place of each."""

from collections.abc import Callable, Collection
from pathlib import Path
from urllib.parse import urlsplit

from adapters.address import is_base_url
from adapters.auth.demands import gives_tokens, late_slots, of_auth
from adapters.auth.demands_cipher import of_cipher
from adapters.decode.chain import check_chain, meant_step
from adapters.decode.text import known_charset
from adapters.demands_send import of_send
from adapters.drop.demands import of_dropped, of_source
from adapters.fault import Fault, Faults, Place, unfilled
from adapters.outbound.connect import literal_refusal
from adapters.protocol.body import embeds
from adapters.protocol.demands import of_answer, of_detail, of_reading
from adapters.protocol.template import PAGE_SLOTS, texts_in
from adapters.secrets import VARIABLE
from adapters.soap import demands as soap
from adapters.spec import AdapterSpec, DatasetSpec, DetailSpec, DriverName, ReachedSpec, RequestSpec, TargetSpec


def of_adapter(spec: AdapterSpec, path: Path, provinces: Collection[str]) -> Faults:
    """`provinces` are the codes there are; empty: any will do."""
    yield from _id(spec.id, path)
    if spec.division and provinces and spec.division not in provinces:
        yield Fault(("division",), f"no province has the code {spec.division} (没有这个省级代码)")
    for key in NEEDS[spec.driver]:
        if getattr(spec, key) is None:
            yield Fault((), f"driver {spec.driver} needs '{key}' (缺少此项)")
    yield from _reached(spec)
    if spec.driver is DriverName.XML_DROP:
        yield from of_source(spec)
    yield from _auth(spec)
    yield from soap.of_soap(spec, path)
    if spec.cipher is not None:
        for fault in of_cipher(spec.cipher, spec):
            yield fault.inside(("cipher",))
    for fault in of_answer(spec.answer):
        yield fault.inside(("answer",))
    for name, dataset in spec.datasets.items():
        for fault in _dataset(spec, dataset, path):
            yield fault.inside(("datasets", name))


def of_target(spec: TargetSpec, path: Path) -> Faults:
    yield from _id(spec.id, path)
    yield from _reached(spec)
    yield from unfilled(("headers",), spec.headers, ())


def _id(name: str, path: Path) -> Faults:
    # The file's name is what commands and packs call it; an id of another would store its claims as that one's.
    if name != path.stem:
        yield Fault(("id",), f"id is '{name}', but the file is called {path.name}: the two must agree (应与文件名一致)")


def _reached(spec: ReachedSpec) -> Faults:
    yield from _address("base_url", spec.base_url)
    yield from _address("proxy", spec.proxy)
    for number, host in enumerate(spec.hosts):
        if not VARIABLE.search(host):
            yield from _callable(("hosts", number), host if "://" in host else f"//{host}")


def _address(key: str, declared: str | None) -> Faults:
    """Of an address that begins with a secret nothing is known before it's used."""
    if declared is None or declared.startswith(("${", "file:")):
        return
    url = VARIABLE.sub("1", declared)
    if not is_base_url(url):
        words = "an address is needed here, such as https://host/path or ${NAME} (应为 http 或 https 网址)"
        yield Fault((key,), words)
    elif not VARIABLE.search(declared):
        yield from _callable((key,), url)


def _callable(place: Place, url: str) -> Faults:
    """A host that is a number is judged here as it will be when it's called."""
    try:
        host = urlsplit(url).hostname
    except ValueError:
        host = None
    if not host:
        yield Fault(place, "a host's name is needed here, such as a.gov.cn (应为主机名)")
    elif words := literal_refusal(host):
        yield Fault(place, f"{host} may not be called: {words}")


def _auth(spec: AdapterSpec) -> Faults:
    for fault in of_auth(spec):
        yield fault.inside(("auth",))
    if spec.auth.login is not None:
        for fault in _request(spec, spec.auth.login, ()):
            yield fault.inside(("auth", "login"))


def _request(spec: AdapterSpec, request: RequestSpec, slots: tuple[str, ...]) -> Faults:
    """`slots`: what is filled into it, besides what is known only when it is sent."""
    key = {DriverName.REST: "path", DriverName.SOAP: "operation"}.get(spec.driver)
    if key and getattr(request, key) is None:
        yield Fault((), f"a request of driver {spec.driver} needs '{key}' (缺少此项)")
    yield from unfilled((), {"path": request.path or ""}, slots)
    slots = (*slots, *late_slots(spec.auth))
    yield from unfilled((), {"text": request.text or ""}, slots)
    for place, text in texts_in(request.body, ("json",)):
        yield from unfilled(place[:-1], {str(place[-1]): text}, slots)
    told = (*slots, *embeds(request))
    for part, templates in (("query", request.query), ("headers", request.headers), ("form", request.form)):
        yield from unfilled((part,), templates, told)
    yield from soap.of_request(request, told)
    if not known_charset(request.charset):
        yield Fault(("charset",), f"{request.charset!r} is no known charset (未知字符集)")


def _dataset(spec: AdapterSpec, dataset: DatasetSpec, path: Path) -> Faults:
    if dataset.reads:
        yield from _DEMANDS[spec.driver](dataset)
    if spec.driver is DriverName.SOAP and dataset.paging and dataset.paging.kind == "link":
        yield Fault(("paging", "kind"), "SOAP has no links: a request goes to one address (soap 不支持)")
    if dataset.answer is not None:
        for fault in of_answer(dataset.answer):
            yield fault.inside(("answer",))
    if dataset.request:
        for fault in _request(spec, dataset.request, (*PAGE_SLOTS, *_token(spec))):
            yield fault.inside(("request",))
    if dataset.send is not None:

        def asked(request: RequestSpec, slots: tuple[str, ...]) -> Faults:
            return _request(spec, request, (*slots, *_token(spec)))

        for fault in of_send(dataset.send, spec.driver, asked):
            yield fault.inside(("send",))
    if dataset.detail is not None:
        yield from _detail(spec, dataset, dataset.detail)
    if wrong := _chain_fault(spec.driver, dataset):
        yield Fault(("decode",), wrong, meant_step(dataset.decode))
    if dataset.source_schema and not (path.parent / dataset.source_schema).is_file():
        words = f"there is no file {dataset.source_schema} beside this one (没有这个文件)"
        yield Fault(("source_schema",), words)


def _chain_fault(driver: DriverName, dataset: DatasetSpec) -> str:
    if driver is DriverName.LIANDAN:
        return ""
    return check_chain(dataset.decode) if dataset.decode else "needs 'decode', from bytes to documents (缺少此项)"


def _detail(spec: AdapterSpec, dataset: DatasetSpec, detail: DetailSpec) -> Faults:
    if spec.driver is not DriverName.REST:
        yield Fault(("detail",), "only driver rest asks for details (仅 rest 支持)")
    slots = (*detail.row, *_token(spec))
    for fault in (
        *of_detail(dataset),
        *(one.inside(("request",)) for one in _request(spec, detail.request, slots)),
    ):
        yield fault.inside(("detail",))


def _token(spec: AdapterSpec) -> tuple[str, ...]:
    return ("token",) if gives_tokens(spec.auth) else ()


def _dropped(dataset: DatasetSpec) -> Faults:
    if dataset.files is None:
        yield Fault((), "a drop folder's dataset needs 'files', the pattern of their names (缺少此项)")
    yield from of_dropped(dataset)


def _local(_: DatasetSpec) -> Faults:
    return iter(())


NEEDS: dict[DriverName, tuple[str, ...]] = {
    DriverName.REST: ("base_url",),
    DriverName.SOAP: ("base_url", "soap"),
    DriverName.XML_DROP: (),
    DriverName.FILE: (),
    DriverName.LIANDAN: ("base_url",),
}
_DEMANDS: dict[DriverName, Callable[[DatasetSpec], Faults]] = {
    DriverName.REST: of_reading,
    DriverName.SOAP: of_reading,
    DriverName.XML_DROP: _dropped,
    DriverName.FILE: _local,
    DriverName.LIANDAN: _local,
}
