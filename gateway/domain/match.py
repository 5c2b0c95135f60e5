"""Which items of two systems' lists are the same thing: wastes by what they are, legs by their number.

Systems number and spell their wastes each in its own way, so a match goes from the surest likeness to the weakest:
code and name, the code alone, the name alone, then `seq`, then the quantity. Where several items are alike in one way,
`seq`, then the quantity, then the order of the lists tells them apart.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from decimal import Decimal
from typing import Any, Final

Item = dict[str, Any]
Likeness = Callable[[Item], Hashable | None]


def _code_and_name(waste: Item) -> Hashable | None:
    code, name = waste.get("code"), waste.get("name")
    return (code, name) if code and name else None


def _code(waste: Item) -> Hashable | None:
    code: str | None = waste.get("code")
    return code


def _name(waste: Item) -> Hashable | None:
    name: str | None = waste.get("name")
    return name


def _seq(item: Item) -> Hashable | None:
    seq: int | None = item.get("seq")
    return seq


def _quantity(waste: Item) -> Hashable | None:
    text = waste.get("quantity_t") or waste.get("receipt", {}).get("quantity_t")
    return Decimal(text) if text else None


WASTE_LIKENESSES: Final[tuple[Likeness, ...]] = (_code_and_name, _code, _name, _seq, _quantity)
LEG_LIKENESSES: Final[tuple[Likeness, ...]] = (_seq,)


def match_wastes(left: Sequence[Item], right: Sequence[Item]) -> list[tuple[int, int]]:
    """Pairs (position in left, position in right) of wastes that are the same one, by left; each at most once."""
    return _match(left, right, WASTE_LIKENESSES)


def match_legs(left: Sequence[Item], right: Sequence[Item]) -> list[tuple[int, int]]:
    """Pairs (position in left, position in right) of legs with the same `seq`, by left."""
    return _match(left, right, LEG_LIKENESSES)


def _match(left: Sequence[Item], right: Sequence[Item], likenesses: Sequence[Likeness]) -> list[tuple[int, int]]:
    pairs: list[tuple[int, int]] = []
    free_left, free_right = list(range(len(left))), list(range(len(right)))
    for likeness in likenesses:
        if not free_left or not free_right:
            break
        alike_left = _grouped(left, free_left, likeness)
        alike_right = _grouped(right, free_right, likeness)
        for value, positions in alike_left.items():
            pairs += _tell_apart(left, positions, right, alike_right.get(value, []))
        taken_left, taken_right = {pair[0] for pair in pairs}, {pair[1] for pair in pairs}
        free_left = [position for position in free_left if position not in taken_left]
        free_right = [position for position in free_right if position not in taken_right]
    return sorted(pairs)


def _grouped(items: Sequence[Item], positions: Sequence[int], likeness: Likeness) -> dict[Hashable, list[int]]:
    groups: defaultdict[Hashable, list[int]] = defaultdict(list)
    for position in positions:
        value = likeness(items[position])
        if value is not None:
            groups[value].append(position)
    return groups


def _tell_apart(
    left: Sequence[Item], mine: Sequence[int], right: Sequence[Item], theirs: Sequence[int]
) -> list[tuple[int, int]]:
    """Pairs among items that are alike: the same seq, then the same quantity, then one after the other."""
    pairs: list[tuple[int, int]] = []
    mine, theirs = list(mine), list(theirs)
    for same in (_seq, _quantity, lambda _item: True):
        for position in tuple(mine):
            value = same(left[position])
            other = next((at for at in theirs if value is not None and same(right[at]) == value), None)
            if other is not None:
                pairs.append((position, other))
                mine.remove(position)
                theirs.remove(other)
    return pairs
