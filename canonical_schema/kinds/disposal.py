"""Result of recovery or disposal (利用处置结果), canonical.md §3.3."""

from typing import Annotated

from canonical_schema.parties import Party
from canonical_schema.types import About, ManifestNo, Method, Moment, Part, Text, Tonnes, WasteCode
from canonical_schema.wastes import CATALOGUE, Declared

ACT = "危险废物转移管理办法"


class DisposedWaste(Part):
    """A waste that was recovered or disposed of."""

    code: Annotated[WasteCode | None, About("废物代码", "Waste code", source=CATALOGUE)] = None
    name: Annotated[Text | None, About("废物名称", "Name of the waste")] = None
    quantity_t: Annotated[Tonnes | None, About("利用处置量", "Quantity recovered or disposed of", unit="t")] = None
    declared: Annotated[Declared | None, About("利用处置量(原文)", "Quantity as written")] = None
    method: Annotated[Method | None, About("利用处置方式", "Recovery or disposal method", source="HJ 1033 附录F")] = (
        None
    )
    facility_code: Annotated[Text | None, About("设施编码", "Facility", source="HJ 1259-2022")] = None
    started_at: Annotated[Moment | None, About("开始时间", "Started at")] = None
    finished_at: Annotated[Moment | None, About("完成时间", "Finished at")] = None


class Output(Part):
    """What came out of it: a product or a secondary waste."""

    code: Annotated[WasteCode | None, About("产出物代码", "Code of a secondary waste", source=CATALOGUE)] = None
    name: Annotated[Text | None, About("产出物名称", "Name of the output")] = None
    quantity_t: Annotated[Tonnes | None, About("产出量", "Quantity of the output", unit="t")] = None
    to: Annotated[Party | None, About("去向", "Where it went")] = None


class Disposal(Part):
    """One result; the consignee tells it to the consignor."""

    disposal_no: Annotated[Text, About("利用处置编号", "Number of the result", source="HJ 1259-2022")]
    national_nos: Annotated[tuple[ManifestNo, ...] | None, About("联单编号", "National manifest numbers")] = None
    unit: Annotated[Party | None, About("利用处置单位", "Unit", source=f"{ACT} 第十二条")] = None
    wastes: Annotated[tuple[DisposedWaste, ...], About("危险废物", "Wastes", source=f"{ACT} 第十二条")]
    outputs: Annotated[tuple[Output, ...] | None, About("产出物", "Outputs")] = None
    in_stock_t: Annotated[Tonnes | None, About("贮存量", "Quantity still in stock", unit="t")] = None
