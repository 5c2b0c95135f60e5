"""Two published states of the standard, the older first: compatible (nothing, or additions), or breaking and why.

It reads JSON Schemas, not our models, so it compares what any two exports promise. Minor versions only add: a new
optional field, a new word, a new kind. All else that a reader or a writer could trip over is a break.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from canonical_schema.errors import Unreadable

Verdict = Literal["addition", "break"]
Schema = Mapping[str, Any]

FOLDER: Final = "json-schema"
SUFFIX: Final = ".schema.json"
_DEEPEST: Final = 40
# What people read doesn't bind; what `_compare` walks is compared there.
_WORDS: Final = {
    "title",
    "title_en",
    "description",
    "description_en",
    "examples",
    "source",
    "$comment",
    "$schema",
    "$id",
}
_WALKED: Final = {"properties", "required", "items", "enum", "const", "anyOf", "$ref", "$defs", "x-personal"}


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """One difference. `place`: the field's path in the record, lists as [], below its kind."""

    kind: str
    place: str
    verdict: Verdict
    zh: str
    en: str


def compare_folders(older: Path, newer: Path) -> list[Change]:
    """All differences of two exports, by kind and place. Unreadable."""
    return compare(read_schemas(older), read_schemas(newer))


def read_schemas(export: Path) -> dict[str, Schema]:
    """Kind → JSON Schema of an export."""
    found: dict[str, Schema] = {}
    for path in sorted((export / FOLDER).glob(f"*{SUFFIX}")):
        try:
            schema = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError) as error:
            raise Unreadable(f"无法读取 {path}: {error}", f"{path} can't be read: {error}") from error
        if not isinstance(schema, dict):
            raise Unreadable(f"{path} 不是 JSON Schema", f"{path} is no JSON Schema")
        found[path.name.removesuffix(SUFFIX)] = schema
    if not found:
        words = f"{export}/{FOLDER}/"
        raise Unreadable(f"{words} 中没有 *{SUFFIX}", f"there is no *{SUFFIX} in {words}")
    return found


def compare(older: Mapping[str, Schema], newer: Mapping[str, Schema]) -> list[Change]:
    """All differences of two sets of schemas by kind."""
    changes: list[Change] = []
    for kind in sorted(older.keys() | newer.keys()):
        if kind not in newer:
            changes.append(Change(kind, "", "break", f"种类 {kind} 消失", f"the kind {kind} is gone"))
        elif kind not in older:
            changes.append(Change(kind, "", "addition", f"新增种类 {kind}", f"the kind {kind} is new"))
        else:
            changes += _Comparison(kind, older[kind], newer[kind]).changes()
    return changes


def compatible(changes: list[Change]) -> bool:
    return all(change.verdict == "addition" for change in changes)


