"""Claims that another gateway tells: checked as far as they can be, then committed as if their system had told us.

Each keeps its adapter, dataset and source key, its mapping version and the time at which it was first received; by which
gateways it came stands with its exchange. What doesn't hold is refused whole: nothing of it is stored, the cursor stays.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

import msgspec
import orjson
from lxml import etree
from sqlalchemy import Connection

from adapters.decode import redecode
from adapters.decode.pointer import point
from adapters.decode.xml_text import string_value
from adapters.errors import Malformed, Misconfigured
from adapters.limits import Limits
from adapters.payload import Decoded, Document, Exchange, Forwarded, ToldClaim
from canonical_schema.digest import canonical_bytes, sha256_hex
from canonical_schema.validate import content_faults
from gateway.clock import Clock, instant
from gateway.domain.counts import Counts
from gateway.domain.hops import Hop, with_hops
from gateway.domain.owed import Target
from gateway.intake.commit import Commit, committed
from gateway.intake.observe import ObservedClaim, findings_text
from gateway.intake.page import ClaimDraft, Page
from gateway.intake.pipeline import process
from gateway.intake.pull import paused_collector
from gateway.store import datasets, known_claims, mappings, payloads
from gateway.store.database import Database
from gateway.store.known_claims import KnownClaim
from mappings import Program, decode_remainder, embedded, explain

FINDING: Final = {"id", "severity", "fields", "message", "message_en"}
Mappings = Callable[[str, str], Program | None]
"""(adapter, dataset) → the mapping that this gateway has of it."""
SLIPS: Final = (LookupError, TypeError, ValueError, AttributeError, msgspec.MsgspecError, etree.XPathError)
"""What a template or remainder ends in that isn't one."""


@dataclass(frozen=True, slots=True)
class ForwardedIntake:
    """One gateway's claims on their way in. `commit` stores a page that came with an exchange of that gateway's; `program`
    gives our own mapping of a dataset."""

    commit: Callable[[Page, Exchange, datetime], Counts]
    clock: Clock
    today: Callable[[], date]
    limits: Limits
    program: Mappings

    def take(self, exchange: Exchange) -> Counts:
        """Check and commit. Synchronous. Raises Malformed for what doesn't hold, StageMoved and WrongStage as a commit."""
        with paused_collector():
            now = self.clock()
            page = checked(exchange, self.today(), now, self.limits, self.program)
            return self.commit(page, exchange, now)


def commit_forwarded(
    database: Database, page: Page, carrier: Exchange, now: datetime, *, targets: Sequence[Target], moved: int | None
) -> Counts:
    """As `commit_page`, for a page that another gateway told of. Raises Malformed for a mapping version that isn't ours."""
    return committed(database, lambda conn: _Forwarding(conn, page, now, targets, carrier, moved).run())


def checked(exchange: Exchange, day: date, now: datetime, limits: Limits, program: Mappings) -> Page:
    """The page as its own system's. Raises Malformed naming the claim, Misconfigured for an exchange that tells none."""
    told = exchange.forwarded
    if told is None:
        raise Misconfigured("this isn't what another gateway tells (不是另一网关的申报)", where=exchange.source_name)
    _plain(told)
    try:
        documents = redecode(exchange.payload.body, told.documents, limits)
    except SLIPS as error:
        words = f"its documents can't be decoded again: {type(error).__name__}: {error} (文档无法重新解码)"
        raise Malformed(words, where=f"{told.adapter}/{told.dataset}") from None
    drafts = tuple(_draft(one, told, exchange, documents) for one in told.claims)
    if len({one.kind for one in drafts}) > 1:
        raise Malformed("claims of one exchange are of several kinds (同一交换含多种记录)", where=told.adapter)
    hops = [*(Hop(*one) for one in told.hops), Hop(told.gateway, exchange.adapter, instant(now))]
    origin = replace(
        exchange,
        adapter=told.adapter,
        dataset=told.dataset,
        received_at=told.received_at,
        request=with_hops(told.request, hops),
        status=told.status,
        headers=told.headers,
        source_name=told.source_name,
        cursor=None,
    )
    _same_here(drafts, origin, documents, program(told.adapter, told.dataset), day)
    return Page(origin, tuple(dict(one) for one in told.documents), drafts, (), day)


def _same_here(
    drafts: Sequence[ClaimDraft],
    origin: Exchange,
    documents: Sequence[Document],
    program: Program | None,
    day: date,
) -> None:
    """Raises Malformed for a claim that our own mapping, where it is the very version, doesn't read out of the payload."""
    mine = [one for one in drafts if program is not None and one.mapping_hash == program.hash]
    if not mine:
        return
    assert program is not None
    named = tuple(replace(one, name=one.name or origin.source_name) for one in documents)
    page = process(origin, Decoded(named), "", program, day)
    # `newer` may be that of a later sighting
    said = {(one.source_key, one.content_hash, findings_text(one.findings)) for one in page.claims}
    for one in mine:
        if (one.source_key, one.content_hash, findings_text(one.findings)) not in said:
            words = "mapped here by the same version, the payload says something else (同版映射结果不同)"
            raise Malformed(words, where=f"{one.adapter}/{one.dataset} {one.source_key}")


def _plain(told: Forwarded) -> None:
    """Raises Malformed where a template or a description of documents couldn't be kept as JSON."""
    try:
        orjson.dumps([dict(one) for one in told.documents])
        for one in told.mappings.values():
            orjson.dumps(one.template)
    except TypeError as error:
        raise Malformed(f"{error} (无法保存)", where=f"{told.adapter}/{told.dataset}") from None


