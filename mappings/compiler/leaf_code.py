"""The statements that make one value, and what is done where there is none or it's refused."""

from typing import Any

from canonical_schema.types import SAFE_INTEGER
from mappings.compiler.amounts import amount_reader
from mappings.compiler.arranging import splitter
from mappings.compiler.refusing import lack, refusal
from mappings.compiler.remembered import Remembered, recurs
from mappings.compiler.scope import Names, Scope, Spot
from mappings.spec import Leaf


class LeafCode:
    """Writes leaves into scopes."""

    def __init__(self, names: Names, fillers: frozenset[str]) -> None:
        self._names, self._fillers = names, fillers

    def write(self, scope: Scope, leaf: Leaf, spot: Spot) -> None:
        target, indent = f"{spot.into}[{leaf.field!r}]", spot.indent
        if leaf.constant is not None:
            scope.emit(indent, f"{target} = {self._kept('C', leaf.constant)}")
            return
        if leaf.position is not None:
            place = f"{scope.at}[-1] + {leaf.position}"
            scope.emit(indent, f"{target} = str({place})" if leaf.type.name == "text" else f"{target} = {place}")
            return
        reads = [scope.read(path) for path in leaf.reads]
        pointer = scope.field(spot.to(leaf.field))
        nothing = self._nothing(scope, leaf, target, pointer)
        refused = self._names.name("R", refusal(leaf, pointer))
        any_read = " or ".join(f"{read} is not None" for read in reads)
        scope.emit(indent, f"if {any_read}:")
        inside = self._whole_number(scope, leaf, reads, target, indent + 1)
        scope.emit(inside, "try:")
        remembered = recurs(leaf)
        if remembered:
            (read,), known = reads, self._names.name("K", Remembered(leaf, self._fillers))
            scope.emit(inside + 1, f"t = {known}[{read}] if {read}.__class__ is str else {known}.read({read})")
        else:
            self._text(scope, leaf, reads, inside + 1)
        note = [f"x.append(({scope.at}, {leaf.id}, 'b'))", *nothing]
        absent = remembered or _several(leaf)
        blank = "t is None" if absent else "t in FILL" if self._fillers - {""} else "not t"
        scope.emit(inside + 1, f"if {blank}:", *("    " + line for line in note), "else:")
        if remembered:
            scope.emit(inside + 2, f"{target} = t")
        else:
            self._value(scope, leaf, spot, refused, inside + 2)
        told = f"{refused}(e, {_blamed(leaf, reads)}, {spot.into}, {scope.at}, x, f)"
        scope.emit(inside, "except InvalidValue as e:", f"    {told}")
        if nothing:
            scope.emit(indent, "else:", *("    " + line for line in nothing))

    def _whole_number(self, scope: Scope, leaf: Leaf, reads: list[str], target: str, indent: int) -> int:
        """Takes a number that is one straight from the source: the same result as the long way, without it.

        Gives the indent at which the long way goes on.
        """
        plain = leaf.type.name == "int" and all(step.label == "number" for step in leaf.steps)
        if _several(leaf) or leaf.split is not None or leaf.whole is not None or not plain:
            return indent
        if any(one.lstrip("-").isdigit() for one in self._fillers):
            return indent
        (read,) = reads
        safe = f"{read}.__class__ is int and {-SAFE_INTEGER} <= {read} <= {SAFE_INTEGER}"
        scope.emit(indent, f"if {safe}:", f"    {target} = {read}", "else:")
        return indent + 1

    def _kept(self, prefix: str, value: Any) -> str:
        """The expression for a value of the file: one that could be changed is a new one each time."""
        name = self._names.name(prefix, value)
        return f"dict({name})" if isinstance(value, dict) else name

    def _nothing(self, scope: Scope, leaf: Leaf, target: str, pointer: str) -> list[str]:
        """What is done where the source gives nothing."""
        if leaf.default is not None:
            default = self._kept("D", leaf.default)
            if leaf.split is not None:
                default = f"[{default}]" if leaf.into is None else f"[{{{leaf.into!r}: {default}}}]"
            return [f"{target} = {default}", f"x.append(({scope.at}, {leaf.id}, 'd'))"]
        if leaf.required:
            sources = ", ".join("../" * max(path.up, 0) + "/".join(path.segments) for path in leaf.reads)
            return [f"raise {self._names.name('M', lack(leaf, pointer, sources))}({scope.at})"]
        return []

    def _text(self, scope: Scope, leaf: Leaf, reads: list[str], indent: int) -> None:
        """Sets t: the text that the mapping's own steps leave (several reads: None where it's blank)."""
        self._cleaned(scope, leaf, reads, indent)
        for step in leaf.steps[: leaf.cut]:
            given = "t is not None" if _several(leaf) else "t not in FILL"
            scope.emit(indent, f"if {given}: t = {self._names.name('S', step.run)}(t)")
        if leaf.cut and _several(leaf):
            scope.emit(indent, "if t in FILL: t = None")

    def _cleaned(self, scope: Scope, leaf: Leaf, reads: list[str], indent: int) -> None:
        """Sets t: the text that the steps start from."""
        if leaf.whole is not None:
            scope.emit(indent, f"t = {self._names.name('J', leaf.whole.run)}({reads[0]})")
        elif not _several(leaf):
            # The common case of clean(), without the call: text that is clean already.
            (read,) = reads
            plain = f"{read}.__class__ is str and {read}.strip() is {read} and {read}.isprintable() and ({read}.isascii() or normal('NFKC', {read}))"
            scope.emit(indent, f"t = {read} if {plain} else clean({read})")
        elif leaf.call is not None:
            call = self._names.name("F", leaf.call.run)
            texts = "".join(f"word_or_none({read}, FILL), " for read in reads)
            scope.emit(
                indent, "t = None", f"t = ({texts})", f"t = {call}(*t) if any(p is not None for p in t) else None"
            )
        elif leaf.join is not None:
            scope.emit(
                indent,
                "t = None",
                f"t = [p for v in ({', '.join(reads)}) if v is not None and (p := clean(v)) not in FILL]",
                f"t = {leaf.join!r}.join(t) if t else None",
            )
        else:
            scope.emit(indent, "t = None")
            for place, read in enumerate(reads):
                scope.emit(
                    indent,
                    f"if t is None and {read} is not None:",
                    f"    t = clean({read})",
                    "    if t in FILL: t = None",
                )
                if place:
                    scope.emit(indent, f"    else: x.append(({scope.at}, {leaf.id}, 'a', {place}))")

    def _value(self, scope: Scope, leaf: Leaf, spot: Spot, refused: str, indent: int) -> None:
        into, target = spot.into, f"{spot.into}[{leaf.field!r}]"
        expression = "p" if leaf.split is not None else "t"
        for step in leaf.steps[leaf.cut :]:
            expression = f"{self._names.name('S', step.run)}({expression})"
        parsed = expression if _checked(leaf) else f"{self._names.name('P', leaf.type.parse)}({expression})"
        if leaf.amount is not None:
            unit = scope.read(leaf.amount.read) if leaf.amount.read is not None else "None"
            scope.emit(
                indent,
                f"q, lost, u, n = {self._names.name('Q', amount_reader(leaf))}({expression}, {unit})",
                "if q is None:",
                f"    x.append(({scope.at}, {leaf.id}, 'x' if 'declared' in {into} else 'u'))",
                f"    {into}.setdefault('declared', {{'value': {'n' if leaf.amount.inside else 't'}, 'unit': u}})",
                "else:",
                f"    {target} = q",
                f"    if lost: x.append(({scope.at}, {leaf.id}, 'r'))",
            )
            if leaf.amount.inside or leaf.amount.steps:
                scope.emit(indent, f"    x.append(({scope.at}, {leaf.id}, 'm', u))")
            elif leaf.amount.read is not None:
                scope.emit(indent, f"    if u != {unit}: x.append(({scope.at}, {leaf.id}, 'm', u))")
        elif leaf.split is not None:
            split = self._names.name("T", splitter(leaf.split))
            made = parsed if leaf.into is None else f"{{{leaf.into!r}: {parsed}}}"
            if leaf.numbered:
                made = f"{{{leaf.into!r}: {parsed}, 'seq': len(many) + 1}}"
            scope.emit(
                indent,
                "many = []",
                f"for p in {split}(t):",
                f"    try: many.append({made})",
                f"    except InvalidValue as e: {refused}(e, p, {into}, {scope.at}, x, f)",
                f"if many: {target} = many",
            )
            nothing = self._nothing(scope, leaf, target, scope.field(spot.to(leaf.field)))
            scope.emit(indent, f"elif not {into}.get({leaf.field!r}):", f"    x.append(({scope.at}, {leaf.id}, 'b'))")
            scope.emit(indent + 1, *nothing)
        else:
            scope.emit(indent, f"{target} = {parsed}")


def _several(leaf: Leaf) -> bool:
    """Whether the text is made of what several paths give, so that None stands for nothing."""
    return len(leaf.reads) > 1 or leaf.call is not None


def _blamed(leaf: Leaf, reads: list[str]) -> str:
    """The raw value that a refusal names: of several the text that was chosen or joined, all where it came to none."""
    if not _several(leaf):
        return reads[0]
    told = f"[{', '.join(reads)}]"
    return told if leaf.call is not None else f"{told} if t is None else t"


def _checked(leaf: Leaf) -> bool:
    """Whether the value needs no further look at its type: clean() has done for a text all that its type asks for (a
    step may leave it empty), a time step gives what the type wants, and an amount is checked as it's read."""
    timed = leaf.type.name in {"moment", "instant"}
    return timed or leaf.amount is not None or (leaf.type.name == "text" and not leaf.steps and leaf.call is None)
