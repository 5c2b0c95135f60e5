import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.auth.bodies import Bodies
from adapters.auth.flow import Call, Reply
from adapters.errors import Malformed, Misconfigured
from adapters.limits import Limits
from adapters.spec import CipherSpec

SECRETS = {"${K}": "0123456789abcdef", "${IV}": "fedcba9876543210"}
FORMS = st.sampled_from(["base64", "base64url", "hex", "HEX"])
KINDS = st.sampled_from([("sm4-cbc", "prefix"), ("sm4-ecb", None), ("aes-cbc", "${IV}"), ("aes-ecb", None)])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


def bodies(**declared):
    return Bodies(CipherSpec(**{"kind": "sm4-ecb", "key": "${K}", **declared}), SECRETS.__getitem__, Limits())


@given(KINDS, FORMS | st.just("raw"), st.dictionaries(st.text(max_size=4), JSON, max_size=3))
def test_a_whole_body_comes_back(kind, form, tree):
    both = bodies(kind=kind[0], iv=kind[1], text=form, encrypt="body", decrypt="body")
    body = json.dumps(tree, ensure_ascii=False).encode()
    sent = both.enciphered(Call("POST", "http://h/", body=body), "")
    assert sent.body != body
    assert both.deciphered(Reply(200, {}, sent.body)).body == body


@given(
    KINDS,
    FORMS,
    st.text(min_size=1),
    st.dictionaries(st.text(max_size=4), JSON, max_size=3),
    st.booleans(),
    st.booleans(),
)
def test_a_field_comes_back_and_all_else_stays_to_the_letter(kind, form, text, around, escaped, ascii_only):
    both = bodies(kind=kind[0], iv=kind[1], text=form, encrypt="/a~1b/d", decrypt="/a~1b/d")
    tree = {**around, "a/b": {"x": 1, "d": text}, "z": text}
    body = json.dumps(tree, ensure_ascii=False).encode()
    sent = both.enciphered(Call("POST", "http://h/", body=body), "").body
    hidden = json.loads(sent)
    assert hidden["a/b"]["d"] != text
    # written as another system may: escaped slashes, ASCII alone, numbers with their zeros, the ciphertext twice
    told = json.dumps({"echo": hidden["a/b"]["d"], **hidden}, ensure_ascii=ascii_only)
    told = told.replace("/", "\\/") if escaped else told
    told = f'{{"n": 1.10, "rest":  {told[:-1]}}}}}'
    inside = bodies(kind=kind[0], iv=kind[1], text=form, decrypt="/rest/a~1b/d")
    opened = inside.deciphered(Reply(200, {}, told.encode("utf-8", "surrogatepass"))).body.decode()
    assert json.loads(opened) == {"n": 1.1, "rest": {"echo": hidden["a/b"]["d"], **tree}}
    assert opened.startswith('{"n": 1.10, "rest":  {')


def test_what_is_in_plain_stays_so():
    whole, field = bodies(decrypt="body"), bodies(decrypt="/data")
    for body in (b'{"code": 1}', b" <a/>", b"[]", b""):
        assert whole.deciphered(Reply(200, {}, body)).body == body
    for body in (b'{"code": 1}', b'{"data": null}', b'{"data": {}}', b'{"data": ""}'):
        assert field.deciphered(Reply(200, {}, body)).body == body
    assert whole.deciphered(Reply(502, {}, b"bad gateway")).body == b"bad gateway"
    assert bodies(encrypt="body").enciphered(Call("GET", "http://h/"), "").body == b""


def test_a_ciphertext_may_stand_in_quotes():
    both = bodies(encrypt="body", decrypt="body")
    sent = both.enciphered(Call("POST", "http://h/", body=b'{"a": 1}'), "").body
    assert both.deciphered(Reply(200, {}, b'"' + sent.replace(b"/", b"\\/") + b'"\n')).body == b'{"a": 1}'


@pytest.mark.parametrize(("body", "words"), [(b"<a/>", "no JSON that /a is in"), (b'{"b": 1}', "nothing at /a")])
def test_a_field_that_is_not_there_is_told(body, words):
    with pytest.raises(Misconfigured, match=words):
        bodies(encrypt="/a").enciphered(Call("POST", "http://h/", body=body), "")


def test_an_answer_full_of_one_ciphertext_costs_no_more_than_a_few_readings(monkeypatch):
    read = []
    monkeypatch.setattr("adapters.auth.bodies.parse_json", lambda text, limits: read.append(1) or json.loads(text))
    sent = json.loads(bodies(encrypt="/a").enciphered(Call("POST", "http://h/", body=b'{"a": "1"}'), "").body)["a"]
    body = json.dumps({"b": [sent] * 500, "a": sent}).encode()
    with pytest.raises(Malformed, match="unusual way"):
        bodies(decrypt="/a").deciphered(Reply(200, {}, body))
    assert len(read) < 50


@given(st.binary(max_size=80))
def test_whatever_comes_ends_in_bytes_or_in_malformed(body):
    for one in (bodies(decrypt="body"), bodies(decrypt="body", text="raw"), bodies(decrypt="/a", text="hex")):
        try:
            assert isinstance(one.deciphered(Reply(200, {}, body)).body, bytes)
        except Malformed as error:
            told = str(error)
            assert "0123456789abcdef" not in told
