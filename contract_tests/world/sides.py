"""One journey whole: what each system that knows it says, and how that changes over time."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from contract_tests.world.changes import STAGES, as_of, backfilled, corrected, differing, voided
from contract_tests.world.contents import Told, build, local_number
from contract_tests.world.dice import Dice
from contract_tests.world.journey import Damage, Journey, Reason, Side, SideVersion, Style
from contract_tests.world.places import PLACES, PROVINCES
from contract_tests.world.plan import Plan, national_no

_LATE = datetime(2026, 3, 21)  # noqa: DTZ001 - the whole world stands at +08:00
_LATE_SECONDS = 9 * 86400


@dataclass(frozen=True, slots=True)
class Fate:
    """How a manifest is first filed, and what becomes of it: (late, reason) for each version after the first."""

    filed: Literal["whole", "unfinished", "backfilled"] = "whole"
    steps: tuple[tuple[bool, Reason], ...] = ()


_FATES: tuple[tuple[float, Fate], ...] = (
    (0.04, Fate(steps=((False, "corrected"),))),
    (0.08, Fate(steps=((True, "corrected"),))),
    (0.10, Fate(steps=((True, "voided"),))),
    (0.11, Fate(steps=((False, "corrected"), (True, "voided")))),
    (0.12, Fate("unfinished", ((False, "moved_on"), (True, "corrected")))),
    (0.16, Fate("unfinished", ((False, "moved_on"),))),
    (0.21, Fate("unfinished", ((True, "moved_on"),))),
    (0.25, Fate("unfinished")),
    (0.28, Fate("backfilled")),
    (1.00, Fate()),
)
"""Shares of the manifests, added up."""


def build_journey(seed: int, told: Plan) -> Journey:
    dice = Dice(seed, 21, told.index)
    whole = build(seed, told, dice)
    # Some manifests that stay in their province never get a national number.
    number = national_no(told) if told.crossing or dice.chance(0.85) else None
    roll = dice.roll()
    fate = next(fate for limit, fate in _FATES if roll < limit)
    sides = []
    for position, adapter in enumerate(told.systems):
        own = Dice(seed, 22 + position, told.index)
        content = differing(whole.content, dice) if position and dice.chance(0.15) else whole.content
        said = Told(_numbered(content, number, adapter, told), whole.handed_over, whole.ended)
        sides.append(_side(told, adapter, said, fate, own, damage=None if position else told.damaged))
    return Journey(told.index, number, tuple(sides))


def _numbered(content: dict[str, Any], number: str | None, adapter: str, told: Plan) -> dict[str, Any]:
    numbers: dict[str, Any] = {"national_no": number} if number else {}
    return {**numbers, "local_numbers": [{"system": adapter, "number": local_number(adapter, told)}], **content}


def _side(told: Plan, adapter: str, said: Told, fate: Fate, dice: Dice, *, damage: Damage | None) -> Side:
    """What is damaged has one version: it stays as it is."""
    removed_here = PLACES[told.origin].code[:2] == PROVINCES[adapter].code
    versions = tuple(_versions(said, Fate() if damage else fate, dice))
    later = PROVINCES[adapter].numbered_later
    if later and not damage and dice.chance(later):
        versions = _numbered_later(versions, dice)
    return Side(
        adapter=adapter,
        journey=told.index,
        number=said.content["local_numbers"][0]["number"],
        role="removal" if removed_here else "receiving",
        versions=versions,
        damaged=_possible(damage, said.content),
        style=Style(dice.chance(0.6), dice.pick((0.0, 0.5, 1.0)), int(dice.roll() * (1 << 40))),
    )


def _numbered_later(versions: tuple[SideVersion, ...], dice: Dice) -> tuple[SideVersion, ...]:
    first, *others = versions
    if "national_no" not in first.content:
        return versions
    filed = replace(first, content={key: value for key, value in first.content.items() if key != "national_no"})
    at = _LATE + timedelta(seconds=dice.whole(0, _LATE_SECONDS))
    return (filed, *(others or [SideVersion(2, first.content, at, "numbered", late=True)]))


def _possible(damage: Damage | None, content: dict[str, Any]) -> Damage | None:
    """Only a weight can be negative: a manifest of counted drums loses its wastes instead."""
    weighed = any("quantity_t" in waste for waste in content["wastes"])
    return "no_waste" if damage == "negative_quantity" and not weighed else damage


def _versions(said: Told, fate: Fate, dice: Dice) -> Iterator[SideVersion]:
    now = said.content
    at = said.ended + timedelta(hours=dice.whole(1, 8), seconds=dice.whole(0, 3599))
    if fate.filed == "unfinished":
        now = as_of(now, dice.pick(STAGES[:-1]))
    elif now["consignee"]["opinion"] == "partly_accepted":
        now = {**now, "status": "partly_received"}
    if fate.filed == "backfilled":
        at += timedelta(days=dice.whole(1, 8))
        now = backfilled(now, said.ended, at - timedelta(minutes=5), dice)
    yield SideVersion(1, now, at, "filed", late=False)
    for number, (late, reason) in enumerate(fate.steps, 2):
        if late:
            at = _LATE + timedelta(seconds=dice.whole(0, _LATE_SECONDS))
        else:
            at += timedelta(seconds=dice.whole(3600, 3 * 86400))
        if reason == "moved_on":
            now = said.content
        elif reason == "voided":
            now = voided(now, at, dice)
        else:
            now = corrected(now, dice)
        yield SideVersion(number, now, at, reason, late=late)
