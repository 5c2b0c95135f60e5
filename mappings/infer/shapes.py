"""What values look like: how many of a place's texts are of a kind, and how much that alone says.

The standard's own types decide where there is one (a credit code, a plate, a waste code); the rest are habits of people's
and companies' names, addresses and telephones in China.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from canonical_schema.errors import InvalidValue
from canonical_schema.values import (
    category,
    container_id,
    division,
    form,
    hazard,
    manifest_no,
    method,
    number,
    plate,
    uscc,
    waste_code,
)
from mappings.infer.lookups import understood
from mappings.infer.moments import formats_of

UNUSUAL = 0.4
"""How much a text fits that might be one, but doesn't look like it."""
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付傅方白邹孟熊秦"
    "邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅"
)
_PERSON = re.compile(rf"[{_SURNAMES}][\u3400-\u9fff·]{{1,3}}|[A-Z][a-z]+(?: [A-Z][a-z.]+){{1,2}}")
_COMPANY = re.compile(
    r".*(?:公司|厂|医院|中心|集团|研究院|研究所|学院|大学|卫生院|[\u3400-\u9fff]站|合作社|矿|店|局|Inc\.?|LLC|Ltd\.?|Corp\.?|Co\.?)(?:\(.*\))?",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r".*(?:[省市县区镇乡村]|[\u3400-\u9fff](?:路|街|道)|[0-9]号|园|高速|服务区|Road|Street|Ave).*")
_PHONE = re.compile(
    r"(?:\+?86[- ]?)?(?:1[3-9][0-9]{9}|\(?0[0-9]{2,3}\)?[- ]?[0-9]{7,8}(?:-[0-9]{1,5})?|[48]00-?[0-9]{3}-?[0-9]{4}|1[0-9]{4})"
)
_COLOURS = re.compile(r"(?:渐变)?[蓝黄绿白黑]{1,2}(?:色|牌)?")
_QUANTITY = re.compile(r"-?[0-9][0-9,]*(?:\.[0-9]+)?")
_IDENTIFIER = re.compile(r"(?=.*[0-9])[A-Za-z0-9()\-_/〔〕\[\]\u3400-\u9fff第号字]{4,60}")
_PACKAGE = re.compile(
    r".{0,12}(?:袋|桶|罐|箱|槽|盒|托盘|散装|塑料|铁|钢|编织|纸|布|drum|bag|box|tank|IBC).{0,8}", re.IGNORECASE
)


def _parses(parse: Callable[[str], object]) -> Callable[[str], bool]:
    def fits(text: str) -> bool:
        try:
            parse(text)
        except InvalidValue:
            return False
        return True

    return fits


def _like(pattern: str | re.Pattern[str]) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda text: compiled.fullmatch(text) is not None


def _listed(parse: Callable[[str], object]) -> Callable[[str], bool]:
    one = _parses(parse)
    return lambda text: all(one(part) for part in re.split(r"[、,;/|+ ]+", text) if part)


def _division(text: str) -> bool:
    return len(text) in {6, 9, 12} and text.isdigit() and _parses(division.parse)(text[:6])


