"""Enterprise (企业) with its credit and the notices about it, canonical.md §3.3."""

from typing import Annotated, Literal

from canonical_schema.parties import Division, Person
from canonical_schema.types import About, Moment, Part, Text, Uscc


class Credit(Part):
    """A grade of environmental credit (环境信用)."""

    grade: Annotated[Text, About("信用等级", "Grade")]
    scheme: Annotated[Text | None, About("评价体系", "Scheme of the grade")] = None
    at: Annotated[Moment | None, About("评价时间", "Time of the grade")] = None


class Notice(Part):
    """A notice of abnormal behaviour (异常行为通报)."""

    no: Annotated[Text | None, About("通报编号", "Number of the notice")] = None
    at: Annotated[Moment, About("通报时间", "Time of the notice")]
    by: Annotated[Text | None, About("通报机关", "By")] = None
    behaviour: Annotated[Text, About("异常行为", "Behaviour")]
    note: Annotated[Text | None, About("说明", "Note")] = None


class Enterprise(Part):
    """One enterprise."""

    uscc: Annotated[Uscc, About("统一社会信用代码", "Unified social credit code", source="GB 32100-2015")]
    name: Annotated[Text, About("企业名称", "Name")]
    roles: Annotated[tuple[Literal["consignor", "carrier", "consignee"], ...], About("角色", "Roles")]
    division: Annotated[Division | None, About("行政区划", "Division", source="HJ 1259-2022")] = None
    address: Annotated[Text | None, About("地址", "Address", source="HJ 1259-2022")] = None
    contact: Annotated[Person | None, About("联系人", "Contact", personal=True)] = None
    credit: Annotated[Credit | None, About("环境信用", "Environmental credit", source="环发〔2013〕150号")] = None
    notices: Annotated[tuple[Notice, ...] | None, About("异常行为通报", "Notices")] = None
