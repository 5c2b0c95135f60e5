"""`js` mapped by glom, with the value types of the hand-written mapper: the same content."""

from collections.abc import Callable
from typing import Any

from glom import Coalesce, glom

from benchmarks.peers.by_hand import (
    COLOURS,
    FORMS,
    MODES,
    OPINIONS,
    SHIPPERS,
    STATES,
    TYPES,
    YES,
    amount,
    moment,
    text,
    typed,
)
from canonical_schema.values import (
    category,
    container_id,
    division,
    hazard,
    manifest_no,
    method,
    permit_no,
    plate,
    uscc,
    waste_code,
)


def some(made: dict[str, Any]) -> dict[str, Any] | None:
    """Without what is absent."""
    return {name: value for name, value in made.items() if value is not None} or None


def value(path: str, *steps: Callable[[Any], Any]) -> Any:
    return (Coalesce(path, default=None), *steps)


def of(path: str, parse: Callable[[str], Any]) -> Any:
    return value(path, lambda raw: typed(parse, raw))


def word(path: str, table: dict[str, Any]) -> Any:
    return value(path, lambda raw: table.get(raw or ""))


def each(path: str, spec: Any) -> Any:
    return (Coalesce(path, default=None), lambda items: items or [], [spec], lambda items: items or None)


def part(**fields: Any) -> Any:
    return (fields, some)


def weighed(made: dict[str, Any]) -> dict[str, Any] | None:
    """The amount beside the other fields."""
    return some(made | amount(*made.pop("amount")))


def quantity(number: str, unit: str) -> tuple[Any, ...]:
    return ({"value": value(number), "unit": value(unit)}, lambda one: (one["value"], one["unit"]))


WASTE = (
    {
        "seq": "seq", "name": value("name", text), "code": of("code", waste_code.parse), "category": of("category", category.parse),
        "catalogue": value("catalogYear", lambda year: year or None), "hazards": each("hazards", hazard.parse), "form": word("form", FORMS),
        "constituents": value("components", lambda all_: [text(one) for one in (all_ or "").split("、") if one] or None),
        "packages": each("packs", part(type=value("type", text), material=value("material", text), spec=value("spec", text), count=value("num"))),
        "container_ids": each("boxCodes", container_id.parse), "amount": quantity("qty", "unit"),
        "dangerous_goods": part(un_no=value("unNo", text), **{"class": value("dgClass", text)}, packing_group=value("packGroup", text)),
        "receipt": (
            {
                "major_discrepancy": word("diff", YES), "note": value("diffNote", text), "opinion": word("opinion", OPINIONS),
                "method": of("method", method.parse), "amount": quantity("recvQty", "recvUnit"),
            },
            weighed,
        ),
    },
    weighed,
)  # fmt: skip
LEG = part(
    seq="seq",
    carrier=part(
        name=value("carrierName", text), uscc=of("carrierUscc", uscc.parse), address=value("carrierAddress", text),
        road_permit_no=value("roadPermitNo", text), contact=part(name=value("carrierContact", text), phone=value("carrierPhone", text)),
    ),
    vehicle=part(plate=of("plateNo", plate.parse), plate_colour=word("plateColor", COLOURS), trailer_plate=of("trailerNo", plate.parse)),
    driver=part(name=value("driver.name", text), phone=value("driver.phone", text), licence_no=value("driver.licence", text)),
    escort=part(name=value("escort.name", text), phone=value("escort.phone", text)),
    **{"from": part(name=value("fromAddr", text), division=part(code=of("fromDivision", division.parse)))},
    to=part(name=value("toAddr", text), division=part(code=of("toDivision", division.parse))),
    via=each("via", {"name": text}), departed_at=value("departTime", moment), arrived_at=value("arriveTime", moment),
    handover=part(at=value("handover.time", moment), place=part(name=value("handover.place", text))), device_id=value("deviceId", text),
)  # fmt: skip
MANIFEST = part(
    national_no=of("nationalNo", manifest_no.parse), local_numbers=("transNo", lambda no: [{"system": "js", "number": text(no)}]),
    transfer_type=word("transType", TYPES), status=word("state", STATES),
    void=part(at=value("voidInfo.voidTime", moment), reason=value("voidInfo.voidReason", text), by=value("voidInfo.voidBy", text)),
    backfill=part(
        reason=value("backfill.reason", text), paper_no=value("backfill.paperNo", text), finished_at=value("backfill.finishTime", moment),
        filed_at=value("backfill.fileTime", moment),
    ),
    plan_filing_no=value("planNo", text), approval_no=value("approvalNo", text), waybill_no=value("waybillNo", text),
    shipper=word("shipper", SHIPPERS), transport_mode=word("transMode", MODES), planned_at=value("planTime", moment),
    attachments=each("attachments", {"name": "fileName", "media_type": "contentType", "uri": "url"}),
    consignor=part(
        name=value("transEntName", text), uscc=of("transUscc", uscc.parse), address=value("transAddress", text),
        division=part(code=of("transDivision", division.parse)), contact=part(name=value("transContact", text), phone=value("transPhone", text)),
        emergency_phone=value("transEmergency", text), handler=part(name=value("transHandler", text), phone=value("transHandlerPhone", text)),
        handed_over_at=value("transTime", moment),
    ),
    wastes=each("wastes", WASTE), legs=each("legs", LEG),
    consignee=part(
        name=value("recvEntName", text), uscc=of("recvUscc", uscc.parse), address=value("recvAddress", text),
        division=part(code=of("recvDivision", division.parse)), permit_no=of("permitNo", permit_no.parse),
        contact=part(name=value("recvContact", text), phone=value("recvPhone", text)),
        handler=part(name=value("recvHandler", text), phone=value("recvHandlerPhone", text)), received_at=value("recvTime", moment),
        confirmed_at=value("confirmTime", moment), opinion=word("recvOpinion", OPINIONS), opinion_note=value("recvRemark", text),
    ),
)  # fmt: skip


def mapper() -> Callable[[Any], list[Any]]:
    spec = ("data.list", [MANIFEST])
    return lambda tree: glom(tree, spec)
