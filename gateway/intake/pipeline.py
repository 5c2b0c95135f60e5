"""The pure middle of a record's way: decoded documents in, validated claims and quarantine out.

No I/O, no clock, no settings. A pulled page, a pushed body, a dropped file and a replayed payload all run this.
"""

from collections.abc import Sequence
from datetime import date
from hashlib import sha256

from adapters.payload import Damaged, Decoded, Document, Exchange
from canonical_schema.digest import sha256_hex
from gateway.clock import instant
from gateway.intake.judged import Judged, judged, place_of, unplaced
from gateway.intake.page import ClaimDraft, Page, QuarantineDraft
from mappings import Mapped, Program, Refused, encode_remainder
from mappings.drift import Look


def process(exchange: Exchange, decoded: Decoded, division: str, program: Program, day: date) -> Page:
    """Maps and validates every record of an exchange. `division`: the province of the system; `day`: of judgement."""
    work = _Work(exchange, division, program)
    for damaged in decoded.damaged:
        work.damaged(damaged)
    if decoded.damaged and any(document.spread for document in decoded.leaves):
        # What the damaged one held of a record can't be known: none of them is whole for certain.
        work.incomplete(decoded.leaves)
        return work.page(decoded, day)
    for document, one in judged(program, decoded.leaves, exchange.source_name, work.look):
        work.take(document, one)
    return work.page(decoded, day)


class _Work:
    """What has been read out of one exchange so far."""

    def __init__(self, exchange: Exchange, division: str, program: Program) -> None:
        self.exchange, self.division, self.program = exchange, division, program
        self.observed_at = instant(exchange.received_at)
        self.look = Look(program.detector)
        self.claims: list[ClaimDraft] = []
        self.quarantined: list[QuarantineDraft] = []

    def page(self, decoded: Decoded, day: date) -> Page:
        described = tuple(document.described() for document in decoded.documents)
        return Page(self.exchange, described, tuple(self.claims), tuple(self.quarantined), day, self.look.sight())

    def incomplete(self, documents: Sequence[Document]) -> None:
        """Documents whose records may go on in one that is damaged."""
        told = "同一记录的行可能在损坏的文件中, 整批不接受 / rows of these records may stand in the damaged one: none is taken"
        for document in documents:
            place = place_of(document, document.id)
            self._quarantine(None, place, (told,), sha256(document.text.encode("utf-8", "surrogatepass")).hexdigest())

    def take(self, document: Document, one: Judged | Refused) -> None:
        if isinstance(one, Refused):
            self.look.record(one.unlisted, [])
            self._refused(document, one)
        else:
            self.look.record(one.mapped.unlisted, one.mapped.remainder[2])
            self.claims.append(self._claim(document, one.mapped, one.body))

    def damaged(self, damaged: Damaged) -> None:
        self._quarantine(None, damaged.place, damaged.reasons, damaged.sha256)

    def _claim(self, document: Document, mapped: Mapped, body: bytes) -> ClaimDraft:
        return ClaimDraft(
            adapter=self.exchange.adapter,
            division=self.division,
            dataset=self.exchange.dataset,
            kind=self.program.kind,
            source_key=mapped.source_key,
            content=mapped.content,
            content_bytes=body,
            content_hash=sha256_hex(body),
            newer=mapped.newer,
            findings=tuple(finding.as_dict() for finding in mapped.findings),
            mapping_hash=self.program.hash,
            payload_hash=self.exchange.payload.sha256,
            observed_at=self.observed_at,
            document=document.id,
            remainder=encode_remainder(mapped.remainder),
            partial=self.program.spec.partial,
            place=place_of(document, mapped.place),
        )

    def _refused(self, document: Document, one: Refused) -> None:
        # A known key with the same faults is the same unit, whatever else of the record has changed since.
        key = one.source_key
        identity = "\n".join((key, *unplaced(one.reasons))).encode() if key else one.unit
        self._quarantine(key, place_of(document, one.place), one.reasons, sha256(identity).hexdigest())

    def _quarantine(self, key: str | None, place: str, reasons: tuple[str, ...], unit_hash: str) -> None:
        exchange = self.exchange
        draft = QuarantineDraft(
            adapter=exchange.adapter,
            dataset=exchange.dataset,
            source_key=key,
            payload_hash=exchange.payload.sha256,
            place=place,
            reasons=reasons,
            mapping_hash=self.program.hash,
            unit_hash=unit_hash,
        )
        self.quarantined.append(draft)
