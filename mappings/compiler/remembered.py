"""Values of a leaf that come again from record to record: divisions, codes, firms' numbers, plates, words of a list.

Reading one again costs one look-up instead of cleaning, steps and the checks of its type.
"""

from typing import Any, Final

from mappings.compiler.reading import clean
from mappings.spec import Leaf

MOST: Final = 2_000
"""So many are kept for a leaf: what strangers write must not fill the memory."""

RECURRING: Final = frozenset(
    {"category", "category_or_code", "division", "form", "hazard", "method", "permit_no", "plate", "uscc", "waste_code"}
)


class Remembered(dict[Any, Any]):
    """Source text → the leaf's value, None where it's blank. Raises InvalidValue, and remembers no such text.

    Each answer follows from the text alone, so threads may share it and it may be emptied at any time.
    """

    def __init__(self, leaf: Leaf, fillers: frozenset[str]) -> None:
        super().__init__()
        self._fillers, self._parse = fillers, leaf.type.parse
        self._own, self._others = leaf.steps[: leaf.cut], leaf.steps[leaf.cut :]

    def __missing__(self, raw: str) -> Any:
        value = self.read(raw)
        if len(self) >= MOST:
            self.clear()
        self[raw] = value
        return value

    def read(self, raw: Any) -> Any:
        """The same for what may be no text."""
        said: Any = clean(raw)
        for step in self._own:
            if said not in self._fillers:
                said = step.run(said)
        if said in self._fillers:
            return None
        for step in self._others:
            said = step.run(said)
        return self._parse(said)


def recurs(leaf: Leaf) -> bool:
    """Whether one text gives the value, the value can be shared, and the text is likely to come again."""
    alone = len(leaf.reads) == 1 and leaf.call is None and leaf.whole is None and leaf.split is None
    listed = bool(leaf.type.words) or any(step.looks_up for step in leaf.steps)
    single = leaf.amount is None and leaf.type.name != "moment"  # a moment is a dict
    return alone and single and (listed or leaf.type.name in RECURRING)
