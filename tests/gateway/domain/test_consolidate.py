"""Claims to record: examples in words of the field, then properties over generated claims."""

from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from canonical_schema.digest import canonical_bytes
from canonical_schema.rules import Finding
from gateway.domain.claim import Claim
from gateway.domain.consolidate import _alone, _together, consolidate, findings_of
from gateway.domain.discrepancy import Discrepancy

NO = "20263201000001"
OIL, MUD = "900-249-08", "336-064-17"
M001 = {"id": "M001", "severity": "warning", "fields": ["/national_no"], "message": "甲", "message_en": "a"}
M003 = {"id": "M003", "severity": "warning", "fields": ["/wastes/0"], "message": "乙", "message_en": "b"}


def from_js() -> dict[str, Any]:
    return {
        "national_no": NO,
        "local_numbers": [{"system": "js", "number": "J1"}, {"system": "gd", "number": "G9"}],
        "status": "in_transit",
        "planned_at": {"at": "2026-03-04", "precision": "day"},
        "consignor": {"name": "移出厂", "division": {"code": "320115"}},
        "wastes": [
            {"seq": 1, "code": OIL, "name": "废油", "quantity_t": "1.25", "receipt": {"method": "R9"}},
            {"seq": 2, "code": MUD, "name": "污泥", "quantity_t": "3"},
        ],
        "legs": [{"seq": 1, "vehicle": {"plate": "苏A12345"}}],
        "consignee": {"name": "接受厂", "division": {"code": "120110"}},
    }


def from_tj() -> dict[str, Any]:
    return {
        "national_no": NO,
        "local_numbers": [{"system": "tj", "number": "T1"}, {"system": "js", "number": "J1"}],
        "status": "received",
        "planned_at": {"at": "2026-03-04T09:30:00+08:00", "precision": "minute"},
        "consignor": {"name": "移出厂 "},
        "wastes": [
            {"seq": 1, "code": MUD, "quantity_t": "3.10", "receipt": {"quantity_t": "3.1", "opinion": "accepted"}},
            {"seq": 2, "code": OIL, "quantity_t": "1.250", "receipt": {"quantity_t": "1.2"}},
        ],
        "legs": [{"seq": 1, "vehicle": {"plate": "苏A12346"}}],
        "consignee": {"name": "接受处置厂", "permit_no": "TJHW001"},
    }


def test_two_provinces_words_make_one_record(claim):
    js, tj = claim("js", from_js(), findings=(M003,)), claim("tj", from_tj(), findings=(M001, M003))
    found = consolidate("manifest", [tj, js])
    assert found.content == {
        "national_no": NO,
        "local_numbers": [
            {"system": "js", "number": "J1"},
            {"system": "gd", "number": "G9"},
            {"system": "tj", "number": "T1"},
        ],
        "status": "received",
        "planned_at": {"at": "2026-03-04", "precision": "day"},
        "consignor": {"name": "移出厂", "division": {"code": "320115"}},
        "wastes": [
            {"seq": 1, "code": OIL, "name": "废油", "quantity_t": "1.25", "receipt": {"quantity_t": "1.2"}},
            {
                "seq": 2,
                "code": MUD,
                "name": "污泥",
                "quantity_t": "3",
                "receipt": {"quantity_t": "3.1", "opinion": "accepted"},
            },
        ],
        "legs": [{"seq": 1, "vehicle": {"plate": "苏A12345"}}],
        "consignee": {"name": "接受处置厂", "permit_no": "TJHW001"},
    }
    assert found.used == (js, tj)
    assert found.sections == {"head": 0, "movement": 0, "legs": 0, "receipt": 1}
    assert found.discrepancies == (
        Discrepancy("/consignee/name", (("tj", "接受处置厂"), ("js", "接受厂"))),
        Discrepancy("/legs/0/vehicle/plate", (("js", "苏A12345"), ("tj", "苏A12346"))),
        Discrepancy("/status", (("tj", "received"), ("js", "in_transit"))),
        Discrepancy("/wastes/1/quantity_t", (("js", "3"), ("tj", "3.10"))),
    )
    assert [(told["id"], list(told["fields"])) for told in found.findings] == [
        ("M001", ["/national_no"]),
        ("M003", ["/wastes/0"]),
        ("X001", ["/consignee/name"]),
        ("X001", ["/legs/0/vehicle/plate"]),
        ("X001", ["/status"]),
        ("X001", ["/wastes/1/quantity_t"]),
    ]


