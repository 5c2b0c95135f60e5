import re
from collections import Counter
from datetime import date

import pytest

from canonical_schema import codes
from canonical_schema.codes import code_list, editions
from canonical_schema.errors import CodeListUnreadable

PER_CATEGORY = (
    "01:5 02:20 03:1 04:13 05:7 06:6 07:6 08:32 09:3 10:4 11:85 12:20 13:8 14:1 15:4 16:8 17:21 18:4 19:1 20:1 21:13 "
    "22:4 23:4 24:1 25:1 26:1 27:2 28:1 29:22 30:1 31:6 32:1 33:5 34:19 35:12 36:9 37:4 38:7 39:2 40:1 45:8 46:3 47:2 "
    "48:33 49:11 50:44"
)


def test_the_2021_catalogue_has_467_codes_in_46_categories_as_published():
    rows = code_list("waste_2021").rows
    assert len(rows) == 467
    counted = Counter(row["category"] for row in rows.values())
    assert counted == {f"HW{pair[:2]}": int(pair[3:]) for pair in PER_CATEGORY.split()}
    assert set(counted) == set(code_list("categories").rows)


def test_every_code_of_the_catalogue_ends_in_its_category_and_has_a_hazard():
    hazards = code_list("hazards").rows
    for code, row in code_list("waste_2021").rows.items():
        assert re.fullmatch(r"\d{3}-\d{3}-\d{2}", code)
        assert row["category"] == f"HW{code[-2:]}"
        named = [hazard for column in ("hazards_certain", "hazards_possible") for hazard in row[column].split("|")]
        assert {name for name in named if name} <= hazards.keys()
        assert any(named)


def test_one_edition_is_in_force_on_any_day_since_2016():
    for day, edition in [
        ("2016-08-01", "2016"),
        ("2020-12-31", "2016"),
        ("2021-01-01", "2021"),
        ("2025-01-01", "2025"),
    ]:
        in_force = [one.edition for one in editions("waste") if one.in_force(date.fromisoformat(day))]
        assert in_force == [edition]


def test_every_list_says_title_edition_and_source():
    for name in codes.names():
        assert {"title", "title_en", "edition", "source"} <= code_list(name).facts.keys(), name


def test_titles_in_both_languages():
    assert code_list("categories").title("HW08") == "废矿物油与含矿物油废物"
    assert code_list("hazards").title("In", "en") == "infectivity"
    assert code_list("hazards").title("X") == ""


def test_an_edition_is_added_by_adding_a_file(tmp_path, monkeypatch):
    monkeypatch.setattr(codes, "FOLDER", tmp_path)
    (tmp_path / "seals_2030.csv").write_text("# title: 封签\n# valid_from: 2030-01-01\ncode,title\nA,甲\n", "utf-8")
    assert [one.known("A") for one in editions("seals")] == [True]


@pytest.mark.parametrize(
    "broken", ["# words\ncode\nA\n", "# a: b\ncode,title\nA\n", "# a: b\ncode\nA\nA\n", "code\n,x\n"]
)
def test_a_broken_list_is_refused(tmp_path, monkeypatch, broken):
    monkeypatch.setattr(codes, "FOLDER", tmp_path)
    (tmp_path / f"broken_{abs(hash(broken))}.csv").write_text(broken, "utf-8")
    with pytest.raises(CodeListUnreadable):
        code_list(f"broken_{abs(hash(broken))}")


def test_an_unknown_list_is_named():
    with pytest.raises(CodeListUnreadable, match="no code list 'colours'"):
        code_list("colours")
