"""What an adapter file may say and likely doesn't mean, and what it names that isn't there yet: notes, no faults."""

import re
from collections.abc import Collection, Iterator, Mapping

from adapters.demands import Fault, Faults, Place
from adapters.errors import Misconfigured
from adapters.secrets import VARIABLE, resolve
from adapters.spec import AdapterSpec, DatasetSpec, DriverName, RequestSpec
from canonical_schema.declared import Node

_ASKING = (DriverName.REST, DriverName.SOAP)
# key → the drivers that heed it; a key that isn't here is every driver's
_ADAPTER_KEYS: dict[str, Collection[DriverName]] = {
    "soap": (DriverName.SOAP,),
    "folder": (DriverName.XML_DROP,),
    "gateway": (DriverName.LIANDAN,),
}
_DATASET_KEYS: dict[str, Collection[DriverName]] = {
    "request": _ASKING,
    "paging": _ASKING,
    "cursor": _ASKING,
    "marker": (DriverName.XML_DROP,),
    "files": (DriverName.XML_DROP,),
    "decode": tuple(one for one in DriverName if one is not DriverName.LIANDAN),
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
    paging, cursor = dataset.paging, dataset.cursor
    if paging is None:
        return
    if paging.kind == "keyset" and "key" in paging.model_fields_set:
        yield Fault(("paging", "key"), "paging by keyset doesn't use 'key' (keyset 方式不使用此项)")
    if paging.kind == "keyset" and cursor is not None and "window" in cursor.model_fields_set:
        yield Fault(("cursor", "window"), "paging by keyset doesn't use 'window' (keyset 方式不使用此项)")
    told: list[tuple[Place, str | None]] = [(("cursor", "row"), cursor.row if cursor else None)]
    told.append((("paging", "key"), paging.key))
    for place, pointer in told:
        if pointer and paging.rows and pointer.startswith(f"{paging.rows}/"):
            inner = re.sub(r"^/[0-9]+(?=/)", "", pointer.removeprefix(paging.rows))
            words = f"it is looked for inside each row, and {pointer} begins where the rows stand (从行内算起, 不含列表位置)"
            yield Fault(place, words, inner)


def _request(request: RequestSpec, driver: DriverName) -> Faults:
    if driver is DriverName.REST:
        yield from _unheeded(request, {"operation": (DriverName.SOAP,), "arguments": (DriverName.SOAP,)}, driver)
    if driver is DriverName.SOAP:
        yield from _unheeded(request, {"query": (DriverName.REST,), "path": (DriverName.REST,)}, driver)
        if request.body and not any("{json}" in one for one in request.arguments):
            yield Fault(("json",), "no argument is '{json}', so this is never sent (参数中没有 {json}, 不会发送)")


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
