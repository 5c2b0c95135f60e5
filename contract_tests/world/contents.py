"""The full truth of one journey as canonical content: complete, with every time to the second; the versions are cut from it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from contract_tests.world import companies
from contract_tests.world.companies import Carrier, Company, Consignee, party
from contract_tests.world.dice import Dice
from contract_tests.world.places import OF_SYSTEM, PLACES, WasteKind
from contract_tests.world.plan import Plan

FIRST_DAY = datetime(2026, 1, 2)  # noqa: DTZ001 - the whole world stands at +08:00; the zone is written when a moment is made
DAYS = 58
_STATIONS = ("南京东转运站", "济南北", "德州", "蚌埠", "九江", "赣州", "长沙霞凝港", "徐州北", "沧州", "韶关")
_NOTES = ("过磅差", "含水率变化", "包装破损扣重", "称重误差")


@dataclass(frozen=True, slots=True)
class Told:
    """The content without national_no and local_numbers, and when its last event was."""

    content: dict[str, Any]
    handed_over: datetime
    ended: datetime


def moment(at: datetime) -> dict[str, str]:
    return {"at": at.isoformat(timespec="seconds") + "+08:00", "precision": "second"}


def tonnes(kilograms: int) -> str:
    """Kilograms as tonnes in the one canonical spelling: no exponent, no trailing zero."""
    return f"{kilograms // 1000}.{kilograms % 1000:03d}".rstrip("0").rstrip(".")


def build(seed: int, told: Plan, dice: Dice) -> Told:
    sender = companies.consignor(seed, told.origin, dice.whole(0, 11))
    receiver = companies.consignee(seed, told.destination, dice.whole(0, 3))
    start = FIRST_DAY + timedelta(days=dice.whole(0, DAYS), hours=dice.whole(8, 16), seconds=dice.whole(0, 3599))
    mode = "waterway" if dice.chance(0.02) else "road"
    route = _route(told, dice)
    legs, arrived = _legs(seed, told, dice, start, route, on_road=mode == "road")
    received = arrived + timedelta(minutes=dice.whole(20, 150), seconds=dice.whole(0, 59))
    confirmed = received + timedelta(hours=dice.whole(1, 50), seconds=dice.whole(0, 3599))
    outcome = dice.pick(("accepted",) * 95 + ("partly_accepted",) * 4 + ("refused",))
    loads = _wastes(receiver, dice, outcome, sender.uscc + "{}" + f"{start:%Y%m%d}")
    content = {
        "transfer_type": told.sort(),
        "status": "completed" if outcome != "refused" else "refused",
        **_head(told, dice, start, mode),
        "consignor": _consignor(sender, dice, start),
        "wastes": loads,
        "legs": legs,
        "consignee": _consignee(receiver, dice, received, confirmed, outcome),
    }
    return Told(content, start, confirmed)


def _head(told: Plan, dice: Dice, start: datetime, mode: str) -> dict[str, Any]:
    head: dict[str, Any] = {
        "plan_filing_no": f"JH{PLACES[told.origin].code}2026{dice.digits(5)}",
        "shipper": "consignor" if dice.chance(0.9) else "consignee",
        "transport_mode": mode,
        "planned_at": moment(start.replace(minute=0, second=0) - timedelta(hours=dice.whole(0, 20))),
    }
    if told.crossing:
        head["approval_no"] = f"环固移〔2026〕{dice.whole(1, 999)}号"
    if mode == "road" and dice.chance(0.8):
        head["waybill_no"] = "YD" + PLACES[told.origin].code + dice.digits(8)
    if dice.chance(0.1):
        name = "磅单" + dice.digits(6) + ".pdf"
        uri = "https://files.invalid/" + dice.digits(8)
        head["attachments"] = [{"name": name, "media_type": "application/pdf", "uri": uri}]
    return head


def _consignor(sender: Company, dice: Dice, start: datetime) -> dict[str, Any]:
    out = party(sender)
    if dice.chance(0.85):
        out["emergency_phone"] = sender.emergency_phone
    if dice.chance(0.9):
        out["handler"] = sender.handler
    out["handed_over_at"] = moment(start)
    return out


def _consignee(
    receiver: Consignee, dice: Dice, received: datetime, confirmed: datetime, outcome: str
) -> dict[str, Any]:
    out = party(receiver.company) | {"permit_no": receiver.permit.permit_no}
    if dice.chance(0.9):
        out["handler"] = receiver.company.handler
    out |= {"received_at": moment(received), "confirmed_at": moment(confirmed), "opinion": outcome}
    if outcome != "accepted":
        out["opinion_note"] = dice.pick(("与联单不符", "含水率超标,部分退回", "包装标签缺失"))
    return out


def _wastes(receiver: Consignee, dice: Dice, outcome: str, stem: str) -> list[dict[str, Any]]:
    """One to four that the receiver's permit covers. `stem`: the first parts of its containers' codes (HJ 1276), {} for the waste."""
    kinds = dice.some(receiver.permit.scope, 1 if dice.chance(0.6) else dice.whole(2, 4))
    return [_waste(kind, seq, dice, outcome, stem) for seq, kind in enumerate(kinds, 1)]


def _waste(kind: WasteKind, seq: int, dice: Dice, outcome: str, stem: str) -> dict[str, Any]:
    hazards = [sign.rstrip("?") for sign in kind.hazards if not sign.endswith("?") or dice.chance(0.5)]
    out: dict[str, Any] = {
        "seq": seq,
        "name": kind.name,
        "code": kind.code,
        "category": "HW" + kind.code[-2:],
        "catalogue": "2021",
        "hazards": hazards,
        "form": kind.form,
    }
    if dice.chance(0.8):
        out["constituents"] = list(kind.constituents)
    count = dice.whole(1, 80)
    package = {"type": kind.package, "material": kind.material, "spec": kind.spec, "count": count}
    out["packages"] = [{key: value for key, value in package.items() if value}]
    if dice.chance(0.25):
        prefix, first = stem.format(kind.code.replace("-", "")), dice.whole(1, 900)
        out["container_ids"] = [f"{prefix}{first + number:03d}" for number in range(min(count, 2))]
    if kind.un_no and dice.chance(0.7):
        out["dangerous_goods"] = {"un_no": kind.un_no, "class": kind.danger_class, "packing_group": kind.packing_group}
    receipt: dict[str, Any] = {}
    if kind.package == "桶" and dice.chance(0.06):
        # Counted, never weighed: no tonnes follow from drums.
        out["declared"] = {"value": str(count), "unit": "桶"}
        receipt["declared"] = out["declared"]
    else:
        kilograms = dice.whole(40, 9000) if dice.chance(0.7) else dice.whole(1, 270) * 100
        out["quantity_t"] = tonnes(kilograms)
        off = int(kilograms * dice.pick((-0.004, 0.003, -0.012, -0.08))) if dice.chance(0.2) else 0
        receipt["quantity_t"] = tonnes(kilograms + off)
        receipt["major_discrepancy"] = abs(off) > kilograms * 0.05
        if off:
            receipt["note"] = dice.pick(_NOTES)
    if outcome == "refused":
        receipt = {}
    out["receipt"] = receipt | {"opinion": outcome, "method": kind.method}
    return out


def _route(told: Plan, dice: Dice) -> list[dict[str, Any]]:
    """Where it starts, changes vehicles and ends: two to four canonical places."""
    count = 1 if dice.chance(0.5 if told.crossing else 0.85) else dice.whole(2, 3)
    here, there = PLACES[told.origin], PLACES[told.destination]
    own = tuple(f"{place.name}转运站" for place in OF_SYSTEM[here.system])
    stops = dice.some(_STATIONS if told.crossing else own, count - 1)
    ends = [{"name": place.name, "division": place.division()} for place in (here, there)]
    return [ends[0], *({"name": name} for name in stops), ends[1]]


def _legs(
    seed: int, told: Plan, dice: Dice, start: datetime, route: list[dict[str, Any]], *, on_road: bool
) -> tuple[list[dict[str, Any]], datetime]:
    legs, now, count = [], start, len(route) - 1
    for seq in range(1, count + 1):
        departed = now + timedelta(minutes=dice.whole(5, 90), seconds=dice.whole(0, 59))
        now = departed + timedelta(minutes=dice.whole(40, 600), seconds=dice.whole(0, 59))
        firm = companies.carrier(seed, told.origin if seq < count else told.destination, dice.whole(0, 5))
        leg = {"seq": seq, **_crew(firm, dice, on_road=on_road), "from": route[seq - 1], "to": route[seq]}
        if told.crossing and dice.chance(0.4):
            leg["via"] = [{"name": name} for name in dice.some(_STATIONS, dice.whole(1, 2))]
        leg |= {"departed_at": moment(departed), "arrived_at": moment(now)}
        if seq < count:
            now += timedelta(minutes=dice.whole(10, 60))
            leg["handover"] = {"at": moment(now), "place": {"name": route[seq]["name"]}}
        legs.append(leg)
    return legs, now


def _crew(firm: Carrier, dice: Dice, *, on_road: bool) -> dict[str, Any]:
    out: dict[str, Any] = {"carrier": party(firm.company) | {"road_permit_no": firm.road_permit_no}}
    del out["carrier"]["division"]
    if on_road:
        vehicle = dice.pick(firm.vehicles)
        out["vehicle"] = {"plate": vehicle.plate, "plate_colour": vehicle.colour}
        if vehicle.trailer:
            out["vehicle"]["trailer_plate"] = vehicle.trailer
    out["driver"] = dice.pick(firm.drivers)
    if dice.chance(0.9):
        out["escort"] = dice.pick(firm.escorts)
    if dice.chance(0.5):
        out["device_id"] = dice.digits(12)
    return out


def local_number(adapter: str, told: Plan) -> str:
    """Each province counts in its own way; the journey's index makes the number unique in its system."""
    code = PLACES[told.origin].code
    if adapter == "tj":
        return f"TJ2026-{told.index:07d}"
    if adapter == "gd":
        return f"{code}2026{told.index:06d}"
    return f"{adapter.upper()}{code}2026{told.index:07d}"
