"""The chain of one manifest: what happened, when, by whom, told by which system.

Steps of one day stand in the order of the journey, since a day has no hour; what the gateway itself did (observed,
acknowledged) follows by time. What came by another gateway was observed there, and forwarded to us: `by` then names the
adapter that brings it and the beginning of that gateway's name, the first hash of its chain.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson
from sqlalchemy import Connection

from gateway.domain.hops import hops_of
from gateway.read.manifests import envelope
from gateway.store import claims, deliveries, records
from gateway.store.claims import StoredClaim

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """`at` is a day or an instant as text, None where nobody said when; `field` a pointer into the record's content."""

    step: str
    at: str | None
    by: str | None
    adapter: str
    field: str

    def as_dict(self) -> Json:
        return {"step": self.step, "at": self.at, "by": self.by, "adapter": self.adapter, "field": self.field}


def trace(conn: Connection, record_id: str) -> Json:
    """{"national_no", "record_id", "steps": […]} of the newest version."""
    record = envelope(conn, record_id)
    told = list(content_steps(record))
    if len(record["claims"]) > 1:
        _, rows = records.newest_claims(conn, record_id)
        said = claims.versions(conn, rows)
        told = [_spoken(step, record["content"], said) for step in told]
    done = sorted([*_observed(conn, record_id), *_acknowledged(conn, record_id)], key=lambda step: step.at or "")
    return {
        "national_no": record["content"].get("national_no"),
        "record_id": record_id,
        "steps": [step.as_dict() for step in sorted([*told, *done], key=_day)],
    }


def _spoken(step: Step, content: Json, told: Sequence[StoredClaim]) -> Step:
    """The step with the system that said it: where its section's claim leaves it open, a notice did."""
    value = _value(content, step.field)
    systems = [claim.adapter for claim in told if _says(orjson.loads(claim.content_bytes), step.field, value)]
    return step if step.adapter in systems or not systems else replace(step, adapter=systems[0])


def _says(content: Json, field: str, value: Any) -> bool:
    """Whether the content says this there, in whatever place of a list."""
    steps = field.split("/")[1:]
    found: list[Any] = [content]
    for name in steps:
        if name.isdigit():
            found = [item for one in found if isinstance(one, list) for item in one]
        else:
            found = [one[name] for one in found if isinstance(one, dict) and name in one]
    return value in found


def _value(content: Any, field: str) -> Any:
    for name in field.split("/")[1:]:
        content = content[int(name)] if isinstance(content, list) else content.get(name)
    return content


def content_steps(record: Json) -> Iterator[Step]:
    """The steps that the record's content tells, in the order of the journey."""
    content, adapters = record["content"], _tellers(record)
    consignor, consignee = content.get("consignor", {}), content.get("consignee", {})
    if "planned_at" in content:
        yield Step("planned", _at(content["planned_at"]), _name(consignor), adapters["head"], "/planned_at")
    if "handed_over_at" in consignor:
        yield Step(
            "handed_over",
            _at(consignor["handed_over_at"]),
            _name(consignor),
            adapters["movement"],
            "/consignor/handed_over_at",
        )
    for place, leg in enumerate(content.get("legs", ())):
        yield from _leg(leg, f"/legs/{place}", adapters["legs"])
    for step in ("received", "confirmed"):
        moment = consignee.get(f"{step}_at")
        if moment is not None:
            yield Step(step, _at(moment), _name(consignee), adapters["receipt"], f"/consignee/{step}_at")
    if "backfill" in content:
        backfill = content["backfill"]
        name = "filed_at" if "filed_at" in backfill else "finished_at"
        field = f"/backfill/{name}" if name in backfill else "/backfill"
        yield Step("backfilled", _at(backfill.get(name)), _name(consignor), adapters["head"], field)
    if "void" in content:
        void = content["void"]
        field = "/void/at" if "at" in void else "/void"
        yield Step("voided", _at(void.get("at")), void.get("by"), adapters["void"], field)


def _leg(leg: Json, field: str, adapter: str) -> Iterator[Step]:
    carrier = _name(leg.get("carrier", {})) or leg.get("vehicle", {}).get("plate")
    for step in ("departed", "arrived"):
        if f"{step}_at" in leg:
            yield Step(step, _at(leg[f"{step}_at"]), carrier, adapter, f"{field}/{step}_at")
    handover = leg.get("handover")
    if handover is not None:
        where = f"{field}/handover/at" if "at" in handover else f"{field}/handover"
        yield Step("handover", _at(handover.get("at")), carrier, adapter, where)


def _observed(conn: Connection, record_id: str) -> Iterator[Step]:
    for adapter, at, request in claims.observed(conn, record_id):
        yield Step("observed", at, adapter, adapter, "")
        for hop in hops_of(request):
            yield Step("forwarded", hop.at, f"{hop.via} {hop.gateway[:16]}", adapter, "")


def _acknowledged(conn: Connection, record_id: str) -> Iterator[Step]:
    for target, at, _ in deliveries.acknowledged(conn, record_id):
        yield Step("acknowledged", at, target, target, "")


def _tellers(record: Json) -> dict[str, str]:
    """Section → the adapter whose word it is; where none says anything in it, the first claim's.

    `void` is a section of its own only where another claim than the head's tells it.
    """
    claimed = [claim["adapter"] for claim in record["claims"]]
    first = claimed[0] if claimed else ""
    told = {section: claimed[place] for section, place in record.get("sections", {}).items()}
    tellers = {name: told.get(name, first) for name in ("head", "movement", "legs", "receipt")}
    return tellers | {"void": told.get("void", tellers["head"])}


def _day(step: Step) -> str:
    return (step.at or "9999")[:10]


def _at(moment: Any) -> str | None:
    if isinstance(moment, dict):
        return str(moment["at"])
    return None if moment is None else str(moment)


def _name(party: Json) -> str | None:
    name = party.get("name") or party.get("uscc")
    return None if name is None else str(name)
