import pytest

from gateway.read.manifests import resolve
from gateway.read.trace import content_steps, trace

NUMBER, OTHER = "20263201000001", "20263201000002"


def of(gateway, no):
    with gateway.database.read() as conn:
        return trace(conn, resolve(conn, no))


def test_the_chain_is_told_from_plan_to_confirmation(filled):
    told = of(filled, NUMBER)
    assert told["national_no"] == NUMBER
    chain = [one for one in told["steps"] if one["step"] not in {"observed", "acknowledged"}]
    assert [(one["step"], one["at"], one["by"], one["field"]) for one in chain] == [
        ("planned", "2026-03-01T08:00:00+08:00", "甲化工厂", "/planned_at"),
        ("handed_over", "2026-03-02T08:00:00+08:00", "甲化工厂", "/consignor/handed_over_at"),
        ("departed", "2026-03-02T09:00:00+08:00", "一号运输", "/legs/0/departed_at"),
        ("arrived", "2026-03-02T12:00:00+08:00", "一号运输", "/legs/0/arrived_at"),
        ("handover", "2026-03-02T12:30:00+08:00", "一号运输", "/legs/0/handover/at"),
        ("departed", "2026-03-02T13:00:00+08:00", "二号运输", "/legs/1/departed_at"),
        ("arrived", "2026-03-02T18:00:00+08:00", "二号运输", "/legs/1/arrived_at"),
        ("received", "2026-03-02T19:00:00+08:00", "乙处置厂", "/consignee/received_at"),
        ("confirmed", "2026-03-03T10:00:00+08:00", "乙处置厂", "/consignee/confirmed_at"),
    ]
    assert {one["adapter"] for one in chain} <= {"aa", "bb"}
    assert chain[0]["adapter"] == "aa"


def test_each_system_that_told_of_it_is_named_with_the_time(filled):
    observed = [one for one in of(filled, NUMBER)["steps"] if one["step"] == "observed"]
    assert {one["adapter"] for one in observed} == {"aa", "bb"}
    assert all(one["at"].endswith("+08:00") for one in observed)


def test_a_void_and_a_backfill_are_steps(filled):
    told = {one["step"]: one for one in of(filled, OTHER)["steps"]}
    assert told["voided"]["at"] == "2026-03-04T10:00:00+08:00"
    assert told["voided"]["field"] == "/void/at"
    assert told["backfilled"]["at"] == "2026-03-04T11:00:00+08:00"


def record(content, sections=None):
    return {
        "content": content,
        "claims": [{"adapter": "js"}, {"adapter": "gd"}],
        "sections": {"head": 0, "movement": 0, "receipt": 1} if sections is None else sections,
    }


def test_each_step_is_told_by_the_authority_of_its_section():
    content = {
        "consignor": {"uscc": "U1", "handed_over_at": {"at": "2026-03-02", "precision": "day"}},
        "consignee": {"received_at": {"at": "2026-03-02T10:00:00+08:00", "precision": "minute"}},
    }
    assert [(one.step, one.adapter, one.by) for one in content_steps(record(content))] == [
        ("handed_over", "js", "U1"),
        ("received", "gd", None),
    ]


def test_a_section_of_nobody_falls_to_the_first_claim():
    steps = list(content_steps(record({"legs": [{"seq": 1, "handover": {"place": {"name": "港口"}}}]}, sections={})))
    assert [(one.step, one.at, one.adapter, one.field) for one in steps] == [
        ("handover", None, "js", "/legs/0/handover")
    ]


@pytest.mark.parametrize(
    ("void", "field"), [({"reason": "错"}, "/void"), ({"at": {"at": "2026-03-04", "precision": "day"}}, "/void/at")]
)
def test_a_void_without_a_time_is_still_a_step(void, field):
    (step,) = content_steps(record({"void": void}))
    assert (step.step, step.field) == ("voided", field)


@pytest.mark.parametrize(("sections", "adapter"), [({"head": 0, "void": 1}, "gd"), ({"head": 1}, "gd"), ({}, "js")])
def test_a_void_is_told_by_its_own_section_else_by_the_heads(sections, adapter):
    (step,) = content_steps(record({"void": {"reason": "错"}}, sections))
    assert step.adapter == adapter
