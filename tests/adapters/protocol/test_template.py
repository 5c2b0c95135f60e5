import pytest

from adapters.protocol.body import asked
from adapters.protocol.paging import Ask
from adapters.protocol.template import fill, fill_json, marked, page_values, resolved
from adapters.spec import RequestSpec

VALUES = page_values(Ask(2, 100, "2026-01-01", "2026-01-31"))


def test_slots_and_secrets_in_one_pass():
    told = []
    filled = fill("{from}/{page} ${A} {sign}", VALUES, lambda name: told.append(name) or "s")
    assert resolved(filled, {"sign": "9f"}) == "2026-01-01/2 s 9f"
    assert marked(filled)
    assert not marked(resolved(filled, {"sign": "9f"}))
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
    request = RequestSpec(
        path="/x", query={"a": "${KEY}", "t": "{token}", "p": "{page}", "s": "{sign}"}, json={"pw": "file:/pw"}
    )
    shown = asked(request, {**VALUES, "token": "hunter2"})
    assert shown["query"] == '{"a": "${KEY}", "t": "***", "p": "2", "s": "{sign}"}'
    assert shown["json"] == '{"pw": "file:/pw"}'
