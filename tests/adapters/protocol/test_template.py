import pytest

from adapters.protocol.body import asked
from adapters.protocol.paging import Ask
from adapters.protocol.template import fill, fill_json, page_values
from adapters.spec import RequestSpec

VALUES = page_values(Ask(2, 100, "2026-01-01", "2026-01-31"))


def test_slots_and_secrets_in_one_pass():
    told = []
    assert fill("{from}/{page} ${A} {other}", VALUES, lambda name: told.append(name) or "s") == "2026-01-01/2 s {other}"
    assert told == ["${A}"]


def test_what_a_system_says_is_never_taken_for_a_secret_name():
    values = {"from": "${LIANDAN_SECRET}", "token": "{page}"}
    assert fill("{from} {token}", values, lambda _: pytest.fail("asked for a secret")) == "${LIANDAN_SECRET} {page}"


def test_a_bare_slot_keeps_its_type_in_json():
    assert fill_json({"page": "{page}", "rows": "r{size}", "k": "{from}"}, VALUES, str) == {
        "page": 2,
        "rows": "r100",
        "k": "2026-01-01",
    }


def test_the_record_of_what_was_asked_has_no_secret():
    request = RequestSpec(path="/x", query={"a": "${KEY}", "t": "{token}", "p": "{page}"}, json={"pw": "file:/pw"})
    shown = asked(request, {**VALUES, "token": "hunter2"})
    assert shown["query"] == '{"a": "${KEY}", "t": "***", "p": "2"}'
    assert shown["json"] == '{"pw": "file:/pw"}'
