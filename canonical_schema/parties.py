"""Who and where: persons, parties, divisions, places."""

from typing import Annotated, ClassVar

from canonical_schema.types import About, DivisionCode, Number, Part, Text, Uscc


class Person(Part):
    """A natural person; all of it is personal data."""

    name: Annotated[Text | None, About("姓名", "Name", personal=True)] = None
    phone: Annotated[Text | None, About("联系电话", "Telephone", personal=True)] = None
    email: Annotated[Text | None, About("电子邮箱", "E-mail", personal=True)] = None
    id_no: Annotated[Text | None, About("身份证件号", "Identity document number", personal=True)] = None
    licence_no: Annotated[Text | None, About("驾驶证号", "Driving licence number", personal=True)] = None
    certificate_no: Annotated[Text | None, About("从业资格证号", "Professional certificate number", personal=True)] = (
        None
    )


class Division(Part):
    """An administrative division."""

    code: Annotated[
        DivisionCode,
        About("行政区划代码", "Division code", "Province 2, prefecture 4, county 6 digits.", source="GB/T 2260"),
    ]
    name: Annotated[Text | None, About("行政区划名称", "Division name")] = None


class Point(Part):
    """A position in WGS-84 (CGCS2000 at this accuracy)."""

    lon: Annotated[Number, About("经度", "Longitude", "WGS-84, at most 7 decimals.", unit="°")]
    lat: Annotated[Number, About("纬度", "Latitude", "WGS-84, at most 7 decimals.", unit="°")]


class Place(Part):
    """A place, by name, division or position."""

    ANY_OF: ClassVar[tuple[str, ...]] = ("name", "division", "point")

    name: Annotated[Text | None, About("地点名称", "Name of the place")] = None
    division: Annotated[Division | None, About("行政区划", "Division")] = None
    point: Annotated[Point | None, About("坐标", "Position")] = None


class OtherId(Part):
    """An identifier in another system: an old organisation code, a tax number, a number of one platform."""

    system: Annotated[Text, About("编码体系", "System of the identifier")]
    id: Annotated[Text, About("编码", "Identifier")]


class Party(Part):
    """A unit (单位) in any role."""

    ANY_OF: ClassVar[tuple[str, ...]] = ("name", "uscc", "other_ids")

    name: Annotated[Text | None, About("单位名称", "Name")] = None
    uscc: Annotated[Uscc | None, About("统一社会信用代码", "Unified social credit code", source="GB 32100-2015")] = None
    other_ids: Annotated[
        tuple[OtherId, ...] | None,
        About("其他代码", "Other identifiers", "Codes of 9 or 15 characters, and any that isn't a valid credit code."),
    ] = None
    address: Annotated[Text | None, About("单位地址", "Address")] = None
    division: Annotated[Division | None, About("行政区划", "Division")] = None
    contact: Annotated[Person | None, About("联系人", "Contact", personal=True)] = None
    point: Annotated[Point | None, About("坐标", "Position")] = None
