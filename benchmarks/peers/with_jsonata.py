"""`js` mapped by JSONata (jsonata-python), with the value types of the hand-written mapper as its functions: the same content.

Its walk over the input before each evaluation is switched off: it knows no Decimal.
"""

from collections.abc import Callable
from typing import Any

from jsonata import Jsonata

from benchmarks.peers.by_hand import amount, moment, text
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

EXPRESSION = """(
  $types := {"1": "intra_province", "2": "cross_province", "3": "export"};
  $states := {"10": "declared", "20": "handed_over", "30": "in_transit", "40": "arrived", "50": "received",
    "51": "partly_received", "60": "refused", "90": "completed", "99": "voided"};
  $shippers := {"1": "consignor", "2": "consignee"};
  $modes := {"1": "road", "2": "rail", "3": "waterway"};
  $forms := {"1": "S", "2": "SS", "3": "L", "4": "G"};
  $colours := {"1": "蓝", "2": "黄", "5": "绿", "93": "黄绿", "94": "渐变绿"};
  $opinions := {"1": "accepted", "2": "partly_accepted", "3": "refused"};
  $yes := {"0": false, "1": true};
  data.list.{
    "national_no": $manifest_no(nationalNo), "local_numbers": [{"system": "js", "number": transNo}],
    "transfer_type": $lookup($types, transType), "status": $lookup($states, state),
    "void": voidInfo ? voidInfo.{
      "at": $moment(voidTime), "reason": $text(voidReason), "by": $text(voidBy)},
    "backfill": backfill ? backfill.{
      "reason": $text(reason), "paper_no": $text(paperNo), "finished_at": $moment(finishTime),
      "filed_at": $moment(fileTime)},
    "plan_filing_no": $text(planNo), "approval_no": $text(approvalNo), "waybill_no": $text(waybillNo),
    "shipper": shipper ? $lookup($shippers, shipper), "transport_mode": transMode ? $lookup($modes, transMode),
    "planned_at": $moment(planTime),
    "attachments": attachments ? [attachments.{"name": fileName, "media_type": contentType, "uri": url}],
    "consignor": {
      "name": $text(transEntName), "uscc": $uscc(transUscc), "address": $text(transAddress),
      "division": $some({"code": $division(transDivision)}),
      "contact": $some({"name": $text(transContact), "phone": $text(transPhone)}),
      "emergency_phone": $text(transEmergency),
      "handler": $some({"name": $text(transHandler), "phone": $text(transHandlerPhone)}),
      "handed_over_at": $moment(transTime)},
    "wastes": [wastes.{
      "seq": seq, "name": $text(name), "code": $waste_code(code), "category": $category(category),
      "catalogue": catalogYear ? catalogYear, "hazards": hazards ? [hazards.$hazard($)],
      "form": form ? $lookup($forms, form), "constituents": components ? [$split(components, "、").$text($)],
      "packages": packs ? [packs.{
        "type": $text(type), "material": $text(material), "spec": $text(spec), "count": num}],
      "container_ids": boxCodes ? [boxCodes.$container($)],
      "quantity_t": $tonnes(qty, unit), "declared": $declared(qty, unit),
      "dangerous_goods": $some({
        "un_no": $text(unNo), "class": $text(dgClass), "packing_group": $text(packGroup)}),
      "receipt": $some({
        "quantity_t": $tonnes(recvQty, recvUnit), "declared": $declared(recvQty, recvUnit),
        "major_discrepancy": diff ? $lookup($yes, diff), "note": $text(diffNote),
        "opinion": opinion ? $lookup($opinions, opinion), "method": $method(method)})}],
    "legs": legs ? [legs.{
      "seq": seq,
      "carrier": {
        "name": $text(carrierName), "uscc": $uscc(carrierUscc), "address": $text(carrierAddress),
        "road_permit_no": $text(roadPermitNo),
        "contact": $some({"name": $text(carrierContact), "phone": $text(carrierPhone)})},
      "vehicle": $some({
        "plate": $plate(plateNo), "plate_colour": plateColor ? $lookup($colours, plateColor),
        "trailer_plate": $plate(trailerNo)}),
      "driver": driver ? driver.{"name": $text(name), "phone": $text(phone), "licence_no": $text(licence)},
      "escort": escort ? escort.{"name": $text(name), "phone": $text(phone)},
      "from": {"name": $text(fromAddr), "division": $some({"code": $division(fromDivision)})},
      "to": {"name": $text(toAddr), "division": $some({"code": $division(toDivision)})},
      "via": via ? [via.{"name": $text($)}],
      "departed_at": $moment(departTime), "arrived_at": $moment(arriveTime),
      "handover": handover ? handover.{"at": $moment(time), "place": {"name": $text(place)}},
      "device_id": $text(deviceId)}],
    "consignee": {
      "name": $text(recvEntName), "uscc": $uscc(recvUscc), "address": $text(recvAddress),
      "division": $some({"code": $division(recvDivision)}), "permit_no": $permit(permitNo),
      "contact": $some({"name": $text(recvContact), "phone": $text(recvPhone)}),
      "handler": $some({"name": $text(recvHandler), "phone": $text(recvHandlerPhone)}),
      "received_at": $moment(recvTime), "confirmed_at": $moment(confirmTime),
      "opinion": recvOpinion ? $lookup($opinions, recvOpinion), "opinion_note": $text(recvRemark)}
  }
)"""


def of_text(parse: Callable[[str], Any]) -> Callable[[Any], Any]:
    """JSONata's null is an object of its own."""
    return lambda value: parse(value) if value.__class__ is str and value else None


def some(made: dict[str, Any]) -> dict[str, Any] | None:
    return made or None


def of_amount(part: str) -> Callable[[Any, Any], Any]:
    def read(value: Any, unit: Any) -> Any:
        return amount(value, unit).get(part) if unit.__class__ is str and unit else None

    return read


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "text": of_text(text), "moment": of_text(moment), "manifest_no": of_text(manifest_no.parse), "uscc": of_text(uscc.parse),
    "division": of_text(division.parse), "permit": of_text(permit_no.parse), "plate": of_text(plate.parse),
    "waste_code": of_text(waste_code.parse), "category": of_text(category.parse), "method": of_text(method.parse),
    "hazard": of_text(hazard.parse), "container": of_text(container_id.parse), "tonnes": of_amount("quantity_t"),
    "declared": of_amount("declared"), "some": some,
}  # fmt: skip


def mapper() -> Callable[[Any], list[Any]]:
    expression = Jsonata(EXPRESSION)
    expression.validate_input = False
    for name, function in FUNCTIONS.items():
        expression.register_lambda(name, function)

    def mapped(tree: Any) -> list[Any]:
        found = expression.evaluate(tree)
        return found if isinstance(found, list) else [found]

    return mapped
