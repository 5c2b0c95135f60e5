"""Where each canonical leaf came from: entries built on demand from template, remainder and content.

Nothing here knows the compiler or the steps: a template of ten years ago explains its records still.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import msgspec

from mappings import paths
from mappings.lineage.inputs import Entry, Sources, raw_values
from mappings.paths import Step

Node = dict[str, Any]
_decoder = msgspec.json.Decoder(float_hook=Decimal)


def decode_remainder(data: bytes) -> Any:
    return _decoder.decode(data)


def explain(template: Node, remainder: Any, content: dict[str, Any], document: str) -> list[Entry]:
    """The lineage entries of one claim (design: field, how, value, inputs, steps, rule). `document`: its id."""
    positions, raws, notes = remainder
    bare = [(at[0], *one) for at, _, word, *detail in notes if word == "p" for one in detail[0]]
    explanation = _Explanation(Sources(template, positions, document, bare), notes)
    return list(explanation.scope(_Frame(template["record"], raws, content, (), ())))


@dataclass(frozen=True, slots=True)
class _Frame:
    """One scope with what it read and made. `field`: where its content stands; `at`: its source positions; `outer`: the
    inputs that decided its being."""

    scope: Node
    raws: list[Any]
    content: Any
    field: tuple[Step, ...]
    at: tuple[int, ...]
    outer: tuple[Entry, ...] = ()

    def value(self, field: list[Any]) -> Any:
        content = self.content
        for step in field:
            if isinstance(content, dict):
                content = content.get(step)
            elif isinstance(content, list) and int(step) < len(content):
                content = content[int(step)]
            else:
                return None
        return content


class _Explanation:
    def __init__(self, sources: Sources, notes: list[Any]) -> None:
        self.sources = sources
        self.notes: dict[tuple[tuple[int, ...], int], Node] = {}
        for at, node, word, *detail in notes:
            self.notes.setdefault((tuple(at), node), {})[word] = detail[0] if detail else True

    def scope(self, frame: _Frame) -> Iterator[Entry]:
        for node in frame.scope["nodes"]:
            yield from self._node(frame, node)

    def _node(self, frame: _Frame, node: Node) -> Iterator[Entry]:
        match node["node"]:
            case "leaf":
                return self._leaf(frame, node)
            case "any":
                return self._any(frame, node)
            case "parts":
                return self._parts(frame, node)
            case "first":
                return self._first(frame, node)
            case _:
                return self._list(frame, node)

    # -- objects and lists

    def _any(self, frame: _Frame, node: Node) -> Iterator[Entry]:
        """The rule that gave the value, with what the rules before it looked at: that decided too."""
        chosen = self._note(frame.at, node).get("w", 0)
        given = frame.value(node["field"]) is not None
        if not given and not any({"u", "e"} & self._note(frame.at, rule).keys() for rule in node["rules"]):
            yield from self._none_given(frame, node)
            return
        for rule in node["rules"][:chosen] if given else node["rules"][1:]:
            yield from self._left_beside(frame, rule)
        before = [slot for rule in node["rules"][:chosen] for slot in (*rule["slots"], *rule.get("when", []))]
        own = node["rules"][chosen]
        deciders = [slot for slot in dict.fromkeys(before) if slot not in own["slots"]]
        yield from self._leaf(self._decided(frame, deciders), own)

    def _none_given(self, frame: _Frame, node: Node) -> Iterator[Entry]:
        """No rule gave a value: all that any of them looked at, and what the first of them says of it."""
        rules = node["rules"]
        notes = {word: True for rule in reversed(rules) for word in self._note(frame.at, rule)}
        first = rules[0] | {"slots": list(dict.fromkeys(slot for rule in rules for slot in rule["slots"]))}
        when = [slot for rule in rules for slot in rule.get("when", [])]
        inputs = _once([*self._inputs(frame, [*first["slots"], *when]), *frame.outer])
        yield from self._nothing(frame, first, notes, (*frame.field, *node["field"]), inputs)

    def _left_beside(self, frame: _Frame, rule: Node) -> Iterator[Entry]:
        """What a rule that gave no value put beside its field: `declared`, or a refused value in another list."""
        notes, full = self._note(frame.at, rule), (*frame.field, *rule["field"])
        if "u" in notes:
            yield from self._declared(frame, rule, full)
        elif "e" in notes:
            inputs = [*self._inputs(frame, rule["slots"]), *frame.outer]
            yield from self._elsewhere(frame, rule, notes["e"], full, inputs)

    def _parts(self, frame: _Frame, node: Node) -> Iterator[Entry]:
        """A list written out: positions count what each part could have given, in order."""
        kept = frame.value(node["field"]) or []
        sources = [
            (part, source)
            for part in node["parts"]
            for source in (range(len(self._elements(frame, part["list"]))) if "list" in part else (0,))
        ]
        order = self._note(frame.at, node).get("o", range(len(sources)))
        for place, number in zip(range(len(kept)), order, strict=False):
            part, source = sources[number]
            full, at = (*frame.field, *node["field"], place), (*frame.at, number)
            if "list" in part:
                decided = self._decided(frame, part["list"]["when"])
                yield from self._element(decided, part["list"], node, source, kept[place], full, at)
            else:
                yield from self._written(frame, part, node, kept[place], full, at)

    def _written(
        self, frame: _Frame, part: Node, node: Node, value: Any, field: tuple[Step, ...], at: tuple[int, ...]
    ) -> Iterator[Entry]:
        """An item that the mapping writes out: its nodes stand in the scope around the list."""
        depth = len(node["field"]) + 1
        inner = replace(frame, content=value, field=field, at=at)
        if "value" in part:
            leaf = part["value"] | {"field": ["value"]}
            yield from self._scalar(replace(inner, content={"value": value}), leaf, field)
            return
        own = (entry for one in part["object"] for entry in self._node(inner, _from(one, depth)))
        yield from self._item(own, node, value, field, at)

    def _list(self, frame: _Frame, node: Node) -> Iterator[Entry]:
        kept = frame.value(node["field"]) or []
        order = self._note(frame.at, node).get("o", range(len(self._elements(frame, node))))
        decided = self._decided(frame, node["when"])
        for place, source in zip(range(len(kept)), order, strict=False):
            full, at = (*frame.field, *node["field"], place), (*frame.at, source)
            yield from self._element(decided, node, node, source, kept[place], full, at)

    def _element(
        self,
        frame: _Frame,
        node: Node,
        whole: Node,
        source: int,
        value: Any,
        field: tuple[Step, ...],
        at: tuple[int, ...],
    ) -> Iterator[Entry]:
        """The item made of one element. `whole`: the list it stands in, where it's numbered."""
        raws = self._elements(frame, node)[source]
        with self.sources.element(node["each"], source):
            if node["scalar"]:
                (leaf,) = node["items"]["nodes"]
                inner = _Frame(node["items"], raws, {"value": value}, (), at, frame.outer)
                yield from self._scalar(inner, leaf, field)
            else:
                inner = _Frame(node["items"], raws, value, field, at, frame.outer)
                yield from self._item(self.scope(inner), whole, value, field, at)

    def _first(self, frame: _Frame, node: Node) -> Iterator[Entry]:
        chosen = self._elements(frame, node)
        if not chosen:
            return
        source, raws = chosen
        decided = self._decided(frame, node["when"])
        with self.sources.element(node["each"], source):
            value, field = frame.value(node["field"]), (*frame.field, *node["field"])
            inner = _Frame(node["items"], raws, value, field, (*frame.at, source), decided.outer)
            if node.get("scalar"):
                (leaf,) = node["items"]["nodes"]
                yield from self._scalar(replace(inner, content={"value": value}, field=()), leaf, field)
            else:
                yield from self.scope(inner)

    def _scalar(self, frame: _Frame, leaf: Node, field: tuple[Step, ...]) -> Iterator[Entry]:
        for entry in self._leaf(frame, leaf):
            yield entry | {"field": paths.pointer(field)}

    def _item(
        self, entries: Iterable[Entry], node: Node, item: dict[str, Any], field: tuple[Step, ...], at: tuple[int, ...]
    ) -> Iterator[Entry]:
        """An item's entries. A seq that the source didn't give is the position in the list, counted from 1."""
        counted = node["numbered"] and (not node["ruled"] or at[-1] in self._note(at[:-1], node).get("n", ()))
        place, looked = paths.pointer((*field, "seq")), []
        for entry in entries:
            if counted and entry["field"] == place:
                looked = [one for one in entry["inputs"] if "raw" in one]
            else:
                yield entry
        if counted:
            yield _entry((*field, "seq"), "derived", item["seq"], looked, ["position"], node)

    # -- values

    def _leaf(self, frame: _Frame, leaf: Node) -> Iterator[Entry]:
        notes, value = self._note(frame.at, leaf), frame.value(leaf["field"])
        slots = leaf["slots"]
        if len(slots) > 1 and "all" not in leaf and value is not None and not {"d", "z"} & notes.keys():
            slots = slots[: notes.get("a", 0) + 1]
        unit = leaf.get("unit") or {}
        also = [*([unit["slot"]] if unit.get("slot") is not None else []), *leaf.get("when", [])]
        inputs = _once([*self._inputs(frame, slots), *self._inputs(frame, also), *frame.outer])
        full = (*frame.field, *leaf["field"])
        if "u" in notes:
            yield from self._declared(frame, leaf, full)
        elif "e" in notes:
            yield _entry(full, "missing", None, inputs, leaf["steps"], leaf)
            yield from self._elsewhere(frame, leaf, notes["e"], full, inputs)
        elif value is None:
            yield from self._nothing(frame, leaf, notes, full, inputs)
        elif "declared" in leaf["field"] and slots and ("b" in notes or not raw_values(frame.raws, slots)):
            return  # the rule of a quantity put it here, and explains it
        elif {"d", "z"} & notes.keys():
            looked = inputs or self._looked(frame, leaf)
            yield from self._valued(leaf, "defaulted", value, full, looked, ["default"])
        else:
            round_ = ["round 6"] if "r" in notes else []
            steps = [*leaf["steps"], *self._unit_step(frame, unit, notes), *round_]
            constant = leaf["how"] == "constant"
            yield from self._valued(leaf, leaf["how"], value, full, [] if constant else inputs, steps)

    def _valued(
        self, leaf: Node, how: str, value: Any, field: tuple[Step, ...], inputs: list[Entry], steps: list[str]
    ) -> Iterator[Entry]:
        if leaf["type"] == "moment":
            yield _entry((*field, "at"), how, value["at"], inputs, steps, leaf)
            precision = "derived" if how in {"mapped", "looked_up"} else how
            yield _entry((*field, "precision"), precision, value["precision"], inputs, steps, leaf)
        elif isinstance(value, list):
            for place, one in enumerate(value):
                inner = (*field, place, leaf["into"]) if "into" in leaf else (*field, place)
                yield _entry(inner, how, one[leaf["into"]] if "into" in leaf else one, inputs, steps, leaf)
                if leaf.get("numbered"):
                    yield _entry((*field, place, "seq"), "derived", one["seq"], [], ["position"], leaf)
        else:
            yield _entry(field, how, value, inputs, steps, leaf)

    def _nothing(
        self, frame: _Frame, leaf: Node, notes: Node, field: tuple[Step, ...], inputs: list[Entry]
    ) -> Iterator[Entry]:
        if "b" in notes and inputs:
            yield _entry(field, "blank", None, inputs, leaf["steps"], leaf)
        elif "x" in notes:
            yield _entry(field, "missing", None, inputs, leaf["steps"], leaf)
        elif leaf["slots"] and all(frame.raws[slot] is None for slot in leaf["slots"]):
            yield _entry(field, "missing", None, self._looked(frame, leaf), [], leaf)

    def _declared(self, frame: _Frame, leaf: Node, field: tuple[Step, ...]) -> Iterator[Entry]:
        declared, unit = frame.value([*leaf["field"][:-1], "declared"]), leaf["unit"]
        beside, value = (*field[:-1], "declared"), self._inputs(frame, leaf["slots"])
        yield _entry((*beside, "value"), "mapped", declared["value"], value, ["nfkc", "trim"], leaf)
        slots = leaf["slots"] if unit["inside"] else [unit["slot"]] if unit["slot"] is not None else []
        told = self._inputs(frame, slots)
        how, steps = ("mapped", ["nfkc", "trim"]) if told else ("constant", [])
        yield _entry((*beside, "unit"), how, declared["unit"], told, steps, leaf)

    def _elsewhere(
        self, frame: _Frame, leaf: Node, place: int, field: tuple[Step, ...], inputs: list[Entry]
    ) -> Iterator[Entry]:
        if place < 0:
            return
        name, system_key, value_key = leaf["elsewhere"]
        item = frame.value([*leaf["field"][:-1], name, place])
        beside = (*field[:-1], name, place)
        yield _entry((*beside, system_key), "constant", item[system_key], [], [], leaf)
        yield _entry((*beside, value_key), "mapped", item[value_key], inputs, ["nfkc", "trim"], leaf)

    def _unit_step(self, frame: _Frame, unit: Node, notes: Node) -> list[str]:
        if not unit:
            return []
        read = unit["fixed"] if unit["slot"] is None else str(frame.raws[unit["slot"]]).strip()
        written = notes.get("m", read)
        return [f"unit {unit['units'].get(written, written)}→t"]

    # -- what was read

    def _decided(self, frame: _Frame, slots: list[int]) -> _Frame:
        return replace(frame, outer=(*frame.outer, *self._inputs(frame, slots))) if slots else frame

    def _elements(self, frame: _Frame, node: Node) -> Any:
        """The raw values of a list's elements (of `first`: which one, and its raw values)."""
        return frame.raws[len(frame.scope["slots"]) + node["place"]]

    def _inputs(self, frame: _Frame, slots: list[int]) -> list[Entry]:
        """The values that were there; what was absent decided nothing that could be shown."""
        there = [slot for slot in slots if frame.raws[slot] is not None and frame.raws[slot] not in ((), [])]
        return [self.sources.input(frame.scope["slots"][slot]) | {"raw": frame.raws[slot]} for slot in there]

    def _looked(self, frame: _Frame, leaf: Node) -> list[Entry]:
        return [self.sources.input(frame.scope["slots"][slot]) for slot in leaf["slots"] if frame.raws[slot] is None]

    def _note(self, at: tuple[int, ...], node: Node) -> Node:
        return self.notes.get((at, node["id"]), {})


def _once(inputs: list[Entry]) -> list[Entry]:
    """Each place once, also where a rule and its condition look at the same."""
    return list({(one["document"], one["source"]): one for one in reversed(inputs)}.values())[::-1]


def _from(node: Node, depth: int) -> Node:
    """A node of an item that is written out, its fields counted from the item."""
    shorter = node | {"field": node["field"][depth:]}
    return shorter | {"rules": [_from(rule, depth) for rule in node["rules"]]} if node["node"] == "any" else shorter


def _entry(field: tuple[Step, ...], how: str, value: Any, inputs: list[Entry], steps: list[str], node: Node) -> Entry:
    out: Entry = {"field": paths.pointer(field), "how": how}
    if value is not None:
        out["value"] = value
    return out | {"inputs": inputs, "steps": steps, "rule": node["rule"]}