def test_claims_are_not_touched(claim):
    consolidate("manifest", [claim("js", js := from_js()), claim("tj", tj := from_tj())])
    assert (js, tj) == (from_js(), from_tj())


def test_a_waste_that_only_the_receiving_side_knows_is_told_and_not_added(claim):
    tj = from_tj()
    tj["wastes"].append({"seq": 3, "code": "900-041-49", "receipt": {"quantity_t": "9"}})
    found = consolidate("manifest", [claim("js", from_js()), claim("tj", tj)])
    assert len(found.content["wastes"]) == 2
    assert Discrepancy("/wastes", (("js", [OIL, MUD]), ("tj", [MUD, OIL, "900-041-49"]))) in found.discrepancies


def test_a_receipt_taken_whole_leaves_no_leaf_of_the_other_sides(claim):
    tj = from_tj()
    for waste in tj["wastes"]:
        del waste["receipt"]
    found = consolidate("manifest", [claim("js", from_js()), claim("tj", tj)])
    assert not [waste for waste in found.content["wastes"] if "receipt" in waste]
    assert found.sections["receipt"] == 1


def test_numbers_and_links_are_everybodys_the_authoritys_first_as_it_has_them(claim):
    twice = [{"system": "js", "number": "J1"}, {"system": "js", "number": "J1"}]
    js = claim("js", from_js() | {"local_numbers": twice, "attachments": [{"name": "b"}]})
    tj = claim("tj", from_tj() | {"attachments": [{"name": "c"}, {"name": "b"}, {"name": "c"}]})
    gd = claim("gd", from_tj() | {"attachments": [{"name": "a"}]})
    content = consolidate("manifest", [tj, js, gd]).content
    assert content["attachments"] == [{"name": "b"}, {"name": "a"}, {"name": "c"}]
    assert content["local_numbers"] == [*twice, {"system": "tj", "number": "T1"}]


def test_a_third_systems_word_stands_beside_the_two(claim):
    gd = {"national_no": NO, "wastes": [{"seq": 1, "code": OIL, "quantity_t": "7"}], "shipper": "consignor"}
    found = consolidate("manifest", [claim("js", from_js()), claim("gd", gd), claim("tj", from_tj())])
    assert "shipper" not in found.content
    assert Discrepancy("/wastes/0/quantity_t", (("js", "1.25"), ("gd", "7"))) in found.discrepancies
    three = from_tj() | {"wastes": [{"seq": 9, "code": OIL, "quantity_t": "8"}]}
    found = consolidate("manifest", [claim("tj", three), claim("js", from_js()), claim("gd", gd)])
    assert Discrepancy("/wastes/0/quantity_t", (("js", "1.25"), ("gd", "7"), ("tj", "8"))) in found.discrepancies


def test_two_datasets_of_one_system_do_not_contradict_each_other(claim):
    late = from_js() | {"planned_at": {"at": "2026-03-09", "precision": "day"}}
    first, second = claim("js", from_js(), newer="1", dataset="list"), claim("js", late, newer="2", dataset="detail")
    found = consolidate("manifest", [first, second])
    assert found.content == late
    assert found.discrepancies == ()


def test_two_rows_of_one_dataset_under_one_number_never_pass_in_silence(claim):
    oil, acid = ({"seq": 1, "code": code, "quantity_t": tonnes} for code, tonnes in ((OIL, "1"), ("900-300-34", "2")))
    one, two = (claim("js", {"national_no": NO, "wastes": [waste]}, key) for key, waste in (("1", oil), ("2", acid)))
    found = consolidate("manifest", [one, two])
    assert found.discrepancies
    assert found == consolidate("manifest", [two, one])


