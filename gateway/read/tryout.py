"""A mapping tried on saved answers, through the same decoding and mapping as everything else; nothing is stored."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from adapters.payload import Decoded, Document
from adapters.registry import open_adapter
from adapters.spec import AdapterSpec
from gateway.intake.judged import judged
from mappings import Mapped, Program, Refused, decode_remainder, encode_remainder, explain
from mappings.coverage import sources, tally

Json = dict[str, Any]
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)  # when it was received plays no part here


@dataclass(frozen=True, slots=True)
class Tried:
    """`records`: source_key, place, content, entries, findings; `refused`: source_key, place, reasons."""

    records: list[Json]
    refused: list[Json]


def mapped(spec: AdapterSpec, program: Program, dataset: str, files: Sequence[Path]) -> Tried:
    """Raises Misconfigured for no such dataset, Malformed for a file beyond the limits."""
    tried = Tried([], [])
    for file in files:
        decoded = _decoded(spec, dataset, file)
        for damaged in decoded.damaged:
            tried.refused.append({"source_key": None, "place": damaged.place, "reasons": list(damaged.reasons)})
        for document, one in judged(program, decoded.leaves, file.name):
            if isinstance(one, Refused):
                tried.refused.append({"source_key": one.source_key, "place": one.place, "reasons": list(one.reasons)})
            else:
                tried.records.append(_record(program, document, one.mapped))
    return tried


def covered(spec: AdapterSpec, program: Program, dataset: str, files: Sequence[Path]) -> tuple[list[Json], list[str]]:
    """Every place of the files (place, state, fields, reason, count, example), and what of them can't be read."""
    decoded = [_decoded(spec, dataset, file) for file in files]
    trees = (document.tree for one in decoded for document in one.leaves)
    places = [{"place": place, **asdict(one)} for place, one in tally(sources(program.template), trees).items()]
    unread = [f"{damaged.place}: {'; '.join(damaged.reasons)}" for one in decoded for damaged in one.damaged]
    return places, unread


def _decoded(spec: AdapterSpec, dataset: str, file: Path) -> Decoded:
    driver = open_adapter(spec)
    exchange = driver.local(dataset, file, _NEVER)
    return driver.decode(exchange.payload, dataset, exchange.headers, exchange.source_name)


def _record(program: Program, document: Document, one: Mapped) -> Json:
    remainder = decode_remainder(encode_remainder(one.remainder))
    return {
        "source_key": one.source_key,
        "place": one.place,
        "content": one.content,
        "entries": explain(program.template, remainder, one.content, document.id),
        "findings": [finding.as_dict() for finding in one.findings],
    }
