import hashlib

import pytest

from adapters.errors import Malformed, Misconfigured
from adapters.protocol.control import Expected, from_headers, read_control
from adapters.protocol.ledger import (
    Taken,
    UnderWay,
    from_the_start,
    pruned,
    read_ledger,
    read_under_way,
    write_ledger,
)
from adapters.spec import MarkerSpec

MARKER = MarkerSpec(
    name="{stem}.ctl.xml",
    archive_sha256="/c/@sha256",
    member="/c/f",
    member_name="@n",
    member_rows="@r",
    member_sha256="@h",
    row="/a/b",
)


def test_a_control_file_is_read_and_kept_with_the_exchange():
    control = read_control(b'<c sha256="AB"><f n="a.xml" r="3" h="CD"/><f n="b.xml"/></c>', MARKER)
    assert control.digest == "ab"
    assert control.members == (Expected("a.xml", 3, "cd"), Expected("b.xml", None, ""))
    assert from_headers(control.as_header()) == control
    assert from_headers({}) is None


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"<c/>", "names no member"),
        (b'<c><f r="1"/></c>', "without a name"),
        (b'<c><f n="a" r="x"/></c>', "'x' rows"),
        (b"<c", "not well-formed"),
    ],
)
def test_an_unreadable_one_says_why(body, words):
    with pytest.raises(Malformed, match=words):
        read_control(body, MARKER)


@pytest.mark.parametrize(
    ("member", "kind", "words"),
    [
        ("/c/@sha256", Malformed, "names no member"),
        ("/c/f[foo()]", Misconfigured, "is no XPath: Unregistered function"),
    ],
)
def test_an_xpath_that_fails_only_on_a_real_file_says_so(member, kind, words):
    marker = MARKER.model_copy(update={"member": member})
    with pytest.raises(kind, match=words):
        read_control(b'<c sha256="AB"><f n="a.xml"/></c>', marker)


def test_what_is_expected_of_a_member():
    expected = Expected("a.xml", 3, hashlib.sha256(b"x").hexdigest())
    assert expected.of_bytes(b"x") == expected.of_rows(3) == ()
    assert expected.of_bytes(b"y")
    assert expected.of_rows(2)
    assert Expected("a.xml", None, "").of_bytes(b"y") == Expected("a.xml", None, "").of_rows(9) == ()


def test_a_ledger_is_its_own_cursor():
    ledger = {"晚.zip": Taken(10, 1_795_510_703_294_374_015, "e5decbc3c3b2b259")}
    assert read_ledger(write_ledger(ledger)) == ledger
    assert read_ledger(None) == {}
    for foreign in ('{"taken": 5}', '{"taken": {"a": 1}}', "[]", "x"):
        with pytest.raises(Malformed):
            read_ledger(foreign)


def test_a_ledger_forgets_only_what_is_long_gone(monkeypatch):
    monkeypatch.setattr("adapters.protocol.ledger.REMEMBERED", 2)
    ledger = {name: Taken(1, 1, "x", turn) for turn, name in enumerate("abcde")}
    assert pruned(ledger, {"b"}).keys() == {"b", "d", "e"}
    assert pruned(ledger, {"a", "b", "c"}) == ledger


def test_a_file_that_is_under_way_stands_in_the_cursor():
    cursor = write_ledger({"a": Taken(1, 2, "x", 3)}, UnderWay("b", 4, 5, 6), again=True)
    assert (read_under_way(cursor), from_the_start(cursor)) == (UnderWay("b", 4, 5, 6), True)
    assert read_ledger(cursor) == {"a": Taken(1, 2, "x", 3)}
    assert (read_under_way(None), from_the_start(None), from_the_start(write_ledger({}))) == (None, True, False)
    with pytest.raises(Malformed):
        read_under_way('{"under_way": 5}')
