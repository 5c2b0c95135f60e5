"""What becomes of a manifest after it is filed: it moves on, is corrected, is voided. Contents share what didn't change."""

from datetime import datetime, timedelta
from typing import Any

from contract_tests.world.contents import moment, tonnes
from contract_tests.world.dice import Dice

STAGES = ("declared", "handed_over", "in_transit", "arrived", "received", "completed")
_RECEIVED = ("received_at", "confirmed_at", "opinion", "opinion_note")


def as_of(content: dict[str, Any], stage: str) -> dict[str, Any]:
    """The content as it was at an earlier stage: what comes later isn't told yet."""
    out = {**content, "status": stage}
    reached = STAGES.index(stage)
    if reached < 1:
        out["consignor"] = _without(content["consignor"], ("handed_over_at",))
    if reached < 3:
        told = ("departed_at",) if reached == 2 else ()
        out["legs"] = [_leg(leg, told if leg["seq"] == 1 else ()) for leg in content["legs"]]
    if reached < 4:
        out["consignee"] = _without(content["consignee"], _RECEIVED)
        out["wastes"] = [{**waste, "receipt": {"method": waste["receipt"]["method"]}} for waste in content["wastes"]]
    elif reached < 5:
        out["consignee"] = _without(content["consignee"], ("confirmed_at",))
    return out


def _leg(leg: dict[str, Any], told: tuple[str, ...]) -> dict[str, Any]:
    return _without(leg, tuple(key for key in ("departed_at", "arrived_at", "handover") if key not in told))


def _without(part: dict[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    return {key: value for key, value in part.items() if key not in keys}


def corrected(content: dict[str, Any], dice: Dice) -> dict[str, Any]:
    """One value put right: a weight, a plate, a telephone, a name."""
    what = dice.whole(0, 3)
    if what == 0 and "quantity_t" in content["wastes"][0]["receipt"]:
        return received(content, dice)
    if what == 1 and "vehicle" in content["legs"][0]:
        return _plate(content, dice)
    if what == 2:
        return {
            **content,
            "consignor": {**content["consignor"], "contact": {"name": "陆镕", "phone": "139" + dice.digits(8)}},
        }
    return renamed(content)


def differing(content: dict[str, Any], dice: Dice) -> dict[str, Any]:
    """The other side's word where it differs: what it weighed, which plate it saw, what it calls the waste."""
    what = dice.whole(0, 2)
    if what == 0 and "quantity_t" in content["wastes"][0]["receipt"]:
        return received(content, dice)
    if what == 1 and "vehicle" in content["legs"][0]:
        return _plate(content, dice)
    return renamed(content)


def received(content: dict[str, Any], dice: Dice) -> dict[str, Any]:
    first, *others = content["wastes"]
    quantity = tonnes(dice.whole(40, 27000))
    return {**content, "wastes": [{**first, "receipt": {**first["receipt"], "quantity_t": quantity}}, *others]}


def renamed(content: dict[str, Any]) -> dict[str, Any]:
    first, *others = content["wastes"]
    return {**content, "wastes": [{**first, "name": first["name"] + "(混合)"}, *others]}


def _plate(content: dict[str, Any], dice: Dice) -> dict[str, Any]:
    first, *others = content["legs"]
    vehicle = {**first["vehicle"], "plate": first["vehicle"]["plate"][:2] + "K" + dice.digits(4), "plate_colour": "黄"}
    return {**content, "legs": [{**first, "vehicle": vehicle}, *others]}


def voided(content: dict[str, Any], at: datetime, dice: Dice) -> dict[str, Any]:
    reason = dice.pick(("填报错误,重新申报", "企业取消转移", "重复填报", "车辆故障,未转移"))
    void = {"at": moment(at - timedelta(minutes=dice.whole(5, 90))), "reason": reason}
    if dice.chance(0.7):
        void["by"] = content["consignor"]["name"]
    return {**content, "status": "voided", "void": void}


def backfilled(content: dict[str, Any], ended: datetime, filed: datetime, dice: Dice) -> dict[str, Any]:
    """补录: filled in on paper while the system was down, filed within ten working days (Art. 20)."""
    fill = {
        "reason": dice.pick(("系统故障", "网络中断", "停电")),
        "paper_no": "ZZ" + dice.digits(7),
        "finished_at": moment(ended),
        "filed_at": moment(filed),
    }
    return {**content, "backfill": fill}
