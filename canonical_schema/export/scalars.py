"""How each scalar type is published: its pattern, what it means in Chinese and English, an example.

Patterns stay in what JSON Schema (ECMA 262), XML Schema 1.0 and Python's re all read alike: classes, plain groups,
alternatives, counts. They are written without anchors, for a whole value.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from canonical_schema.codes import CodeList, code_list, names
from canonical_schema.errors import SchemaError
from canonical_schema.fields import Field, ObjectType, ScalarType
from canonical_schema.values import category, division, manifest_no, plate, uscc

Base = Literal["string", "integer", "boolean", "moment", "sections"]


@dataclass(frozen=True, slots=True)
class Scalar:
    """`words` are an enumeration. `least`: the smallest integer. `trimmed`: text with no white space at its ends."""

    name: str
    zh: str
    en: str
    example: str
    pattern: str = ""
    base: Base = "string"
    words: tuple[str, ...] = ()
    format: str = ""
    least: int | None = None
    trimmed: bool = False
    codes: str = ""


def scalar(type_: ScalarType) -> Scalar:
    """The published form of a type. SchemaError where this module doesn't know it."""
    if type_.name == "word":
        zh, en = (", ".join(_titled(type_.words, lang)) for lang in ("zh", "en"))
        return Scalar("word", f"下列之一: {zh}", f"One of: {en}", type_.words[0], words=type_.words)
    if type_.name not in SCALARS:
        raise SchemaError(f"the scalar type '{type_.name}' has no published form in export/scalars.py")
    return SCALARS[type_.name]


def list_of(words: tuple[str, ...]) -> CodeList | None:
    """The code list that has exactly these words, and so explains them."""
    return _lists().get(frozenset(words))


@cache
def _lists() -> dict[frozenset[str], CodeList]:
    return {frozenset(codes.rows): codes for codes in map(code_list, names())}


def _titled(words: tuple[str, ...], lang: str) -> list[str]:
    codes = list_of(words)
    titles = [codes.title(word, lang) if codes is not None else "" for word in words]
    return [f"{word} ({title})" if title else word for word, title in zip(words, titles, strict=True)]


def objects(tree: ObjectType) -> dict[str, ObjectType]:
    """The tree's object types by name, each before those that it holds. SchemaError where two share a name."""
    found: dict[str, ObjectType] = {}
    _collect(tree, found)
    return found


def _collect(tree: ObjectType, found: dict[str, ObjectType]) -> None:
    if found.setdefault(tree.name, tree) != tree:
        raise SchemaError(f"two object types are called '{tree.name}'")
    for field in tree.fields.values():
        if isinstance(field.type, ObjectType):
            _collect(field.type, found)


def leaves(tree: ObjectType) -> Iterator[tuple[ObjectType, Field, ScalarType]]:
    """Every scalar field of the tree's object types with its owner."""
    for part in objects(tree).values():
        for field in part.fields.values():
            if isinstance(field.type, ScalarType):
                yield part, field, field.type


_DAY = "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_MINUTE = "([01][0-9]|2[0-3]):[0-5][0-9]"
DAY = _DAY
TO_THE_MINUTE = rf"{_DAY}T{_MINUTE}:00\+08:00"
TO_THE_SECOND = rf"{_DAY}T{_MINUTE}:[0-5][0-9]\+08:00"
_MILLISECONDS = r"(\.([0-9]{2}[1-9]|[0-9][1-9][0-9]|[1-9][0-9]{2}))?"
_NUMBER = r"0|-?(0\.[0-9]*[1-9]|[1-9][0-9]*(\.[0-9]*[1-9])?)"
_TONNES = r"0|0\.[0-9]{0,5}[1-9]|[1-9][0-9]*(\.[0-9]{0,5}[1-9])?"
_PROVINCE = "|".join(sorted(division.PROVINCES))
_CATEGORY = "|".join(sorted(code[2:] for code in category.KNOWN))


def _plain(pattern: str) -> str:
    """XML Schema knows no groups that don't capture."""
    return pattern.replace("(?:", "(")


def _codes(name: str) -> tuple[str, ...]:
    return tuple(code_list(name).rows)


