"""The export: every published file with its bytes, and writing them to a folder."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from canonical_schema.codes import code_list, names
from canonical_schema.export.code_lists import as_csv, code_list_value
from canonical_schema.export.json_schema import json_schema
from canonical_schema.export.openapi import openapi
from canonical_schema.export.page import html, markdown
from canonical_schema.export.reference import reference
from canonical_schema.export.samples import SIZES, sample
from canonical_schema.export.xsd import xsd
from canonical_schema.kinds.registry import KINDS
from canonical_schema.record_file import as_json
from canonical_schema.xml_form import to_xml


def files() -> Iterator[tuple[str, bytes]]:
    """Path below the folder → bytes. The same models give the same bytes."""
    for kind in KINDS:
        yield f"json-schema/{kind}.schema.json", as_json(json_schema(kind))
        yield f"xsd/{kind}.xsd", xsd(kind)
        for size in SIZES:
            record = sample(kind, size)
            yield f"samples/{kind}.{size}.json", as_json(record)
            yield f"samples/{kind}.{size}.xml", to_xml(record)
    for name in names():
        codes = code_list(name)
        yield f"codes/{name}.csv", as_csv(codes).encode()
        yield f"codes/{name}.json", as_json(code_list_value(codes))
    yield "openapi.json", as_json(openapi())
    chinese, english = reference("zh"), reference("en")
    yield "reference/zh.md", markdown(chinese).encode()
    yield "reference/en.md", markdown(english).encode()
    yield "reference/zh.html", html(chinese, lang="zh-CN", other=("en.html", "English")).encode()
    yield "reference/en.html", html(english, lang="en", other=("zh.html", "中文")).encode()


def write(folder: Path, only: Sequence[str] = ()) -> list[str]:
    """Writes the export, or the subfolders `only` of it; the paths written. Other files there stay. OSError."""
    written = []
    for path, data in files():
        if only and path.partition("/")[0] not in only:
            continue
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        written.append(path)
    return written
