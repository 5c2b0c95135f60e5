"""Systems that say back whatever they were sent, in every way; what is told of it holds no secret."""

import json
from urllib.parse import quote

import pytest
from starlette.responses import JSONResponse, Response

from adapters.errors import AdapterError, Misconfigured
from adapters.registry import open_adapter

SECRETS = {
    "YY_USER": "canary-user-01",
    "YY_PASSWORD": 'canary/pass "02"&',
    "YY_KEY": "canary-key-03",
    "YY_CLIENT": "canary-client-04",
    "YY_SECRET": "canary+secret 05",
    "YY_SIGN": "canary-sign-key-06",
    "YY_CIPHER": "canary-cipher-07",
}
TOKEN = "canary-token-08"
AUTHS = [
    """
  basic: {user: "${YY_USER}", password: "${YY_PASSWORD}"}
  send: {X-Key: "${YY_KEY}"}
  query: {key: "${YY_KEY}", pw: "${YY_PASSWORD}"}""",
    """
  login: {method: POST, path: /token, json: {u: "${YY_USER}", p: "${YY_PASSWORD}", sign: "{sign}"}}
  token: /access_token
  send: {Authorization: "Bearer {token}", X-Sign: "{sign}"}
  sign: {sign: ["text:{time}{token}", "hmac-sm3:${YY_SIGN}", base64]}""",
    """
  oauth2: {token_url: /token, client: "${YY_CLIENT}", secret: "${YY_SECRET}"}""",
    """
  oauth2: {token_url: /token, client: "${YY_CLIENT}", secret: "${YY_SECRET}", method: client_secret_post}
cipher: {kind: sm4-ecb, key: "${YY_CIPHER}", encrypt: /p}""",
]
REQUEST = '{method: POST, path: /list, query: {a: "${YY_KEY}"}, json: {k: "${YY_KEY}", p: "${YY_PASSWORD}"}}'


def said_back(asked):
    heads = json.dumps(asked.headers)
    return f"{heads} {asked.raw_query} {asked.query} {asked.body.decode('utf-8', 'replace')} {asked.headers}"


def echo(status, at):
    def judge(asked):
        if asked.path == "/token" and at != "/token":
            return JSONResponse({"code": "OK", "access_token": TOKEN})
        words = said_back(asked)
        told = {"code": "X1", "message": words, "error": "invalid_request", "error_description": words}
        headers = {"X-Echo": quote(words)}
        return JSONResponse(told, status, headers) if status < 500 else Response(words, status, headers)

    return judge


def found_in(told, seen):
    """The secrets that a text holds: as named, the tokens, and whatever stood in a credential's header."""
    shown = [one.headers.get(name, "") for one in seen for name in ("authorization", "x-sign")]
    secrets = {*SECRETS.values(), TOKEN, *(value.rpartition(" ")[2] for value in shown)} - {""}
    return sorted(secret for secret in secrets if secret in told or quote(secret, safe="") in told)


@pytest.mark.parametrize("auth", AUTHS)
@pytest.mark.parametrize("status", [200, 400, 502])
@pytest.mark.parametrize("at", ["/token", "/list"])
def test_no_error_tells_a_secret(declared, province, pull, auth, status, at):
    made, url = province(echo(status, at))
    pulled = pull(declared(f"auth:{auth}\nlimits: {{tries: 1}}", request=REQUEST), {"YY_URL": url, **SECRETS})
    assert isinstance(pulled.error, AdapterError)
    assert made.seen
    assert found_in(f"{pulled.error} {pulled.error!r} {vars(pulled.error)}", made.seen) == []


@pytest.mark.parametrize("auth", AUTHS)
def test_no_exchange_tells_a_secret(declared, province, pull, auth):
    def judge(asked):
        if asked.path == "/token":
            return JSONResponse({"code": "OK", "access_token": TOKEN})
        page = {"code": "OK", "total": 1, "rows": [{"no": "n1", "changed": "2026-02-03"}]}
        return JSONResponse(page, headers={"X-Echo": said_back(asked).encode("ascii", "replace").decode()})

    made, url = province(judge)
    (exchange,) = pull(declared(f"auth:{auth}", request=REQUEST), {"YY_URL": url, **SECRETS}).exchanges
    assert found_in(repr((exchange.request, exchange.headers, exchange.source_name)), made.seen) == []


@pytest.mark.parametrize("auth", AUTHS)
def test_nothing_that_holds_a_secret_shows_it(declared, province, auth):
    spec = declared(f"auth:{auth}", request=REQUEST)
    driver = open_adapter(spec, {"YY_URL": "http://127.0.0.1:1", **SECRETS})
    call = driver.shown(driver._call(spec.datasets["manifests"].request, {"token": TOKEN, "from": ""}), TOKEN)
    told = repr((call, call.sealed(), driver._sealer, driver._bodies, driver._revealed, driver._keeper, spec))
    assert found_in(told, []) == []


@pytest.mark.parametrize("ended", ["key-\n03", "key-\r\nX-Other: 1", "密钥-03"])
def test_a_secret_that_no_header_can_carry_is_not_told(declared, province, pull, ended):
    made, url = province()
    pulled = pull(declared('auth: {send: {X-Key: "${YY_KEY}"}}'), {"YY_URL": url, "YY_KEY": ended})
    assert isinstance(pulled.error, Misconfigured)
    assert "a header holds what HTTP can't carry" in str(pulled.error)
    told = f"{pulled.error} {pulled.error!r}".replace(url, "")  # its port may hold any two digits
    assert not any(part in told for part in ("key-", "Other", "03", "密钥"))
    assert made.seen == []


def test_a_users_name_with_a_colon_is_told_without_it(declared, province, pull):
    made, url = province()
    auth = 'auth: {basic: {user: "${YY_USER}", password: "${YY_KEY}"}}'
    pulled = pull(declared(auth), {"YY_URL": url, **SECRETS, "YY_USER": "canary:user"})
    assert isinstance(pulled.error, Misconfigured)
    assert "no colon (RFC 7617)" in str(pulled.error)
    assert "canary" not in str(pulled.error)
    assert made.seen == []
