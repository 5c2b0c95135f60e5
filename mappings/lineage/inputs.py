"""Which place of which document a template's path means for one record."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from mappings import embedded, paths
from mappings.paths import ROOT, Step
from mappings.rows import placed

Entry = dict[str, Any]
Base = tuple[str, tuple[Step, ...], int]  # a document, the steps to a scope in it, the number of the row it belongs to


def raw_values(raws: list[Any], slots: list[int]) -> bool:
    """Whether any of the slots read something."""
    return any(raws[slot] is not None for slot in slots)


class Sources:
    """The places of one record: `bases` are those of the scopes that are open, the innermost last, each with its document."""

    def __init__(self, template: dict[str, Any], rows: list[Any], document: str, bare: list[Any] | None = None) -> None:
        self.template, self.rows, self.document = template, rows, document
        # (row, place in it) → whether something that is no text stood where an embedded document is declared, and the blank
        self._bare = {(row, tuple(place)): (there, blank) for row, place, there, blank in bare or ()}
        self.bases = self._around(0) if rows else [(document, (), 0), (document, tuple(template["records"]), 0)]
        self._record = len(self.bases) - 1
        self._length = len(self.bases[-1][1])

    def _around(self, row: int) -> list[Base]:
        """The document, the elements of each list that is passed, and the record of a row."""
        document, positions = self._row(row)
        records = self.template["records"]
        stars = [place for place, segment in enumerate(records) if segment == "*"]
        passed = [tuple(placed(records[: place + 1], positions)[: place + 1]) for place in stars]
        return [(document, steps, row) for steps in ((), *passed, tuple(placed(records, positions)))]

    def _row(self, number: int) -> tuple[str, list[int]]:
        """(document, positions) of a row; one in another document than the first's begins with its id."""
        row = self.rows[number]
        return (row[0], row[1:]) if row and isinstance(row[0], str) else (self.document, row)

    @contextmanager
    def element(self, each: list[Any] | None, source: int) -> Iterator[None]:
        """Within one element of a list (None: a row of the record's group, with what is around that row)."""
        before = self.bases
        if each is None:
            *around, row = self._around(source)
            self.bases = [*around, before[-1], row]
        else:
            document, steps, number = self._steps(each)
            self.bases = [*before, (document, (*steps, source), number)]
        try:
            yield
        finally:
            self.bases = before

    def input(self, path: list[Any]) -> Entry:
        """{"document", "source"} of what a path reads."""
        document, steps, row = self._steps(path)
        if path[0] == ROOT or len(self.bases) - 1 - path[0] < self._record or not self.template["embedded"]:
            return {"document": document, "source": _printed(steps, xml=self.template["xml"])}
        return self._embedded(document, steps, row)

    def _embedded(self, document: str, steps: tuple[Step, ...], row: int) -> Entry:
        """The place in the innermost embedded document that the steps lead into; where there is no such document, the place
        where its text would stand."""
        xml, begin, inside = self.template["xml"], 0, steps[self._length :]
        for place, form in sorted(self.template["embedded"], key=lambda one: len(one[0])):
            if not _leads(inside, place):
                continue
            cut = self._length + len(place)
            there, blank = self._bare.get((row, tuple(inside[: len(place)])), (None, None))
            if there:
                continue  # it isn't a text: what is in it belongs to the document around it
            source = _printed(steps[begin:cut], xml=xml)
            if there is False:
                return {"document": document, "source": source} | ({} if blank is None else {"raw": blank})
            document, xml, begin = embedded.identity(document, form, source), form == "xml", cut
        return {"document": document, "source": _printed(steps[begin:], xml=xml)}

    def _steps(self, path: list[Any]) -> Base:
        up, segments = path
        document, base, row = self.bases[0] if up == ROOT else self.bases[len(self.bases) - 1 - up]
        return document, (*base, *segments), row


def _leads(steps: tuple[Step, ...], place: list[str]) -> bool:
    """Whether the steps go through the place, `*` standing for any position, and on into the document there."""
    return len(steps) >= len(place) and all(
        str(step).isdigit() if wanted == "*" else step == wanted for step, wanted in zip(steps, place, strict=False)
    )


def _printed(steps: tuple[Step, ...], *, xml: bool) -> str:
    if not xml:
        return paths.pointer(steps)
    return paths.xpath(int(one) if isinstance(one, str) and one.isdigit() else one for one in steps)