def _draft(claim: ToldClaim, told: Forwarded, exchange: Exchange, documents: Sequence[Document]) -> ClaimDraft:
    where = f"{told.adapter}/{told.dataset} {claim.source_key}"
    try:
        body = canonical_bytes(claim.content)
    except (TypeError, ValueError) as error:
        raise Malformed(f"its content has no canonical form: {error} (内容无法写成标准形式)", where=where) from None
    if sha256_hex(body) != claim.content_hash:
        raise Malformed("its content doesn't give its hash (内容与哈希不符)", where=where)
    if faults := list(_breaks(claim)):
        raise Malformed(f"no claim of this standard: {'; '.join(faults)} (不符合标准)", where=where)
    if wrong := next(_unproven(claim, told, exchange, documents), ""):
        raise Malformed(f"its lineage doesn't hold: {wrong} (来源不成立)", where=where)
    return ClaimDraft(
        adapter=told.adapter,
        division=claim.division,
        dataset=told.dataset,
        kind=claim.kind,
        source_key=claim.source_key,
        content=claim.content,
        content_bytes=body,
        content_hash=claim.content_hash,
        newer=claim.newer,
        findings=claim.findings,
        mapping_hash=claim.mapping_hash,
        payload_hash=exchange.payload.sha256,
        observed_at=instant(told.received_at),
        document=claim.document,
        remainder=claim.remainder,
        partial=claim.partial,
    )


def _breaks(claim: ToldClaim) -> Iterator[str]:
    for fault in content_faults(claim.kind, claim.content):
        # a notice may lack what a record needs
        if not claim.partial or fault.place.count("/") != 1 or fault.place[1:] in claim.content:
            yield f"{fault.place}: {fault.zh} / {fault.en}"
    for one in claim.findings:
        if one.keys() != FINDING or not isinstance(one["fields"], list):
            yield f"findings: {one}"


def _unproven(claim: ToldClaim, told: Forwarded, exchange: Exchange, documents: Sequence[Document]) -> Iterator[str]:
    """Each raw value of the lineage that doesn't stand where the lineage says."""
    try:
        template = told.mappings[claim.mapping_hash].template
        entries = explain(template, decode_remainder(claim.remainder), claim.content, claim.document)
        inputs = [one for entry in entries for one in entry["inputs"] if "raw" in one]
        trees = _trees({one["document"] for one in inputs}, told, exchange, documents)
        for one in inputs:
            if one["document"] not in trees:
                yield f"there is no document {one['document']}"
            elif not _stands(trees[one["document"]], one["source"], one["raw"]):
                yield f"{one['raw']!r} doesn't stand at {one['source']}"
    except SLIPS as error:
        yield f"{type(error).__name__}: {error}"
    except Malformed as error:
        yield error.words


def _trees(names: set[str], told: Forwarded, exchange: Exchange, documents: Sequence[Document]) -> dict[str, Any]:
    """Document id → tree, also of those that stand as text in a record."""
    found = {one.id: one.tree for one in documents}
    inner = [embedded.described(one) for name in sorted(names) for one in embedded.nested(name)]
    if inner:
        whole = redecode(exchange.payload.body, [*told.documents, *inner])
        found |= {one.id: one.tree for one in whole}
    return found


def _stands(tree: Any, source: str, raw: Any) -> bool:
    if isinstance(tree, etree._Element):  # noqa: SLF001 - lxml's public name for an element
        nodes = tree.xpath(source)
        if not isinstance(nodes, list) or len(nodes) != 1:
            return False
        text = str(nodes[0]) if isinstance(nodes[0], str) else string_value(nodes[0])
        return bool(text == raw)
    value = point(tree, source)
    return bool(value == raw and isinstance(value, bool) == isinstance(raw, bool))


class _Forwarding(Commit):
    """A commit of a system's exchange that came by another gateway: counted and continued where that one is connected."""

    def __init__(
        self,
        conn: Connection,
        page: Page,
        now: datetime,
        targets: Sequence[Target],
        carrier: Exchange,
        moved: int | None,
    ) -> None:
        super().__init__(conn, page, now, targets, moved)
        self.way_in, self.carrier = carrier.adapter, carrier

    def run(self) -> Counts:
        told = self.carrier.forwarded
        assert told is not None
        for digest, one in told.mappings.items():
            if not mappings.adopt(self.conn, digest, told.adapter, told.dataset, one.file, one.text, one.template):
                raise Malformed(
                    f"mapping {digest} is known here with another template (映射版本与本库所存不符)", where=told.adapter
                )
        return super().run()

    def observe(self) -> tuple[list[ObservedClaim], int]:
        """Without what is known by this very exchange and no longer counts: told again, it must not count again."""
        known = known_claims.known(self.conn, self.dataset, {one.source_key for one in self.page.claims})
        mine = payloads.same_exchanges(
            self.conn, self.dataset, self.exchange.payload.sha256, instant(self.exchange.received_at)
        )
        self.page = replace(
            self.page,
            claims=tuple(one for one in self.page.claims if not _bygone(one, known.get(one.source_key), mine)),
        )
        return super().observe()

    def tally(self, counts: Counts) -> None:
        row = datasets.lock(self.conn, self.carrier.adapter, self.carrier.dataset)
        datasets.advance(self.conn, row, counts, self.carrier.cursor)


def _bygone(draft: ClaimDraft, known: KnownClaim | None, mine: frozenset[int]) -> bool:
    if known is None:
        return False
    digest, findings = bytes.fromhex(draft.content_hash), findings_text(draft.findings)
    same = [
        one.version
        for one in known.versions
        if one.exchange in mine and one.content_hash == digest and one.findings == findings
    ]
    return bool(same) and known.newest not in same