def test_a_void_that_another_claim_tells_is_named_among_the_sections(claim):
    void = {"reason": "填错", "at": {"at": "2026-03-05", "precision": "day"}}
    js, tj = claim("js", from_js()), claim("tj", from_tj() | {"void": void, "status": "voided"})
    found = consolidate("manifest", [js, tj])
    assert (found.content["void"], found.sections["void"], found.content["status"]) == (void, 1, "in_transit")
    js = claim("js", from_js() | {"void": void, "status": "voided"})
    found = consolidate("manifest", [js, claim("tj", from_tj())])
    assert found.content["status"] == "voided"
    assert "void" not in found.sections


def test_the_number_of_another_claim_is_the_records_and_is_compared_as_its_word(claim):
    js = from_js()
    del js["national_no"]
    other = from_tj() | {"national_no": "20263201000009"}
    found = consolidate("manifest", [claim("js", js), claim("tj", from_tj()), claim("gd", other)])
    assert found.content["national_no"] == NO
    assert Discrepancy("/national_no", (("tj", NO), ("gd", "20263201000009"))) in found.discrepancies


def test_findings_are_joined_each_once_in_one_order(claim):
    found = consolidate("manifest", [claim("js", from_js(), findings=(M003, M001, M003))])
    assert found.findings == (M001, M003)
    judged = [Finding("M004", "warning", ("",), "丙", "c"), Finding("M002", "warning", ("/a",), "丁", "d")]
    joined = findings_of(found, judged)
    assert joined == findings_of(found, judged[::-1]) == findings_of(found, [*judged, *judged])
    assert [told["id"] for told in joined] == ["M001", "M002", "M003", "M004"]


def test_no_claims_make_no_record():
    with pytest.raises(ValueError):
        consolidate("manifest", [])


days = st.sampled_from(["2026-03-04", "2026-03-05"]).map(lambda day: {"at": day, "precision": "day"})
minutes = days.map(lambda day: {"at": f"{day['at']}T08:30:00+08:00", "precision": "minute"})
divisions = st.sampled_from(["32", "3201", "12", "120110", "44"]).map(lambda code: {"code": code})
texts = st.sampled_from(["甲", "乙"])
tonnes = st.sampled_from(["1", "1.25", "3"])


def objects(required: dict[str, Any] | None = None, **optional: Any) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(required or {}, optional=optional)


receipts = objects(quantity_t=tonnes, note=texts, opinion=st.sampled_from(["accepted", "refused"]))
wastes = objects(
    {"seq": st.integers(1, 3), "code": st.sampled_from([OIL, MUD])},
    name=texts,
    quantity_t=tonnes,
    hazards=st.permutations(["T", "I"]),
    receipt=receipts,
)
legs = objects(
    {"seq": st.integers(1, 2)}, vehicle=objects(plate=st.sampled_from(["苏A12345", "津B54321"])), departed_at=days
)
numbers = st.fixed_dictionaries({"system": st.sampled_from(["js", "tj", "gd"]), "number": st.sampled_from(["1", "2"])})
parties = objects({"name": texts}, division=divisions, contact=objects(phone=texts))
contents = objects(
    {"wastes": st.lists(wastes, min_size=1, max_size=3)},
    national_no=st.sampled_from([NO, "20261201000001"]),
    local_numbers=st.lists(numbers, min_size=1, max_size=3),
    status=st.sampled_from(["declared", "in_transit", "received", "refused", "completed", "voided"]),
    void=objects({"reason": texts}, at=days),
    shipper=st.sampled_from(["consignor", "consignee"]),
    planned_at=days | minutes,
    attachments=st.lists(texts.map(lambda name: {"name": name}), min_size=1, max_size=2),
    consignor=parties,
    consignee=parties,
    legs=st.lists(legs, min_size=1, max_size=2),
)


