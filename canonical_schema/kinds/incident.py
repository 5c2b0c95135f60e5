"""Environmental emergency (突发环境事件), canonical.md §3.3."""

from typing import Annotated, Literal

from canonical_schema.parties import Division, Party, Place
from canonical_schema.types import About, Instant, Int, ManifestNo, Moment, Part, Text, Tonnes

RULE = "突发环境事件信息报告办法"


class Pollutant(Part):
    """What was set free."""

    name: Annotated[Text, About("污染物名称", "Name of the pollutant", source=RULE)]
    quantity_t: Annotated[Tonnes | None, About("污染物数量", "Quantity of the pollutant", unit="t", source=RULE)] = None


class Casualties(Part):
    """Who was hurt."""

    deaths: Annotated[Int | None, About("死亡人数", "Deaths", source=RULE)] = None
    injured: Annotated[Int | None, About("受伤人数", "Injured", source=RULE)] = None


class Report(Part):
    """A first, following or closing report (初报、续报、处理结果报告)."""

    type: Annotated[Literal["initial", "follow_up", "final"], About("报告类型", "Type of report", source=RULE)]
    at: Annotated[Instant, About("报告时间", "Time of the report")]
    by: Annotated[Text | None, About("报告单位", "By", source=RULE)] = None
    text: Annotated[Text, About("报告内容", "Text of the report")]


class Incident(Part):
    """One emergency."""

    incident_no: Annotated[Text, About("事件编号", "Incident number")]
    level: Annotated[Literal["I", "II", "III", "IV"] | None, About("事件级别", "Level", source=RULE)] = None
    at: Annotated[Moment | None, About("发生时间", "Time of the incident", source=RULE)] = None
    place: Annotated[Place | None, About("发生地点", "Place of the incident", source=RULE)] = None
    cause: Annotated[Text | None, About("起因和性质", "Cause", source=RULE)] = None
    pollutants: Annotated[tuple[Pollutant, ...] | None, About("主要污染物", "Pollutants", source=RULE)] = None
    casualties: Annotated[Casualties | None, About("人员受害情况", "Casualties", source=RULE)] = None
    sensitive_sites: Annotated[tuple[Text, ...] | None, About("环境敏感点", "Sensitive sites", source=RULE)] = None
    national_nos: Annotated[tuple[ManifestNo, ...] | None, About("联单编号", "National manifest numbers")] = None
    parties: Annotated[tuple[Party, ...] | None, About("涉及单位", "Parties")] = None
    reports: Annotated[tuple[Report, ...], About("事件报告", "Reports", source=RULE)]
    affected: Annotated[
        tuple[Division, ...] | None, About("受影响地区", "Divisions affected", source=f"{RULE} 第八条")
    ] = None
