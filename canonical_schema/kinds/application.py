"""Application for a cross-province transfer (跨省转移申请) and its approval, canonical.md §3.3."""

from typing import Annotated, Literal

from canonical_schema.parties import Division, Party, Place
from canonical_schema.transport import Period
from canonical_schema.types import About, Category, Method, Moment, Part, PermitNo, Text, Tonnes, WasteCode
from canonical_schema.wastes import CATALOGUE, Declared

ACT = "危险废物转移管理办法"

State = Literal[
    "submitted",
    "correction_requested",
    "accepted",
    "consulted",
    "agreed",
    "declined",
    "approved",
    "rejected",
    "exhausted",
    "expired",
    "superseded",
    "revoked",
]


class Receiver(Party):
    """The unit that is to receive the waste (接受人)."""

    permit_no: Annotated[
        PermitNo | None, About("危险废物经营许可证编号", "Permit number", source="国务院令第408号")
    ] = None


class PlannedWaste(Part):
    """A waste that is to be moved, with the quantity applied for."""

    name: Annotated[Text | None, About("废物名称", "Name of the waste", source=f"{ACT} 第二十六条")] = None
    code: Annotated[WasteCode | None, About("废物代码", "Waste code", source=CATALOGUE)] = None
    category: Annotated[Category | None, About("废物类别", "Waste category", source=CATALOGUE)] = None
    quantity_t: Annotated[
        Tonnes | None, About("拟转移量", "Quantity applied for", unit="t", source=f"{ACT} 第二十六条")
    ] = None
    declared: Annotated[Declared | None, About("拟转移量(原文)", "Quantity applied for, as written")] = None
    method: Annotated[
        Method | None, About("拟利用处置方式", "Intended recovery or disposal method", source="HJ 1033 附录F")
    ] = None


class Authority(Part):
    """The authority that took a step."""

    name: Annotated[Text, About("机关名称", "Name")]
    division: Annotated[Division | None, About("行政区划", "Division")] = None


class Step(Part):
    """One step of the proceedings: acceptance, consultation letter (商请函), reply, decision."""

    step: Annotated[Text, About("环节", "Step")]
    at: Annotated[Moment | None, About("办理时间", "Time of the step")] = None
    authority: Annotated[Authority | None, About("办理机关", "Authority")] = None
    document_no: Annotated[Text | None, About("文号", "Number of the document")] = None
    outcome: Annotated[Text | None, About("结果", "Outcome")] = None
    reason: Annotated[Text | None, About("理由", "Reason", source=f"{ACT} 第二十五条")] = None
    due_at: Annotated[Moment | None, About("法定期限", "Due at", source=f"{ACT} 第二十三条至第二十六条")] = None


class Approval(Part):
    """The decision that allows the transfer, for at most twelve months."""

    no: Annotated[Text, About("批准文号", "Approval number", source=f"{ACT} 第二十六条")]
    valid_from: Annotated[Moment | None, About("有效期起", "Valid from", source=f"{ACT} 第二十七条")] = None
    valid_to: Annotated[Moment | None, About("有效期止", "Valid to", source=f"{ACT} 第二十七条")] = None
    quantity_t: Annotated[
        Tonnes | None, About("批准转移量", "Quantity approved", unit="t", source=f"{ACT} 第二十六条")
    ] = None


class Application(Part):
    """One application with what became of it."""

    application_no: Annotated[Text, About("申请编号", "Application number")]
    applicant: Annotated[Party | None, About("申请人(移出人)", "Applicant", source=f"{ACT} 第二十二条")] = None
    consignee: Annotated[Receiver | None, About("接受人", "Consignee", source=f"{ACT} 第二十二条")] = None
    origin: Annotated[Division | None, About("移出地", "Origin", source=f"{ACT} 第二十一条")] = None
    destination: Annotated[Division | None, About("接受地", "Destination", source=f"{ACT} 第二十一条")] = None
    transit: Annotated[tuple[Division, ...] | None, About("途经地", "Transit", source=f"{ACT} 第二十六条")] = None
    wastes: Annotated[tuple[PlannedWaste, ...], About("拟转移危险废物", "Wastes", source=f"{ACT} 第二十六条")]
    period: Annotated[Period | None, About("拟转移期限", "Requested period", source=f"{ACT} 第二十二条")] = None
    carriers: Annotated[tuple[Party, ...] | None, About("承运人", "Carriers")] = None
    route: Annotated[tuple[Place, ...] | None, About("运输路线", "Route")] = None
    agreement_id: Annotated[
        Text | None, About("省际合作协议编号", "Agreement between provinces", source=f"{ACT} 第二十一条")
    ] = None
    state: Annotated[State | None, About("办理状态", "State")] = None
    steps: Annotated[tuple[Step, ...] | None, About("办理过程", "Steps", source=f"{ACT} 第二十三条至第二十六条")] = None
    approval: Annotated[Approval | None, About("批准决定", "Approval", source=f"{ACT} 第二十六条")] = None