class _Comparison:
    """Two schemas of one kind, walked together."""

    def __init__(self, kind: str, older: Schema, newer: Schema) -> None:
        self.kind, self.older, self.newer = kind, older, newer

    def changes(self) -> list[Change]:
        return sorted(set(self._compare("", self.older, self.newer, 0)))

    def _compare(self, place: str, old: Schema, new: Schema, depth: int) -> Iterator[Change]:
        if depth > _DEEPEST:
            raise Unreadable(f"{place} 嵌套过深", f"{place} is nested too deeply")
        old, new = _resolved(self.older, old), _resolved(self.newer, new)
        yield from self._facets(place, old, new)
        yield from self._words(place, old, new)
        yield from self._personal(place, old, new)
        yield from self._fields(place, old, new, depth)
        if isinstance(old.get("items"), dict) and isinstance(new.get("items"), dict):
            yield from self._compare(f"{place}[]", old["items"], new["items"], depth + 1)

    def _fields(self, place: str, old: Schema, new: Schema, depth: int) -> Iterator[Change]:
        was, now = old.get("properties", {}), new.get("properties", {})
        must, must_now = set(old.get("required", ())), set(new.get("required", ()))
        for name in [*was, *(name for name in now if name not in was)]:
            path = f"{place}/{name}"
            if name not in now:
                yield self._break(path, f"字段 {name} 消失或改名", f"the field {name} is gone or has another name")
            elif name not in was:
                # That it is required, too, is told below.
                yield self._addition(path, f"新增字段 {name}", f"the field {name} is new")
            else:
                yield from self._compare(path, was[name], now[name], depth + 1)
            if name in must_now and name not in must:
                yield self._break(path, f"字段 {name} 成为必填", f"the field {name} is newly required")
            elif name in must and name not in must_now and name in now:
                yield self._break(path, f"字段 {name} 不再必填", f"the field {name} is no longer required")
        for name in sorted(must_now - must - was.keys() - now.keys()):
            yield self._break(f"{place}/{name}", f"字段 {name} 成为必填", f"the field {name} is newly required")
        yield from self._alternatives(place, old, new)

    def _alternatives(self, place: str, old: Schema, new: Schema) -> Iterator[Change]:
        """`anyOf` lists fields of which one must be there: one more is an addition, one less or a new list a break."""
        was, now = _alternatives(old), _alternatives(new)
        if was == now:
            return
        if was and now and was < now:
            names = ", ".join(sorted(now - was))
            yield self._addition(place, f"{names} 也可满足“至少一项”", f"{names} also serve as one of those needed")
            return
        yield self._break(
            place,
            f"“至少一项”由 {_listed(was)} 变为 {_listed(now)}",
            f"the fields of which one is needed were {_listed(was)} and are {_listed(now)}",
        )

    def _words(self, place: str, old: Schema, new: Schema) -> Iterator[Change]:
        was, now = _known_words(old), _known_words(new)
        if was is None or now is None:
            if (was is None) != (now is None):
                yield self._break(
                    place,
                    f"取值由 {_listed(was)} 变为 {_listed(now)}",
                    f"its words were {_listed(was)} and are {_listed(now)}",
                )
            return
        for word in sorted(was - now):
            yield self._break(place, f"取值 {word} 消失", f"the word {word} is gone")
        for word in sorted(now - was):
            yield self._addition(place, f"新增取值 {word}", f"the word {word} is new")

    def _personal(self, place: str, old: Schema, new: Schema) -> Iterator[Change]:
        was, now = bool(old.get("x-personal")), bool(new.get("x-personal"))
        if was and not now:
            yield self._break(place, "不再标为个人信息", "it is no longer marked as personal data")
        elif now and not was:
            yield self._addition(place, "标为个人信息", "it is marked as personal data")

    def _facets(self, place: str, old: Schema, new: Schema) -> Iterator[Change]:
        for name in sorted((old.keys() | new.keys()) - _WORDS - _WALKED):
            was, now = old.get(name), new.get(name)
            if was != now:
                was_text, now_text = (json.dumps(one, ensure_ascii=False, sort_keys=True) for one in (was, now))
                yield self._break(
                    place, f"{name} 由 {was_text} 变为 {now_text}", f"{name} was {was_text} and is {now_text}"
                )

    def _break(self, place: str, zh: str, en: str) -> Change:
        return Change(self.kind, place, "break", zh, en)

    def _addition(self, place: str, zh: str, en: str) -> Change:
        return Change(self.kind, place, "addition", zh, en)


def _resolved(root: Schema, schema: Any) -> Schema:
    """The schema with what it refers to in the same file; what stands beside the reference goes before it."""
    seen = 0
    while isinstance(schema, dict) and "$ref" in schema:
        name = str(schema["$ref"]).removeprefix("#/$defs/")
        target = root.get("$defs", {}).get(name)
        seen += 1
        if not isinstance(target, dict) or seen > _DEEPEST:
            raise Unreadable(f"引用 {schema['$ref']} 无法解析", f"the reference {schema['$ref']} leads nowhere")
        schema = {**target, **{key: value for key, value in schema.items() if key != "$ref"}}
    return schema if isinstance(schema, dict) else {"is": schema}


def _known_words(schema: Schema) -> set[str] | None:
    if "const" in schema:
        return {str(schema["const"])}
    return {str(word) for word in schema["enum"]} if isinstance(schema.get("enum"), list) else None


def _alternatives(schema: Schema) -> set[str]:
    return {
        json.dumps(one) if len(one.get("required", ())) != 1 else one["required"][0] for one in schema.get("anyOf", ())
    }


def _listed(words: set[str] | None) -> str:
    return "(" + ", ".join(sorted(words or ())) + ")"
