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
    id and `exchange` the one that brought it; None for one of this page, which has its `draft`."""

    version: int
    content_hash: bytes
    findings: str | None
    first: str | None
    last: str | None
    mapping: int
    row: int | None = None
    exchange: int | None = None
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
    turned: bool = False
    """Whether a stored version counts from now on, in place of the one that did."""

    @property
    def stored(self) -> bool:
        """Whether an earlier page brought it."""
        return bool(self.versions) and self.versions[0].row is not None

    @classmethod
    def known(cls, source_key: str, stored: KnownClaim | None) -> "ObservedClaim":
        if stored is None:
            return cls(source_key)
        versions = [
            Seen(
                one.version,
                one.content_hash,
                one.findings,
                one.newer_first,
                one.newer_last,
                one.mapping,
                one.id,
                one.exchange,
            )
            for one in stored.versions
        ]
        newest = next(one for one in versions if one.version == stored.newest)
        return cls(source_key, stored.id, stored.record, versions, newest)

    @property
    def moved(self) -> bool:
        """Whether another version counts from now on, or the one that does was seen at a later time than was known."""
        return self.newest is not None and (self.newest.row is None or self.newest.widened or self.turned)

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
            seen_before = self._seen_before(digest, findings, draft.newer)
            verdict = _place(newest, draft.newer, mapping, seen_before=seen_before)
            if shadow and seen_before:
                verdict = Verdict.UNCHANGED
        if verdict is Verdict.COUNTS:
            return self._counts(draft, mapping)
        if verdict is Verdict.LATE:
            self._add(draft, mapping)
        return verdict

    def observe_again(self, draft: ClaimDraft, mapping: int, exchange: int, *, shadow: bool = False) -> Verdict:
        """Takes in what a stored exchange (row id) says under a mended mapping.

        What counts is still decided by what was observed when: an exchange before the one that brought the version that
        counts is passed over, and so is one that told of an earlier state.
        """
        newest = self.newest
        if newest is None:
            return self._counts(draft, mapping)
        assert newest.exchange is not None
        digest, findings = bytes.fromhex(draft.content_hash), findings_text(draft.findings)
        own = exchange == newest.exchange
        # Where its own exchange now gives another value, what orders observations was mended.
        reordered = own and not _spans(newest, draft.newer)
        if not reordered and (exchange < newest.exchange or _rank(draft.newer) < _rank(newest.last)):
            return Verdict.UNCHANGED
        if _says(newest, digest, findings):
            if reordered:
                newest.first, newest.last, newest.widened = draft.newer, draft.newer, True
            _widen(newest, draft.newer)
            self.latest = draft
            return Verdict.UNCHANGED
        # Behind that exchange the mapping before had met nothing new: neither is what a version already says.
        told = [one for one in self.versions if _says(one, digest, findings) and _spans(one, draft.newer)]
        if told and shadow:
            return Verdict.UNCHANGED
        # One that came in shadow is stored already, and never counted.
        if told and _order(told[-1]) > _order(newest):
            self.newest, self.latest, self.turned = told[-1], draft, True
            return Verdict.COUNTS
        return Verdict.UNCHANGED if told and not own else self._counts(draft, mapping)

    def _seen_before(self, digest: bytes, findings: str | None, newer: str | None) -> bool:
        return any(_says(one, digest, findings) and _spans(one, newer) for one in self.versions)

    def _counts(self, draft: ClaimDraft, mapping: int) -> Verdict:
        self.newest, self.latest = self._add(draft, mapping), draft
        return Verdict.COUNTS

    def _add(self, draft: ClaimDraft, mapping: int) -> Seen:
        digest, findings = bytes.fromhex(draft.content_hash), findings_text(draft.findings)
        seen = Seen(len(self.versions) + 1, digest, findings, draft.newer, draft.newer, mapping, draft=draft)
        self.versions.append(seen)
        return seen


def last_words(drafts: Sequence[ClaimDraft]) -> list[ClaimDraft]:
    """Of the drafts that one exchange has under one key, the one that counts."""
    last: dict[str, ClaimDraft] = {}
    for draft in drafts:
        known = last.get(draft.source_key)
        if known is None or _rank(draft.newer) >= _rank(known.newer):
            last[draft.source_key] = draft
    return list(last.values())


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


def _order(seen: Seen) -> tuple[tuple[bool, str], int, int]:
    return _rank(seen.last), seen.exchange or 0, seen.version


def _spans(seen: Seen, newer: str | None) -> bool:
    return _rank(seen.first) <= _rank(newer) <= _rank(seen.last)


def _widen(seen: Seen, newer: str | None) -> None:
    if _rank(newer) < _rank(seen.first):
        seen.first, seen.widened = newer, True
    if _rank(newer) > _rank(seen.last):
        seen.last, seen.widened = newer, True
