"""Agreement between provinces, a white list (省际合作协议、白名单), canonical.md §3.3."""

from typing import Annotated

from canonical_schema.kinds.application import Receiver
from canonical_schema.parties import Division
from canonical_schema.types import About, Boolean, CategoryOrCode, Int, Moment, Part, Text, Tonnes

ACT = "危险废物转移管理办法"


class Entry(Part):
    """A receiving unit on the list, for which wastes and how much."""

    receiver: Annotated[Receiver, About("接受单位", "Receiver")]
    facility: Annotated[Text | None, About("接收设施", "Facility")] = None
    codes: Annotated[tuple[CategoryOrCode, ...], About("废物类别或代码", "Categories or codes")]
    quota_t: Annotated[Tonnes | None, About("年度配额", "Quota of the year", unit="t")] = None


class Conditions(Part):
    """What each transfer under the agreement must keep to."""

    single_batch: Annotated[Boolean | None, About("一事一批", "A single batch per approval")] = None
    complete_within_days: Annotated[Int | None, About("完成期限", "To be completed within", unit="d")] = None


class Agreement(Part):
    """One agreement."""

    agreement_id: Annotated[Text, About("协议编号", "Agreement id")]
    origin: Annotated[Division, About("移出省份", "Origin", source=f"{ACT} 第二十一条")]
    destination: Annotated[Division, About("接受省份", "Destination", source=f"{ACT} 第二十一条")]
    year: Annotated[Int | None, About("年度", "Year")] = None
    entries: Annotated[tuple[Entry, ...], About("名单", "Entries")]
    valid_from: Annotated[Moment | None, About("有效期起", "Valid from")] = None
    valid_to: Annotated[Moment | None, About("有效期止", "Valid to")] = None
    conditions: Annotated[Conditions | None, About("条件", "Conditions")] = None
    state: Annotated[Text | None, About("状态", "State")] = None
