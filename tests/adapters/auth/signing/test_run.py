import hashlib
import hmac
from base64 import b64encode, urlsafe_b64encode

import pytest

from adapters.auth.flow import Call
from adapters.auth.signing.run import Source, signature
from adapters.errors import Misconfigured

SECRETS = {"${K}": "192006250b4c09247ec02edce69f6a2d", "${T}": "tok-en"}
JSON = {"Content-Type": "application/json; charset=utf-8"}
ASKED = Call(
    "GET",
    "https://host/pay/order?body=test",
    query={
        "mch_id": "10000100",
        "appid": "wxd930ea5d5a258f4f",
        "nonce_str": "ibuaiVcKdpRxkhJA",
        "device_info": "1000",
        "empty": "",
    },
)


def made(call, *steps, **known):
    return signature(steps, Source(call, known, SECRETS.__getitem__))


SORTED = ("take:query", "drop-empty", "sort", "each:{name}={value}", "join:&", "append:&key=${K}")


def test_the_example_that_wechat_pay_publishes():
    assert made(ASKED, *SORTED, "md5", "HEX") == "9A0A8659F005D6984697E2CA0A9CF3B7"
    assert (
        made(ASKED, *SORTED, "hmac-sha256:${K}", "HEX")
        == "6A9AE1657590FD6257D693A078E1C3E4BB6BA4DC30B23E0EE2496E54170DACD6"
    )


def test_sorted_values_with_the_secret_among_them():
    call = Call("GET", "http://host/", query={"timestamp": "1409304348", "nonce": "xxxxxx", "echo": "no"})
    steps = ("take:query", "keep:timestamp,nonce", "each:{value}", "add:${T}", "sort", "join", "sha1", "hex")
    assert made(call, *steps) == hashlib.sha1(b"1409304348tok-enxxxxxx").hexdigest()


def test_names_and_values_between_two_secrets():
    call = Call(
        "POST",
        "http://host/",
        JSON,
        body='{"b": "乙", "a": 1, "ok": true, "none": null, "l": [1, {"x": "y"}]}'.encode(),
    )
    steps = ("take:body", "sort", "each:{name}{value}", "join", "prepend:${T}", "append:${T}")
    assert made(call, *steps) == 'tok-ena1b乙l[1,{"x":"y"}]noneoktruetok-en'


def test_a_string_in_fixed_order_with_its_own_digest_of_the_body():
    call = Call("POST", "http://host/a%20b/c?z=1", {**JSON, "X-App": "gw"}, {"q": "江 苏"}, b'{"a": 1}')
    text = made(
        call, "text:{method}\n{path}\n{query}\n{header.x-app}\n{body.a}\n{inner}\n{time}", inner="9f", time="12"
    )
    assert text == "POST\n/a%20b/c\nz=1&q=%E6%B1%9F%20%E8%8B%8F\ngw\n1\n9f\n12"
    expected = b64encode(hmac.digest(b"tok-en", text.encode(), "sha256")).decode()
    assert made(call, f"text:{text}", "hmac-sha256:${T}", "base64") == expected


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        (("text:江苏", "encode:gb18030", "hex"), "江苏".encode("gb18030").hex()),
        (("text:江苏", "sm3", "hex"), hashlib.new("sm3", "江苏".encode()).hexdigest()),
        (("text:abc", "md5", "hex", "cut:8-24"), hashlib.md5(b"abc").hexdigest()[8:24]),
        (("text:abc", "md5", "HEX", "lower"), hashlib.md5(b"abc").hexdigest()),
        (("text:~", "sha256", "base64url"), urlsafe_b64encode(hashlib.sha256(b"~").digest()).decode()),
        (("text:a b/江", "quote"), "a%20b%2F%E6%B1%9F"),
        (("take:query", "quote", "each:{name}={value}", "join:&"), "a%20b=%26"),
        (("take:query", "add:t={time}", "each:{name}={value}", "add:x", "join:|"), "a b=&|t=12|x"),
        (("take:query", "drop:a b", "each:{value}", "add:x", "join"), "x"),
    ],
)
def test_steps(steps, expected):
    call = Call("GET", "http://host/", query={"a b": "&"})
    assert made(call, *steps, time="12") == expected


def test_a_form_has_fields_too():
    form = {"content-type": "application/x-www-form-urlencoded"}
    call = Call("POST", "http://host/", form, body=b"b=%E4%B9%99&a=1+2&e=")
    assert made(call, "take:body", "sort", "each:{name}={value}", "join:&") == "a=1 2&b=乙&e="


@pytest.mark.parametrize(
    ("call", "steps", "words"),
    [
        (
            Call("POST", "http://h/", {"Content-Type": "text/xml"}, body=b"<a/>"),
            ("take:body",),
            "a body of text/xml has no",
        ),
        (Call("POST", "http://h/", JSON, body=b"[1]"), ("take:body",), "has no fields to be signed"),
        (Call("GET", "http://h/"), ("take:query", "keep:a,b"), "keeps a, b, which this request hasn't"),
        (Call("GET", "http://h/"), ("text:{query.a}",), "asks for {query.a}, which this request hasn't"),
        (Call("GET", "http://h/"), ("take:header.X",), "asks for {header.X}"),
        (
            Call("GET", "http://h/"),
            (
                "text:😀",
                "encode:ascii",
            ),
            "can't be written in",
        ),
    ],
)
def test_what_a_request_has_not_is_told(call, steps, words):
    with pytest.raises(Misconfigured) as told:
        made(call, *steps)
    assert words in str(told.value)


def test_the_secrets_in_what_is_signed_are_asked_for_by_name_only():
    call = Call("GET", "http://host/", query={"a": "${K}"})
    assert made(call, "text:{query.a}") == "${K}"