@st.composite
def claim_lists(draw: st.DrawFn, min_size: int = 1, max_size: int = 4) -> list[Claim]:
    """Claims of different identities, each with its own arrival."""
    adapters = {"js": "32", "tj": "12", "gd": "44"}
    identities = st.tuples(st.sampled_from(sorted(adapters)), st.sampled_from(["1", "2"]))
    chosen = draw(st.lists(identities, min_size=min_size, max_size=max_size, unique=True))
    return [
        Claim(
            kind="manifest",
            adapter=adapter,
            division=adapters[adapter],
            dataset="manifests",
            source_key=key,
            content=draw(contents),
            newer=draw(st.sampled_from([None, "1", "2"])),
            arrival=arrival,
            observed_at="2026-03-05T08:30:00+08:00",
            payload_hash="a" * 64,
            mapping_hash="b" * 64,
            findings=tuple(draw(st.lists(st.sampled_from([M001, M003]), max_size=2))),
        )
        for arrival, (adapter, key) in enumerate(chosen)
    ]


def leaves(value: Any, path: str = "") -> set[tuple[str, Any]]:
    """(path without list positions, value) of every leaf."""
    if isinstance(value, dict):
        return {leaf for name, inner in value.items() for leaf in leaves(inner, f"{path}/{name}")}
    if isinstance(value, list):
        return {leaf for inner in value for leaf in leaves(inner, f"{path}/*")}
    return {(path, value)}


@settings(max_examples=60)
@given(claim_lists(min_size=2))
def test_any_order_of_claims_gives_the_same_record(claims):
    expected = consolidate("manifest", claims)
    assert expected.used == tuple(sorted(claims, key=lambda claim: claim.identity))
    for order in permutations(claims):
        found = consolidate("manifest", order)
        assert found == expected
        assert canonical_bytes(found.content) == canonical_bytes(expected.content)


@settings(max_examples=100)
@given(claim_lists())
def test_the_short_way_for_one_claim_gives_the_same(claims):
    for claim in claims:
        assert _alone(claim) == _together([claim])
        assert _alone(claim).content == claim.content


@settings(max_examples=150)
@given(claim_lists(min_size=2))
def test_no_leaf_is_added_and_each_section_is_its_speakers(claims):
    found = consolidate("manifest", claims)
    assert leaves(found.content) <= {leaf for claim in claims for leaf in leaves(claim.content)}
    speaking = {section: found.used[index].content for section, index in found.sections.items()}
    for section, fields in {"head": ["shipper", "planned_at"], "receipt": ["consignee"], "legs": ["legs"]}.items():
        for field in fields:
            assert found.content.get(field) == speaking.get(section, {}).get(field)
    moved = [{name: value for name, value in waste.items() if name != "receipt"} for waste in found.content["wastes"]]
    assert moved == [
        {name: value for name, value in waste.items() if name != "receipt"} for waste in speaking["movement"]["wastes"]
    ]
    everyones = [number for claim in claims for number in claim.content.get("local_numbers", ())]
    assert all(number in everyones for number in found.content.get("local_numbers", ()))
    assert all(number in found.content["local_numbers"] for number in everyones)


def at(content: Any, pointer: str) -> Any:
    for part in pointer.split("/")[1:]:
        content = content[int(part)] if isinstance(content, list) else content[part]
    return content


@settings(max_examples=150)
@given(claim_lists(min_size=2))
def test_a_discrepancy_points_to_what_stands_in_the_record_once_per_field(claims):
    found = consolidate("manifest", claims)
    fields = [told.field for told in found.discrepancies]
    assert fields == sorted(set(fields))
    for told in found.discrepancies:
        assert len(told.sides) >= 2
        if told.field != "/wastes":
            assert at(found.content, told.field) == told.sides[0][1]
    assert [list(told["fields"]) for told in found.findings if told["id"] == "X001"] == [[field] for field in fields]


@settings(max_examples=60)
@given(contents)
def test_systems_that_say_the_same_never_differ(content):
    one = {"kind": "manifest", "dataset": "d", "source_key": "1", "newer": None, "arrival": 0, "observed_at": ""}
    claims = [
        Claim(adapter=adapter, division=division, content=content, payload_hash="", mapping_hash="", **one)
        for adapter, division in (("js", "32"), ("tj", "12"), ("gd", "44"))
    ]
    found = consolidate("manifest", claims)
    assert (found.content.get("status"), found.discrepancies) == (content.get("status"), ())
