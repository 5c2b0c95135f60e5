"""Signed requests against a server that recomputes each signature from what came over the wire, and takes no nonce twice."""

import hashlib
import hmac
import json
import time
from base64 import b64encode

import pytest
from starlette.responses import Response

from adapters.errors import Denied, Misconfigured

KEY, APP = "sign-key-41d7", "app-32"
ENVIRONMENT = {"YY_KEY": KEY, "YY_APP": APP}
POST = '{method: POST, path: /list, json: {since: "{from}", sign: "{sign}"}}'


def sorted_md5(asked):
    given = dict(asked.query)
    shown = given.pop("sign")
    text = "&".join(f"{name}={given[name]}" for name in sorted(given) if given[name]) + f"&key={KEY}"
    return shown == hashlib.md5(text.encode()).hexdigest().upper()


def values_sm3(asked):
    given = asked.json
    shown = given.pop("sign")
    return shown == hashlib.new("sm3", ("".join(given[name] for name in sorted(given)) + KEY).encode()).hexdigest()


def fixed_sha1(asked):
    head = asked.headers
    text = f"{APP}{head['x-time']}{head['x-nonce']}{KEY}"
    return head["x-sign"] == hashlib.sha1(text.encode()).hexdigest()


def wechat_sha256(asked):
    text = "".join(sorted([KEY, asked.headers["x-time"], asked.headers["x-nonce"]]))
    return asked.headers["x-sign"] == hashlib.sha256(text.encode()).hexdigest()


def hmac_of_the_request(asked):
    head, inner = asked.headers, b64encode(hashlib.md5(asked.body).digest()).decode()
    text = "\n".join([asked.method, asked.path, asked.raw_query, inner, head["x-time"], head["x-nonce"]])
    expected = b64encode(hmac.digest(KEY.encode(), text.encode(), "sha256")).decode()
    return (head["content-md5"], head["authorization"]) == (inner, f"HMAC {APP}:{expected}")


FRESH = 'send: {X-Time: "{time}", X-Nonce: "{nonce}", X-Sign: "{sign}"}'
WAYS = [
    pytest.param(
        """
  query: {appId: "${YY_APP}", timestamp: "{time}", nonce: "{nonce}", sign: "{sign}"}
  sign:
    sign: [take:query, drop-empty, sort, "each:{name}={value}", "join:&", "append:&key=${YY_KEY}", md5, HEX]""",
        '{path: /list, query: {since: "{from}", name: 江 苏&, empty: ""}}',
        sorted_md5,
        id="sorted names and values, MD5, in the query",
    ),
    pytest.param(
        """
  send: {X-Time: "{time}", X-Nonce: "{nonce}"}
  sign: {sign: [take:body, sort, "each:{value}", join, "append:${YY_KEY}", sm3, hex]}""",
        POST,
        values_sm3,
        id="sorted values and secret, SM3, in the body",
    ),
    pytest.param(
        f"\n  {FRESH}\n"
        '  sign: {sign: ["text:${YY_APP}{time}{nonce}${YY_KEY}", sha1, hex]}\n  time: {format: unix_ms}',
        '{path: /list, query: {since: "{from}"}}',
        fixed_sha1,
        id="fixed order, SHA-1, in headers",
    ),
    pytest.param(
        f"\n  {FRESH}\n"
        '  sign: {sign: ["take:header.X-Time,header.X-Nonce", "add:key=${YY_KEY}", "each:{value}", sort, join, sha256, hex]}',
        '{path: /list, query: {since: "{from}"}}',
        wechat_sha256,
        id="values sorted with the secret among them, SHA-256",
    ),
    pytest.param(
        """
  send:
    X-Time: "{time}"
    X-Nonce: "{nonce}"
    Content-MD5: "{inner}"
    Authorization: "HMAC ${YY_APP}:{sign}"
  sign:
    inner: ["text:{body}", md5, base64]
    sign: ["text:{method}\\n{path}\\n{query}\\n{inner}\\n{time}\\n{nonce}", "hmac-sha256:${YY_KEY}", base64]""",
        '{method: POST, path: /list, query: {q: "江 苏/&="}, json: {since: "{from}", name: 甲}}',
        hmac_of_the_request,
        id="HMAC-SHA256 of the whole request",
    ),
]


