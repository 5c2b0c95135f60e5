"""What values say: their shape, their times, their units, what they write for nothing and between parts."""

import pytest

from mappings.infer.habits import fillers, is_unit, mark, named_unit, unit_of
from mappings.infer.moments import formats, formats_of, union
from mappings.infer.shapes import SHAPES, fit
from mappings.infer.targets import targets
from mappings.infer.tree import Place

GOOD = {
    "manifest_no": "20263205000123",
    "uscc": "91110000600037341L",
    "waste_code": "HW08 900-249-08",
    "category": "HW08",
    "plate": "苏A·12345",
    "division": "320500",
    "method": "R9",
    "hazard": "T，I".replace("，", ","),
    "phone": "025-83660001",
    "email": "a.b@example.cn",
    "person": "王建国",
    "company": "苏州某某化工有限公司",
    "address": "苏州市工业园区星湖街1号",
    "moment": "2026/03/05 08:30",
    "quantity": "1,250.5",
    "media": "application/pdf",
    "colour": "渐变绿",
    "un_no": "UN1993",
}


@pytest.mark.parametrize(("shape", "text"), GOOD.items())
def test_a_value_has_its_shape(shape, text):
    assert fit(shape, [text]) == 1


@pytest.mark.parametrize(
    "shape", ["uscc", "manifest_no", "plate", "waste_code", "category", "division", "moment", "email", "hazard"]
)
def test_nothing_else_has_a_shape_of_its_own(shape):
    others = {
        name: text for name, text in GOOD.items() if name != shape and not (shape == "category" and name == "hazard")
    }
    assert [name for name, text in others.items() if fit(shape, [text])] == []


def test_a_foreign_name_may_be_a_company_and_a_credit_code_never():
    assert 0 < fit("company", ["Test Transporter 1 of VA"]) < 0.5
    assert fit("company", ["91110000600037341L"]) == 0


def test_the_part_that_fits_is_told():
    assert fit("plate", ["苏A12345", "无牌", "苏A1234挂", "苏A12346"]) == 0.75
    assert fit("plate", []) == 0


def test_every_field_has_a_shape():
    assert {target.shape for target in targets()} <= set(SHAPES)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("2026-03-05", "yyyy-MM-dd"),
        ("2026-3-5 8:05", "yyyy-MM-dd HH:mm"),
        ("2026.03.05 08:30:00", "yyyy.MM.dd HH:mm:ss"),
        ("20260305", "yyyyMMdd"),
        ("202603050830", "yyyyMMddHHmm"),
        ("2026-03-05T08:30:00.123+08:00", "yyyy-MM-ddTHH:mm:ss.SSSZ"),
        ("2026年03月05日 08:30", "yyyy年MM月dd日 HH:mm"),
        ("20261399", ""),
        ("13812345678", ""),
        ("2026-03-05 25:00", ""),
        ("2026-03/05", ""),
    ],
)
def test_the_format_of_a_time(text, form):
    assert formats_of(text) == form


def test_formats_come_by_how_often_and_together_the_finest_first():
    assert formats(["2026-03-05", "x", "2026-03-05 08:30", "2026-03-06"]) == ("yyyy-MM-dd", "yyyy-MM-dd HH:mm")
    assert union([("yyyyMMdd",), ("yyyyMMddHHmm", "yyyyMMdd")]) == ("yyyyMMddHHmm", "yyyyMMdd")


def place(*path, texts=()):
    return Place(path, texts=list(texts), filled=len(texts), seen=len(texts))


def test_what_stands_for_nothing_stands_among_other_values():
    remarks, choice = place("bz", texts=["无", "破损", "-"]), place("cy", texts=["有", "无"])
    assert set(fillers([remarks, choice])) == {"无", "-"}
    assert fillers([choice]) == ()


def test_a_unit_is_known_by_its_values_and_a_package_isnt_one():
    assert is_unit(place("jldw", texts=["吨", "千克"]))
    assert is_unit(place("x", texts=["t"]))
    assert not is_unit(place("bzfs", texts=["桶", "袋"]))
    assert not is_unit(place("jldw", texts=["吨", "大概"]))


def test_an_amount_has_the_unit_of_its_own_name():
    units = [place("w", "unit"), place("w", "recvUnit"), place("w", "qty", "@单位"), place("x", "unit")]
    assert unit_of(place("w", "recvQty"), units) == ("w", "recvUnit")
    assert unit_of(place("w", "qty"), units) == ("w", "qty", "@单位")
    assert unit_of(place("y", "qty"), units) is None


@pytest.mark.parametrize(
    ("name", "unit"), [("移出量（吨）", "吨"), ("zl_kg", "kg"), ("weight(t)", "t"), ("数量", None)]
)
def test_a_unit_in_a_name(name, unit):
    assert named_unit(name) == unit


@pytest.mark.parametrize(
    ("texts", "found"), [(["T,I", "C"], ","), (["苯;甲苯"], ";"), (["T/C", "T/I,R"], "/"), (["苯"], "、")]
)
def test_the_mark_between_parts(texts, found):
    assert mark(texts) == found
