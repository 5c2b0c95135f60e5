"""`js` mapped by jq, which reads the page's text itself: its Python binding would write a decoded page as text first.

jq has no NFKC, no check digits and no exact decimals: texts and codes stay as written, a mass is a double written as text.
"""

from collections.abc import Callable
from typing import Any

import jq

PROGRAM = """
def some: with_entries(select(.value != null and .value != "" and .value != {} and .value != []));
def moment: if . == null or . == "" then null else
  {at: "\\(.[0:10])T\\(.[11:])\\(if length == 19 then "" else ":00" end)+08:00",
   precision: (if length == 19 then "second" else "minute" end)} end;
def word($table): if . == null or . == "" then null else $table[.] end;
def amount($value; $unit): if $value == null or $value == "" then {} else
  {"kg": 1000, "KG": 1000, "千克": 1000, "公斤": 1000, "t": 1, "T": 1, "吨": 1}[$unit] as $in
  | if $in then {quantity_t: (($value | if type == "string" then gsub(","; "") | tonumber else . end) / $in | tostring)}
    else {declared: {value: ($value | tostring), unit: $unit}} end end;
def place($name; $code): {name: $name, division: ({code: $code} | some)} | some;
{"1": "accepted", "2": "partly_accepted", "3": "refused"} as $opinions
| .data.list[]
| {
    national_no: .nationalNo, local_numbers: [{system: "js", number: .transNo}],
    transfer_type: (.transType | word({"1": "intra_province", "2": "cross_province", "3": "export"})),
    status: (.state | word({"10": "declared", "20": "handed_over", "30": "in_transit", "40": "arrived", "50": "received",
      "51": "partly_received", "60": "refused", "90": "completed", "99": "voided"})),
    void: ((.voidInfo // {}) | {at: (.voidTime | moment), reason: .voidReason, by: .voidBy} | some),
    backfill: ((.backfill // {})
      | {reason, paper_no: .paperNo, finished_at: (.finishTime | moment), filed_at: (.fileTime | moment)} | some),
    plan_filing_no: .planNo, approval_no: .approvalNo, waybill_no: .waybillNo,
    shipper: (.shipper | word({"1": "consignor", "2": "consignee"})),
    transport_mode: (.transMode | word({"1": "road", "2": "rail", "3": "waterway"})),
    planned_at: (.planTime | moment),
    attachments: [(.attachments // [])[] | {name: .fileName, media_type: .contentType, uri: .url}],
    consignor: ({
      name: .transEntName, uscc: .transUscc, address: .transAddress, division: ({code: .transDivision} | some),
      contact: ({name: .transContact, phone: .transPhone} | some), emergency_phone: .transEmergency,
      handler: ({name: .transHandler, phone: .transHandlerPhone} | some), handed_over_at: (.transTime | moment)
    } | some),
    wastes: [(.wastes // [])[] | ({
      seq, name, code, category, catalogue: .catalogYear, hazards,
      form: (.form | word({"1": "S", "2": "SS", "3": "L", "4": "G"})),
      constituents: ((.components // "") | if . == "" then null else split("、") end),
      packages: [(.packs // [])[] | {type, material, spec, count: .num} | some], container_ids: .boxCodes,
      dangerous_goods: ({un_no: .unNo, class: .dgClass, packing_group: .packGroup} | some),
      receipt: (({
        major_discrepancy: (.diff | word({"0": false, "1": true})), note: .diffNote,
        opinion: (.opinion | word($opinions)), method
      } + amount(.recvQty; .recvUnit)) | some)
    } + amount(.qty; .unit)) | some],
    legs: [(.legs // [])[] | {
      seq,
      carrier: ({
        name: .carrierName, uscc: .carrierUscc, address: .carrierAddress, road_permit_no: .roadPermitNo,
        contact: ({name: .carrierContact, phone: .carrierPhone} | some)
      } | some),
      vehicle: ({
        plate: .plateNo, trailer_plate: .trailerNo,
        plate_colour: (.plateColor | word({"1": "蓝", "2": "黄", "5": "绿", "93": "黄绿", "94": "渐变绿"}))
      } | some),
      driver: ((.driver // {}) | {name, phone, licence_no: .licence} | some),
      escort: ((.escort // {}) | {name, phone} | some),
      from: place(.fromAddr; .fromDivision), to: place(.toAddr; .toDivision),
      via: [(.via // [])[] | {name: .}],
      departed_at: (.departTime | moment), arrived_at: (.arriveTime | moment),
      handover: ((.handover // {}) | {at: (.time | moment), place: ({name: .place} | some)} | some),
      device_id: .deviceId
    } | some],
    consignee: ({
      name: .recvEntName, uscc: .recvUscc, address: .recvAddress, division: ({code: .recvDivision} | some),
      permit_no: .permitNo, contact: ({name: .recvContact, phone: .recvPhone} | some),
      handler: ({name: .recvHandler, phone: .recvHandlerPhone} | some), received_at: (.recvTime | moment),
      confirmed_at: (.confirmTime | moment), opinion: (.recvOpinion | word($opinions)), opinion_note: .recvRemark
    } | some)
  } | some
"""


def mapper() -> Callable[[str], list[Any]]:
    program = jq.compile(PROGRAM)
    return lambda text: program.input_text(text).all()
