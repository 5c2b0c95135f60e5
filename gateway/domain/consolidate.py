"""From the claims on one manifest to its record: content, who it comes from, and where the systems' words differ."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from canonical_schema.rules import Finding, discrepancy_finding
from gateway.domain.authority import (
    SECTIONS,
    SHARED,
    UNITED,
    fuller_first,
    number_speaker,
    says,
    sides_of,
    status_speaker,
    voices,
)
from gateway.domain.claim import Claim, in_envelope_order, newest_first
from gateway.domain.discrepancy import Discrepancy, compare
from gateway.domain.match import match_wastes
from gateway.domain.notices import added

Content = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Consolidated:
    """A record's content with what stands around it in the envelope. `content` shares its parts with the claims.

    `used`: all claims it was built from and compared with, by (adapter, dataset, source_key). `sections`: section ->
    index into `used`; `void` stands there only when another claim than the head's tells it. `discrepancies` are by
    field; `findings` are the claims' own and one X001 per discrepancy, as wire dicts, sorted.
    """

    content: Content
    used: tuple[Claim, ...]
    sections: dict[str, int]
    discrepancies: tuple[Discrepancy, ...]
    findings: tuple[dict[str, Any], ...]


def consolidate(kind: str, claims: Sequence[Claim]) -> Consolidated:
    """The record of these claims: at least one, all of `kind` and on one manifest, each the newest of its identity.

    The order of `claims` doesn't matter. Records of other kinds than manifests have no sections: the newest claim counts.
    ValueError for no claims at all.
    """
    if not claims:
        raise ValueError("a record is made of at least one claim")
    if kind != "manifest":
        newest = newest_first(claims)[0]
        return Consolidated(newest.content, (newest,), {}, (), _ordered(newest.findings))
    return _alone(claims[0]) if len(claims) == 1 else _together(claims)


def findings_of(consolidated: Consolidated, judged: Iterable[Finding]) -> tuple[dict[str, Any], ...]:
    """The record's `quality.findings`: what was found while mapping, between the claims, and by the rules."""
    return _ordered((*consolidated.findings, *(finding.as_dict() for finding in judged)))


def _alone(claim: Claim) -> Consolidated:
    """The short way for a single claim, which nearly every record of a page is; `_together` gives the same."""
    sections = {section: 0 for section in SECTIONS if section != "void" and says(section, claim.content)}
    if "head" not in sections and "void" in claim.content:
        sections["void"] = 0
    return Consolidated(claim.content, (claim,), sections, (), _ordered(claim.findings))


def _together(claims: Sequence[Claim]) -> Consolidated:
    used = in_envelope_order(claims)
    sides = sides_of(used)
    heard = voices(sides)
    speaking = {section: claims[0] for section, claims in heard.items()}
    shared = {"status": status_speaker(sides), "national_no": number_speaker(sides, speaking.get("head"))}
    fields = {name: claim for name, claim in shared.items() if claim is not None}
    content = _compose(
        used, {section: added(claims) for section, claims in heard.items()}, speaking.get("head"), fields
    )
    discrepancies = _discrepancies(used, content, speaking | fields)
    told = [discrepancy_finding(found.field, found.sides).as_dict() for found in discrepancies]
    findings = _ordered((*(finding for claim in used for finding in claim.findings), *told))
    position = {claim.identity: index for index, claim in enumerate(used)}
    sections = {section: position[claim.identity] for section, claim in speaking.items()}
    if sections.get("void") == sections.get("head"):
        sections.pop("void", None)
    return Consolidated(content, tuple(used), sections, discrepancies, findings)


def _compose(
    used: Sequence[Claim], told: Mapping[str, Content], head: Claim | None, fields: Mapping[str, Claim]
) -> Content:
    """`told`: what is said in each section."""
    content: Content = {}
    for section, said in told.items():
        taken = SECTIONS[section] - SHARED
        content |= {name: value for name, value in said.items() if name in taken}
    content |= {name: claim.content[name] for name, claim in fields.items()}
    content |= {name: united for name in UNITED if (united := _united(name, used, head))}
    if "wastes" in content:
        content["wastes"] = _with_receipts(told["movement"], told.get("receipt"))
    return content


def _united(name: str, used: Sequence[Claim], head: Claim | None) -> list[Any]:
    """The authority's list as it stands, then what the others add to it, each item once."""
    united: list[Any] = list(head.content.get(name, ())) if head is not None else []
    for claim in used:
        for item in claim.content.get(name, ()):
            if item not in united:
                united.append(item)
    return united


def _with_receipts(movement: Content, receipt: Content | None) -> list[Content]:
    """The movement's wastes, each with what the receiving side says became of it. A waste unknown to the movement
    has no place here; that its word was left out shows as a discrepancy of `/wastes`."""
    wastes: list[Content] = movement["wastes"]
    if receipt is movement:
        return wastes
    received: Sequence[Content] = receipt.get("wastes", ()) if receipt is not None else ()
    bare = [{name: value for name, value in waste.items() if name != "receipt"} for waste in wastes]
    for ours, theirs in match_wastes(wastes, received):
        if "receipt" in received[theirs]:
            bare[ours]["receipt"] = received[theirs]["receipt"]
    return bare


def _discrepancies(used: Sequence[Claim], content: Content, speaking: Mapping[str, Claim]) -> tuple[Discrepancy, ...]:
    """Where another system's word differs from the record's, by field: the record's own first, then by adapter."""
    newest = newest_first(used)
    words: dict[str, list[tuple[str, Any]]] = {}
    for section, speaker in speaking.items():
        for voice in _other_voices(fuller_first(section, newest), section, speaker):
            for field, ours, theirs in compare(section, content, voice.content):
                words.setdefault(field, [(speaker.adapter, ours)]).append((voice.adapter, theirs))
    return tuple(Discrepancy(field, tuple(sides)) for field, sides in sorted(words.items()))


def _other_voices(newest: Iterable[Claim], section: str, speaker: Claim) -> list[Claim]:
    """Of each other system its newest claim that says anything in the section, by adapter.

    And of the speaker's own dataset every other row: two rows of one system under one number are two manifests that a
    number fused, or one told twice; neither may pass in silence.
    """
    voices: dict[tuple[str, ...], Claim] = {}
    for claim in newest:
        if claim is speaker or not says(section, claim.content):
            continue
        if claim.adapter != speaker.adapter:
            voices.setdefault((claim.adapter,), claim)
        elif claim.dataset == speaker.dataset:
            voices[claim.adapter, claim.dataset, claim.source_key] = claim
    return [voices[name] for name in sorted(voices)]


def _ordered(findings: Iterable[dict[str, Any]]) -> tuple[dict[str, Any], ...]:
    """Each finding once, by id, fields and words."""
    ranked = sorted(findings, key=lambda found: (found["id"], found["fields"], found["message"], found["message_en"]))
    return tuple(finding for at, finding in enumerate(ranked) if at == 0 or finding != ranked[at - 1])
