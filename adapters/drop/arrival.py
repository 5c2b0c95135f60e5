"""What of a listing is to be taken, and in which order. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import NamedTuple

import re2

from adapters.drop.source import NOTE, Entry
from adapters.protocol.ledger import Taken, next_turn
from adapters.spec import DatasetSpec, VersionsSpec

AGE = 60  # seconds without change after which a file counts as complete, unless something else is declared


class Version(NamedTuple):
    """Which drop a file's name says it belongs to, and as which of its versions."""

    batch: str
    seq: int


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file there, its version if its name says one, and what was taken under its name before."""

    entry: Entry
    version: Version | None = None
    known: Taken | None = None
    put_away: bool = False

    @property
    def name(self) -> str:
        return self.entry.name

    @property
    def unchanged(self) -> bool:
        return self.known is not None and self.known.state == self.entry.state


def arrived(entries: Iterable[Entry], spec: DatasetSpec, ledger: Mapping[str, Taken]) -> list[Arrived]:
    """Files that the dataset's pattern fits: by name, those of one drop by their number, later ones last."""
    fit = [one for one in entries if fnmatchcase(one.name, spec.files or "*")]
    found = [Arrived(one, version(one.name, spec.versions), ledger.get(one.name)) for one in fit]
    if spec.after is not None:
        # still there, though it should have been put away: nobody knows into which folder, so it is read once more
        found = [replace(one, known=None) if one.unchanged else one for one in found]
    return sorted(found, key=_order)


def put_away(entries: Iterable[Entry], spec: DatasetSpec, ledger: Mapping[str, Taken]) -> list[Arrived]:
    """Files that were moved away when they were stored, as they came: by the time of their change, which a move leaves."""
    fit = [one for one in entries if fnmatchcase(bare(one.name), spec.files or "*") and not one.name.endswith(NOTE)]
    found = [Arrived(one, version(one.name, spec.versions), ledger.get(one.name), put_away=True) for one in fit]
    return sorted(found, key=_order if spec.versions else lambda one: ("", one.entry.changed_ns, one.name))


def bare(name: str) -> str:
    """A file's name without its way."""
    return name.rpartition("/")[2]


def _order(one: Arrived) -> tuple[str, int, str]:
    return (one.version.batch, one.version.seq, one.name) if one.version else (one.name, 0, one.name)


def version(name: str, spec: VersionsSpec | None) -> Version | None:
    """None where the name says none.

    >>> version("LD_20260101_12.xml", VersionsSpec(name="LD_(?P<batch>[0-9]{8})_(?P<seq>[0-9]+).xml"))
    Version(batch='20260101', seq=12)
    """
    return _version(bare(name), spec.name) if spec else None


@lru_cache(maxsize=100_000)
def _version(name: str, pattern: str) -> Version | None:
    match = re2.fullmatch(pattern, name)
    if match is None or not match["seq"].isdecimal():
        return None
    return Version(match["batch"], int(match["seq"]))


def versions_fault(pattern: str) -> str:
    """What is wrong with a pattern of versions; "" when nothing is.

    >>> versions_fault("a_(?P<batch>.)_(?P<seq>[0-9]+)"), versions_fault("a")
    ('', 'the pattern needs the groups (?P<batch>…) and (?P<seq>…) (缺少命名组)')
    """
    try:
        groups = re2.compile(pattern).groupindex
    except re2.error as error:
        return f"{pattern!r} is no pattern (RE2): {error} (正则表达式有误)"
    return (
        ""
        if {"batch", "seq"} <= set(groups)
        else "the pattern needs the groups (?P<batch>…) and (?P<seq>…) (缺少命名组)"
    )


def superseded_by(one: Arrived, spec: VersionsSpec | None, ledger: Mapping[str, Taken]) -> str:
    """The name of a later version of the same drop that was taken already; "" where there is none."""
    if one.version is None:
        return ""
    others = ((version(name, spec), name) for name in ledger)
    later = [(v.seq, name) for v, name in others if v and v.batch == one.version.batch and v.seq > one.version.seq]
    return max(later)[1] if later else ""


def twin(digest: str, name: str, spec: DatasetSpec, ledger: Mapping[str, Taken]) -> str:
    """The name of another file with the same content, so that this one needn't be read; "" where there is none. `digest`
    in full or as kept. Unless `duplicates` says `any`, it must be the one taken last: with others in between, what it
    says again may be what those had changed."""
    last = next_turn(ledger) - 1
    for other, kept in ledger.items():
        alike = other != name and bool(kept.digest) and digest.startswith(kept.digest)
        if alike and (spec.duplicates == "any" or (spec.duplicates == "last" and kept.turn == last)):
            return other
    return ""


def steady(first: Iterable[Entry], second: Iterable[Entry]) -> Iterator[Entry]:
    """What two looks have alike."""
    before = set(first)
    return (one for one in second if one in before)


def is_young(entry: Entry, now: float, age: float) -> bool:
    """Whether it was changed less than `age` seconds before `now` (both clocks' seconds since 1970); with 0 nothing is."""
    return age > 0 and now - entry.changed_ns / 1e9 < age