_ALL = (
    Scalar(
        "text",
        "文本: NFKC 规范化, 首尾无空白, 不为空, 不截断; 不含 XML 不允许的控制字符",
        "Text: NFKC, no white space at its ends, never empty, never cut; no control characters that XML can't carry",
        "天津某某环保科技有限公司",
        trimmed=True,
    ),
    Scalar(
        "string",
        "供机器使用的字符串, 按原样, 首尾无空白",
        "A string for machines, as given, without white space at its ends",
        "application/pdf",
        trimmed=True,
    ),
    Scalar(
        "number",
        "十进制数, 以字符串书写: 无指数, 无正号, 无多余的零",
        "Decimal number as a string: no exponent, no leading plus, no trailing zeros",
        "118.7969",
        _NUMBER,
    ),
    Scalar(
        "money",
        "金额(元), 以字符串书写: 无指数, 无正号, 无多余的零",
        "Amount of money (CNY) as a string: no exponent, no leading plus, no trailing zeros",
        "120000",
        _NUMBER,
    ),
    Scalar(
        "tonnes",
        "质量(吨), 以字符串书写, 最多 6 位小数, 无多余的零, 不为负",
        "Mass in tonnes as a string: at most 6 decimals, no trailing zeros, never negative",
        "1.25",
        _TONNES,
    ),
    Scalar("int", "整数", "Whole number", "1", "-?(0|[1-9][0-9]*)", "integer"),
    Scalar("boolean", "是 true 或否 false", "true or false", "true", "true|false", "boolean"),
    Scalar(
        "moment",
        "时刻对象 {at, precision}, 只精确到来源所知的程度; 一日绝不补写为零时",
        "Object {at, precision}, as precise as the source knows it; a day never becomes an invented midnight",
        "2026-03-05T08:30:00+08:00",
        f"{_DAY}(T{_MINUTE}:[0-5][0-9]\\+08:00)?",
        "moment",
    ),
    Scalar(
        "instant",
        "时间点: ISO 8601, 东八区, 精确到秒或毫秒",
        "Point in time: ISO 8601 at +08:00, to the second or millisecond",
        "2026-03-05T08:30:00+08:00",
        rf"{_DAY}T{_MINUTE}:[0-5][0-9]{_MILLISECONDS}\+08:00",
        format="date-time",
    ),
    Scalar(
        "division",
        "行政区划代码(GB/T 2260): 省 2 位, 地 4 位, 县 6 位, 取最短写法",
        "Division code (GB/T 2260): province 2, prefecture 4, county 6 digits, in its shortest form",
        "3205",
        f"({_PROVINCE})(([0-9]{{2}})?(0[1-9]|[1-9][0-9]))?",
        codes="divisions",
    ),
    Scalar(
        "manifest_no",
        "全国联单编号, 14 位数字: 年 4, 移出地省级代码 2, 地级代码 2, 顺序号 6",
        "National manifest number, 14 digits: year 4, province of removal 2, prefecture 2, serial 6",
        "20263205000123",
        _plain(manifest_no.PATTERN),
    ),
    Scalar(
        "uscc",
        "统一社会信用代码, 18 位, 两处校验(第 17、18 位)均须正确",
        "Unified social credit code, 18 characters; both checks (characters 17 and 18) hold",
        "91110000600037341L",
        _plain(uscc.PATTERN),
    ),
    Scalar(
        "waste_code",
        "废物代码, 写作 AAA-BBB-CC: 行业 3 位, 顺序 3 位, 类别 2 位",
        "Waste code AAA-BBB-CC: industry 3, serial 3, category 2 digits",
        "900-249-08",
        f"[0-9]{{3}}-[0-9]{{3}}-({_CATEGORY})",
        codes="waste_2021",
    ),
    Scalar(
        "category",
        "废物类别 HW01 至 HW50",
        "Waste category HW01 to HW50",
        "HW08",
        words=_codes("categories"),
        codes="categories",
    ),
    Scalar(
        "category_or_code",
        "整个废物类别(如 HW08)或一个废物代码(如 900-249-08)",
        "A whole waste category (such as HW08) or one waste code (such as 900-249-08)",
        "HW08",
        f"HW({_CATEGORY})|[0-9]{{3}}-[0-9]{{3}}-({_CATEGORY})",
    ),
    Scalar("hazard", "危险特性", "Hazard characteristic", "T", words=_codes("hazards"), codes="hazards"),
    Scalar("form", "废物形态", "Physical form", "L", words=_codes("forms"), codes="forms"),
    Scalar(
        "method",
        "利用处置方式代码, 如 R9、D10",
        "Recovery or disposal method, such as R9 or D10",
        "R9",
        "[RDCYG][1-9][0-9]?|S",
        codes="methods",
    ),
    Scalar(
        "plate",
        "机动车号牌(GA 36), 无分隔符",
        "Vehicle plate (GA 36), without separators",
        "苏A12345",
        _plain(plate.PATTERN),
    ),
    Scalar(
        "permit_no",
        "危险废物经营许可证编号, 不含空白, 去掉外围的“第”“号”",
        "Number of a hazardous-waste permit, without white space and without 第 … 号 around it",
        "JS0508OOI123",
        r"\S+",
    ),
    Scalar(
        "container_id",
        "容器编码: HJ 1276-2022 数字识别码(37 位)或其他编码, 不含空白",
        "Container identification: digital code of HJ 1276-2022 (37 characters) or another, without white space",
        "91350100M000100Y439002490820240305001",
        r"\S+",
    ),
    Scalar("schema_version", "标准版本", "Version of the standard", "1.0-rc", r"1\.[0-9]+(-rc)?"),
    Scalar(
        "uuid",
        "UUID, 小写",
        "UUID in lower case",
        "d520c1c5-88c7-5410-8bf1-38a0a0e4e850",
        "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
        format="uuid",
    ),
    Scalar("sha256", "SHA-256, 小写十六进制", "SHA-256 in lower-case hex", "9f" * 32, "[0-9a-f]{64}"),
    Scalar("count", "版本号, 从 1 起", "Version, counted from 1", "1", "[1-9][0-9]*", "integer", least=1),
    Scalar("raw", "字符串, 按原样, 不为空", "A string as given, never empty", "JS32052026000123"),
    Scalar("rule_id", "规则编号", "Id of a rule", "M003", "[A-Z][0-9]{3}"),
    Scalar(
        "pointer",
        "JSON Pointer(RFC 6901), 相对于 content",
        "JSON Pointer (RFC 6901) into content",
        "/wastes/0/quantity_t",
        "(/([^~/]|~[01])*)*",
    ),
    Scalar(
        "sections",
        "部分名称 → 在 claims 中的序位(从 0 起)",
        "Section → index into claims, counted from 0",
        '{"head": 0}',
        "[a-z][a-z_]*",
        "sections",
    ),
)
SCALARS = {one.name: one for one in _ALL}
