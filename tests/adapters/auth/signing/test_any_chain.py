"""Whatever list of steps `check` lets through makes a text of any call, or tells what the call hasn't."""

from hypothesis import event, given
from hypothesis import strategies as st

from adapters.auth.flow import Call
from adapters.auth.signing.language import BYTES, NOTHING, PAIRS, STEPS, TEXT, TEXTS, sign_faults, split
from adapters.auth.signing.run import Source, signature
from adapters.errors import Misconfigured

SPOKEN = [
    *("take:query", "take:body", "take:query,body,plain,header.X-A", "take:header.X-None"),
    *("text:{method}{path}?{query}\n{body}{plain}", "text:${K}{time}{nonce}{token}", "text:{query.a}{body.乙}"),
    *("keep:a", "keep:a,b", "drop:a,sign", "add:t={time}", "each:{name}={value}", "each:{value}", "each:x"),
    *("join", "join:&", "append:&key=${K}", "append:file:/k", "prepend:{nonce}", "cut:0-3", "cut:8-24"),
    *("encode:gb18030", "encode:ascii", "hmac-sm3:hex:${H}", "hmac-md5:${K}", "hmac-sha512:base64:${H}"),
    *(name for name, kind in STEPS.items() if kind.argument == "no"),
]
BODIES = [
    ({"Content-Type": "application/json"}, '{"a": 1, "乙": "b", "n": null, "l": [1.5, {}], "t": true}'.encode()),
    ({"Content-Type": "application/json; charset=utf-8"}, b"[1]"),
    ({"content-type": "application/json"}, b"no JSON"),
    ({"Content-Type": "application/x-www-form-urlencoded"}, b"a=1&b=%E4%B9%99&%ff=&c"),
    ({"Content-Type": "text/xml"}, b"<a>\xff</a>"),
    ({}, bytes(range(256))),
    ({}, b""),
]
SECRETS = {"${K}": "key-8c21", "${H}": "00ff", "file:/k": "filed"}
END = {PAIRS: ["each:{value}", "join"], TEXTS: ["join"], BYTES: ["hex"], TEXT: []}


def _takes(step, holds):
    name, argument = split(step)
    return holds in STEPS[name].gives and not (name == "add" and holds == PAIRS and "=" not in argument)


@st.composite
def chains(draw):
    steps, holds = [], NOTHING
    for _ in range(draw(st.integers(1, 7))):
        step = draw(st.sampled_from([one for one in SPOKEN if _takes(one, holds)]))
        steps.append(step)
        holds = STEPS[split(step)[0]].gives[holds]
    return steps + END[holds]


@given(chains(), st.sampled_from(BODIES), st.dictionaries(st.sampled_from(["a", "b", "键", ""]), st.text(max_size=5)))
def test_any_sound_chain_gives_a_text_or_says_what_is_missing(steps, body, query):
    assert list(sign_faults({"sign": steps}, tokens=True, ciphers=True)) == []
    call = Call("POST", "http://h/江/a%20b?z=1&z", {"X-A": "1", **body[0]}, query, body[1])
    known = {"time": "12", "nonce": "n", "token": "t"}
    source = Source(call, known, SECRETS.__getitem__, call)
    told = ""
    try:
        assert signature(steps, source) == str(signature(steps, source))
    except Misconfigured as error:
        told = str(error)
    event(told[:40] or "a text")
    assert "key-8c21" not in told
