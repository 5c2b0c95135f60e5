"""Each wrong setting of `auth` is told with its line, its column and what is expected."""

from pathlib import Path

import pytest

import adapters
from adapters.load import load_adapter
from canonical_schema.problem import ProblemsFound

JS = (Path(adapters.__file__).parent / "provinces/js.yaml").read_text("utf-8")
START, END = JS.index("auth:"), JS.index("# 所有应答")


@pytest.fixture
def told(tmp_path):
    """What `check` says of `auth`, as (the file's text from the place on, words, suggestion)."""

    def check(auth, *, before="", after=""):
        text = JS[:START] + before + auth + "\n" + JS[END:] + after
        file = tmp_path / "js.yaml"
        file.write_text(text, "utf-8")
        with pytest.raises(ProblemsFound) as found:
            load_adapter(file, name="js.yaml")
        lines = text.splitlines()
        return [(lines[one.line - 1][one.column - 1 :], one.words, one.suggestion) for one in found.value.problems]

    return check


OAUTH = "auth:\n  oauth2: {{client: a, {}}}"
LOGIN = "login: {path: /login}, token: /token, send: {A: '{token}'}"


@pytest.mark.parametrize(
    ("auth", "at", "words", "meant"),
    [
        ("auth: {bsaic: {user: a, password: '${P}'}}", "bsaic:", "unknown key 'bsaic'", "basic"),
        ("auth: {basic: {user: a}}", "{user: a}", "key 'password' is missing", ""),
        ("auth: {basic: {user: a, password: '{token}'}}", "'{token}'", "a secret is named here", ""),
        ("auth: {basic: {user: a, password: hunter2}}", "hunter2", "a secret is named here", ""),
        ("auth: {send: {A: '{token}'}}", "'{token}'", "nothing fills {token}", ""),
        ("auth: {query: {a: '{tokn}'}, " + LOGIN + "}", "'{tokn}'", "nothing fills {tokn}", "{token}"),
        ("auth: {token: /a}", "/a", "'token' needs 'login'", ""),
        ("auth: {lifetime: 2h}", "2h", "'lifetime' needs 'login'", ""),
        ("auth: {lifetime: 2, " + LOGIN + "}", "2,", "a number and s, m, h or d", ""),
        ("auth: {lifetime: 0s, " + LOGIN + "}", "0s", "longer than nothing", ""),
        ("auth: {expires: {at: until}, " + LOGIN + "}", "until}", "a JSON Pointer", ""),
        ("auth: {expires: {at: /u, format: soon}, " + LOGIN + "}", "soon}", "or one of seconds, unix, unix_ms", ""),
        ("auth: {expires: {at: /u, zone: Mars}, " + LOGIN + "}", "Mars}", "is no time zone", ""),
        ("auth: {expires: {at: /u}, lifetime: 2h, " + LOGIN + "}", "2h,", "not both", ""),
        ("auth: {login: {path: /login}, token: /t}", "{login", "'send' or 'query', how it is shown", ""),
        (OAUTH.format("token_url: /t, secret: hunter2"), "hunter2", "a secret is named here", ""),
        (OAUTH.format("secret: '${S}', token_url: oauth"), "oauth", "a path below base_url", ""),
        (OAUTH.format("token_url: /t, secret: '${S}', method: basic"), "basic", "is none of 'client_secret_basic'", ""),
        (
            OAUTH.format("token_url: /t, secret: '${S}'") + "\n  basic: {user: a, password: '${P}'}",
            "{client",
            "'basic', not both",
            "",
        ),
        ("auth: {certificate: {password: '${P}'}}", "{password", "'cert' (PEM) or 'pkcs12', one of the two", ""),
        ("auth: {certificate: {cert: a.pem}}", "a.pem", "a secret is named here", ""),
        ("auth: {certificate: {pkcs12: 'file:a.p12'}}", "'file:", "a path: PKCS #12 is no text", ""),
        ("auth: {certificate: {pkcs12: a.p12, key: 'file:k'}}", "'file:k'", "holds its own key", ""),
        ("auth: {sign: {sign: ['text:a']}}", "['text:a']", "nothing sends {sign}", ""),
        ("auth: {sign: {sign: ['text:a', mdb5]}, send: {A: '{sign}'}}", "mdb5", "is no step of a signature", "md5"),
        ("auth: {sign: {sign: ['text:a']}, send: {A: '{sgin}{sign}'}}", "'{sgin}", "nothing fills {sgin}", "{sign}"),
        ("auth: {sign: {Sign: ['text:a']}, send: {A: '{Sign}'}}", "['text:a']", "small letters", ""),
        ("auth: {time: {format: dd/MM/yyyy}}", "dd/MM", "or unix, unix_ms", ""),
        ("auth: {time: {zone: Mars}}", "Mars", "is no time zone", ""),
        ("auth: {time: {zone: Asia/Shangai}}", "Asia", "is no time zone", "Asia/Shanghai"),
        ("auth: {nonce: {size: 65}}", "65}", "at most 64 is needed here (至多为 64)", ""),
        ("auth: {nonce: {of: dgits}}", "dgits}", "is none of", "digits"),
        ("auth: {time: {format: yyyyMMdd, number: yes}}", "yes", "only unix and unix_ms are numbers", ""),
        ("auth: {basic: {user: 'a:b', password: '${P}'}}", "'a:b'", "no colon", ""),
    ],
)
def test_a_wrong_setting_is_told_with_its_place(told, auth, at, words, meant):
    ((place, said, suggestion),) = told(auth)
    assert place.startswith(at), place
    assert words in said
    assert suggestion == meant


def test_drivers_that_ask_nobody_need_none(tmp_path):
    text = (Path(adapters.__file__).parent / "provinces/gd.yaml").read_text("utf-8") + "\nauth: {send: {A: b}}\n"
    (tmp_path / "gd.yaml").write_text(text, "utf-8")
    with pytest.raises(ProblemsFound, match="driver xml_drop asks nobody"):
        load_adapter(tmp_path / "gd.yaml")


SENT = """
  receipts:
    title: 回执
    title_en: Receipts
    decode: ["text:utf-8", json]
    send:
      request: {method: POST, path: /in, text: "{document}", headers: {X-Sign: "%s"}}
      held: {request: {path: /has, query: {s: "%s"}}}
"""


@pytest.mark.parametrize("places", [("{sign}", "a"), ("a", "{sign}")])
def test_a_signature_may_stand_in_what_is_sent_alone(tmp_path, places):
    auth = "auth: {sign: {sign: ['text:a', md5, hex]}}"
    at = JS.index("datasets:") + len("datasets:")
    text = JS[:START] + auth + "\n" + JS[END:at] + SENT % places + JS[at:].lstrip("\n")
    (tmp_path / "js.yaml").write_text(text, "utf-8")
    assert load_adapter(tmp_path / "js.yaml").datasets["receipts"].send is not None