def _count(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 4


_manifest_no, _waste_code = _parses(manifest_no.parse), _parses(waste_code.parse)
_uscc, _plate, _category = _parses(uscc.parse), _parses(plate.parse), _parses(category.parse)


def _prose(text: str) -> bool:
    """Words for people: nothing that another kind would have for its own."""
    special = (
        _uscc,
        _plate,
        _waste_code,
        _manifest_no,
        _PHONE.fullmatch,
        _QUANTITY.fullmatch,
        formats_of,
        _COMPANY.fullmatch,
    )
    return not any(fits(text) for fits in special)


def _waste_name(text: str) -> bool:
    return _prose(text) and _PERSON.fullmatch(text) is None and re.search(r"[A-Za-z\u3400-\u9fff]{2}", text) is not None


def _person(text: str) -> bool:
    return _PERSON.fullmatch(text) is not None and _COMPANY.fullmatch(text) is None


def _address(text: str) -> bool:
    return _ADDRESS.fullmatch(text) is not None and not text.endswith(("公司", "厂", "集团"))


def _or_else(usual: Callable[[str], object], other: Callable[[str], object]) -> Callable[[str], float]:
    """What usually looks so, and what may be one all the same: foreign names, unusual numbers."""
    return lambda text: 1.0 if usual(text) else UNUSUAL if other(text) else 0.0


@dataclass(frozen=True, slots=True)
class Shape:
    """`weight`: how much values of this shape say by themselves, 0 to 1. `soft`: others may do as well."""

    fits: Callable[[str], float]
    weight: float
    soft: bool = False


def _word_of(codes: str) -> Callable[[str], float]:
    """A word that means one of the list's is surely one, a code may be, and any other may be a word of their own."""
    return lambda text: (
        1.0 if understood(codes, text) is not None else 0.6 if _code(text) else 0.3 if _own_word(text) else 0.0
    )


def _own_word(text: str) -> bool:
    return len(text) <= 20 and not _QUANTITY.fullmatch(text)


def _code(text: str) -> bool:
    """A short code of a list that only its owner knows."""
    return len(text) <= 3 and text.isalnum() and text.isascii()


SHAPES: Mapping[str, Shape] = {
    "manifest_no": Shape(_manifest_no, 0.85),
    "uscc": Shape(_uscc, 0.9),
    "waste_code": Shape(_waste_code, 0.95),
    "category": Shape(lambda text: len(text) > 1 and _category(text), 0.8),
    "plate": Shape(_plate, 0.9),
    "division": Shape(_division, 0.75),
    "method": Shape(_parses(method.parse), 0.75),
    "hazard": Shape(_listed(hazard.parse), 0.8),
    "form": Shape(lambda text: _parses(form.parse)(text) or _code(text), 0.5),
    "container_id": Shape(lambda text: len(text) > 15 and _parses(container_id.parse)(text), 0.5),
    "moment": Shape(lambda text: bool(formats_of(text)), 0.5),
    "quantity": Shape(lambda text: _QUANTITY.fullmatch(text) is not None and len(text) < 14, 0.3),
    "count": Shape(_count, 0.25),
    "year": Shape(_like("2016|2021|2025"), 0.6),
    "number": Shape(_parses(number.parse), 0.2),
    "phone": Shape(_or_else(_PHONE.fullmatch, _like(r"[+()0-9 -]{7,20}")), 0.6),
    "email": Shape(_like(r"[^@\s]+@[^@\s]+\.[A-Za-z]+"), 0.9),
    "person": Shape(_or_else(_person, lambda text: len(text) < 20 and _prose(text)), 0.6),
    "company": Shape(_or_else(_COMPANY.fullmatch, _waste_name), 0.6),
    "anyone": Shape(lambda text: _person(text) or _COMPANY.fullmatch(text) is not None, 0.3, soft=True),
    "address": Shape(_or_else(_address, _prose), 0.4),
    "place": Shape(lambda text: _address(text) or (_waste_name(text) and len(text) < 16), 0.2, soft=True),
    "waste_name": Shape(_waste_name, 0.15, soft=True),
    "package": Shape(_like(_PACKAGE), 0.3, soft=True),
    "prose": Shape(_prose, 0.1, soft=True),
    "identifier": Shape(lambda text: _IDENTIFIER.fullmatch(text) is not None and not _COMPANY.fullmatch(text), 0.2),
    "colour": Shape(
        lambda text: (
            _COLOURS.fullmatch(text) is not None or text in {"1", "2", "3", "4", "5", "9", "91", "92", "93", "94"}
        ),
        0.5,
    ),
    **{
        name: Shape(_word_of(name), 0.35, soft=True)
        for name in ("transfer_types", "manifest_statuses", "shippers", "transport_modes", "opinions")
    },
    "boolean": Shape(lambda text: understood("boolean", text) is not None or text in {"0", "1", "2"}, 0.3),
    "un_no": Shape(_like(r"(?:UN)?\s?[0-9]{4}"), 0.5),
    "goods_class": Shape(_like(r"[1-9](?:\.[1-9])?[A-Z]?|第?[1-9]类.*"), 0.2),
    "pack_group": Shape(_like("I{1,3}|[1-3]|[ⅠⅡⅢ]"), 0.4),
    "media": Shape(_like(r"[a-z]+/[a-z0-9.+-]+"), 0.7),
    "file": Shape(_like(r".+\.[A-Za-z0-9]{2,5}"), 0.5),
    "uri": Shape(_like(r"(?:[a-z]+:/)?/.+"), 0.6),
}


def fit(shape: str, texts: Sequence[str]) -> float:
    """The part of the texts that have the shape; 0 where there are none."""
    if not texts:
        return 0.0
    fits = SHAPES[shape].fits
    return sum(map(fits, texts)) / len(texts)
