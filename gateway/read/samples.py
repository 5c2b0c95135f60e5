"""Files that somebody saved, read as documents: by an adapter's own chain, or by what they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from adapters.decode.json_text import parse_json
from adapters.decode.text import decode_text
from adapters.decode.xml_text import parse_xml
from adapters.errors import Malformed
from adapters.limits import Limits
from adapters.registry import open_adapter
from adapters.spec import AdapterSpec
from gateway.errors import UsedWrongly
from mappings.infer import declared_in
from mappings.infer.tree import Place

LIMITS = Limits()
LARGEST = 64 * 1024 * 1024
"""Bytes of one file: hundreds of records are plenty to guess from."""
CHARSETS = ("", "gb18030")
"""Tried in this order; "" is what an XML declaration says, else UTF-8."""
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)  # when it was received plays no part here


@dataclass(frozen=True)
class Declared:
    """What schemas declare, and whether the first of them declares XML."""

    places: tuple[Place, ...]
    xml: bool


def plain_samples(files: Sequence[Path], form: str | None = None) -> list[Any]:
    """One tree for each file. UsedWrongly for what is neither JSON nor XML."""
    return [_tree(file, form) for file in files]


def declared(files: Sequence[Path]) -> Declared:
    """UsedWrongly for what is no schema."""
    places: list[Place] = []
    xml: list[bool] = []
    for file in files:
        tree = _tree(file, None)
        found = declared_in(tree)
        if not found:
            raise UsedWrongly(
                f"{file} 不是带字段的 XSD、WSDL、JSON Schema 或 OpenAPI",
                f"{file} is no XSD, WSDL, JSON Schema or OpenAPI that declares fields",
            )
        places += found
        xml.append(not isinstance(tree, dict))
    return Declared(tuple(places), bool(xml and xml[0]))


def decoded(spec: AdapterSpec, dataset: str | None, files: Sequence[Path]) -> list[Any]:
    """The documents of saved answers, as the adapter's dataset decodes them: its only one, where none is named."""
    name = dataset or next(iter(spec.datasets)) if dataset or len(spec.datasets) == 1 else ""
    if name not in spec.datasets:
        known = ", ".join(spec.datasets)
        raise UsedWrongly(f"请用 --dataset 指明数据集: {known}", f"say which --dataset: {known}")
    driver, trees = open_adapter(spec), list[Any]()
    for file in files:
        exchange = driver.local(name, file, _NEVER)
        found = driver.decode(exchange.payload, name, exchange.headers, exchange.source_name)
        if found.damaged:
            told = "; ".join(found.damaged[0].reasons)
            raise UsedWrongly(f"无法解码 {file}: {told}", f"{file} can't be decoded: {told}")
        parents = {document.parent[0] for document in found.documents if document.parent}
        trees += [document.tree for document in found.documents if document.id not in parents]
    return trees


def _tree(file: Path, form: str | None) -> Any:
    text = _text(file)
    kind = form or ("xml" if text.lstrip().startswith("<") else "json")
    try:
        return parse_xml(text)[1] if kind == "xml" else parse_json(text, LIMITS)
    except Malformed as error:
        place = f" (line {error.line}, column {error.column})" if error.line else ""
        raise UsedWrongly(
            f"{file} 不是可读的 {kind.upper()}{place}", f"{file} can't be read as {kind.upper()}{place}: {error.words}"
        ) from error


def _text(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            data = opened.read(LARGEST + 1)
    except OSError as error:
        raise UsedWrongly(f"无法读取 {file}: {error.strerror}", f"{file} can't be read: {error.strerror}") from error
    if len(data) > LARGEST:
        raise UsedWrongly(f"{file} 超过 {LARGEST} 字节", f"{file} has over {LARGEST} bytes")
    for charset in CHARSETS:
        try:
            return decode_text(data, charset)[0]
        except Malformed:
            continue
    raise UsedWrongly(f"{file} 既非 UTF-8 也非 GB18030 文本", f"{file} is text neither in UTF-8 nor in GB18030")
