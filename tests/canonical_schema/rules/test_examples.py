"""Every rule's own examples: one keeps it, one breaks it; and what the examples alone don't show."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canonical_schema import structure
from canonical_schema.errors import InvalidValue
from canonical_schema.fields import ObjectType, field_tree
from canonical_schema.kinds.registry import KINDS
from canonical_schema.rules import REGISTRY, judge, refused_value
from canonical_schema.rules.examples import DAY, EXAMPLES, WRITTEN
from canonical_schema.rules.tracks import kilometres
from canonical_schema.rules.working_days import deadline, is_working_day


def found(name, content, day=DAY):
    (kind,) = REGISTRY[name].kinds
    related = EXAMPLES[name].related if REGISTRY[name].needs else None
    return [one for one in judge(kind, content, day=day, related=related) if one.id == name]


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_example_that_keeps_the_rule_has_no_finding_and_the_other_has(name):
    example = EXAMPLES[name]
    assert found(name, example.keeps) == []
    told = found(name, example.breaks)
    assert told
    assert all(one.message and one.message_en and one.fields for one in told)


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_are_sound_in_structure(name):
    (kind,) = REGISTRY[name].kinds
    for content in (EXAMPLES[name].keeps, EXAMPLES[name].breaks):
        assert structure.faults(kind, content) == []
        assert KINDS[kind].model_validate(content).canonical() == content


@pytest.mark.parametrize("name", WRITTEN)
def test_a_source_may_write_one_value_and_the_other_is_the_rules_finding(name):
    written, part = REGISTRY[name].written, field_tree(REGISTRY[name].kinds[0])
    for step in written.field.split("/")[1:]:
        kind = part.fields[step].type
        part = kind if isinstance(kind, ObjectType) else part
    assert kind.finding == name
    kind.parse(written.keeps)
    with pytest.raises(InvalidValue) as caught:
        kind.parse(written.breaks)
    told = refused_value(kind.finding, written.field, written.breaks, caught.value)
    assert (told.id, told.fields) == (name, (written.field,))


def test_each_rule_carries_what_keeps_and_breaks_it_except_the_one_between_two_sides():
    assert {name for name, rule in REGISTRY.items() if not rule.example and not rule.written} == {"X001"}
    assert all(REGISTRY[name].example is one for name, one in EXAMPLES.items())
    assert len(set(REGISTRY.values())) == len(REGISTRY)


@pytest.mark.parametrize("name", [name for name in EXAMPLES if REGISTRY[name].needs])
def test_a_rule_that_needs_other_records_is_silent_without_them(name):
    assert [one for one in judge("manifest", EXAMPLES[name].breaks, day=DAY) if one.id == name] == []


@pytest.mark.parametrize("name", ["M040", "M041", "M060"])
def test_that_there_are_none_is_a_finding(name):
    none = {kind: [] for kind in REGISTRY[name].needs}
    told = judge("manifest", EXAMPLES[name].keeps, day=DAY, related=none)
    assert [one.id for one in told if one.id == name] == [name]


def test_working_days_know_the_shifted_ones_and_say_when_they_dont():
    assert is_working_day(date(2026, 2, 14)) == (True, False)  # a Saturday worked for the Spring Festival
    assert is_working_day(date(2026, 2, 16)) == (False, False)
    assert is_working_day(date(2035, 1, 1)) == (False, True)
    assert deadline(date(2026, 12, 30), 5)[1] is True


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(1, 30))
def test_a_term_ends_on_a_working_day_and_no_earlier_than_its_days(start, days):
    last, _ = deadline(start, days)
    assert (last - start).days >= days
    assert is_working_day(last)[0]
    between = [date.fromordinal(day) for day in range(start.toordinal() + 1, last.toordinal() + 1)]
    assert sum(is_working_day(day)[0] for day in between) == days


def test_a_term_that_isnt_over_is_not_missed():
    open_still = {"national_no": "20263205000123", "wastes": [{"seq": 1, "name": "废油", "quantity_t": "1"}]}
    open_still["consignee"] = {"name": "乙", "received_at": {"at": "2026-03-06", "precision": "day"}}
    assert found("M021", open_still, date(2026, 3, 13)) == []
    (late,) = found("M021", open_still, date(2026, 3, 14))
    assert "尚未办理" in late.message
    assert "2026-03-13" in late.message_en


def test_a_term_in_a_year_without_a_calendar_is_marked_provisional():
    late = {"national_no": "20323205000123", "wastes": [{"seq": 1, "name": "废油", "quantity_t": "1"}]}
    late["consignee"] = {"name": "乙", "received_at": {"at": "2032-03-05", "precision": "day"}}
    (told,) = found("M021", late, date(2032, 6, 1))
    assert "暂定/provisional" in told.message


@pytest.mark.parametrize(
    ("fault", "rows"),
    [
        ("before the one", [("09:01:00", "120.1", "31.1"), ("09:00:00", "120.1", "31.1")]),
        ("gaps", [("09:00:00", "120.1", "31.1"), ("09:06:00", "120.1", "31.1")]),
        ("jumps", [("09:00:00", "120.1", "31.1"), ("09:00:30", "120.3", "31.1")]),
        ("outside China", [("09:00:00", "2.35", "48.85")]),
        ("stops", [(f"09:{minute:02}:00", "120.1", "31.1") for minute in range(0, 40, 4)]),
    ],
)
def test_t001_names_each_kind_of_fault_once(fault, rows):
    positions = [{"at": f"2026-03-05T{at}+08:00", "lon": lon, "lat": lat} for at, lon, lat in rows]
    (told,) = judge("track", {"plate": "苏E12345", "positions": positions}, day=DAY)
    assert fault in told.message_en
    fast = [{"at": f"2026-03-05T09:0{n}:00+08:00", "lon": "120.1", "lat": "31.1", "speed_kmh": "131"} for n in range(5)]
    (told,) = judge("track", {"plate": "苏E12345", "positions": fast}, day=DAY)
    assert (told.fields, ": 5," in told.message_en) == (("/positions/0",), True)


def test_a_degree_of_latitude_is_some_111_kilometres():
    assert 111 < kilometres((120.0, 30.0), (120.0, 31.0)) < 111.4


def test_m041_scopes_all_only_except():
    permit = {"permit_no": "X1", "holder": {"name": "乙"}}
    content = EXAMPLES["M041"].keeps

    def covered(mode, *codes):
        scope = [{"category": "HW08", "mode": mode} | ({"codes": list(codes)} if codes else {})]
        told = judge("manifest", content, day=DAY, related={"permit": [permit | {"scope": scope}]})
        return not [one for one in told if one.id == "M041"]

    assert covered("all")
    assert covered("only", "900-249-08")
    assert not covered("only", "900-217-08")
    assert covered("except", "900-217-08")
    assert not covered("except", "900-249-08")


def _permit(capacity, first, last):
    days = {"valid_from": {"at": first, "precision": "day"}, "valid_to": {"at": last, "precision": "day"}}
    return {"permit_no": "X1", "holder": {"name": "乙"}, "annual_capacity_t": capacity, **days}


@pytest.mark.parametrize("turned", [False, True])
def test_m042_goes_by_the_permits_that_are_valid_on_the_day(turned):
    content = {
        "wastes": [{"seq": 1, "name": "废油", "receipt": {"quantity_t": "15"}}],
        "consignee": {"name": "乙", "received_at": {"at": "2026-03-05", "precision": "day"}},
    }

    def told(*permits):
        related = {"permit": [*permits][:: -1 if turned else 1], "manifest": []}
        return [one.message_en for one in judge("manifest", content, day=DAY, related=related) if one.id == "M042"]

    old, new = _permit("10", "2020-01-01", "2025-12-31"), _permit("20", "2026-01-01", "2030-12-31")
    assert told(old, new) == []
    assert told(_permit("10", "2026-01-01", "2026-12-31"), old)[0].startswith("15 t received in 2026 exceed")
    assert told(new, _permit("1", "2026-01-01", "2026-12-31")) == []


def test_m040_counts_only_manifests_under_the_same_approval():
    content = EXAMPLES["M040"].keeps
    (application,) = EXAMPLES["M040"].related["application"]
    approved = application["approval"]["quantity_t"]

    def told(**other):
        moved = {"wastes": [{"seq": 1, "name": "废油", "quantity_t": approved}]} | other
        related = {"application": [application], "manifest": [moved]}
        return [one.fields[0] for one in judge("manifest", content, day=DAY, related=related) if one.id == "M040"]

    assert (
        told() == told(approval_no="沪2026-1") == told(approval_no=application["approval"]["no"], status="voided") == []
    )
    assert told(approval_no=application["approval"]["no"]) == ["/wastes"]


DISPOSED = {"code": "900-249-08", "quantity_t": "10"}


@pytest.mark.parametrize(
    ("result", "fields"),
    [
        ({"wastes": [DISPOSED]}, []),
        ({"wastes": [DISPOSED | {"method": "R9"}]}, []),
        ({"wastes": [DISPOSED | {"method": "D10"}]}, ["/wastes/0/receipt/method"]),
        ({"wastes": [DISPOSED | {"code": "900-217-08"}]}, ["/wastes/0/code"]),
        ({"wastes": [DISPOSED | {"code": "900-217-08"}], "in_stock_t": "1"}, []),
        ({"wastes": [{"name": "废油", "quantity_t": "10"}]}, []),
        ({"wastes": [DISPOSED | {"quantity_t": "7.5"}], "in_stock_t": "2.25"}, ["/wastes"]),
        ({"wastes": [DISPOSED | {"quantity_t": "7.5"}], "outputs": [{"name": "基础油", "quantity_t": "2.5"}]}, []),
        ({"wastes": [DISPOSED | {"quantity_t": "30"}]}, []),
    ],
)
def test_m060_asks_for_the_same_code_and_method_and_that_nothing_vanished(result, fields):
    content = {
        "status": "completed",
        "wastes": [EXAMPLES["M060"].keeps["wastes"][0] | {"receipt": {"quantity_t": "10", "method": "R9"}}],
    }
    told = judge("manifest", content, day=DAY, related={"disposal": [{"disposal_no": "D1"} | result]})
    assert [one.fields[0] for one in told if one.id == "M060"] == fields
    assert all("少 0.25 吨" in one.message for one in told if one.fields == ("/wastes",))


def _application(*steps):
    rows = [{"step": step, "at": {"at": at, "precision": "day"}} for step, at in steps]
    return {"application_no": "A1", "wastes": [{"code": "900-249-08"}], "steps": rows}


@pytest.mark.parametrize(
    ("steps", "late"),
    [
        ([("accepted", "2026-03-02"), ("consulted", "2026-03-05"), ("declined", "2026-03-17"), ("rejected", "2026-03-20")], []),
        ([("rejected", "2026-03-20"), ("declined", "2026-03-17"), ("accepted", "2026-03-02"), ("consulted", "2026-03-05")], []),
        ([("accepted", "2026-01-05")], ["/steps/0/at"]),
        ([("accepted", "2026-03-02"), ("consulted", "2026-03-05"), ("agreed", "2026-03-26"), ("approved", "2026-03-27")], ["/steps/2/at"]),
    ],
)  # fmt: skip
def test_a001_measures_each_step_from_the_latest_that_starts_a_term(steps, late):
    told = judge("application", _application(*steps), day=date(2026, 4, 30))
    assert [one.fields[0] for one in told] == late


def test_a001_goes_by_a_due_date_that_is_told():
    step = {"step": "复核", "due_at": {"at": "2026-03-10", "precision": "day"}}
    content = {"application_no": "A1", "wastes": [{"code": "900-249-08"}], "steps": [step]}
    assert judge("application", content, day=date(2026, 3, 10)) == []
    assert [one.id for one in judge("application", content, day=date(2026, 3, 11))] == ["A001"]


@pytest.mark.parametrize("at", ["9999-12-31", "9995-01-01"])
def test_a_day_at_the_end_of_the_calendar_ends_no_page(at):
    sentinel = {"national_no": "20263205000123", "wastes": [{"seq": 1, "name": "废油", "quantity_t": "1"}]}
    sentinel["consignee"] = {"name": "乙", "received_at": {"at": at, "precision": "day"}}
    assert found("M021", sentinel) == []


def test_a_load_that_was_turned_away_was_weighed_by_nobody():
    waste = {"seq": 1, "name": "废油", "quantity_t": "10", "receipt": {"quantity_t": "0", "major_discrepancy": False}}
    refused = {"national_no": "20263205000123", "wastes": [waste], "consignee": {"name": "乙", "opinion": "refused"}}
    assert judge("manifest", refused, day=DAY) == []
    flagged = waste | {"receipt": {"quantity_t": "10", "major_discrepancy": True}}
    noted = refused | {
        "wastes": [flagged],
        "consignee": {"name": "乙", "opinion": "accepted", "opinion_note": "包装破损"},
    }
    assert judge("manifest", noted, day=DAY) == []


def test_t001_tells_a_jump_over_a_gap_and_measures_on_from_the_latest_time():
    def told(*rows):
        positions = [{"at": f"2026-03-05T{at}+08:00", "lon": lon, "lat": "31.1"} for at, lon in rows]
        return [
            one.message_en.split(":")[0]
            for one in judge("track", {"plate": "苏E12345", "positions": positions}, day=DAY)
        ]

    assert len(told(("09:00:00", "113.3"), ("09:06:00", "118.8"))) == 2
    (only,) = told(("08:10:00", "120.1"), ("08:00:00", "120.1"), ("08:10:30", "120.1"))
    assert "before the one" in only


def test_a_void_manifest_is_confirmed_by_nobody():
    void = EXAMPLES["M021"].breaks | {"status": "voided"}
    assert found("M021", void) == []
