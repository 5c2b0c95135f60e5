"""What an adapter file may say and likely doesn't mean, and what it names that isn't there yet: notes, no faults."""

import re
from collections.abc import Collection, Iterator, Mapping

from adapters.errors import Misconfigured
from adapters.fault import Fault, Faults, Place
from adapters.protocol.template import texts_in
from adapters.secrets import VARIABLE, resolve
from adapters.spec import AdapterSpec, DatasetSpec, DriverName, RequestSpec
from canonical_schema.declared import Node

_ASKING = (DriverName.REST, DriverName.SOAP)
_CALLING = (*_ASKING, DriverName.LIANDAN)
_DECODING = tuple(one for one in DriverName if one is not DriverName.LIANDAN)
# key → the drivers that heed it; a key that isn't here is every driver's
_ADAPTER_KEYS: dict[str, Collection[DriverName]] = {
    "base_url": _CALLING,
    "hosts": _CALLING,
    "proxy": _CALLING,
    "tls": _CALLING,
    "redirects": _CALLING,
    "soap": (DriverName.SOAP,),
    "folder": (DriverName.XML_DROP,),
    "sftp": (DriverName.XML_DROP,),
    "answer": _ASKING,
    "gateway": (DriverName.LIANDAN,),
}
_DATASET_KEYS: dict[str, Collection[DriverName]] = {
    "request": _ASKING,
    "answer": _ASKING,
    "paging": _ASKING,
    "cursor": _ASKING,
    "files": (DriverName.XML_DROP,),
    "marker": (DriverName.XML_DROP,),
    "complete": (DriverName.XML_DROP,),
    "versions": (DriverName.XML_DROP,),
    "duplicates": (DriverName.XML_DROP,),
    "after": (DriverName.XML_DROP,),
    "split": (DriverName.XML_DROP,),
    "decode": _DECODING,
    "spread": _DECODING,
    "source_schema": _DECODING,
}
_REQUEST_KEYS: dict[str, Collection[DriverName]] = {
    "method": (DriverName.REST,),
    "path": (DriverName.REST,),
    "query": (DriverName.REST,),
    "headers": (DriverName.REST,),
    "form": (DriverName.REST,),
    "operation": (DriverName.SOAP,),
    "arguments": (DriverName.SOAP,),
    "order": (DriverName.SOAP,),
    "action": (DriverName.SOAP,),
    "header": (DriverName.SOAP,),
}


def of_adapter(spec: AdapterSpec) -> Faults:
    """Settings that nothing heeds, and places that can't be what is meant."""
    yield from _unheeded(spec, _ADAPTER_KEYS, spec.driver)
    for position, host in enumerate(spec.hosts):
        if "*" in host or re.search(r"\s", host):
            words = f"no host is called {host!r}: name each host as it is, such as files.example.cn (主机名须逐个写全)"
            yield Fault(("hosts", position), words)
    for name, dataset in spec.datasets.items():
        for fault in _dataset(dataset, spec.driver):
            yield fault.inside(("datasets", name))


def _dataset(dataset: DatasetSpec, driver: DriverName) -> Faults:
    yield from _unheeded(dataset, _DATASET_KEYS, driver)
    if dataset.request is not None:
        for fault in _request(dataset.request, driver):
            yield fault.inside(("request",))
    if dataset.detail is not None:
        for fault in _request(dataset.detail.request, driver):
            yield fault.inside(("detail", "request"))
    paging, cursor = dataset.paging, dataset.cursor
    if paging is None:
        return
    if paging.kind not in {"pages", "window"} and "key" in paging.model_fields_set:
        words = f"paging by {paging.kind} doesn't use 'key' ({paging.kind} 方式不使用此项)"
        yield Fault(("paging", "key"), words)
    told: list[tuple[Place, str | None]] = [(("cursor", "row"), cursor.row if cursor else None)]
    told += [(("paging", "key"), paging.key), (("paging", "id"), paging.id)]
    if dataset.detail is not None:
        told += [(("detail", "row", slot), place) for slot, place in dataset.detail.row.items()]
    for place, pointer in told:
        if pointer and paging.rows and pointer.startswith(f"{paging.rows}/"):
            inner = re.sub(r"^/[0-9]+(?=/)", "", pointer.removeprefix(paging.rows))
            words = f"it is looked for inside each row, and {pointer} begins where the rows stand (从行内算起, 不含列表位置)"
            yield Fault(place, words, inner)


def _request(request: RequestSpec, driver: DriverName) -> Faults:
    yield from _unheeded(request, _REQUEST_KEYS, driver)
    # over HTTP what no slot names is the body itself: a form before a text, a text before JSON
    whole = "" if driver is DriverName.SOAP else "form" if request.form else "text" if request.text else "json"
    parts = (request.query, request.headers, request.form, request.arguments, request.header, request.text)
    named = [template for part in parts if part for _, template in texts_in(part, ())]
    for key, declared in (("json", request.body), ("text", request.text)):
        if declared and key != whole and not any(f"{{{key}}}" in one or f"{{{key}64}}" in one for one in named):
            yield Fault((key,), f"nothing names {{{key}}}, so this is never sent (没有占位符 {{{key}}}, 不会发送)")


def _unheeded(
    part: AdapterSpec | DatasetSpec | RequestSpec, keys: Mapping[str, Collection[DriverName]], driver: DriverName
) -> Faults:
    for key, drivers in keys.items():
        if key in part.model_fields_set and driver not in drivers:
            yield Fault((key,), f"driver {driver} doesn't use '{key}' (此接入方式不使用此项)")


def not_there(node: Node, environment: Mapping[str, str], place: Place = ()) -> Iterator[Fault]:
    """Variables and secret files that the file names and that aren't there (yet), each with its place."""
    for key, entry in node.entries.items():
        yield from not_there(entry, environment, (*place, key))
    for position, item in enumerate(node.items):
        yield from not_there(item, environment, (*place, position))
    if node.kind != "scalar":
        return
    for name in dict.fromkeys(VARIABLE.findall(node.text)):
        if not environment.get(name):
            yield Fault(place, f"{name} isn't set yet (环境变量尚未设置)")
    if node.text.startswith("file:") and all(environment.get(name) for name in VARIABLE.findall(node.text)):
        try:
            resolve(node.text, environment)
        except Misconfigured as error:
            yield Fault(place, f"{error.words} (密钥文件无法读取)")
