"""The pure middle of a record's way: decoded documents in, validated claims and quarantine out.

No I/O, no clock, no settings. A pulled page, a pushed body, a dropped file and a replayed payload all run this.
"""

from datetime import date
from hashlib import sha256
from typing import Any

from adapters.payload import Damaged, Decoded, Document, Exchange
from canonical_schema import structure
from canonical_schema.digest import canonical_bytes, sha256_hex
from gateway.clock import instant
from gateway.intake.page import ClaimDraft, Page, QuarantineDraft
from mappings import Mapped, Program, Refused, encode_remainder
from mappings.drift import Look


def process(exchange: Exchange, decoded: Decoded, division: str, program: Program, day: date) -> Page:
    """Maps and validates every record of an exchange. `division`: the province of the system; `day`: of judgement."""
    work = _Work(exchange, division, program)
    for damaged in decoded.damaged:
        work.damaged(damaged)
    for document in decoded.leaves:
        work.document(document)
    described = tuple(document.described() for document in decoded.documents)
    return Page(exchange, described, tuple(work.claims), tuple(work.quarantined), day, work.look.sight())


class _Work:
    """What has been read out of one exchange so far."""

    def __init__(self, exchange: Exchange, division: str, program: Program) -> None:
        self.exchange, self.division, self.program = exchange, division, program
        self.observed_at = instant(exchange.received_at)
        self.look = Look(program.detector)
        self.claims: list[ClaimDraft] = []
        self.quarantined: list[QuarantineDraft] = []

    def document(self, document: Document) -> None:
        for one in self.program.run(document.tree, document.name or self.exchange.source_name, self.look):
            self.look.record(one.unlisted, one.remainder[2] if isinstance(one, Mapped) else [])
            if isinstance(one, Refused):
                self._refused(document, one.source_key, one.place, one.reasons, one.unit)
                continue
            if reasons := self._breaks(one.content):
                self._refused(document, one.source_key, one.place, reasons, b"")
                continue
            try:
                self.claims.append(self._claim(document, one))
            except (TypeError, ValueError) as error:  # content that has no canonical form: it costs this record alone
                told = f"内容无法写成标准形式 / the content has no canonical form: {error}"
                self._refused(document, one.source_key, one.place, (told,), b"")

    def _breaks(self, content: dict[str, Any]) -> tuple[str, ...]:
        """Why the content can't be a claim. A notice may lack what a record needs, and needs a number to belong to."""
        faults = structure.faults(self.program.kind, content)
        if self.program.spec.partial:
            if not {"national_no", "local_numbers"} & content.keys():
                return ("部分记录没有联单编号 / a partial claim needs a number to belong to",)
            faults = [fault for fault in faults if fault.pointer.count("/") != 1 or fault.pointer[1:] in content]
        return tuple(f"{fault.pointer}：{fault.zh} / {fault.en}" for fault in faults)

    def damaged(self, damaged: Damaged) -> None:
        self._quarantine(None, damaged.place, damaged.reasons, damaged.sha256)

    def _claim(self, document: Document, mapped: Mapped) -> ClaimDraft:
        content = mapped.content
        body = canonical_bytes(content)
        return ClaimDraft(
            adapter=self.exchange.adapter,
            division=self.division,
            dataset=self.exchange.dataset,
            kind=self.program.kind,
            source_key=mapped.source_key,
            content=content,
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
        )

    def _refused(self, document: Document, key: str | None, place: str, reasons: tuple[str, ...], unit: bytes) -> None:
        # A known key with the same faults is the same unit, whatever else of the record has changed since.
        identity: Any = "\n".join((key, *reasons)).encode() if key else unit
        where = f"{document.name}#{place}" if document.name else place
        self._quarantine(key, where, reasons, sha256(identity).hexdigest())

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
