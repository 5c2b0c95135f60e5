"""What a mended mapping makes of one stored exchange, beside what is stored. It reads; the writing is the replay's."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace

from sqlalchemy import Connection

from gateway.intake.judged import is_whole, stands_in
from gateway.intake.observe import ObservedClaim, Verdict, last_words
from gateway.intake.page import ClaimDraft, Page, QuarantineDraft
from gateway.store import known_claims, quarantine
from gateway.store.known_claims import KnownClaim
from gateway.store.quarantine import KnownUnit


@dataclass(frozen=True, slots=True)
class Tally:
    """remapped = changed + unchanged + newly_accepted + newly_refused + still_refused. What a later exchange has told
    anew is unchanged."""

    exchanges: int = 0
    remapped: int = 0
    changed: int = 0
    unchanged: int = 0
    newly_accepted: int = 0
    newly_refused: int = 0
    still_refused: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))


@dataclass(frozen=True, slots=True)
class Stored:
    """The exchange: its row, its dataset's, and the names of the documents in it that could be read."""

    exchange: int
    dataset: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Changed:
    """What a known record says from now on, and the claim version (row id) that counted until now."""

    draft: ClaimDraft
    was: int


@dataclass(frozen=True, slots=True)
class Reread:
    """`changed` and `accepted` are what counts from now on, of known and of new records. `refused` was accepted before;
    `fresh` are units to be put away, `reopened`, `mended` and `replaced` units that are stored."""

    total: int
    observed: dict[str, ObservedClaim]
    mended: list[KnownUnit]
    changed: list[Changed] = field(default_factory=list)
    accepted: list[ClaimDraft] = field(default_factory=list)
    refused: list[QuarantineDraft] = field(default_factory=list)
    fresh: list[QuarantineDraft] = field(default_factory=list)
    reopened: list[KnownUnit] = field(default_factory=list)
    replaced: list[KnownUnit] = field(default_factory=list)
    still: list[QuarantineDraft] = field(default_factory=list)

    @property
    def tally(self) -> Tally:
        sorted_ = (len(self.accepted), len(self.refused), len(self.still))
        changed = len(self.changed)
        return Tally(1, self.total, changed, self.total - changed - sum(sorted_), *sorted_)

    def once(self, told: set[str]) -> "Reread":
        """Without what an exchange before has told of, which joins `told`: where nothing is stored, every further
        exchange with the same record would tell it again."""
        changed = [one for one in self.changed if one.draft.source_key not in told]
        accepted = [one for one in self.accepted if one.source_key not in told]
        refused = [one for one in self.refused if one.unit_hash not in told]
        told.update(one.source_key for one in (*accepted, *(one.draft for one in changed)))
        told.update(one.unit_hash for one in refused)
        return replace(self, changed=changed, accepted=accepted, refused=refused)


def reread(
    conn: Connection,
    page: Page,
    stored: Stored,
    *,
    mapping: int = 0,
    shadow: bool = False,
    made_by: int | None = None,
) -> Reread:
    """`page`: what the mended mapping (row id, 0 for one that isn't stored) gives. `made_by`: compare only with what that
    mapping version (row id) made last, not with what counts."""
    known = _known(conn, page, stored.dataset, made_by)
    opened = [one for one in quarantine.open_units(conn, stored.exchange) if made_by in {None, one.mapping}]
    mended = [one for one in opened if _is_mended(one, page, stored.names)]
    keys = {unit.source_key for unit in mended}
    if made_by is not None:
        page = _only(page, {*known, *(unit.source_key for unit in opened)})
    found = Reread(len(page.claims) + len(page.quarantined), {}, mended)
    for draft in last_words(page.claims):
        key = draft.source_key
        claim = found.observed[key] = ObservedClaim.known(key, known.get(key))
        was = claim.newest
        if claim.observe_again(draft, mapping, stored.exchange, shadow=shadow) is not Verdict.COUNTS:
            continue
        if was is None or key in keys:
            found.accepted.append(draft)
        else:
            assert was.row is not None
            found.changed.append(Changed(draft, was.row))
    _sort_refused(conn, found, page, stored, known, opened)
    return found


def _only(page: Page, keys: set[str | None]) -> Page:
    claims = tuple(one for one in page.claims if one.source_key in keys)
    return replace(page, claims=claims, quarantined=tuple(one for one in page.quarantined if one.source_key in keys))


def _known(conn: Connection, page: Page, dataset: int, made_by: int | None) -> dict[str, KnownClaim]:
    drafts: list[ClaimDraft | QuarantineDraft] = [*page.claims, *page.quarantined]
    known = known_claims.known(conn, dataset, [one.source_key for one in drafts if one.source_key])
    return known if made_by is None else {key: one for key, claim in known.items() if (one := _by(claim, made_by))}


def _by(claim: KnownClaim, mapping: int) -> KnownClaim | None:
    """The claim as if the last version that this mapping made counted."""
    made = [one.version for one in claim.versions if one.mapping == mapping]
    return KnownClaim(claim.id, claim.record, made[-1], claim.versions) if made else None


def _is_mended(unit: KnownUnit, page: Page, names: Sequence[str]) -> bool:
    """Whether the unit was refused by a mapping, and is a claim now: that the mapping no longer looks at it mends nothing.
    What couldn't be decoded isn't the mapping's to mend."""
    homes = [name for name in names if stands_in(unit.place, name)]
    if not homes or any(
        bytes.fromhex(one.unit_hash) == unit.unit_hash
        or one.place == unit.place
        or (unit.source_key is not None and one.source_key == unit.source_key)
        for one in page.quarantined
    ):
        return False
    if unit.source_key is not None:
        return any(one.source_key == unit.source_key for one in page.claims)
    if is_whole(unit.place):
        return any(stands_in(one.place, name) for one in page.claims for name in homes)
    return any(unit.place == one.place or unit.place.startswith(f"{one.place}/") for one in page.claims)


def _sort_refused(
    conn: Connection, found: Reread, page: Page, stored: Stored, known: dict[str, KnownClaim], opened: list[KnownUnit]
) -> None:
    """Sorts what the mended mapping refuses. `opened`: what of the exchange was refused before."""
    drafts = {bytes.fromhex(one.unit_hash): one for one in reversed(page.quarantined)}
    units = quarantine.units(conn, stored.dataset, drafts)
    keys = {one.source_key for one in opened if one.source_key}
    gone = [one for one in opened if one.unit_hash not in drafts]
    for digest, draft in reversed(drafts.items()):
        if draft.source_key in known and _brought(known[draft.source_key]) > stored.exchange:
            continue  # a later exchange has told it anew
        unit = units.get(digest)
        # The same record, refused for another reason: one entry stays open.
        replaced = [one for one in gone if _is_same(one, draft)]
        if unit is None:
            found.fresh.append(draft)
        elif unit.state == "accepted" or (replaced and unit.state == "closed"):
            found.reopened.append(unit)
        found.replaced.extend(replaced)
        before = draft.source_key in keys or (unit is not None and unit.state != "accepted")
        (found.still if before else found.refused).append(draft)


def _is_same(unit: KnownUnit, draft: QuarantineDraft) -> bool:
    return (draft.source_key is not None and unit.source_key == draft.source_key) or unit.place == draft.place


def _brought(claim: KnownClaim) -> int:
    return next(one.exchange for one in claim.versions if one.version == claim.newest)
