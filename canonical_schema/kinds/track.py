"""Positions of one vehicle in one hour (轨迹), canonical.md §3.3. Key: device or plate, and the hour at +08:00."""

from typing import Annotated, ClassVar

from canonical_schema.types import About, Instant, Int, ManifestNo, Number, Part, Plate, Text


class Position(Part):
    """Where the vehicle was at one instant."""

    at: Annotated[Instant, About("定位时间", "Time of the position", source="JT/T 808")]
    lon: Annotated[Number, About("经度", "Longitude", "WGS-84, at most 7 decimals.", unit="°")]
    lat: Annotated[Number, About("纬度", "Latitude", "WGS-84, at most 7 decimals.", unit="°")]
    speed_kmh: Annotated[Number | None, About("速度", "Speed", unit="km/h", source="JT/T 808")] = None
    heading_deg: Annotated[
        Int | None,
        About("方向", "Heading", "North is 0, clockwise.", unit="°", source="JT/T 808"),
    ] = None
    altitude_m: Annotated[Number | None, About("高程", "Altitude", unit="m", source="JT/T 808")] = None
    alarms: Annotated[tuple[Text, ...] | None, About("报警", "Alarms", source="JT/T 808")] = None


class Track(Part):
    """One vehicle's positions of one hour."""

    ANY_OF: ClassVar[tuple[str, ...]] = ("plate", "device_id")

    plate: Annotated[Plate | None, About("车牌号", "Plate", source="GA 36")] = None
    plate_colour: Annotated[Text | None, About("车牌颜色", "Colour of the plate", source="JT/T 697.7")] = None
    device_id: Annotated[Text | None, About("定位终端编号", "Positioning device", source="JT/T 808")] = None
    national_no: Annotated[ManifestNo | None, About("联单编号", "National manifest number")] = None
    positions: Annotated[tuple[Position, ...], About("定位点", "Positions")]
