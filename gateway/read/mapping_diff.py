"""Two versions of a mapping over stored payloads: which fields of which records would change. Nothing is stored.

Compared is what is stored with what another mapping makes of the same bytes, by the rules of a replay. Only one payload
is in memory at a time, beside the keys of the records that differ.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import orjson
from sqlalchemy import Connection

from gateway.errors import UsedWrongly
from gateway.intake.page import ClaimDraft
from gateway.intake.replay import Shelf
from gateway.intake.reread import Reread, Tally, reread
from gateway.read.leaves import anywhere, changes, explained
from gateway.store import claims, mappings
from mappings import decode_remainder, explain

Json = dict[str, Any]


@dataclass(slots=True)
class Differences:
    """What has been found so far. `records` are the first few; `fields` and `findings` count all."""

    limit: int
    left: int = 0
    tally: Tally = field(default_factory=Tally)
    records: list[Json] = field(default_factory=list)
    fields: dict[str, Json] = field(default_factory=dict)
    findings: dict[str, Json] = field(default_factory=dict)

    def as_json(self) -> Json:
        by_count = sorted(self.fields.values(), key=lambda one: -one["count"])
        findings = [self.findings[name] for name in sorted(self.findings)]
        return asdict(self.tally) | {"fields": by_count, "findings": findings, "records": self.records}

    def add(self, record: Json) -> None:
        for one in record.get("fields", ()):
            place = anywhere(one["field"])
            known = self.fields.setdefault(
                place, {"field": place, "count": 0, "example": {"source_key": record["source_key"]} | one}
            )
            known["count"] += 1
        for how, found in record.get("findings", {}).items():
            for one in found:
                known = self.findings.setdefault(one["id"], {"id": one["id"], "appear": 0, "vanish": 0})
                known[how] += 1
        if len(self.records) < self.limit:
            self.records.append(record)


def compare(shelf: Shelf, *, old: str | None = None, limit: int = 20) -> Iterator[Differences]:
    """What is known after each exchange. `old`: the hash of a stored mapping version, or its beginning; only what that
    version made last is compared. UsedWrongly where there is none."""
    dataset, left = shelf.left()
    made_by = _version(shelf, old) if old is not None else None
    found, told = Differences(limit, left), set[str]()
    yield found
    for page, where in shelf.pages(dataset):
        with shelf.database.read() as conn:
            once = reread(conn, page, where, made_by=made_by).once(told)
            for record in _records(conn, shelf, once):
                found.add(record)
        found.tally += once.tally
        found.left -= 1
        yield found


def _records(conn: Connection, shelf: Shelf, once: Reread) -> Iterator[Json]:
    stored = claims.versions(conn, [one.was for one in once.changed])
    for one, was in zip(once.changed, stored, strict=True):
        yield {
            "source_key": one.draft.source_key,
            "change": "changed",
            "fields": list(_fields(shelf, orjson.loads(was.content_bytes), one.draft)),
            "findings": _findings(was.findings, one.draft.findings),
        }
    for draft in once.accepted:
        yield {"source_key": draft.source_key, "change": "accepted"}
    for unit in once.refused:
        yield {"source_key": unit.source_key, "change": "refused", "place": unit.place, "reasons": list(unit.reasons)}


def _fields(shelf: Shelf, before: Json, draft: ClaimDraft) -> Iterator[Json]:
    """Each leaf that differs, with where the mapping now looked for it."""
    entries = explain(shelf.program.template, decode_remainder(draft.remainder), draft.content, draft.document)
    for name, told in changes(before, draft.content):
        entry = explained(entries, name) or {"inputs": []}
        yield {"field": name} | told | {"inputs": entry["inputs"]}


def _findings(before: Iterable[Json], after: Iterable[Json]) -> Json:
    old, new = ([{"id": one["id"], "fields": one["fields"]} for one in told] for told in (before, after))
    sides = {"appear": [one for one in new if one not in old], "vanish": [one for one in old if one not in new]}
    return {name: found for name, found in sides.items() if found}


def _version(shelf: Shelf, old: str) -> int:
    with shelf.database.read() as conn:
        stored = mappings.of_dataset(conn, shelf.adapter, shelf.dataset)
    found = [number for digest, number in stored.items() if old and digest.startswith(old.lower())]
    if len(found) == 1:
        return found[0]
    listed = _listed(list(stored))
    raise UsedWrongly(
        f"没有唯一的映射版本 {old!r}; 已存 (旧的在前): {listed}",
        f"{old!r} is not one stored version of the mapping; there are (the oldest first): {listed}",
    )


def _listed(digests: Sequence[str]) -> str:
    return ", ".join(digest[:12] for digest in digests) or "-"
