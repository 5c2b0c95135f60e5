"""What an observation says that isn't known yet: pure, one source key at a time.

Content and findings together are what a claim says. The same word again is unchanged; another one is a new version.
Which version counts is decided by `newer`, whatever the order of arrival: a declared value goes before none, and
without any the last to arrive counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

import orjson

from gateway.intake.page import ClaimDraft
from gateway.store.known_claims import KnownClaim


class Verdict(Enum):
    UNCHANGED = auto()
    LATE = auto()
    """A version that was not known but no longer counts."""
    COUNTS = auto()
    """A version that counts from now on."""


@dataclass(slots=True)
class Seen:
    """One version. `first` and `last` span the values of `newer` at which it was seen. `row` is the stored version's
    id, None for one of this page, which has its `draft`."""

    version: int
    content_hash: bytes
    findings: str | None
    first: str | None
    last: str | None
    mapping: int
    row: int | None = None
    draft: ClaimDraft | None = None
    widened: bool = False


@dataclass(slots=True)
class ObservedClaim:
    """A claim while a page is read. `claim` and `record` are row ids, None for what isn't stored."""

    source_key: str
    claim: int | None = None
    record: int | None = None
    versions: list[Seen] = field(default_factory=list)
    newest: Seen | None = None
    latest: ClaimDraft | None = None
    """The page's draft that says what the newest version says, if the page has one."""

    @property
    def stored(self) -> bool:
        """Whether an earlier page brought it."""
        return bool(self.versions) and self.versions[0].row is not None

    @classmethod
    def known(cls, source_key: str, stored: KnownClaim | None) -> "ObservedClaim":
        if stored is None:
            return cls(source_key)
        versions = [
            Seen(one.version, one.content_hash, one.findings, one.newer_first, one.newer_last, one.mapping, one.id)
            for one in stored.versions
        ]
        newest = next(one for one in versions if one.version == stored.newest)
        return cls(source_key, stored.id, stored.record, versions, newest)

    @property
    def moved(self) -> bool:
        """Whether the page brought the version that counts now, or saw it at a later time than was known."""
        return self.newest is not None and (self.newest.row is None or self.newest.widened)

    def observe(self, draft: ClaimDraft, mapping: int, *, shadow: bool = False) -> Verdict:
        """Takes in one draft; `mapping` is the row id of its mapping version. In `shadow` nothing that was seen
        before counts, also where it would go before the version that counts."""
        digest = bytes.fromhex(draft.content_hash)
        findings = findings_text(draft.findings)
        newest = self.newest
        if newest is not None and _says(newest, digest, findings):
            _widen(newest, draft.newer)
            self.latest = draft
            return Verdict.UNCHANGED
        verdict = Verdict.COUNTS
        if newest is not None:
            seen_before = any(_says(one, digest, findings) and _spans(one, draft.newer) for one in self.versions)
            verdict = _place(newest, draft.newer, mapping, seen_before=seen_before)
            if shadow and seen_before:
                verdict = Verdict.UNCHANGED
        if verdict is not Verdict.UNCHANGED:
            seen = Seen(len(self.versions) + 1, digest, findings, draft.newer, draft.newer, mapping, draft=draft)
            self.versions.append(seen)
            if verdict is Verdict.COUNTS:
                self.newest, self.latest = seen, draft
        return verdict


def findings_text(findings: Sequence[dict[str, object]]) -> str | None:
    """Findings as they are stored and compared."""
    return orjson.dumps(findings, option=orjson.OPT_SORT_KEYS).decode() if findings else None


def _place(newest: Seen, newer: str | None, mapping: int, *, seen_before: bool) -> Verdict:
    """Where a word that isn't the newest one's belongs."""
    if newer is None and newest.last is None:
        return Verdict.COUNTS
    rank, best = _rank(newer), _rank(newest.last)
    # At the same value a mended mapping's word replaces the old one's.
    if rank > best or (rank == best and mapping != newest.mapping):
        return Verdict.COUNTS
    if seen_before:
        return Verdict.UNCHANGED
    return Verdict.COUNTS if rank == best else Verdict.LATE


def _says(seen: Seen, digest: bytes, findings: str | None) -> bool:
    return seen.content_hash == digest and seen.findings == findings


def _rank(newer: str | None) -> tuple[bool, str]:
    return (newer is not None, newer or "")


def _spans(seen: Seen, newer: str | None) -> bool:
    return _rank(seen.first) <= _rank(newer) <= _rank(seen.last)


def _widen(seen: Seen, newer: str | None) -> None:
    if _rank(newer) < _rank(seen.first):
        seen.first, seen.widened = newer, True
    if _rank(newer) > _rank(seen.last):
        seen.last, seen.widened = newer, True
