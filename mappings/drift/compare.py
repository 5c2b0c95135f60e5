"""What a page shows against what was known of its dataset: pure, and the whole rule of what counts as drift.

The first page with a record is the baseline: what it shows is how the system is. From then on there is

    new_place        a place that never held a value, and that the mapping neither reads nor ignores
    changed_type     a place whose values had another type (whole numbers and others are one type)
    vanished_place   a place that the mapping reads, filled in USUAL of the objects around it (ENOUGH of them), and in none
                     of the next GONE. Pages without such objects say nothing, nor do bytes that were met before
    unseen_code      a word that stands in no list, from the first page on: its value is lost until the mapping has it

each told once, with the payload that showed it first.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

import msgspec

from mappings.coverage import Sources, place_of
from mappings.drift.detector import MOST_PLACES, OTHERS
from mappings.drift.sight import SCALARS, Seen, Sight

Kind = Literal["new_place", "changed_type", "vanished_place", "unseen_code"]

USUAL: Final = 0.95
ENOUGH: Final = 20
GONE: Final = 50
MOST_WORDS: Final = 20
"""Of one place. A free text where codes are expected would else fill the list; the rest counts as one, `…`."""


class Tally(msgspec.Struct, array_like=True):
    """What is known of a place. `types`: values of each; `held` of `objects` around it had one. `missed`: how many of those
    had none since, from the exchange `since` on; `gone`: that was told. `last`: when a value was there."""

    types: dict[str, int] = {}
    held: int = 0
    objects: int = 0
    missed: int = 0
    since: int = 0
    gone: bool = False
    last: str = ""


class Word(msgspec.Struct, array_like=True):
    count: int
    last: str


class Known(msgspec.Struct):
    """What is known of a dataset."""

    based: bool = False
    places: dict[str, Tally] = {}
    unlisted: dict[str, dict[str, Word]] = {}


@dataclass(frozen=True, slots=True)
class News:
    """One drift. `detail`: the types, or the word; `exchange`: the one that showed it first."""

    kind: Kind
    place: str
    detail: str
    example: str
    exchange: int


@dataclass(frozen=True, slots=True)
class Change:
    """What a page changes: drift; `shown`: places that have a first example; `returned`: places that had vanished."""

    news: tuple[News, ...]
    shown: dict[str, str]
    returned: tuple[str, ...]


def compare(known: Known, sight: Sight, exchange: int, at: str, *, again: bool = False) -> Change:
    """Brings `known` up to date. `exchange`: the page's row id; `again`: its bytes were met before, and only count."""
    news: list[News] = []
    shown: dict[str, str] = {}
    for place, seen in sight.places.items():
        tally = known.places.get(place)
        if tally is None:
            if len(known.places) >= MOST_PLACES:
                continue
            tally = known.places[place] = Tally()
        if SCALARS & seen.types.keys() and not SCALARS & tally.types.keys():
            shown[place] = seen.example
        if known.based:
            news += _types(place, tally, seen, sight.sources, exchange)
        for type_, times in seen.types.items():
            tally.types[type_] = tally.types.get(type_, 0) + times
        if seen.types:
            tally.last = at
    returned: list[str] = []
    if not again:
        news += _absences(known, sight, exchange, returned)
    news += _words(known, sight, exchange, at)
    known.based = known.based or sight.records > 0
    return Change(tuple(news), shown, tuple(returned))


def _types(place: str, tally: Tally, seen: Seen, sources: Sources, exchange: int) -> Iterator[News]:
    before, now = _families(tally.types), _families(seen.types)
    if not before and SCALARS & seen.types.keys() and sources.of(place_of(place)).state == "unseen":
        yield News("new_place", place, "", seen.example, exchange)
    if before and now - before:
        told = f"{', '.join(sorted(before))} → {', '.join(sorted(now - before))}"
        yield News("changed_type", place, told, seen.example, exchange)


def _families(types: dict[str, int]) -> set[str]:
    return {"number" if one == "integer" else one for one in types}


def _absences(known: Known, sight: Sight, exchange: int, returned: list[str]) -> Iterator[News]:
    for place, tally in known.places.items():
        seen = sight.places.get(place, _NOTHING)
        around = sight.places.get(place.rpartition("/")[0], _NOTHING).objects if place else 0
        tally.held += seen.held
        tally.objects += around
        if seen.held:
            if tally.gone:
                returned.append(place)
            tally.missed, tally.gone = 0, False
        elif around:
            if not tally.missed:
                tally.since = exchange
            tally.missed += around
            if _vanished(tally) and sight.sources.carries(place_of(place)):
                tally.gone = True
                yield News("vanished_place", place, "", "", tally.since)


_NOTHING: Final = Seen()


def _vanished(tally: Tally) -> bool:
    before = tally.objects - tally.missed
    return not tally.gone and tally.missed >= GONE and before >= ENOUGH and tally.held >= USUAL * before


def _words(known: Known, sight: Sight, exchange: int, at: str) -> Iterator[News]:
    for place, words in sight.unlisted.items():
        told = known.unlisted.setdefault(place, {})
        for found, times in words.items():
            word = found if found in told or len(told) < MOST_WORDS else OTHERS
            if word not in told:
                told[word] = Word(0, at)
                yield News("unseen_code", place, word, found, exchange)
            told[word] = Word(told[word].count + times, at)
