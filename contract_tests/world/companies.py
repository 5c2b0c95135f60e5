"""Who takes part: consignors, carriers with vehicles and drivers, consignees with permits. Each follows from (seed, place, number).

Every USCC passes both of its checks (GB 32100-2015 and, inside it, GB 11714); permits have a scope and a yearly capacity, and a
consignee is only sent what its permit covers.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from contract_tests.world.dice import Dice
from contract_tests.world.places import METHODS, PLACES, WASTES, Place, WasteKind

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_PLATE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"

_SURNAMES = "王李张刘陈杨黄赵周吴徐孙马朱胡林郭何高罗郑梁谢宋唐许邓冯韩曹"
# 镕, 堃, 喆 and 鋆 aren't in GB2312, 㙟 is only in GB18030: real names that break readers which believe a declaration.
_GIVEN = (
    "伟",
    "芳",
    "娜",
    "敏",
    "静",
    "磊",
    "洋",
    "勇",
    "艳",
    "杰",
    "涛",
    "建国",
    "志强",
    "秀英",
    "海燕",
    "晓明",
    "镕",
    "堃",
    "喆",
    "鋆",
    "㙟",
    "文堃",
    "子镕",
)
_BRANDS = (
    "华新",
    "恒达",
    "金茂",
    "宏润",
    "瑞丰",
    "镕基",
    "堃元",
    "天成",
    "海川",
    "永泰",
    "中科",
    "国瑞",
    "鼎盛",
    "联创",
    "东方",
    "绿源",
    "喆安",
    "博世达",
    "力生",
    "三友",
)
_TRADES = ("化工", "电子", "精密机械", "表面处理", "制药", "涂料", "汽车零部件", "线路板", "新材料", "钢铁")
_ROADS = ("工业大道", "经三路", "滨江路", "科技园一路", "兴业路", "港口路", "创新大道", "纬七路")


@dataclass(frozen=True, slots=True)
class Company:
    """`contact` and `handler` are canonical persons ({name, phone})."""

    place: Place
    name: str
    uscc: str
    address: str
    contact: dict[str, str]
    handler: dict[str, str]
    emergency_phone: str


@dataclass(frozen=True, slots=True)
class Vehicle:
    """`colour` is the word for it (黄 trucks and tractors, 黄绿 and 渐变绿 new-energy); a tractor has a trailer."""

    plate: str
    colour: str
    trailer: str | None


@dataclass(frozen=True, slots=True)
class Carrier:
    company: Company
    road_permit_no: str
    vehicles: tuple[Vehicle, ...]
    drivers: tuple[dict[str, str], ...]
    escorts: tuple[dict[str, str], ...]


@dataclass(frozen=True, slots=True)
class Permit:
    """危险废物经营许可证: what its holder may take (`scope`) and how much of it a year (tonnes)."""

    permit_no: str
    scope: tuple[WasteKind, ...]
    annual_capacity_t: int


@dataclass(frozen=True, slots=True)
class Consignee:
    company: Company
    permit: Permit


def organisation_code(body: str) -> str:
    """GB 11714: eight characters and their check character."""
    values = (int(sign, 36) for sign in body)
    check = 11 - sum(value * weight for value, weight in zip(values, _ORGANISATION_WEIGHTS, strict=True)) % 11
    return body + {10: "X", 11: "0"}.get(check, str(check))


def uscc(division: str, body: str) -> str:
    """GB 32100-2015: a company (91) registered in `division` with the organisation code made of the eight characters `body`."""
    first = "91" + division + organisation_code(body)
    total = sum(_ALPHABET.index(sign) * weight for sign, weight in zip(first, _WEIGHTS, strict=True))
    return first + _ALPHABET[-total % 31]


def _person(dice: Dice) -> dict[str, str]:
    return {"name": dice.pick(_SURNAMES) + dice.pick(_GIVEN), "phone": "1" + dice.pick("356789") + dice.digits(9)}


def _company(dice: Dice, place: Place, trade: str) -> Company:
    body = "MA" + "".join(dice.pick(_ALPHABET) for _ in range(6))
    return Company(
        place=place,
        name=f"{place.city}{dice.pick(_BRANDS)}{dice.pick(_BRANDS)}{trade}有限公司",
        uscc=uscc(place.code, body),
        address=f"{place.name}{dice.pick(_ROADS)}{dice.whole(1, 299)}号",
        contact=_person(dice),
        handler=_person(dice),
        emergency_phone="0" + dice.digits(3).replace("0", "2") + "-8" + dice.digits(7),
    )


def _vehicle(dice: Dice, prefix: str) -> Vehicle:
    """GA 36: seven signs in yellow; eight in 黄绿 for large new-energy trucks, in 渐变绿 for small ones."""
    sort = dice.roll()
    if sort < 0.1:
        return Vehicle(f"{prefix}{dice.digits(5)}{dice.pick('DF')}", "黄绿", None)
    if sort < 0.18:
        return Vehicle(f"{prefix}{dice.pick('DF')}{dice.digits(5)}", "渐变绿", None)
    plate = f"{prefix}{dice.pick(_PLATE_LETTERS)}{dice.digits(4)}"
    return Vehicle(plate, "黄", f"{prefix}{dice.digits(4)}挂" if sort < 0.5 else None)


@lru_cache(maxsize=2048)
def consignor(seed: int, place: int, number: int) -> Company:
    dice = Dice(seed, 1, place, number)
    return _company(dice, PLACES[place], dice.pick(_TRADES))


@lru_cache(maxsize=2048)
def carrier(seed: int, place: int, number: int) -> Carrier:
    dice = Dice(seed, 2, place, number)
    where = PLACES[place]
    drivers = tuple({**_person(dice), "licence_no": where.code + dice.digits(12)} for _ in range(6))
    return Carrier(
        company=_company(dice, where, "危险品运输"),
        road_permit_no=where.code + dice.digits(6),
        vehicles=tuple(_vehicle(dice, where.plate) for _ in range(8)),
        drivers=drivers,
        escorts=tuple(_person(dice) for _ in range(6)),
    )


@lru_cache(maxsize=2048)
def consignee(seed: int, place: int, number: int) -> Consignee:
    """Its permit covers wastes of a few ways of treatment, at least four codes."""
    dice = Dice(seed, 3, place, number)
    where = PLACES[place]
    scope: tuple[WasteKind, ...] = ()
    methods = dice.some(tuple(METHODS), len(METHODS))
    for count in range(2, len(methods) + 1):
        scope = tuple(waste for waste in WASTES if waste.method in methods[:count])
        if len(scope) >= 4:
            break
    company = _company(dice, where, dice.pick(("环保科技", "固废处置", "资源再生", "环境服务")))
    permit = Permit(_permit_no(dice, where), scope, dice.whole(10, 100) * 1000)
    return Consignee(company, permit)


def _permit_no(dice: Dice, place: Place) -> str:
    """No national form exists: each province writes its own."""
    if place.system == "tj":
        return "TJHW" + dice.digits(3)
    if place.system == "gd":
        return place.code + dice.digits(6)
    return ("JS" + place.code[2:] + "OOD" if place.system == "js" else "HW" + place.code) + dice.digits(3)


def party(company: Company) -> dict[str, Any]:
    """The canonical party."""
    return {
        "name": company.name,
        "uscc": company.uscc,
        "address": company.address,
        "division": company.place.division(),
        "contact": company.contact,
    }
