"""The statements that make one canonical value, and what is done where there is none or it's refused."""

from mappings import paths
from mappings.compiler import runtime
from mappings.compiler.scope import Names, Scope
from mappings.spec import Leaf


class LeafCode:
    """Writes leaves into scopes. `file` is what reasons of refusals name."""

    def __init__(self, names: Names, file: str, fillers: frozenset[str]) -> None:
        self._names, self._file, self._fillers = names, file, fillers

    def write(self, scope: Scope, leaf: Leaf, into: str, prefix: tuple[str, ...], indent: int) -> None:
        target = f"{into}[{leaf.field!r}]"
        if leaf.constant is not None:
            scope.emit(indent, f"{target} = {self._names.name('C', leaf.constant)}")
            return
        if leaf.position is not None:
            scope.emit(indent, f"{target} = at[-1] + {leaf.position}")
            return
        reads = [scope.read(path) for path in leaf.reads]
        pointer = scope.pointer + paths.pointer((*prefix, leaf.field))
        nothing = self._nothing(leaf, target, pointer)
        refused = self._names.name("R", runtime.refusal(leaf, self._file, pointer))
        any_read = " or ".join(f"{read} is not None" for read in reads)
        scope.emit(indent, f"if {any_read}:")
        inside = self._shortcut(scope, leaf, reads, target, indent + 1)
        scope.emit(inside, "try:")
        self._text(scope, leaf, reads, inside + 1)
        note = [f"x.append((at, {leaf.id}, 'b'))", *nothing]
        blank = "t is None" if len(reads) > 1 else "t in FILL"
        scope.emit(inside + 1, f"if {blank}:", *("    " + line for line in note), "else:")
        self._value(scope, leaf, into, pointer, inside + 2)
        scope.emit(inside, "except InvalidValue as e:", f"    {refused}(e, {self._blamed(reads)}, {into}, at, x, f)")
        if nothing:
            scope.emit(indent, "else:", *("    " + line for line in nothing))

    def _shortcut(self, scope: Scope, leaf: Leaf, reads: list[str], target: str, indent: int) -> int:
        """Takes what needs no work straight from the source: a word that a table knows as it stands, a number that is one.

        The same result as the long way, without it. Gives the indent at which the long way goes on.
        """
        if len(reads) > 1 or leaf.split is not None or leaf.amount is not None:
            return indent
        (read,) = reads
        known = runtime.known_words(leaf, self._fillers)
        if known:
            table = self._names.name("K", known)
            scope.emit(indent, f"t = {table}.get({read}) if {read}.__class__ is str else None", "if t is not None:")
            scope.emit(indent + 1, f"{target} = t")
        elif leaf.type.name == "int" and all(step.label == "number" for step in leaf.steps):
            scope.emit(indent, f"if {read}.__class__ is int and -SAFE <= {read} <= SAFE:", f"    {target} = {read}")
        else:
            return indent
        scope.emit(indent, "else:")
        return indent + 1

    @staticmethod
    def _blamed(reads: list[str]) -> str:
        """The raw value that a refusal names: of several the text that was chosen or joined, all where it came to none."""
        return reads[0] if len(reads) == 1 else f"[{', '.join(reads)}] if t is None else t"

    def _nothing(self, leaf: Leaf, target: str, pointer: str) -> list[str]:
        """What is done where the source gives nothing."""
        if leaf.default is not None:
            return [f"{target} = {self._names.name('D', leaf.default)}", f"x.append((at, {leaf.id}, 'd'))"]
        if leaf.required:
            sources = ", ".join("../" * max(path.up, 0) + "/".join(path.segments) for path in leaf.reads)
            return [f"raise {self._names.name('M', runtime.lack(leaf, self._file, pointer, sources))}(at)"]
        return []

    def _text(self, scope: Scope, leaf: Leaf, reads: list[str], indent: int) -> None:
        """Sets t: the cleaned text that the steps start from (several reads: None where all are blank)."""
        if len(reads) == 1:
            # The common case of clean(), without the call: text that is clean already.
            (read,) = reads
            plain = f"{read}.__class__ is str and {read}.strip() is {read} and {read}.isprintable() and normal('NFKC', {read})"
            scope.emit(indent, f"t = {read} if {plain} else clean({read})")
        elif leaf.join is not None:
            scope.emit(indent, "t = None")
            scope.emit(
                indent, f"t = [p for v in ({', '.join(reads)}) if v is not None and (p := clean(v)) not in FILL]"
            )
            scope.emit(indent, f"t = {leaf.join!r}.join(t) if t else None")
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
                    scope.emit(indent, f"    else: x.append((at, {leaf.id}, 'a', {place}))")

    @staticmethod
    def _checked(leaf: Leaf) -> bool:
        """Whether the value needs no further look at its type: clean() has done for a text all that its type asks for (a
        step may leave it empty), a time step gives what the type wants, and an amount is checked as it's read."""
        timed = leaf.type.name in {"moment", "instant"}
        return timed or leaf.amount is not None or (leaf.type.name == "text" and not leaf.steps)

    def _value(self, scope: Scope, leaf: Leaf, into: str, pointer: str, indent: int) -> None:
        target = f"{into}[{leaf.field!r}]"
        expression = "p" if leaf.split is not None else "t"
        for step in leaf.steps:
            expression = f"{self._names.name('S', step.run)}({expression})"
        parsed = expression if self._checked(leaf) else f"{self._names.name('P', leaf.type.parse)}({expression})"
        if leaf.amount is not None:
            unit = scope.read(leaf.amount.read) if leaf.amount.read is not None else "None"
            reader = self._names.name("Q", runtime.amount_reader(leaf))
            scope.emit(
                indent,
                f"q, lost, u = {reader}({expression}, {unit})",
                "if q is None:",
                f"    x.append((at, {leaf.id}, 'x' if 'declared' in {into} else 'u'))",
                f"    {into}.setdefault('declared', {{'value': t, 'unit': u}})",
                "else:",
                f"    {target} = q",
                f"    if lost: x.append((at, {leaf.id}, 'r'))",
            )
        elif leaf.split is not None:
            split = self._names.name("T", runtime.splitter(leaf.split))
            made = parsed if leaf.into is None else f"{{{leaf.into!r}: {parsed}}}"
            refused = self._names.name("R", runtime.refusal(leaf, self._file, pointer))
            scope.emit(
                indent,
                "many = []",
                f"for p in {split}(t):",
                f"    try: many.append({made})",
                f"    except InvalidValue as e: {refused}(e, p, {into}, at, x, f)",
                f"if many: {target} = many",
            )
        else:
            scope.emit(indent, f"{target} = {parsed}")
