"""Permit for road transport of dangerous goods (危险货物道路运输许可), canonical.md §3.3."""

from typing import Annotated

from canonical_schema.parties import Party, Place
from canonical_schema.types import About, Moment, Part, Plate, Text

RULE = "危险货物道路运输安全管理办法"


class PermittedVehicle(Part):
    """A vehicle that the permit names."""

    plate: Annotated[Plate, About("车牌号", "Plate", source="GA 36")]
    trailer_plate: Annotated[Plate | None, About("挂车号牌", "Trailer's plate", source="GA 36")] = None


class TransportPermit(Part):
    """One permit."""

    permit_no: Annotated[Text, About("许可编号", "Permit number")]
    carrier: Annotated[Party, About("承运人", "Carrier", source=RULE)]
    vehicles: Annotated[tuple[PermittedVehicle, ...] | None, About("车辆", "Vehicles")] = None
    classes: Annotated[tuple[Text, ...] | None, About("危险货物类别", "Classes of dangerous goods", source=RULE)] = None
    route: Annotated[tuple[Place, ...] | None, About("运输路线", "Route")] = None
    valid_from: Annotated[Moment | None, About("有效期起", "Valid from")] = None
    valid_to: Annotated[Moment | None, About("有效期止", "Valid to")] = None
    issuer: Annotated[Text | None, About("发证机关", "Issuer")] = None
    state: Annotated[Text | None, About("状态", "State")] = None
