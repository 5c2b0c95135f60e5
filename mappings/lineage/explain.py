"""Where each canonical leaf came from: entries built on demand from template, remainder and content.

Nothing here knows the compiler or the steps: a template of ten years ago explains its records still.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

import msgspec

from mappings import paths
from mappings.paths import ROOT, Step

Entry = dict[str, Any]
_decoder = msgspec.json.Decoder(float_hook=Decimal)


def decode_remainder(data: bytes) -> Any:
    return _decoder.decode(data)


def explain(template: dict[str, Any], remainder: Any, content: dict[str, Any], document: str) -> list[Entry]:
    """The lineage entries of one claim (design: field, how, value, inputs, steps, rule). `document`: its id."""
    positions, raws, notes = remainder
    return list(_Explanation(template, positions, notes, document).scope(template["record"], raws, content, (), ()))


class _Explanation:
    def __init__(self, template: dict[str, Any], positions: list[int], notes: list[Any], document: str) -> None:
        self.template, self.document, self.positions = template, document, positions
        self.notes: dict[tuple[tuple[int, ...], int], dict[str, Any]] = {}
        for at, node, word, *detail in notes:
            self.notes.setdefault((tuple(at), node), {})[word] = detail[0] if detail else True
        self.bases: list[tuple[Step, ...]] = [(), (*template["records"], *positions[:1])]

    def scope(
        self,
        scope: dict[str, Any],
        raws: list[Any],
        content: Any,
        field: tuple[Step, ...],
        at: tuple[int, ...],
        outer: tuple[Entry, ...] = (),
    ) -> Iterator[Entry]:
        """`field`: where this scope's content stands; `at`: its source positions; `outer`: inputs that decided its being."""
        for node in scope["nodes"]:
            yield from self._node(scope, node, raws, content, field, at, outer)

    def _node(
        self, scope: dict[str, Any], node: dict[str, Any], raws: list[Any], content: Any, field: tuple[Step, ...], at: tuple[int, ...],
        outer: tuple[Entry, ...],
    ) -> Iterator[Entry]:  # fmt: skip
        if node["node"] == "leaf":
            yield from self._leaf(scope, node, raws, content, field, at, outer)
        elif node["node"] == "any":
            yield from self._any(scope, node, raws, content, field, at, outer)
        elif node["node"] == "items":
            yield from self._items(scope, node, raws, content, field, at, outer)
        else:
            yield from self._list(scope, node, raws, content, field, at, outer)

    def _any(
        self, scope: dict[str, Any], node: dict[str, Any], raws: list[Any], content: Any, field: tuple[Step, ...], at: tuple[int, ...],
        outer: tuple[Entry, ...],
    ) -> Iterator[Entry]:  # fmt: skip
        """The rule that gave the value, with what the rules before it looked at: that decided too."""
        chosen = self._note(at, node).get("w", 0)
        given = _at(content, node["field"]) is not None
        for rule in node["rules"][:chosen] if given else node["rules"][1:]:
            yield from self._left_beside(scope, rule, raws, content, field, at, outer)
        before = [slot for rule in node["rules"][:chosen] for slot in (*rule["slots"], *rule.get("when", []))]
        own = node["rules"][chosen]
        deciders = [slot for slot in dict.fromkeys(before) if slot not in own["slots"]]
        yield from self._leaf(scope, own, raws, content, field, at, (*outer, *self._inputs(scope, deciders, raws)))

    def _left_beside(
        self, scope: dict[str, Any], rule: dict[str, Any], raws: list[Any], content: Any, field: tuple[Step, ...], at: tuple[int, ...],
        outer: tuple[Entry, ...],
    ) -> Iterator[Entry]:  # fmt: skip
        """What a rule that gave no value put beside its field: `declared`, or a refused value in another list."""
        notes, full = self._note(at, rule), (*field, *rule["field"])
        if "u" in notes:
            yield from self._declared(scope, rule, raws, content, full)
        elif "e" in notes:
            inputs = [*self._inputs(scope, rule["slots"], raws), *outer]
            yield from self._elsewhere(rule, notes["e"], content, full, inputs)

    def _items(
        self, scope: dict[str, Any], node: dict[str, Any], raws: list[Any], content: Any, field: tuple[Step, ...], at: tuple[int, ...],
        outer: tuple[Entry, ...],
    ) -> Iterator[Entry]:  # fmt: skip
        kept, depth = _at(content, node["field"]) or [], len(node["field"])
        order = self._note(at, node).get("o", range(len(node["items"])))
        for place, written in enumerate(order[: len(kept)]):
            moved = [
                leaf | {"field": [*leaf["field"][:depth], place, *leaf["field"][depth + 1 :]]}
                for leaf in node["items"][written]
            ]
            own = (entry for leaf in moved for entry in self._node(scope, leaf, raws, content, field, at, outer))
            yield from self._item(own, node, kept[place], (*field, *node["field"], place), (*at, written))

    def _list(
        self, scope: dict[str, Any], node: dict[str, Any], raws: list[Any], content: Any, field: tuple[Step, ...], at: tuple[int, ...],
        outer: tuple[Entry, ...],
    ) -> Iterator[Entry]:  # fmt: skip
        items, kept = raws[len(scope["slots"]) + node["place"]], _at(content, node["field"]) or []
        order = self._note(at, node).get("o", range(len(items)))
        here = (*outer, *self._inputs(scope, node.get("when", []), raws))
        for place, source in enumerate(order):
            if place >= len(kept):
                break
            if node["each"] is None:
                base: tuple[Step, ...] = (*self.template["records"], self.positions[source])
            else:
                base = (*self._base(*node["each"]), source)
            self.bases.append(base)
            inner = (*field, *node["field"], place)
            if node["scalar"]:
                yield from self._scalar(node["items"], items[source], kept[place], inner, (*at, source), here)
            else:
                own = self.scope(node["items"], items[source], kept[place], inner, (*at, source), here)
                yield from self._item(own, node, kept[place], inner, (*at, source))
            self.bases.pop()

    def _scalar(
        self,
        scope: dict[str, Any],
        raws: list[Any],
        value: Any,
        field: tuple[Step, ...],
        at: tuple[int, ...],
        outer: tuple[Entry, ...],
    ) -> Iterator[Entry]:
        (leaf,) = scope["nodes"]
        for entry in self._leaf(scope, leaf, raws, {"value": value}, (), at, outer):
            yield entry | {"field": paths.pointer(field)}

    def _item(
        self, entries: Iterable[Entry], node: dict[str, Any], item: dict[str, Any], field: tuple[Step, ...], at: tuple[int, ...]
    ) -> Iterator[Entry]:  # fmt: skip
        """An item's entries. A seq that the source didn't give is the position in the list, counted from 1."""
        counted = node["numbered"] and (not node["ruled"] or at[-1] in self._note(at[:-1], node).get("n", ()))
        place, looked = paths.pointer((*field, "seq")), []
        for entry in entries:
            if counted and entry["field"] == place:
                looked = [one for one in entry["inputs"] if "raw" in one]
            else:
                yield entry
        if counted:
            yield self._entry((*field, "seq"), "derived", item["seq"], looked, ["position"], node)

    def _leaf(
        self, scope: dict[str, Any], leaf: dict[str, Any], raws: list[Any], content: Any, field: tuple[Step, ...], at: tuple[int, ...],
        outer: tuple[Entry, ...],
    ) -> Iterator[Entry]:  # fmt: skip
        notes, value = self._note(at, leaf), _at(content, leaf["field"])
        slots = leaf["slots"]
        if len(slots) > 1 and "join" not in leaf and value is not None and "d" not in notes:
            slots = slots[: notes.get("a", 0) + 1]
        unit = leaf.get("unit") or {}
        also = [*([unit["slot"]] if unit.get("slot") is not None else []), *leaf.get("when", [])]
        inputs = [*self._inputs(scope, slots, raws), *self._inputs(scope, also, raws), *outer]
        full = (*field, *leaf["field"])
        if "u" in notes:
            yield from self._declared(scope, leaf, raws, content, full)
        elif "e" in notes:
            yield self._entry(full, "missing", None, inputs, leaf["steps"], leaf)
            yield from self._elsewhere(leaf, notes["e"], content, full, inputs)
        elif value is None:
            yield from self._nothing(scope, leaf, notes, raws, full, inputs)
        elif "declared" in leaf["field"] and slots and ("b" in notes or all(raws[slot] is None for slot in slots)):
            return  # the rule of a quantity put it here, and explains it
        elif "d" in notes:
            looked = inputs or self._looked(scope, leaf, raws)
            yield from self._valued(leaf, "defaulted", value, full, looked, ["default"])
        else:
            steps = [*leaf["steps"], *self._unit_step(unit, raws), *(["round 6"] if "r" in notes else [])]
            constant = leaf["how"] == "constant"
            yield from self._valued(leaf, leaf["how"], value, full, [] if constant else inputs, steps)

    def _valued(
        self, leaf: dict[str, Any], how: str, value: Any, field: tuple[Step, ...], inputs: list[Entry], steps: list[str]
    ) -> Iterator[Entry]:
        if leaf["type"] == "moment":
            yield self._entry((*field, "at"), how, value["at"], inputs, steps, leaf)
            precision = "derived" if how in {"mapped", "looked_up"} else how
            yield self._entry((*field, "precision"), precision, value["precision"], inputs, steps, leaf)
        elif isinstance(value, list):
            for place, one in enumerate(value):
                inner = (*field, place, leaf["into"]) if "into" in leaf else (*field, place)
                yield self._entry(inner, how, one[leaf["into"]] if "into" in leaf else one, inputs, steps, leaf)
        else:
            yield self._entry(field, how, value, inputs, steps, leaf)

    def _nothing(
        self,
        scope: dict[str, Any],
        leaf: dict[str, Any],
        notes: dict[str, Any],
        raws: list[Any],
        field: tuple[Step, ...],
        inputs: list[Entry],
    ) -> Iterator[Entry]:
        read = [raws[slot] for slot in leaf["slots"]]
        if "b" in notes and inputs:
            yield self._entry(field, "blank", None, inputs, leaf["steps"], leaf)
        elif "x" in notes:
            yield self._entry(field, "missing", None, inputs, leaf["steps"], leaf)
        elif read and all(raw is None for raw in read):
            yield self._entry(field, "missing", None, self._looked(scope, leaf, raws), [], leaf)

    def _declared(
        self, scope: dict[str, Any], leaf: dict[str, Any], raws: list[Any], content: Any, field: tuple[Step, ...]
    ) -> Iterator[Entry]:
        declared = _at(content, [*leaf["field"][:-1], "declared"])
        beside, slot = (*field[:-1], "declared"), leaf["unit"]["slot"]
        value = self._inputs(scope, leaf["slots"], raws)
        yield self._entry((*beside, "value"), "mapped", declared["value"], value, ["nfkc", "trim"], leaf)
        unit = self._inputs(scope, [slot], raws) if slot is not None else []
        yield self._entry(
            (*beside, "unit"),
            "mapped" if unit else "constant",
            declared["unit"],
            unit,
            ["nfkc", "trim"] if unit else [],
            leaf,
        )

    def _elsewhere(
        self, leaf: dict[str, Any], place: int, content: Any, field: tuple[Step, ...], inputs: list[Entry]
    ) -> Iterator[Entry]:
        if place < 0:
            return
        name, system_key, value_key = leaf["elsewhere"]
        item = _at(content, [*leaf["field"][:-1], name, place])
        beside = (*field[:-1], name, place)
        yield self._entry((*beside, system_key), "constant", item[system_key], [], [], leaf)
        yield self._entry((*beside, value_key), "mapped", item[value_key], inputs, ["nfkc", "trim"], leaf)

    def _unit_step(self, unit: dict[str, Any], raws: list[Any]) -> list[str]:
        if not unit:
            return []
        written = unit["fixed"] if unit["slot"] is None else str(raws[unit["slot"]]).strip()
        return [f"unit {unit['units'].get(written, written)}→t"]

    def _inputs(self, scope: dict[str, Any], slots: list[int], raws: list[Any]) -> list[Entry]:
        """The values that were there; what was absent decided nothing that could be shown."""
        there = [slot for slot in slots if raws[slot] is not None and raws[slot] not in ((), [])]
        return [{"document": self.document, "source": self._source(scope, slot), "raw": raws[slot]} for slot in there]

    def _looked(self, scope: dict[str, Any], leaf: dict[str, Any], raws: list[Any]) -> list[Entry]:
        return [
            {"document": self.document, "source": self._source(scope, slot)}
            for slot in leaf["slots"]
            if raws[slot] is None
        ]

    def _source(self, scope: dict[str, Any], slot: int) -> str:
        steps = self._base(*scope["slots"][slot])
        return paths.xpath(steps) if self.template["xml"] else paths.pointer(steps)

    def _base(self, up: int, segments: list[str]) -> tuple[Step, ...]:
        base = self.bases[0] if up == ROOT else self.bases[len(self.bases) - 1 - up]
        return (*base, *((int(one) if self.template["xml"] and one.isdigit() else one) for one in segments))

    def _note(self, at: tuple[int, ...], node: dict[str, Any]) -> dict[str, Any]:
        return self.notes.get((at, node["id"]), {})

    def _entry(
        self, field: tuple[Step, ...], how: str, value: Any, inputs: list[Entry], steps: list[str], node: dict[str, Any]
    ) -> Entry:
        out: Entry = {"field": paths.pointer(field), "how": how}
        if value is not None:
            out["value"] = value
        return out | {"inputs": inputs, "steps": steps, "rule": f"{self.template['file']}:{node['line']}"}


def _at(content: Any, field: list[Any]) -> Any:
    for step in field:
        if isinstance(content, dict):
            content = content.get(step)
        elif isinstance(content, list) and int(step) < len(content):
            content = content[int(step)]
        else:
            return None
    return content
