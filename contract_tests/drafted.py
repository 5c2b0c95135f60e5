"""How much of a true mapping a draft finds.

Counted are the fields that the true mapping fills from the source, each once, however many rules or rows fill it. A
field is *right* when the draft fills it, or suggests in a marked comment to fill it, from one of the true places; *wrong*
when from another place; else *missed*. Only the place counts: a unit, a lookup or a format that is still to be completed
costs nothing here. What the draft fills and the true mapping doesn't is *invented*, and outside the 100 %.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml
from lxml import etree

from contract_tests.world import World
from contract_tests.world.views import gd, js, tj
from mappings.infer import Draft

Places = dict[str, set[str]]


@dataclass(frozen=True)
class Score:
    right: tuple[str, ...]
    wrong: tuple[str, ...]
    missed: tuple[str, ...]
    invented: tuple[str, ...]

    @property
    def of(self) -> int:
        return len(self.right) + len(self.wrong) + len(self.missed)

    @property
    def share(self) -> float:
        """The part that is right, in per cent."""
        return 100 * len(self.right) / self.of


def score(draft: Draft, true_mapping: str) -> Score:
    true = fields_of(true_mapping)
    drafted = {line.field: line.path for line in draft.lines}
    right = [field for field, places in true.items() if drafted.get(field) in places]
    wrong = [field for field in true if field in drafted and field not in right]
    missed = [field for field in true if field not in drafted]
    return Score(tuple(right), tuple(wrong), tuple(missed), tuple(field for field in drafted if field not in true))


def fields_of(mapping: str) -> Places:
    """Field of the standard → the places, without positions, that a mapping file fills it from."""
    read = yaml.load(mapping, yaml.BaseLoader)  # noqa: S506 - all scalars stay text, as in a mapping
    found: Places = {}
    records = [] if read["records"] == "." else read["records"].split("/")
    for field, place in _fields(read["fields"], "", [records]):
        found.setdefault(field, set()).add(place)
    return found


def _fields(node: Any, field: str, scopes: list[list[str]]) -> Iterator[tuple[str, str]]:
    if isinstance(node, str):
        yield field, _place(node, scopes)
    elif isinstance(node, list):
        for item in node:
            yield from _fields(item, field, scopes)
    elif "from" in node and _is_rule(node):
        named = f"{field}/{node['into']}" if "into" in node else field
        for one in node["from"] if isinstance(node["from"], list) else [node["from"]]:
            yield named, _place(one, scopes)
    elif "each" in node or "each_row" in node:
        inner = [*scopes, _place(node["each"], scopes).split("/")] if "each" in node else scopes
        yield from _fields(node.get("fields", node.get("value")), field, inner)
    elif "const" not in node and "position" not in node:
        for name, child in node.items():
            if name != "when":
                yield from _fields(child, f"{field}/{name}".lstrip("/"), scopes)


def _is_rule(node: Mapping[str, Any]) -> bool:
    """`from` is also a field of a leg: there it is a place, or a path with other fields beside it."""
    return set(node) <= {
        "from",
        "join",
        "steps",
        "lookup",
        "else",
        "time",
        "unit",
        "units",
        "split",
        "default",
        "required",
        "refused",
        "when",
        "into",
    } and not (isinstance(node["from"], dict))


def _place(path: str, scopes: list[list[str]]) -> str:
    base = list(scopes)
    while path.startswith("../"):
        base, path = base[:-1], path[3:]
    if path.startswith("/"):
        return path[1:]
    return "/".join([*base[-1], *([] if path == "." else path.split("/"))])


def mock_sample(system: str, manifests: int) -> Any:
    """A decoded answer of one of the simulated systems, as its adapter hands it to the mapping."""
    sides = [side for side in World(11, manifests).for_province(system) if side.damaged is None]
    if system == "js":
        rows = [js.render(side, side.versions[-1]) for side in sides]
        return {
            "code": "0",
            "msg": "ok",
            "data": {"total": len(rows), "pageNum": 1, "pageSize": len(rows), "list": rows},
        }
    if system == "tj":
        return {"total": len(sides), "page": 1, "rows": [tj.render(side, side.versions[-1]) for side in sides]}
    root = etree.Element("危险废物转移联单", {"批次号": "20260301", "文件序号": "1"})
    root.extend([row for side in sides for row in gd.render(side, side.versions[-1])])
    for place, row in enumerate(root):
        row.set("序号", str(place + 1))
    return root
