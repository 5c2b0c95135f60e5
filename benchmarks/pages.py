"""The pages that benchmarks map: undamaged manifests of the synthetic world, as the mock systems write them."""

import json
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson
from lxml import etree

from contract_tests.mocks import tj as tj_mock
from contract_tests.world import World
from contract_tests.world.views import gd, js, tj
from mappings import Program, compile_mapping

OWN = Path(__file__).resolve().parent.parent
SEED = 3


def compiled(province: str) -> Program:
    file = OWN / f"mappings/provinces/{province}/manifests.yaml"
    return compile_mapping(file.read_text("utf-8"), file.name)


def rendered(view: Any, province: str, manifests: int) -> list[Any]:
    sides = World(SEED, manifests, (province,)).for_province(province)
    return [view.render(side, side.versions[-1]) for side in sides if side.damaged is None]


@dataclass(frozen=True)
class Page:
    """One page of `js`: its bytes, decoded with exact numbers, and with floats for who can't have those."""

    body: bytes
    tree: Any
    floats: Any

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def rows(self) -> list[Any]:
        return self.tree["data"]["list"]

    def first(self, count: int) -> "Page":
        return _page(self.floats["data"]["list"][:count])


def _page(rows: list[Any]) -> Page:
    body = orjson.dumps({"data": {"list": rows}})
    return Page(body, json.loads(body, parse_float=Decimal), json.loads(body))


def js_page(manifests: int) -> Page:
    return _page(rendered(js, "js", manifests))


def js_pages(manifests: int, size: int) -> list[bytes]:
    """Whole answers of `js`, up to `size` manifests each."""
    rows = rendered(js, "js", manifests)
    return [orjson.dumps({"code": "1", "data": {"list": rows[at : at + size]}}) for at in range(0, len(rows), size)]


def gd_page(manifests: int) -> bytes:
    """One file of `gd`, in UTF-8: a row for each waste."""
    root = etree.Element("危险废物转移联单", {"批次": "20260401", "文件序号": "1"})
    for rows in rendered(gd, "gd", manifests):
        root.extend(rows)
    for position, row in enumerate(root, 1):
        row.set("序号", str(position))
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def tj_answer(manifests: int) -> tuple[bytes, int]:
    """A whole SOAP answer of `tj` and how many manifests stand in it."""
    rows = rendered(tj, "tj", manifests)
    text = orjson.dumps({"total": len(rows), "page": 1, "rows": rows}).decode()
    return tj_mock._answer("getLdxx", text), len(rows)  # noqa: SLF001 - the mock's answer without its server
