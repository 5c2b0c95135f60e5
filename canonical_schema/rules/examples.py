"""What keeps each rule and what breaks it: records, and values in a source. The rules carry them, tests judge them."""

from datetime import date

from canonical_schema.rules.rule import Content, Example, Written

DAY = date(2026, 4, 30)
"""The day on which the examples are judged."""


def _day(at: str) -> dict[str, str]:
    return {"at": at, "precision": "day"}


def _manifest(**fields: object) -> Content:
    wastes = [{"seq": 1, "code": "900-249-08", "quantity_t": "1.25"}]
    return {"national_no": "20263205000123", "wastes": wastes} | fields


def _waste(**fields: object) -> list[Content]:
    return [{"seq": 1, "code": "900-249-08", "quantity_t": "10", "form": "L"} | fields]


def _received(at: str, confirmed: str) -> Content:
    return {"name": "乙", "received_at": _day(at), "confirmed_at": _day(confirmed)}


def _positions(*points: tuple[str, str, str]) -> Content:
    rows = [{"at": f"2026-03-05T{at}+08:00", "lon": lon, "lat": lat} for at, lon, lat in points]
    return {"plate": "苏E12345", "positions": rows}


def _steps(*days: str) -> list[Content]:
    return [{"step": step, "at": _day(day)} for step, day in zip(("受理", "商请函", "同意", "批准"), days, strict=True)]


_APPROVED: Content = {
    "application_no": "A1",
    "state": "approved",
    "wastes": [{"code": "900-249-08"}],
    "approval": {"no": "P1", "valid_from": _day("2026-01-01"), "valid_to": _day("2026-12-31"), "quantity_t": "20"},
}
_PERMIT: Content = {
    "permit_no": "X1",
    "holder": {"name": "乙"},
    "scope": [{"category": "HW08", "codes": ["900-249-08"], "mode": "only"}],
    "methods": ["R9"],
    "annual_capacity_t": "12",
}
_MOVED = {"planned_at": _day("2026-03-05"), "transfer_type": "cross_province"}

EXAMPLES: dict[str, Example] = {
    "M001": Example(
        _manifest(consignor={"name": "甲", "division": {"code": "3205"}}),
        _manifest(consignor={"name": "甲", "division": {"code": "4401"}}),
    ),
    "M003": Example(
        _manifest(), _manifest(wastes=[{"seq": 1, "name": "废油", "declared": {"value": "6", "unit": "桶"}}])
    ),
    "M004": Example(_manifest(), {"wastes": _waste()}),
    "M010": Example(_manifest(), _manifest(wastes=_waste(code="900-998-08"))),
    "M011": Example(_manifest(wastes=_waste(hazards=["T", "I"])), _manifest(wastes=_waste(hazards=["In"]))),
    "M020": Example(
        _manifest(
            consignor={"name": "甲", "handed_over_at": _day("2026-03-05")},
            consignee=_received("2026-03-05", "2026-03-06"),
        ),
        _manifest(
            consignor={"name": "甲", "handed_over_at": _day("2026-03-05")},
            consignee=_received("2026-03-04", "2026-03-06"),
        ),
    ),
    "M021": Example(
        _manifest(consignee=_received("2026-03-06", "2026-03-13")),
        _manifest(consignee=_received("2026-03-06", "2026-03-16")),
    ),
    "M022": Example(
        _manifest(backfill={"finished_at": _day("2026-03-02"), "filed_at": _day("2026-03-16")}),
        _manifest(backfill={"finished_at": _day("2026-03-02")}),
    ),
    "M030": Example(
        _manifest(wastes=_waste(receipt={"quantity_t": "9.8"})), _manifest(wastes=_waste(receipt={"quantity_t": "9"}))
    ),
    "M031": Example(
        _manifest(wastes=_waste(receipt={"quantity_t": "10", "major_discrepancy": False})),
        _manifest(wastes=_waste(receipt={"quantity_t": "5", "major_discrepancy": False})),
    ),
    "M040": Example(
        _manifest(wastes=_waste(), **_MOVED),
        _manifest(wastes=_waste(quantity_t="21"), **_MOVED),
        {"application": [_APPROVED], "manifest": []},
    ),
    "M041": Example(
        _manifest(wastes=_waste(receipt={"method": "R9"}), consignee={"name": "乙"}),
        _manifest(wastes=_waste(receipt={"method": "D10"}), consignee={"name": "乙"}),
        {"permit": [_PERMIT]},
    ),
    "M042": Example(
        _manifest(wastes=_waste(receipt={"quantity_t": "10"}), consignee=_received("2026-03-05", "2026-03-06")),
        _manifest(wastes=_waste(receipt={"quantity_t": "13"}), consignee=_received("2026-03-05", "2026-03-06")),
        {"permit": [_PERMIT], "manifest": []},
    ),
    "M050": Example(
        _manifest(legs=[{"seq": 1, "carrier": {"name": "丙"}}]),
        _manifest(legs=[{"seq": 1, "departed_at": _day("2026-03-05")}]),
    ),
    "M060": Example(
        _manifest(status="completed", wastes=_waste(receipt={"quantity_t": "10"})),
        _manifest(status="completed", wastes=_waste(receipt={"quantity_t": "11"})),
        {"disposal": [{"disposal_no": "D1", "wastes": [{"code": "900-249-08", "quantity_t": "8"}], "in_stock_t": "2"}]},
    ),
    "A001": Example(
        {
            "application_no": "A1",
            "wastes": [{"code": "900-249-08"}],
            "steps": _steps("2026-03-02", "2026-03-09", "2026-03-23", "2026-03-30"),
        },
        {
            "application_no": "A1",
            "wastes": [{"code": "900-249-08"}],
            "steps": _steps("2026-03-02", "2026-03-10", "2026-03-23", "2026-03-30"),
        },
    ),
    "T001": Example(
        _positions(("09:00:00", "120.6319", "31.2624"), ("09:01:00", "120.6402", "31.2571")),
        _positions(("09:00:00", "120.6319", "31.2624"), ("09:01:00", "121.6402", "31.2571")),
    ),
}

WRITTEN: dict[str, Written] = {
    "M000": Written("/planned_at", "2026-03-05", "三月五日"),
    "M001": Written("/national_no", "2026 3205 000123", "LX2025-1001"),
    "M002": Written("/consignor/uscc", "91110000600037341L", "91110000600037341M"),
    "M010": Written("/wastes/code", "HW08 900-249-08", "900-01-08"),
    "M050": Written("/legs/vehicle/plate", "苏E·12345", "苏E1234"),
}
"""Rules whose finding comes up while a value is mapped: the value isn't understood, so the field is absent."""
