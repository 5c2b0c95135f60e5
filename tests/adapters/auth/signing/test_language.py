import pytest

from adapters.auth.signing.language import STEPS, sign_faults
from adapters.auth.signing.run import RUN


def told(*steps, tokens=False, ciphers=False):
    return [
        (fault.place, fault.words, fault.suggestion)
        for fault in sign_faults({"sign": steps}, tokens=tokens, ciphers=ciphers)
    ]


@pytest.mark.parametrize(
    "steps",
    [
        (
            "take:query,body",
            "drop:sign",
            "drop-empty",
            "sort",
            "each:{name}={value}",
            "join:&",
            "append:&key=${K}",
            "md5",
            "HEX",
        ),
        ("take:query", "keep:time,nonce", "each:{value}", "add:${K}", "sort", "join", "sha1", "hex"),
        ("take:query,header.X-App", "add:secret=${K}", "sort", "each:{name}{value}", "join:", "sm3", "hex"),
        ("text:{method}\n{path}\n{query}\n{time}\n{nonce}\n{body}", "hmac-sha256:hex:${K}", "base64"),
        ("text:${K}{query.since}{time}${K}", "encode:gb18030", "md5", "hex", "cut:8-24", "upper"),
        ("text:{body}", "quote", "lower", "sha512", "base64url"),
        ("text:${USER}:{time}",),
    ],
)
def test_ways_of_signing_seen_in_the_field_can_be_said(steps):
    assert told(*steps) == []


@pytest.mark.parametrize(
    ("steps", "at", "words", "meant"),
    [
        (("take:query", "sorted"), 1, "'sorted' is no step of a signature", "sort"),
        (("sort",), 0, "'sort' takes names and values or a list of texts, but has nothing before it", ""),
        (("take:query", "md5"), 1, "'md5' takes text or bytes, but has names and values", ""),
        (("text:a", "hex"), 1, "'hex' takes bytes, but has text", ""),
        (("take:query", "text:a"), 1, "'text' takes nothing, but has names and values", ""),
        (("text:a", "md5"), None, "ends with bytes; a signature is text", ""),
        ((), None, "ends with nothing", ""),
        (("take:qeury", "each:{name}", "join"), 0, "not 'qeury'", "query"),
        (("take:header.", "each:{name}", "join"), 0, "not 'header.'", ""),
        (("take", "each:{name}", "join"), 0, "'take' needs an argument: take:…", ""),
        (("take:query", "sort:name", "each:{name}", "join"), 1, "'sort' has no argument", ""),
        (("take:query", "each:{nmae}", "join"), 1, "nothing fills {nmae}: there is {name}, {value}", "{name}"),
        (("take:query", "add:${K}", "each:{name}", "join"), 1, "add:name=value", ""),
        (("text:{tiem}",), 0, "nothing fills {tiem}: there is {method}, {path}", "{time}"),
        (("text:{token}",), 0, "nothing fills {token}", ""),
        (("text:{cookie.a}",), 0, "nothing fills {cookie.a}", ""),
        (("text:{sign}",), 0, "nothing fills {sign}", ""),
        (("text:a", "cut:24-8"), 1, "from 0: cut:8-24", ""),
        (("text:a", "cut:8"), 1, "from 0: cut:8-24", ""),
        (("text:a", "encode:utf-99", "md5", "hex"), 1, "'utf-99' is no known charset", ""),
        (("text:a", "hmac-sm3:hunter2", "hex"), 1, "a key is named here, not written", ""),
        (("text:a", "hmac-sm3", "hex"), 1, "'hmac-sm3' needs an argument", ""),
    ],
)
def test_what_is_said_wrongly_is_told_at_its_step(steps, at, words, meant):
    ((place, said, suggestion),) = told(*steps)
    assert place == (("sign",) if at is None else ("sign", at))
    assert words in said
    assert suggestion == meant


def test_a_signature_may_use_an_earlier_one_and_none_has_a_name_that_is_taken():
    assert list(sign_faults({"inner": ["text:a", "md5", "hex"], "sign": ["text:{inner}"]})) == []
    (fault,) = sign_faults({"sign": ["text:{inner}"], "inner": ["text:a"]}, tokens=False)
    assert fault.place == ("sign", 0)
    (fault,) = sign_faults({"time": ["text:a"]}, tokens=False)
    assert fault.words.startswith("{time} is filled by something else")
    assert told("text:{token}", tokens=True) == []


def test_what_was_before_enciphering_can_be_signed_where_there_is_a_cipher():
    steps = ("take:plain", "each:{value}", "join", "append:{plain}")
    assert told(*steps, ciphers=True) == []
    assert [place for place, _, _ in told(*steps)] == [("sign", 0), ("sign", 3)]


def test_every_step_that_can_be_said_can_be_run():
    assert {name.partition(" to ")[0] for name in RUN} == set(STEPS)
