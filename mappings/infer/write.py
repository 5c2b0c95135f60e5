"""Guesses → the YAML of a mapping, in the style of those written by hand; what is uncertain is marked `# ?`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from canonical_schema import SCHEMA_VERSION
from mappings.infer.assign import Guess
from mappings.infer.rules import Rule, rule_of
from mappings.infer.spelling import listed, quoted, said
from mappings.infer.targets import KIND, Target, by_field, targets
from mappings.infer.tree import Path, Place

SURE = 0.75
"""From here on a guess isn't marked as one."""
DEFAULT_TIMES = ("yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd")


@dataclass(frozen=True)
class Layout:
    """What stands above the fields. `lists`: source list → the standard's; `newer_formats` is () for a version number.

    `bare`: the document is a list without a name."""

    system: str
    xml: bool
    records: Path
    lists: Mapping[Path, str]
    group: Path | None
    key: Path | None
    newer: Path | None
    newer_formats: tuple[str, ...]
    times: tuple[str, ...]
    fillers: tuple[str, ...]
    bare: bool


@dataclass(frozen=True)
class Line:
    """A guess as the draft has it. `live`: the mapping uses it; else it's a comment for a person to complete."""

    field: str
    path: str
    confidence: float
    why: str
    live: bool
    sure: bool


@dataclass
class _Node:
    """A field under way: its rule, or the fields inside; `each` makes it a list of them, `item` a list of one."""

    children: dict[str, "_Node"] = field(default_factory=dict)
    rule: Rule | None = None
    remark: str = ""
    each: str = ""
    item: bool = False

    @property
    def live(self) -> bool:
        return self.rule.live if self.rule is not None else any(child.live for child in self.children.values())


def written(
    layout: Layout, chosen: Sequence[Guess], places: Mapping[Path, Place], units: Sequence[Place]
) -> tuple[str, list[Line], set[Path]]:
    """(the file, its guesses in its order, the places that it reads)."""
    root = _Node()
    lines: list[Line] = []
    used = {path for path in (layout.group, layout.key, layout.newer) if path is not None}
    order = {target.field: at for at, target in enumerate(targets())}
    for guess in sorted(chosen, key=lambda one: order[one.field]):
        target = by_field()[guess.field]
        rule = rule_of(target, places[guess.path], _scope(layout, guess.path), units, quoted(layout.system))
        used |= {guess.path, *rule.reads}
        sure = guess.confidence >= SURE and rule.sure and rule.live
        node = _node(root, target, layout)
        node.rule = rule
        node.remark = f"  # {'' if sure else '? '}{guess.confidence:.2f} {guess.why}" + (
            f": {rule.remark}" if rule.remark else ""
        )
        lines.append(Line(guess.field, "/".join(guess.path), guess.confidence, guess.why, rule.live, sure))
    body = [line for name, child in root.children.items() for line in _lines(name, child, 1)]
    opening = ["fields:"] if root.live else ["fields: {}"]
    return "\n".join([*_head(layout), *opening, *body]) + "\n", lines, used


def _scope(layout: Layout, path: Path) -> Path:
    """Where the paths of a place start: at the innermost list that it is or stands in, else at the record."""
    return max((one for one in layout.lists if path[: len(one)] == one), key=len, default=layout.records)


def _node(root: _Node, target: Target, layout: Layout) -> _Node:
    """Where the standard has the field, with the lists around it."""
    at = {name: path for path, name in layout.lists.items()}
    # These two are lists that one line writes.
    field_ = {"legs/via/name": "legs/via", "local_numbers/number": "local_numbers"}.get(target.field, target.field)
    parts = field_.split("/")
    node = root
    for depth, name in enumerate(parts):
        node = node.children.setdefault(name, _Node())
        here = "/".join(parts[: depth + 1])
        if here not in target.lists:
            continue
        if here in at:
            node.each = f"each: {said(at[here][len(_scope(layout, at[here][:-1])) :])}"
        elif here == "wastes" and layout.group is not None:
            node.each = "each_row: yes"
        else:
            node.item = True
    return node


def _lines(name: str, node: _Node, depth: int) -> list[str]:
    """The field's lines; all of them comments where nothing in it can stand."""
    indent = "  " * depth
    if node.rule is not None:
        return [f"{indent}{'' if node.rule.live else '# ? '}{name}: {node.rule.text}{node.remark}"]
    inner = [(child_name, child) for child_name, child in node.children.items()]
    if not node.live:
        return [
            f"{indent}# ? {name}/{line.lstrip().removeprefix('# ? ')}"
            for child in inner
            for line in _lines(*child, depth)
        ]
    if node.each:
        body = [line for child in inner for line in _lines(*child, depth + 2)]
        return [f"{indent}{name}:", f"{indent}  {node.each}", f"{indent}  fields:", *body]
    if not node.item:
        return [f"{indent}{name}:", *(line for child in inner for line in _lines(*child, depth + 1))]
    # The dash stands before the first line that isn't a comment.
    body = [line for child in sorted(inner, key=lambda one: not one[1].live) for line in _lines(*child, depth + 2)]
    first = next(at for at, line in enumerate(body) if not line.lstrip().startswith("#"))
    dashed = f"{indent}  - {body[first].lstrip()}"
    return [f"{indent}{name}:", *body[:first], dashed, *body[first + 1 :]]


def _head(layout: Layout) -> list[str]:
    depth = len(layout.records)
    lines = [
        "# A draft: check every line, those marked `?` first. 草稿：请逐行核对，标有 ? 的最先。",
        f"kind: {KIND}",
        f"standard: {SCHEMA_VERSION}",
        f"system: {quoted(layout.system)}",
        f"document: {'xml' if layout.xml else 'json'}",
        f"times: {listed(layout.times or DEFAULT_TIMES)}" + ("" if layout.times else "  # ? no times seen (未见时间)"),
    ]
    if layout.fillers:
        lines.append(f"fillers: {listed(layout.fillers)}")
    bare = (
        "  # ? the document is a bare list, which no mapping reads (文档为裸数组，映射无法读取)" if layout.bare else ""
    )
    lines += ["", f"records: {said(layout.records)}{bare}"]
    if layout.group is not None:
        lines.append(f"group: {said(layout.group[depth:])}")
    if layout.key is not None:
        lines.append(f"key: {said(layout.key[depth:])}")
    else:
        lines.append("key: {document_name: yes}  # ? nothing here names a record (未见可作主键的字段)")
    if layout.newer is not None:
        how = f"time: {listed(layout.newer_formats)}" if layout.newer_formats else "number: yes"
        lines.append(f"newer: {{from: {said(layout.newer[depth:])}, {how}}}")
    return [*lines, ""]
