"""Hazardous-waste manifest (危险废物转移联单), canonical.md §3.1. Sections: head, movement, legs, receipt."""

from typing import Annotated, Literal

from canonical_schema.parties import Party, Person
from canonical_schema.transport import Leg, Mode, Period
from canonical_schema.types import About, ManifestNo, Moment, Part, PermitNo, String, Text
from canonical_schema.wastes import Opinion, Waste

ACT = "危险废物转移管理办法"

Status = Literal[
    "declared",
    "handed_over",
    "in_transit",
    "arrived",
    "received",
    "partly_received",
    "refused",
    "completed",
    "voided",
]


class LocalNumber(Part):
    """A number that a connected system gave; `system` is its adapter id, else the name of a system not connected."""

    system: Annotated[Text, About("系统", "System")]
    number: Annotated[Text, About("编号", "Number")]


class Void(Part):
    """The manifest was declared void (作废)."""

    at: Annotated[Moment | None, About("作废时间", "Voided at")] = None
    reason: Annotated[Text | None, About("作废原因", "Reason")] = None
    by: Annotated[Text | None, About("作废人", "By")] = None


class Backfill(Part):
    """A paper manifest entered afterwards (补录), within ten working days after the transfer."""

    reason: Annotated[Text | None, About("补录原因", "Reason", source=f"{ACT} 第二十条")] = None
    paper_no: Annotated[Text | None, About("纸质联单编号", "Number of the paper manifest")] = None
    finished_at: Annotated[Moment | None, About("转移活动完成时间", "Transfer finished at")] = None
    filed_at: Annotated[Moment | None, About("补录时间", "Filed at", source=f"{ACT} 第二十条")] = None


class Attachment(Part):
    """A file that belongs to the manifest."""

    name: Annotated[Text, About("附件名称", "Name")]
    media_type: Annotated[Text | None, About("媒体类型", "Media type")] = None
    sha256: Annotated[String | None, About("摘要", "SHA-256 of the file")] = None
    uri: Annotated[String | None, About("地址", "Address")] = None


class Consignor(Party):
    """The unit that waste leaves (移出人)."""

    emergency_phone: Annotated[Text | None, About("应急联系电话", "Emergency telephone", personal=True)] = None
    handler: Annotated[Person | None, About("经办人", "Handler", personal=True)] = None
    handed_over_at: Annotated[Moment | None, About("交付时间", "Handed over at")] = None


class Consignee(Party):
    """The unit that receives it (接受人)."""

    permit_no: Annotated[
        PermitNo | None, About("危险废物经营许可证编号", "Permit number", source="国务院令第408号")
    ] = None
    handler: Annotated[Person | None, About("经办人", "Handler", personal=True)] = None
    received_at: Annotated[Moment | None, About("接受时间", "Received at")] = None
    confirmed_at: Annotated[Moment | None, About("确认接受时间", "Receipt confirmed at", source=f"{ACT} 第十八条")] = (
        None
    )
    opinion: Annotated[Opinion | None, About("接受人处理意见", "Opinion")] = None
    opinion_note: Annotated[Text | None, About("处理意见说明", "Note on the opinion")] = None


class Manifest(Part):
    """One manifest as a whole."""

    national_no: Annotated[
        ManifestNo | None, About("联单编号", "National manifest number", source=f"{ACT} 第十五条", section="head")
    ] = None
    local_numbers: Annotated[
        tuple[LocalNumber, ...] | None, About("地方联单编号", "Numbers of provincial systems", section="head")
    ] = None
    transfer_type: Annotated[
        Literal["intra_province", "cross_province", "export"] | None,
        About("转移类型", "Type of transfer", source="HJ 1259-2022", section="head"),
    ] = None
    status: Annotated[Status | None, About("联单状态", "Status", section="head")] = None
    void: Annotated[Void | None, About("作废", "Void", section="head")] = None
    backfill: Annotated[Backfill | None, About("补录", "Back-fill", source=f"{ACT} 第二十条", section="head")] = None
    plan_filing_no: Annotated[
        Text | None, About("管理计划备案编号", "Filing number of the plan", source=f"{ACT} 第十四条", section="head")
    ] = None
    approval_no: Annotated[
        Text | None, About("跨省转移批准文号", "Approval number", source=f"{ACT} 第二十六条", section="head")
    ] = None
    waybill_no: Annotated[
        Text | None, About("危险货物运单编号", "Waybill number", source=f"{ACT} 第十一条", section="head")
    ] = None
    transport_permit_no: Annotated[
        Text | None, About("危险货物道路运输许可编号", "Transport permit number", section="head")
    ] = None
    shipper: Annotated[
        Literal["consignor", "consignee"] | None,
        About("托运人", "Commissioning unit", source=f"{ACT} 第三十一条", section="head"),
    ] = None
    transport_mode: Annotated[Mode | None, About("运输方式", "Mode of transport", section="head")] = None
    period: Annotated[
        Period | None, About("转移时段", "Period of the transfer", source=f"{ACT} 第十九条", section="head")
    ] = None
    planned_at: Annotated[Moment | None, About("计划转移时间", "Planned at", section="head")] = None
    attachments: Annotated[tuple[Attachment, ...] | None, About("附件", "Attachments", section="head")] = None
    consignor: Annotated[
        Consignor | None, About("移出人", "Consignor", source=f"{ACT} 第三十一条", section="movement")
    ] = None
    wastes: Annotated[tuple[Waste, ...], About("危险废物", "Wastes", source=f"{ACT} 第十六条", section="movement")]
    legs: Annotated[tuple[Leg, ...] | None, About("运输段", "Legs", source=f"{ACT} 第十七条", section="legs")] = None
    consignee: Annotated[
        Consignee | None, About("接受人", "Consignee", source=f"{ACT} 第三十一条", section="receipt")
    ] = None
