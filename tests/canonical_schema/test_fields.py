import pytest

from canonical_schema.errors import InvalidValue, SchemaError
from canonical_schema.fields import ObjectType, ScalarType, field_tree


def paths(tree, prefix=""):
    for field in tree.fields.values():
        path = f"{prefix}/{field.name}" + ("[]" if field.many else "")
        yield path, field
        if isinstance(field.type, ObjectType):
            yield from paths(field.type, path)


MANIFEST = dict(paths(field_tree("manifest")))


def test_the_tree_has_the_standards_names_and_types():
    types = {path: field.type.name for path, field in MANIFEST.items() if isinstance(field.type, ScalarType)}
    expected = {
        "/national_no": "manifest_no",
        "/local_numbers[]/system": "text",
        "/status": "word",
        "/period/from": "moment",
        "/attachments[]/uri": "string",
        "/consignor/uscc": "uscc",
        "/consignor/division/code": "division",
        "/wastes[]/seq": "int",
        "/wastes[]/code": "waste_code",
        "/wastes[]/category": "category",
        "/wastes[]/hazards[]": "hazard",
        "/wastes[]/form": "form",
        "/wastes[]/container_ids[]": "container_id",
        "/wastes[]/quantity_t": "tonnes",
        "/wastes[]/dangerous_goods/class": "text",
        "/wastes[]/receipt/major_discrepancy": "boolean",
        "/wastes[]/receipt/method": "method",
        "/legs[]/vehicle/plate": "plate",
        "/legs[]/from/point/lon": "number",
        "/consignee/permit_no": "permit_no",
    }
    assert {path: types[path] for path in expected} == expected


def test_only_what_its_parent_needs_is_required():
    required = {path for path, field in MANIFEST.items() if field.required and "/division/" not in path}
    assert {path for path in required if "/point/" not in path and "/other_ids" not in path} == {
        "/wastes[]",
        "/wastes[]/seq",
        "/wastes[]/other_codes[]/system",
        "/wastes[]/other_codes[]/code",
        "/wastes[]/declared/value",
        "/wastes[]/declared/unit",
        "/wastes[]/receipt/declared/value",
        "/wastes[]/receipt/declared/unit",
        "/legs[]/seq",
        "/local_numbers[]/system",
        "/local_numbers[]/number",
        "/attachments[]/name",
        "/period/from",
        "/period/to",
    }


def test_at_least_one_of_them():
    assert MANIFEST["/consignor"].type.any_of == ("name", "uscc", "other_ids")
    assert MANIFEST["/legs[]/carrier"].type.any_of == ("name", "uscc", "other_ids")
    assert MANIFEST["/legs[]/from"].type.any_of == ("name", "division", "point")
    assert MANIFEST["/wastes[]"].type.any_of == ("name", "code")


def test_personal_fields_are_every_person_and_the_emergency_phone():
    personal = {path for path, field in MANIFEST.items() if field.personal}
    persons = {path for path, field in MANIFEST.items() if field.type.name == "Person"}
    assert persons == {
        *(f"/{role}/contact" for role in ("consignor", "consignee", "legs[]/carrier")),
        *("/consignor/handler", "/consignee/handler", "/legs[]/driver", "/legs[]/escort"),
    }
    within = {path for path in MANIFEST if path.rpartition("/")[0] in persons}
    assert personal == persons | within | {"/consignor/emergency_phone"}


def test_every_field_has_both_titles():
    assert all(field.title and field.title_en for field in MANIFEST.values())
    assert (MANIFEST["/consignee"].title, MANIFEST["/consignee"].title_en) == ("接受人", "Consignee")


def test_every_top_field_stands_in_a_section():
    sections = {field.name: field.section for field in field_tree("manifest").fields.values()}
    assert set(sections.values()) == {"head", "movement", "legs", "receipt"}
    assert (sections["consignor"], sections["consignee"], sections["void"]) == ("movement", "receipt", "head")
    assert MANIFEST["/wastes[]/receipt"].section == "receipt"


def test_a_refused_value_names_its_rule():
    rules = {path: MANIFEST[path].type.finding for path in ("/national_no", "/consignor/uscc", "/legs[]/vehicle/plate")}
    assert rules == {"/national_no": "M001", "/consignor/uscc": "M002", "/legs[]/vehicle/plate": "M050"}
    assert MANIFEST["/wastes[]/code"].type.finding == MANIFEST["/wastes[]/category"].type.finding == "M010"
    assert MANIFEST["/wastes[]/form"].type.finding == "M000"


def test_words_numbers_and_truth_are_parsed():
    status = MANIFEST["/status"].type
    assert status.words[0] == "declared"
    assert status.parse(" Completed ") == "completed"
    with pytest.raises(InvalidValue, match="'done' is none of declared, "):
        status.parse("done")
    seq = MANIFEST["/wastes[]/seq"].type
    assert seq.parse("１2.0") == 12
    with pytest.raises(InvalidValue, match=r"'1\.5' is no whole number"):
        seq.parse("1.5")
    truth = MANIFEST["/wastes[]/receipt/major_discrepancy"].type
    assert (truth.parse("是"), truth.parse("FALSE")) == (True, False)
    with pytest.raises(InvalidValue, match="neither true nor false"):
        truth.parse("1")


def test_an_unknown_kind_is_named():
    with pytest.raises(SchemaError, match="no kind 'manifesto'; there are manifest"):
        field_tree("manifesto")
