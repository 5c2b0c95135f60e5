"""What a mapping may say and likely doesn't mean: told by lint, in the way of nobody."""

from collections.abc import Sequence

from canonical_schema.declared import Node
from canonical_schema.fields import ObjectType
from mappings.language.reader import NUMBERS, Reader
from mappings.spec import Leaf

MOST_GAPS = 5
NUMERIC = {"times", "round", "number"}


def unfilled(reader: Reader, node: Node, tree: ObjectType, filled: set[str]) -> None:
    """What the standard requires of an object and no rule gives: every such object would be refused."""
    needed = [field.name for field in tree.fields.values() if field.required and field.name not in filled | {"seq"}]
    if reader.partial and not reader.scopes:
        needed = []
    for name in needed:
        reader.advise(
            node, f"the standard's {tree.name} needs '{name}', and no rule fills it: each one will be refused"
        )
    if tree.any_of and not filled & set(tree.any_of):
        listed = ", ".join(tree.any_of)
        reader.advise(
            node, f"the standard's {tree.name} needs one of {listed}, and no rule fills any: each one will be refused"
        )


def unreachable(reader: Reader, node: Node, rules: Sequence[Leaf]) -> None:
    """Rules after one that always gives a value."""
    for item, rule in zip(node.items, rules, strict=True):
        always = rule.constant is not None or rule.position is not None or rule.default is not None
        if always and not rule.conditions and rule is not rules[-1]:
            reader.advise(item, f"the rules after this one never count: this one always gives {rule.field} a value")
            return


def gaps(reader: Reader, node: Node, words: Sequence[str], *, otherwise: bool) -> None:
    """Numbers missing in a table whose left side counts: 1, 2, 4."""
    numbers = sorted(int(word) for word in words if word.isascii() and word.isdigit() and not word.startswith("0"))
    if otherwise or len(numbers) < len(words) or len(numbers) < 3:
        return
    missing = [str(one) for one in range(numbers[0], numbers[-1]) if one not in numbers]
    if missing and len(missing) <= MOST_GAPS and numbers[-1] - numbers[0] < 2 * len(numbers):
        reader.advise(node, f"the table has no {', '.join(missing)}: a value without an entry is refused")


def numeric_steps(reader: Reader, steps: Sequence[Node], kind: str) -> None:
    """Arithmetic on what isn't a number."""
    for item in steps:
        name = next(iter(item.entries), item.text)
        if name in NUMERIC and kind not in NUMBERS | {"text", "string"}:
            reader.advise(item, f"'{name}' gives a number, and this field holds {kind}")
