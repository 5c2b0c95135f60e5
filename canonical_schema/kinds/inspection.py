"""Inspection by the authorities (执法检查), canonical.md §3.3."""

from typing import Annotated, Literal

from canonical_schema.parties import Division, Party, Person, Place
from canonical_schema.types import About, ManifestNo, Moment, Money, Part, Plate, Text


class InspectionFinding(Part):
    """What was found."""

    rule: Annotated[Text | None, About("违反条款", "Provision that was broken")] = None
    note: Annotated[Text, About("检查情况", "What was found")]


class Inspection(Part):
    """One inspection."""

    inspection_no: Annotated[Text, About("检查编号", "Inspection number")]
    departments: Annotated[
        tuple[Literal["ecology", "transport", "public_security", "market"], ...], About("检查部门", "Departments")
    ]
    officers: Annotated[tuple[Person, ...] | None, About("检查人员", "Officers", personal=True)] = None
    target: Annotated[Party | None, About("被检查单位", "Unit inspected")] = None
    plate: Annotated[Plate | None, About("被检查车辆", "Vehicle inspected", source="GA 36")] = None
    national_nos: Annotated[tuple[ManifestNo, ...] | None, About("联单编号", "National manifest numbers")] = None
    at: Annotated[Moment | None, About("检查时间", "Time of the inspection")] = None
    place: Annotated[Place | None, About("检查地点", "Place of the inspection")] = None
    findings: Annotated[tuple[InspectionFinding, ...] | None, About("检查发现", "Findings")] = None
    outcome: Annotated[Text | None, About("处理结果", "Outcome")] = None
    penalty_cny: Annotated[
        Money | None, About("罚款金额", "Penalty", unit="CNY", source="固体废物污染环境防治法 第一百一十二条")
    ] = None
    shared_with: Annotated[tuple[Division, ...] | None, About("通报地区", "Shared with")] = None