def guarded(good):
    """Busy at first; then takes what is signed well, new and of now."""
    seen, turn = set(), []

    def judge(asked):
        given = {**asked.query, **{name.removeprefix("x-"): value for name, value in asked.headers.items()}}
        moment = int((given.get("timestamp") or given["time"])[:10])
        fresh = abs(moment - time.time()) < 60 and given["nonce"] not in seen
        seen.add(given["nonce"])
        turn.append(asked)
        if not good(asked) or not fresh:
            return "NO", "签名错误"
        return Response("later", 503, {"Retry-After": "0"}) if len(turn) == 1 else None

    return judge


@pytest.mark.parametrize(("auth", "request_", "good"), WAYS)
def test_each_way_is_taken_by_a_server_that_checks_it(declared, province, pull, auth, request_, good):
    made, url = province(guarded(good))
    pulled = pull(declared(f"auth:{auth}", request=request_), {"YY_URL": url, **ENVIRONMENT})
    assert pulled.error is None
    assert [row["no"] for tree in pulled.trees() for row in tree["rows"]] == ["n1"]
    assert len(made.seen) == 2  # asked again with another nonce
    (exchange,) = pulled.exchanges
    assert not any(secret in repr(exchange) for secret in (KEY, APP))


@pytest.mark.parametrize(("auth", "request_", "good"), WAYS)
def test_another_key_is_denied(declared, province, pull, auth, request_, good):
    made, url = province(guarded(good))
    pulled = pull(declared(f"auth:{auth}", request=request_), {"YY_URL": url, **ENVIRONMENT, "YY_KEY": "another-key"})
    assert (type(pulled.error), pulled.error.code, len(made.seen)) == (Denied, "NO", 1)
    assert "another-key" not in str(pulled.error)


def test_the_login_is_signed_and_its_token_too(declared, province, pull):
    def judge(asked):
        if asked.path == "/login":
            text = APP + asked.json["time"] + KEY
            right = asked.json["sign"] == hashlib.md5(text.encode()).hexdigest()
            return Response(json.dumps({"code": "OK", "token": "tok-9"})) if right else ("NO", "login")
        text = APP + asked.headers["x-time"] + KEY + "tok-9"
        return None if asked.headers["x-sign"] == hashlib.md5(text.encode()).hexdigest() else ("NO", "list")

    auth = """auth:
  login: {method: POST, path: /login, json: {app: "${YY_APP}", time: "{time}", sign: "{sign}"}}
  token: /token
  send: {Authorization: "{token}", X-Time: "{time}", X-Sign: "{sign}"}
  sign: {sign: ["text:${YY_APP}{time}${YY_KEY}{token}", md5, hex]}
"""
    made, url = province(judge)
    assert pull(declared(auth), {"YY_URL": url, **ENVIRONMENT}).error is None
    assert [one.path for one in made.seen] == ["/login", "/list"]


def test_what_a_server_echoes_of_a_signature_is_not_told(declared, province, pull):
    _, url = province(lambda asked: ("X1", f"got {asked.headers['x-sign']}"))
    auth = f"auth:\n  {FRESH}\n" + '  sign: {sign: ["text:{time}${YY_KEY}", sha256, hex]}'
    pulled = pull(declared(auth), {"YY_URL": url, **ENVIRONMENT})
    assert pulled.error.words == "got ***"


def test_a_request_without_what_is_signed_is_told_before_anything_is_sent(declared, province, pull):
    made, url = province()
    auth = 'auth:\n  send: {X-Sign: "{sign}"}\n  sign: {sign: ["text:{query.none}${YY_KEY}", md5, hex]}'
    pulled = pull(declared(auth), {"YY_URL": url, **ENVIRONMENT})
    assert isinstance(pulled.error, Misconfigured)
    assert "yy/manifests: " in str(pulled.error)
    assert "{query.none}" in str(pulled.error)
    assert made.seen == []
