"""`js` mapped by JSONata (jsonata-python) in its own language alone.

JSONata has no NFKC, no check digits and no exact decimals: texts and codes stay as written, a mass is a double written as text.
Its doubles can't be divided by Decimal, so it gets the page decoded with floats. Its walk over the input before each
evaluation is switched off.
"""

from collections.abc import Callable
from typing import Any

from jsonata import Jsonata

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
  $units := {"kg": 1000, "KG": 1000, "千克": 1000, "公斤": 1000, "t": 1, "T": 1, "吨": 1};
  $moment := function($at) {
    $at ? {"at": $substring($at, 0, 10) & "T" & $substring($at, 11) & ($length($at) = 19 ? "" : ":00") & "+08:00",
      "precision": $length($at) = 19 ? "second" : "minute"}
  };
  $tonnes := function($value, $unit) {
    $lookup($units, $unit) ? $string($number($replace($string($value), ",", "")) / $lookup($units, $unit))
  };
  $declared := function($value, $unit) {
    $value and $not($exists($lookup($units, $unit))) ? {"value": $string($value), "unit": $unit}
  };
  data.list.{
    "national_no": nationalNo ? nationalNo, "local_numbers": [{"system": "js", "number": transNo}],
    "transfer_type": $lookup($types, transType), "status": $lookup($states, state),
    "void": voidInfo ? voidInfo.{
      "at": $moment(voidTime), "reason": voidReason ? voidReason, "by": voidBy ? voidBy},
    "backfill": backfill ? backfill.{
      "reason": reason ? reason, "paper_no": paperNo ? paperNo, "finished_at": $moment(finishTime),
      "filed_at": $moment(fileTime)},
    "plan_filing_no": planNo ? planNo, "approval_no": approvalNo ? approvalNo, "waybill_no": waybillNo ? waybillNo,
    "shipper": shipper ? $lookup($shippers, shipper), "transport_mode": transMode ? $lookup($modes, transMode),
    "planned_at": $moment(planTime),
    "attachments": attachments ? [attachments.{"name": fileName, "media_type": contentType, "uri": url}],
    "consignor": {
      "name": transEntName, "uscc": transUscc ? transUscc, "address": transAddress ? transAddress,
      "division": {"code": transDivision ? transDivision},
      "contact": {"name": transContact ? transContact, "phone": transPhone ? transPhone},
      "emergency_phone": transEmergency ? transEmergency,
      "handler": {"name": transHandler ? transHandler, "phone": transHandlerPhone ? transHandlerPhone},
      "handed_over_at": $moment(transTime)},
    "wastes": [wastes.{
      "seq": seq, "name": name, "code": code ? code, "category": category ? category,
      "catalogue": catalogYear ? catalogYear, "hazards": hazards ? [hazards],
      "form": form ? $lookup($forms, form), "constituents": components ? $split(components, "、"),
      "packages": packs ? [packs.{
        "type": type, "material": material ? material, "spec": spec ? spec, "count": num}],
      "container_ids": boxCodes ? [boxCodes],
      "quantity_t": qty ? $tonnes(qty, unit), "declared": qty ? $declared(qty, unit),
      "dangerous_goods": {
        "un_no": unNo ? unNo, "class": dgClass ? dgClass, "packing_group": packGroup ? packGroup},
      "receipt": {
        "quantity_t": recvQty ? $tonnes(recvQty, recvUnit), "declared": recvQty ? $declared(recvQty, recvUnit),
        "major_discrepancy": diff ? $lookup($yes, diff), "note": diffNote ? diffNote,
        "opinion": opinion ? $lookup($opinions, opinion), "method": method ? method}}],
    "legs": legs ? [legs.{
      "seq": seq,
      "carrier": {
        "name": carrierName, "uscc": carrierUscc ? carrierUscc, "address": carrierAddress ? carrierAddress,
        "road_permit_no": roadPermitNo ? roadPermitNo,
        "contact": {"name": carrierContact ? carrierContact, "phone": carrierPhone ? carrierPhone}},
      "vehicle": {
        "plate": plateNo ? plateNo, "plate_colour": plateColor ? $lookup($colours, plateColor),
        "trailer_plate": trailerNo ? trailerNo},
      "driver": driver ? driver.{"name": name, "phone": phone ? phone, "licence_no": licence ? licence},
      "escort": escort ? escort.{"name": name, "phone": phone ? phone},
      "from": {"name": fromAddr, "division": {"code": fromDivision ? fromDivision}},
      "to": {"name": toAddr, "division": {"code": toDivision ? toDivision}},
      "via": via ? [via.{"name": $}],
      "departed_at": $moment(departTime), "arrived_at": $moment(arriveTime),
      "handover": handover ? handover.{"at": $moment(time), "place": {"name": place}},
      "device_id": deviceId ? deviceId}],
    "consignee": {
      "name": recvEntName, "uscc": recvUscc ? recvUscc, "address": recvAddress ? recvAddress,
      "division": {"code": recvDivision ? recvDivision}, "permit_no": permitNo ? permitNo,
      "contact": {"name": recvContact ? recvContact, "phone": recvPhone ? recvPhone},
      "handler": {"name": recvHandler ? recvHandler, "phone": recvHandlerPhone ? recvHandlerPhone},
      "received_at": $moment(recvTime), "confirmed_at": $moment(confirmTime),
      "opinion": recvOpinion ? $lookup($opinions, recvOpinion), "opinion_note": recvRemark ? recvRemark}
  }
)"""


def mapper() -> Callable[[Any], list[Any]]:
    expression = Jsonata(EXPRESSION)
    expression.validate_input = False

    def mapped(tree: Any) -> list[Any]:
        found = expression.evaluate(tree)
        return found if isinstance(found, list) else [found]

    return mapped
