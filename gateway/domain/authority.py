"""Who has the word on what: the two sides of a manifest, and the claim that speaks for each section.

Head, movement, legs and `void` are the removal side's (移出地), receipt is the receiving side's (接受地). A section is
taken whole from its authority's newest claim that says anything in it; if there is none, from the other side's.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from canonical_schema.fields import field_tree
from canonical_schema.values import manifest_no
from gateway.domain.claim import Claim, in_envelope_order, newest_first

UNITED: Final = ("attachments", "local_numbers")
"""Lists of numbers and links: the record has everybody's."""

SHARED: Final = frozenset({*UNITED, "national_no", "status"})
"""Head fields with a rule of their own."""


def _sections() -> Mapping[str, frozenset[str]]:
    """The standard's sections, and `void` as one of its own."""
    told = {name: field.section for name, field in field_tree("manifest").fields.items()} | {"void": "void"}
    return MappingProxyType(
        {
            section: frozenset(name for name, place in told.items() if place == section)
            for section in ("head", "void", "movement", "legs", "receipt")
        }
    )


SECTIONS: Final = _sections()
"""Section -> the content's fields in it. `wastes[].receipt` is of the receipt, although it stands in the wastes."""

# What the receipt came to is one step, whichever of the three it was.
STEPS: Final[Mapping[str, int]] = MappingProxyType(
    {
        "declared": 0,
        "handed_over": 1,
        "in_transit": 2,
        "arrived": 3,
        "received": 4,
        "partly_received": 4,
        "refused": 4,
        "completed": 5,
    }
)
VOIDED: Final = "voided"


@dataclass(frozen=True, slots=True)
class Sides:
    """`removal` and `receiving`: that side's claims, the newest first; the same ones within one province.

    `others` are on neither side, by (adapter, dataset, source_key). A side that nobody reports for is empty.
    """

    removal: tuple[Claim, ...]
    receiving: tuple[Claim, ...]
    others: tuple[Claim, ...]

    @property
    def removal_first(self) -> tuple[Sequence[Claim], ...]:
        """Groups of claims in the order in which they are asked about what the removal side knows best."""
        return (self.removal, self.receiving, *((claim,) for claim in self.others))

    @property
    def receiving_first(self) -> tuple[Sequence[Claim], ...]:
        return (self.receiving, self.removal, *((claim,) for claim in self.others))


def sides_of(claims: Iterable[Claim]) -> Sides:
    """The sides among the claims on one manifest.

    Where neither side is known all are `others`, so the smallest (adapter, dataset, source_key) decides.
    """
    ranked = newest_first(claims)
    origin = _province(ranked, _numbered_in) or _province(ranked, lambda content: _division(content, "consignor"))
    destination = _province(ranked, lambda content: _division(content, "consignee"))
    removal = [claim for claim in ranked if claim.division == origin]
    if destination is not None:
        receiving = [claim for claim in ranked if claim.division == destination]
    elif origin is not None:
        receiving = [claim for claim in ranked if claim.division != origin]
    else:
        receiving = []
    sided = {claim.identity for claim in (*removal, *receiving)}
    others = in_envelope_order(claim for claim in ranked if claim.identity not in sided)
    return Sides(tuple(removal), tuple(receiving), tuple(others))


def voices(sides: Sides) -> dict[str, list[Claim]]:
    """Section -> the claims that say anything in it, the one it is taken from first."""
    asked = [claim for group in sides.removal_first for claim in group]
    order = {
        "head": [claim for group in sides.removal_first for claim in fuller_first("head", group)],
        "void": asked,
        "movement": fuller_first("movement", asked),
        "legs": [claim for group in sides.removal_first for claim in fuller_first("legs", group)],
        "receipt": [claim for group in sides.receiving_first for claim in fuller_first("receipt", group)],
    }
    found = {section: [claim for claim in claims if says(section, claim.content)] for section, claims in order.items()}
    return {section: claims for section, claims in found.items() if claims}


def fuller_first(section: str, claims: Iterable[Claim]) -> list[Claim]:
    """The claims in their order, but behind the others those that can't give the section as a whole.

    A notice of a number or a status mustn't wipe what the same side told about the manifest before, and a record can't
    exist without wastes.
    """
    if section == "head":
        return sorted(claims, key=lambda claim: (claim.partial, (SECTIONS["head"] - SHARED).isdisjoint(claim.content)))
    if section == "movement":
        return sorted(claims, key=lambda claim: (not claim.content.get("wastes"), claim.partial))
    return sorted(claims, key=lambda claim: claim.partial)


def says(section: str, content: dict[str, Any]) -> bool:
    """Whether the content says anything in that section (or in that shared field of the head)."""
    if section in SHARED:
        return section in content
    if not SECTIONS[section].isdisjoint(content):
        return True
    return section == "receipt" and any("receipt" in waste for waste in content.get("wastes", ()))


def status_speaker(sides: Sides) -> Claim | None:
    """The claim whose `status` the record has: the furthest step that an authority reports. None: no claim has one.

    `voided` is no step but the removal side's word; another side's counts only while the removal side is silent.
    """
    with_word = [
        [claim for claim in group if "status" in claim.content or "void" in claim.content]
        for group in sides.removal_first
    ]
    deciding = next(filter(None, with_word), [])
    if any("void" in claim.content or claim.content.get("status") == VOIDED for claim in deciding):
        told = (claim for group in with_word for claim in group if claim.content.get("status") == VOIDED)
        # Where only a `void` was told and no system says the word, the record doesn't say it either.
        if (claim := next(told, None)) is not None:
            return claim
    authorities = [claim for claim in (*sides.receiving, *sides.removal) if _step(claim) is not None]
    bystanders = [claim for claim in sides.others if _step(claim) is not None]
    # max() keeps the first of equals: what the receipt came to is for the receiving side to say.
    return max(authorities, key=lambda claim: _step(claim) or 0) if authorities else next(iter(bystanders), None)


def number_speaker(sides: Sides, head: Claim | None) -> Claim | None:
    """The claim whose `national_no` the record has: the head's, else the next one's that knows it.

    A number isn't a word about the manifest but what its claims are known by: a removal side that only knows its
    local number doesn't take away the national one.
    """
    if head is not None and "national_no" in head.content:
        return head
    asked = (claim for group in sides.removal_first for claim in group)
    return next((claim for claim in asked if "national_no" in claim.content), None)


def _step(claim: Claim) -> int | None:
    return STEPS.get(claim.content.get("status", ""))


def _province(claims: Sequence[Claim], read: Callable[[dict[str, Any]], str | None]) -> str | None:
    """Where claims name different provinces: the one that its own system names, else the smallest identity's."""
    named = ((read(claim.content), claim) for claim in claims)
    ranked = [(claim.division != province, claim.identity, province) for province, claim in named if province]
    return min(ranked)[2] if ranked else None


def _numbered_in(content: dict[str, Any]) -> str | None:
    number: str | None = content.get("national_no")
    return manifest_no.province(number) if number else None


def _division(content: dict[str, Any], party: str) -> str | None:
    code: str | None = content.get(party, {}).get("division", {}).get("code")
    return code[:2] if code else None
