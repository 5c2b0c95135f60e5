import json
from datetime import UTC, datetime
from urllib.parse import parse_qsl

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.auth.flow import Call
from adapters.auth.signing.seal import Sealer
from adapters.protocol.template import fill, fill_all, fill_json
from adapters.secrets import Revealed
from adapters.spec import AuthSpec

NOON = datetime(2026, 3, 4, 12, 0, 0, 250_000, tzinfo=UTC)
SECRETS = {"K": "key-8c21"}


def sealed(declared, call, token=""):
    revealed = Revealed(SECRETS, "yy.yaml")
    turn = iter(range(10**6))
    sealer = Sealer(
        AuthSpec(**declared), revealed, lambda: NOON, choose=lambda letters: letters[next(turn) % len(letters)]
    )
    return sealer.sealing(call, token).sealed(), revealed


def filled(templates):
    return fill_all(templates, {"token": "t-1"}, lambda name: SECRETS[name[2:-1]])


@pytest.mark.parametrize(
    ("declared", "shown"),
    [
        ({}, "1772625600 0123456789abcdef0123456789abcdef"),
        ({"time": {"format": "unix_ms"}, "nonce": {"size": 12, "of": "digits"}}, "1772625600250 012345678901"),
        ({"time": {"format": "yyyy-MM-dd HH:mm:ss"}, "nonce": {"size": 3, "of": "letters"}}, "2026-03-04 20:00:00 abc"),
        ({"time": {"format": "yyyyMMddHHmmss", "zone": "UTC"}, "nonce": {"size": 1}}, "20260304120000 0"),
    ],
)
def test_the_moment_and_the_nonce(declared, shown):
    one, _ = sealed(declared, Call("GET", "http://h/", filled({"X": "{time} {nonce}"})))
    assert one.headers == {"X": shown}


@pytest.mark.parametrize("query", ["?wsdl", "?a=1&b", "", "?q=%E4%B8%AD+x"])
def test_what_stands_in_the_url_alone_is_sent_and_signed_to_the_letter(query):
    call = Call("GET", f"http://h/p{query}", filled({"X-Sign": "{sign}"}))
    one, _ = sealed({"sign": {"sign": ["text:<{query}>"]}}, call)
    assert (one.url, one.headers["X-Sign"]) == (f"http://h/p{query}", f"<{query[1:]}>")


def test_a_signature_stands_where_its_name_does_and_never_signs_itself():
    steps = {"inner": ["take:query", "each:{name}", "join:,"], "sign": ["text:{inner};{query};{body};{token}"]}
    body = json.dumps(fill_json({"a": "乙", "s": "{sign}", "t": "{time}"}, {}, str), ensure_ascii=False).encode()
    call = Call(
        "POST",
        "http://h/p?z=1",
        {"Content-Type": "application/json", **filled({"X-Sign": "{sign}", "X-Inner": "{inner}"})},
        filled({"q": "a b", "s": "{sign}", "i": "{inner}"}),
        body,
    )
    one, _ = sealed({"sign": steps}, call, "t-1")
    sign = 'z,q;z=1&q=a%20b&i=z%2Cq;{"a": "乙", "t": "1772625600"};t-1'
    assert (one.headers["X-Sign"], one.headers["X-Inner"]) == (sign, "z,q")
    assert json.loads(one.body) == {"a": "乙", "s": sign, "t": "1772625600"}
    assert (dict(parse_qsl(one.url.partition("?")[2])), one.query) == (
        {"z": "1", "q": "a b", "s": sign, "i": "z,q"},
        {},
    )


def test_a_moment_alone_in_json_may_be_a_number():
    kind = {"Content-Type": "application/json"}
    body = json.dumps(
        fill_json({"t": "{time}", "s": "at {time}", "n": "{nonce}"}, {}, str), ensure_ascii=False
    ).encode()
    number = {"time": {"format": "unix_ms", "number": True}, "nonce": {"size": 2, "of": "digits"}}
    assert json.loads(sealed(number, Call("POST", "http://h/", kind, body=body))[0].body) == {
        "t": 1772625600250,
        "s": "at 1772625600250",
        "n": "01",
    }


@given(st.lists(st.tuples(st.text(min_size=1), st.text()), max_size=5, unique_by=lambda pair: pair[0]))
def test_what_is_signed_of_the_query_is_what_goes_out(pairs):
    call = Call("GET", "http://h/p", filled({"X-Sign": "{sign}"}), dict(pairs))
    one, _ = sealed({"sign": {"sign": ["text:{query}"]}}, call)
    sent = httpx.Request("GET", one.url)
    assert sent.url.query.decode() == one.headers["X-Sign"]
    assert parse_qsl(one.headers["X-Sign"], keep_blank_values=True) == pairs


def test_what_stands_in_the_address_goes_out_to_the_letter():
    call = Call("GET", "http://h/江 苏/a%20b?cursor=aB+c%2f==&flag", filled({"X": "{told}"}), {"q": "1"})
    one, _ = sealed({"sign": {"told": ["text:{path}?{query}"]}}, call)
    assert one.url == "http://h/江 苏/a%20b?cursor=aB+c%2f==&flag&q=1"
    assert httpx.Request("GET", one.url).url.raw_path.decode() == one.headers["X"]
    assert sealed({}, Call("GET", "http://h/a?x=%2f"))[0].url == "http://h/a?x=%2f"


def test_it_stands_in_forms_and_in_xml():
    steps = {"sign": ["text:<{time}&"]}
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    form, _ = sealed({"sign": steps}, Call("POST", "http://h/", kind, body=b"a=%E4%B9%99&s=%EE%80%80sign%EE%80%81"))
    assert dict(parse_qsl(form.body.decode())) == {"a": "乙", "s": "<1772625600&"}
    xml = fill("<a s='{sign}'>乙</a>", {}, str).encode()
    soap, _ = sealed({"sign": steps}, Call("POST", "http://h/", {"content-type": "text/xml; charset=utf-8"}, body=xml))
    assert soap.body.decode() == "<a s='&lt;1772625600&amp;'>乙</a>"


def test_a_body_without_a_signature_goes_out_as_it_is():
    body = b'{"b":1.10,  "a":"\xe4\xb9\x99"}'
    one, _ = sealed({"sign": {"sign": ["text:{body}"]}}, Call("POST", "http://h/", filled({"X": "{sign}"}), body=body))
    assert (one.body, one.headers["X"]) == (body, body.decode())
    raw = bytes(range(256))
    assert sealed({}, Call("POST", "http://h/", body=raw))[0].body == raw


def test_what_is_filled_in_is_never_told():
    steps = {"sign": ["text:{time}", "hmac-sha256:${K}", "hex"]}
    one, revealed = sealed({"sign": steps}, Call("GET", "http://h/", filled({"X": "{sign}"}), {"k": "1"}))
    assert len(one.headers["X"]) == 64
    assert revealed.hide(f"you sent {one.headers['X']} by key-8c21") == "you sent *** by ***"
    assert one.headers["X"] not in repr(one)


def test_what_a_system_said_is_no_slot():
    # a page value from a system that looks like a slot, and a secret that does
    call = Call(
        "GET", "http://h/", query=fill_all({"from": "{from}", "k": "${K}"}, {"from": "{sign}"}, lambda _: "{time}")
    )
    one, _ = sealed({"sign": {"sign": ["text:x"]}}, call)
    assert dict(parse_qsl(one.url.partition("?")[2])) == {"from": "{sign}", "k": "{time}"}
