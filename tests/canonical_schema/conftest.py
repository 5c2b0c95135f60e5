import copy

import pytest


def moment(at, precision="minute"):
    return {"at": at, "precision": precision}


def party(name):
    return {
        "name": name,
        "uscc": "91320500MA1DEM20XX",
        "other_ids": [{"system": "组织机构代码", "id": "700129261"}],
        "address": "苏州市工业园区星湖街1号",
        "division": {"code": "3205", "name": "苏州市"},
        "contact": {"name": "张三", "phone": "0512-60000000"},
        "point": {"lon": "120.7969", "lat": "31.0603"},
    }


def waste(seq):
    return {
        "seq": seq,
        "name": "废矿物油",
        "code": "900-249-08",
        "category": "HW08",
        "catalogue": "2025",
        "other_codes": [{"system": "内部", "code": "W1"}],
        "hazards": ["T", "I"],
        "form": "L",
        "constituents": ["石油类"],
        "packages": [{"type": "桶", "material": "铁", "spec": "200L", "count": 6}],
        "container_ids": ["91350100M000100Y439002490820260305001"],
        "quantity_t": "1.25",
        "dangerous_goods": {"un_no": "UN3082", "class": "9", "packing_group": "III"},
        "exemption": {"item": "7", "links": ["运输"]},
        "receipt": {
            "quantity_t": "1.24",
            "declared": {"value": "6", "unit": "桶"},
            "major_discrepancy": False,
            "opinion": "accepted",
            "method": "R9",
        },
    }


def leg(seq, departed, arrived):
    return {
        "seq": seq,
        "carrier": party("苏州某某运输有限公司") | {"road_permit_no": "320500000001"},
        "vehicle": {"plate": "苏E12345", "plate_colour": "黄", "trailer_plate": "苏E1234挂"},
        "driver": {"name": "李四", "phone": "13900000000", "licence_no": "320500199001011234"},
        "escort": {"name": "王五"},
        "from": {"name": "甲地", "division": {"code": "320505"}},
        "to": {"point": {"lon": "118.7969", "lat": "32.0603"}},
        "via": [{"name": "无锡"}],
        "departed_at": moment(departed),
        "arrived_at": moment(arrived),
        "handover": {"at": moment(arrived), "place": {"name": "乙地"}},
        "device_id": "013900000000",
    }


FULL = {
    "national_no": "20263205000123",
    "local_numbers": [{"system": "js", "number": "JS202603050001"}],
    "transfer_type": "intra_province",
    "status": "completed",
    "void": {"reason": "填写错误"},
    "backfill": {"paper_no": "苏纸0001", "filed_at": moment("2026-03-10", "day")},
    "plan_filing_no": "JH2026320500001",
    "planned_at": moment("2026-03-05", "day"),
    "period": {"from": moment("2026-03-01", "day"), "to": moment("2026-03-31", "day")},
    "attachments": [{"name": "磅单.pdf", "media_type": "application/pdf", "uri": "https://example.org/1"}],
    "consignor": party("苏州某某化工有限公司")
    | {
        "emergency_phone": "0512-11111111",
        "handler": {"name": "赵六"},
        "handed_over_at": moment("2026-03-05T08:30:00+08:00"),
    },
    "wastes": [waste(1), waste(2)],
    "legs": [
        leg(1, "2026-03-05T09:00:00+08:00", "2026-03-05T11:00:00+08:00"),
        leg(2, "2026-03-05T12:00:00+08:00", "2026-03-05T14:00:00+08:00"),
    ],
    "consignee": party("南京某某环保有限公司")
    | {
        "permit_no": "JS0508",
        "received_at": moment("2026-03-05T15:00:00+08:00"),
        "confirmed_at": moment("2026-03-06T10:00:00+08:00"),
        "opinion": "accepted",
    },
}


@pytest.fixture
def full():
    """A manifest that breaks no rule and has nearly every field; the test may change it."""
    return copy.deepcopy(FULL)
