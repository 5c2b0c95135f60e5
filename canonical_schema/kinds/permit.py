"""Operating permit for hazardous waste (危险废物经营许可证), canonical.md §3.3."""

from typing import Annotated, Literal

from canonical_schema.parties import Party, Place
from canonical_schema.types import About, Category, Method, Moment, Part, PermitNo, Text, Tonnes, WasteCode
from canonical_schema.wastes import CATALOGUE

RULE = "国务院令第408号"


class Scope(Part):
    """One category of the permit: all its codes, only those listed, or all but those listed."""

    category: Annotated[Category, About("废物类别", "Waste category", source=CATALOGUE)]
    codes: Annotated[tuple[WasteCode, ...] | None, About("废物代码", "Waste codes", source=CATALOGUE)] = None
    mode: Annotated[
        Literal["all", "only", "except"],
        About("范围方式", "How the codes count", "all: every code; only: those listed; except: all but those listed."),
    ]


class Facility(Part):
    """A facility of the holder."""

    code: Annotated[Text, About("设施编码", "Facility", source="HJ 1259-2022")]
    name: Annotated[Text | None, About("设施名称", "Name of the facility")] = None
    place: Annotated[Place | None, About("设施地址", "Place of the facility", source=RULE)] = None


class Permit(Part):
    """One permit."""

    permit_no: Annotated[PermitNo, About("许可证编号", "Permit number", source=f"{RULE} 第十条")]
    holder: Annotated[Party, About("持证单位", "Holder", source=RULE)]
    issuer: Annotated[Text | None, About("发证机关", "Issuer", source=RULE)] = None
    type: Annotated[
        Literal["comprehensive", "collection"] | None, About("许可证类型", "Type of permit", source=f"{RULE} 第三条")
    ] = None
    scope: Annotated[tuple[Scope, ...], About("经营类别", "Scope", source=f"{RULE} 第十条")]
    methods: Annotated[tuple[Method, ...] | None, About("经营方式", "Methods", source="HJ 1033 附录F")] = None
    annual_capacity_t: Annotated[
        Tonnes | None, About("年经营规模", "Annual capacity", unit="t", source=f"{RULE} 第十条")
    ] = None
    valid_from: Annotated[Moment | None, About("有效期起", "Valid from", source=RULE)] = None
    valid_to: Annotated[Moment | None, About("有效期止", "Valid to", source=RULE)] = None
    facilities: Annotated[tuple[Facility, ...] | None, About("设施", "Facilities", source=RULE)] = None
    state: Annotated[
        Literal["valid", "suspended", "revoked", "expired"] | None, About("许可证状态", "State of the permit")
    ] = None
