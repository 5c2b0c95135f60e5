"""How a source writes what isn't there, amounts, and several things in one text."""

from collections import Counter
from collections.abc import Iterable, Sequence

from canonical_schema.values.quantity import UNITS, tonnes_in
from mappings.infer.lookups import understood
from mappings.infer.names import says
from mappings.infer.tree import Path, Place
from mappings.infer.vocabulary import ideas

FILLERS = frozenset(
    {
        "无",
        "空",
        "-",
        "--",
        "---",
        "—",
        "——",
        "/",
        "\\",
        "暂无",
        "无数据",
        "没有",
        "未填",
        "未填写",
        "不详",
        "未知",
        "待补",
        "n/a",
        "na",
        "null",
        "none",
        "nil",
        "undefined",
    }
)
MARKS = ("、", ";", ",", "|", "/", "+", " ")
"""Between the parts of a list in one text; the first that is found counts."""


def fillers(places: Iterable[Place]) -> tuple[str, ...]:
    """Texts that stand for nothing: those that stand where other values do, unless these are a choice (有/无)."""
    found: Counter[str] = Counter()
    for place in places:
        said = {text for text in place.texts if text.casefold() in FILLERS}
        others = set(place.texts) - said
        if said and any(understood("boolean", text) is None for text in others):
            found.update(said)
    return tuple(text for text, _ in found.most_common())


def is_unit(place: Place) -> bool:
    """Whether a place says in what something is measured: by its values, at least one a mass, or by name and values."""
    texts = set(place.texts)
    if place.many or not texts or not all(text.casefold() in UNITS for text in texts):
        return False
    named = says(place.name, ideas()["unit"], 0.4) or (place.label != "" and says(place.label, ideas()["unit"], 0.4))
    return named or all(tonnes_in(text) is not None for text in texts)


def unit_of(amount: Place, units: Sequence[Place]) -> Path | None:
    """The place that says the unit of an amount: its own attribute, else the one beside it whose name is most like its own."""
    beside = [unit for unit in units if unit.path[:-1] in {amount.path, amount.path[:-1]}]
    best = max(beside, key=lambda unit: (unit.path[:-1] == amount.path, _alike(unit.name, amount.name)), default=None)
    return best.path if best is not None else None


def _alike(one: str, other: str) -> int:
    """How many letters they begin with alike."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def named_unit(name: str) -> str | None:
    """The unit in a name: `移出量(千克)`, `weight_kg`.

    >>> named_unit("接收量（kg）"), named_unit("zl_kg"), named_unit("重量")
    ('kg', 'kg', None)
    """
    lowered = name.casefold().replace("（", "(").replace("）", ")")
    for word in ("千克", "公斤", "kg", "吨"):
        if lowered.endswith((word, f"{word})")):
            return word
    return "t" if lowered.endswith(("_t", "(t)")) else None


def mark(texts: Iterable[str]) -> str:
    """What stands between the parts of texts that are lists."""
    found = Counter(one for text in texts for one in MARKS if one in text.strip())
    return max(MARKS, key=lambda one: (found[one], -MARKS.index(one))) if found else "、"
