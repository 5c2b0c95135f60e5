"""How well a source's name says what a field is.

A name is read in every script it could be in; the ideas that name the field are looked for in it, each in a stretch of
its own. The score is the part of the name that is thereby explained, less what the field's name would also say but this
one leaves open. The objects around it may say the rest: `产生单位/名称`, `lxr/@dh`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from mappings.infer.readings import REMEMBERED, Reading, readings
from mappings.infer.vocabulary import Idea, ideas

Span = tuple[int, int]
_TRUST = {"zh": 1.0, "en": 1.0, "pinyin": 0.95}
GENERIC = 0.75
"""How much a word that says little (单位, info) explains of a name."""
ELSEWHERE, UNSAID, FOREIGN = 0.97, 0.93, 0.75
"""What is left of the score for an idea that stands in the object around, or that a name may leave out and does;
and for each object between the name and its role's that says neither."""


@lru_cache(REMEMBERED)
def _spans(reading: Reading, idea: Idea) -> tuple[Span, ...]:
    """Where the idea's words stand in the reading, the longest first."""
    found: set[Span] = set()
    if reading.script == "en":
        for group in idea.en:
            for start in range(len(reading.units) - len(group) + 1):
                if _same(reading.units[start : start + len(group)], group):
                    found.add((start, start + len(group)))
    else:
        text = reading.text
        for word in getattr(idea, reading.script):
            start = text.find(word)
            while start >= 0:
                found.add((start, start + len(word)))
                start = text.find(word, start + 1)
    return tuple(sorted(found, key=lambda span: (span[0] - span[1], span[0]))[:8])


def _same(said: Sequence[str], group: Sequence[str]) -> bool:
    return all(one == word or one in {word + "s", word + "es"} for one, word in zip(said, group, strict=True))


@lru_cache(REMEMBERED)
def says(name: str, idea: Idea, share: float = 0.6) -> bool:
    """Whether most of the name is the idea: that of an object that stands around other names."""
    return any(
        _length(spans[:1]) >= share * len(reading.units)
        for reading in readings(name)
        if (spans := _spans(reading, idea))
    )


@dataclass(frozen=True, slots=True)
class Said:
    """How far a name is a field's: `score` without the role; `role` in "name", "around", "" (nowhere)."""

    score: float
    role: str
    script: str


NOTHING = Said(0.0, "", "")


@dataclass(frozen=True, slots=True, eq=False)
class Wanted:
    """What a field's name says: the role (if any) that it has in, and its ideas, each with whether it may be left out."""

    role: Idea | None
    ideas: tuple[tuple[Idea, bool], ...]
    titles: tuple[Idea, ...]


@lru_cache(REMEMBERED)
def match(name: str, around: tuple[str, ...], wanted: Wanted) -> Said:
    """The best reading of the name as the field's; `around` are the enclosing names, the nearest first."""
    found = [_read(reading, around, wanted) for reading in readings(name)]
    return max(found, key=lambda one: (one.score, one.role == "name"), default=NOTHING)


def _read(reading: Reading, around: tuple[str, ...], wanted: Wanted) -> Said:
    whole = max((_whole(reading, around, wanted, title) for title in wanted.titles), key=_rank, default=NOTHING)
    return max(_composed(reading, around, wanted), whole, key=_rank)


def _rank(said: Said) -> tuple[float, bool]:
    return said.score, bool(said.role)


def _whole(reading: Reading, around: tuple[str, ...], wanted: Wanted, title: Idea) -> Said:
    """The field's title stands in the name. A title says the role as well."""
    spans = _spans(reading, title)
    if not spans:
        return NOTHING
    named = wanted.role is None or bool(_spans(reading, wanted.role))
    return _said(reading, around, wanted, [spans[0]], 1.0, named=named)


def _composed(reading: Reading, around: tuple[str, ...], wanted: Wanted) -> Said:
    """Each idea of the field in a stretch of its own, those that may be left out only where they fit beside the others."""
    options: list[tuple[Span | None, ...]] = []
    credit = 1.0
    for idea, optional in wanted.ideas:
        spans = _spans(reading, idea)
        if _said_around(around[:2], idea):
            options.append((*spans, None))
            credit *= 1.0 if spans else ELSEWHERE
        elif optional:
            options.append((*spans, None))
        elif spans:
            options.append(spans)
        else:
            return NOTHING
    options.append((*(_spans(reading, wanted.role) if wanted.role is not None else ()), None))
    chosen = _choose(options)
    if chosen is None or not any(chosen):
        return NOTHING
    unsaid = sum(
        span is None and not _said_around(around[:2], idea)
        for span, (idea, _) in zip(chosen, wanted.ideas, strict=False)
    )
    return _said(
        reading,
        around,
        wanted,
        [span for span in chosen if span],
        credit * UNSAID**unsaid,
        named=chosen[-1] is not None,
    )


def _choose(options: Sequence[tuple[Span | None, ...]]) -> tuple[Span | None, ...] | None:
    """One stretch for each, none sharing a letter, that together fill the most; None where there is no such choice."""
    if not options:
        return ()
    best: tuple[Span | None, ...] | None = None
    for span in options[0]:
        rest = _choose([_apart(one, span) for one in options[1:]])
        if rest is not None and (best is None or _length((span, *rest)) > _length(best)):
            best = (span, *rest)
    return best


def _apart(options: tuple[Span | None, ...], span: Span | None) -> tuple[Span | None, ...]:
    return options if span is None else tuple(one for one in options if one is None or _free(one, [span]))


def _free(span: Span, taken: Sequence[Span]) -> bool:
    return all(span[1] <= start or end <= span[0] for start, end in taken)


def _length(spans: Sequence[Span | None]) -> int:
    return sum(span[1] - span[0] for span in spans if span is not None)


def _said_around(around: Sequence[str], idea: Idea) -> bool:
    return any(says(name, idea) for name in around)


def _said(
    reading: Reading, around: tuple[str, ...], wanted: Wanted, chosen: list[Span], credit: float, *, named: bool
) -> Said:
    role = "name" if named or wanted.role is None else "around" if _said_around(around, wanted.role) else ""
    score = (
        _explained(reading, chosen)
        * credit
        * _trust(reading, _length(chosen))
        * (1.0 if role == "name" else _between(around, wanted))
    )
    return Said(round(score, 4), role, reading.script)


def _between(around: tuple[str, ...], wanted: Wanted) -> float:
    """What the names between this one and the role's leave of it: `generator/mailingAddress/state/name` is no generator's."""
    assert wanted.role is not None
    known = (wanted.role, *(idea for idea, _ in wanted.ideas), ideas()["generic"])
    foreign = [not any(says(name, idea, 0.5) for idea in known) for name in around]
    told = next((at for at, name in enumerate(around) if says(name, wanted.role)), len(around))
    return FOREIGN ** sum(foreign[:told])


def _explained(reading: Reading, chosen: list[Span]) -> float:
    """The part of the name that is understood; words that say little count less."""
    taken = list(chosen)
    filled = float(_length(chosen))
    for span in _spans(reading, ideas()["generic"]):
        if _free(span, taken):
            taken.append(span)
            filled += GENERIC * (span[1] - span[0])
    return filled / len(reading.units)


def _trust(reading: Reading, letters: int) -> float:
    """Two initials may be anything, six hardly."""
    return (
        _TRUST[reading.script]
        if reading.script != "initials"
        else (0.5, 0.5, 0.68, 0.8, 0.88, 0.92, 0.95)[min(letters, 6)]
    )
