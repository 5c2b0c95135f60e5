"""Which way: carriers, vehicles and the legs of a movement."""

from typing import Annotated, Literal

from pydantic import Field

from canonical_schema.parties import Party, Person, Place
from canonical_schema.types import About, Int, Moment, Part, Plate, Text

ACT = "危险废物转移管理办法"

Mode = Literal["road", "rail", "waterway", "pipeline", "other"]


class Carrier(Party):
    """The unit that performs the transport (承运人)."""

    road_permit_no: Annotated[Text | None, About("道路运输经营许可证号", "Road transport permit number")] = None


class Vehicle(Part):
    """The vehicle of a leg; tractor and trailer have a plate each."""

    plate: Annotated[Plate | None, About("车牌号", "Plate", source="GA 36")] = None
    plate_colour: Annotated[Text | None, About("车牌颜色", "Colour of the plate", source="JT/T 697.7")] = None
    trailer_plate: Annotated[Plate | None, About("挂车号牌", "Trailer's plate", source="GA 36")] = None


class Handover(Part):
    """Where and when one carrier hands over to the next."""

    at: Annotated[Moment | None, About("交接时间", "Time of the handover", source=f"{ACT} 第十七条")] = None
    place: Annotated[Place | None, About("交接地点", "Place of the handover", source=f"{ACT} 第十七条")] = None


class Leg(Part):
    """One part of the way with one carrier (运输段)."""

    seq: Annotated[Int, About("运输段序号", "Number of the leg", "The source's own, else counted from 1.")]
    carrier: Annotated[Carrier | None, About("承运人", "Carrier", source=f"{ACT} 第三十一条")] = None
    vehicle: Annotated[Vehicle | None, About("运输工具", "Vehicle")] = None
    driver: Annotated[Person | None, About("驾驶员", "Driver", personal=True)] = None
    escort: Annotated[Person | None, About("押运员", "Escort", personal=True)] = None
    from_: Annotated[Place | None, Field(alias="from"), About("运输起点", "From")] = None
    to: Annotated[Place | None, About("运输终点", "To")] = None
    via: Annotated[tuple[Place, ...] | None, About("经由地", "Via")] = None
    departed_at: Annotated[Moment | None, About("实际起运时间", "Departed at")] = None
    arrived_at: Annotated[Moment | None, About("实际到达时间", "Arrived at")] = None
    handover: Annotated[Handover | None, About("交接", "Handover to the next carrier")] = None
    device_id: Annotated[Text | None, About("定位终端编号", "Positioning device", source="JT/T 808")] = None


class Period(Part):
    """From when to when, for what isn't measured per trip (pipelines)."""

    from_: Annotated[Moment, Field(alias="from"), About("开始", "From")]
    to: Annotated[Moment, About("结束", "To")]
