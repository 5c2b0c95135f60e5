import pytest

from canonical_schema.errors import InvalidChecksum, InvalidValue
from canonical_schema.rules import REGISTRY, discrepancy_finding, refused_value
from canonical_schema.rules.examples import EXAMPLES
from canonical_schema.values import plate, uscc


def test_a_refused_value_names_field_raw_value_and_reason():
    with pytest.raises(InvalidChecksum) as caught:
        uscc.parse("91110000600037341M")
    found = refused_value("M002", "/consignor/uscc", "91110000600037341M", caught.value)
    assert (found.id, found.severity, found.fields) == ("M002", "warning", ("/consignor/uscc",))
    assert found.message.startswith("/consignor/uscc 未能理解原值“91110000600037341M”: ")
    assert "应为 L" in found.message
    assert found.message_en.endswith("its check, should be L")


def test_a_long_or_unprintable_raw_value_is_shown_short():
    with pytest.raises(InvalidValue) as caught:
        plate.parse("无\x00" * 100)
    found = refused_value("M050", "/legs/0/vehicle/plate", "无\x00" * 100, caught.value)
    assert "\x00" not in found.message
    assert len(found.message) < 300


def test_a_discrepancy_tells_both_words():
    found = discrepancy_finding(
        "/consignee/received_at", [("js", {"at": "2026-03-05", "precision": "day"}), ("gd", None)]
    )
    assert (found.id, found.fields) == ("X001", ("/consignee/received_at",))
    assert found.message == (
        '/consignee/received_at 两侧说法不一致: js 为 {"at": "2026-03-05", "precision": "day"}; gd 为 —'
    )
    assert discrepancy_finding("/wastes/0/quantity_t", (("js", "1.25"), ("gd", "1.3"))).message_en == (
        "/wastes/0/quantity_t differs between the sides: js says 1.25; gd says 1.3"
    )


def test_the_registry_knows_every_rule_by_its_own_id():
    manifest = {"M000", "M001", "M002", "M003", "M004", "M010", "M011", "M020", "M021", "M022", "M030", "M031"}
    manifest |= {"M040", "M041", "M042", "M050", "M060", "X001"}
    assert {name for name, rule in REGISTRY.items() if rule.kinds == ("manifest",)} == manifest
    assert set(REGISTRY) - manifest == {"A001", "T001"}
    for name, rule in REGISTRY.items():
        assert rule.id == name
        assert rule.title
        assert rule.title_en
        assert rule.source
        assert bool(rule.relate) == bool(rule.needs)
    judged = {name for name, rule in REGISTRY.items() if rule.judge or rule.relate}
    assert set(REGISTRY) - judged == {"M000", "M002", "X001"}
    assert judged == set(EXAMPLES)
