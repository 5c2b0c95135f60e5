"""What is moved: a waste of a manifest, its packages and what was received of it."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from canonical_schema.types import (
    About,
    Boolean,
    Category,
    ContainerId,
    Form,
    Hazard,
    Int,
    Method,
    Part,
    Text,
    Tonnes,
    WasteCode,
)

ACT = "危险废物转移管理办法"
CATALOGUE = "国家危险废物名录"

Opinion = Literal["accepted", "partly_accepted", "refused"]


class Declared(Part):
    """A quantity as the source wrote it, where no tonnes follow from it, or a count or volume beside tonnes."""

    value: Annotated[Text, About("数量原值", "Value as written")]
    unit: Annotated[Text, About("计量单位原文", "Unit as written")]


class OtherCode(Part):
    """A code of the waste in another system."""

    system: Annotated[Text, About("编码体系", "System of the code")]
    code: Annotated[Text, About("代码", "Code")]


class Package(Part):
    """How the waste is packed (容器 + 材质 + 规格)."""

    type: Annotated[Text | None, About("包装方式", "Type of package", source="HJ 1259-2022")] = None
    material: Annotated[Text | None, About("包装材质", "Material")] = None
    spec: Annotated[Text | None, About("包装规格", "Specification")] = None
    count: Annotated[Int | None, About("包装数量", "Number of packages")] = None


class DangerousGoods(Part):
    """Classification for transport; the commissioning unit determines it."""

    un_no: Annotated[Text | None, About("联合国编号", "UN number", source=f"{ACT} 第十三条")] = None
    class_: Annotated[
        Text | None, Field(alias="class"), About("危险货物类别", "Class of dangerous goods", source=f"{ACT} 第十三条")
    ] = None
    packing_group: Annotated[Text | None, About("包装类别", "Packing group")] = None


class Exemption(Part):
    """The row of the catalogue's exemption list (豁免管理清单) that is claimed."""

    item: Annotated[Text | None, About("豁免清单序号", "Item of the exemption list", source=CATALOGUE)] = None
    links: Annotated[tuple[Text, ...] | None, About("豁免环节", "Exempted links", source=CATALOGUE)] = None


class WasteReceipt(Part):
    """What the consignee says of this waste."""

    quantity_t: Annotated[Tonnes | None, About("接受量", "Quantity received", unit="t")] = None
    declared: Annotated[Declared | None, About("接受量(原文)", "Quantity received, as written")] = None
    major_discrepancy: Annotated[
        Boolean | None, About("是否存在重大差异", "Major discrepancy", source=f"{ACT} 第十八条")
    ] = None
    note: Annotated[Text | None, About("重大差异简述", "Note on the discrepancy")] = None
    opinion: Annotated[Opinion | None, About("接受人处理意见", "Consignee's opinion")] = None
    method: Annotated[
        Method | None,
        About("利用处置方式", "Recovery or disposal method", "Planned before receipt, too.", source="HJ 1033 附录F"),
    ] = None


class Waste(Part):
    """One waste of a manifest."""

    ANY_OF: ClassVar[tuple[str, ...]] = ("name", "code")

    seq: Annotated[Int, About("序号", "Number", "The source's own number, else the position counted from 1.")]
    name: Annotated[Text | None, About("废物名称", "Name of the waste")] = None
    code: Annotated[WasteCode | None, About("废物代码", "Waste code", source=CATALOGUE)] = None
    category: Annotated[Category | None, About("废物类别", "Waste category", source=CATALOGUE)] = None
    catalogue: Annotated[
        Literal["2016", "2021", "2025"] | None, About("名录版本", "Edition of the catalogue", source=CATALOGUE)
    ] = None
    other_codes: Annotated[tuple[OtherCode, ...] | None, About("其他代码", "Other codes")] = None
    hazards: Annotated[tuple[Hazard, ...] | None, About("危险特性", "Hazards", source=CATALOGUE)] = None
    form: Annotated[Form | None, About("废物形态", "Physical form", source="HJ 1259-2022")] = None
    constituents: Annotated[
        tuple[Text, ...] | None, About("有害成分名称", "Hazardous constituents", source="HJ 1259-2022")
    ] = None
    packages: Annotated[tuple[Package, ...] | None, About("包装", "Packages")] = None
    container_ids: Annotated[
        tuple[ContainerId, ...] | None, About("容器编码", "Container identifications", source="HJ 1276-2022")
    ] = None
    quantity_t: Annotated[
        Tonnes | None,
        About("移出量", "Quantity moved", "Absent where the source gives a count or a volume.", "t", "HJ 1259-2022"),
    ] = None
    declared: Annotated[
        Declared | None,
        About("移出量(原文)", "Quantity as written", "Only where no tonnes follow, or a count beside tonnes."),
    ] = None
    dangerous_goods: Annotated[DangerousGoods | None, About("危险货物信息", "Dangerous goods")] = None
    exemption: Annotated[Exemption | None, About("豁免", "Exemption")] = None
    receipt: Annotated[WasteReceipt | None, About("接受情况", "Receipt", section="receipt")] = None
