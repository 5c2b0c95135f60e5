"""Enciphered bodies against a server that deciphers what it is sent and enciphers what it says."""

import hashlib
import json
from base64 import b64decode, b64encode

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from starlette.responses import JSONResponse, Response

from adapters.errors import Denied, Malformed, Misconfigured

KEY, IV = b"0123456789abcdef", b"fedcba9876543210"
ENVIRONMENT = {"YY_KEY": KEY.decode(), "YY_IV": IV.hex(), "YY_APP": "app-32", "YY_SIGN": "sign-77"}
PAGE = {"code": "OK", "total": 1, "rows": [{"no": "n1", "changed": "2026-02-03"}]}
POST = '{method: POST, path: /list, json: {since: "{from}", who: 某省}}'
EMBEDDED = '["text:utf-8", json, "at:/data", json]'


def blocks(kind, iv):
    algorithm = algorithms.SM4(KEY) if kind.startswith("sm4") else algorithms.AES(KEY)
    return Cipher(algorithm, modes.CBC(iv) if kind.endswith("cbc") else modes.ECB())


def enciphered(text, kind="sm4-cbc", padding="pkcs7", iv=IV):
    data = text if isinstance(text, bytes) else json.dumps(text, ensure_ascii=False).encode()
    missing = 16 - len(data) % 16
    data += bytes([missing]) * missing if padding == "pkcs7" else bytes(missing % 16)
    run = blocks(kind, iv).encryptor()
    return run.update(data) + run.finalize()


def deciphered(data, kind="sm4-cbc", padding="pkcs7", iv=IV):
    run = blocks(kind, iv).decryptor()
    text = run.update(data) + run.finalize()
    return json.loads(text[: -text[-1]] if padding == "pkcs7" else text.rstrip(b"\0"))


def numbers(pulled):
    assert (pulled.error, pulled.damaged) == (None, [])
    return [row["no"] for tree in pulled.trees() for row in tree["rows"]]


CBC = "iv: 'hex:${YY_IV}'"


@pytest.mark.parametrize(
    ("kind", "padding", "iv"),
    [
        ("sm4-cbc", "pkcs7", CBC),
        ("sm4-cbc", "zero", CBC),
        ("sm4-ecb", "pkcs7", ""),
        ("sm4-ecb", "zero", ""),
        ("aes-cbc", "pkcs7", CBC),
        ("aes-cbc", "zero", CBC),
        ("aes-ecb", "pkcs7", ""),
        ("aes-ecb", "zero", ""),
    ],
)
@pytest.mark.parametrize("text", ["base64", "HEX", "raw"])
def test_a_whole_body_both_ways(declared, province, pull, kind, padding, iv, text):
    write = {"base64": b64encode, "HEX": lambda data: data.hex().upper().encode(), "raw": bytes}[text]
    read = {"base64": b64decode, "HEX": lambda body: bytes.fromhex(body.decode()), "raw": bytes}[text]

    def judge(asked):
        assert asked.headers["content-type"] == "application/octet-stream"
        given = deciphered(read(asked.body), kind, padding)
        return Response(
            write(enciphered(PAGE if given == {"since": "2026-01-01", "who": "某省"} else {}, kind, padding))
        )

    _, url = province(judge)
    parts = [
        f"kind: {kind}",
        "key: '${YY_KEY}'",
        iv,
        f"padding: {padding}",
        f"text: {text}",
        "encrypt: body, decrypt: body",
    ]
    cipher = ", ".join(part for part in parts if part)
    auth = f"cipher: {{{cipher}}}\nauth: {{send: {{Content-Type: application/octet-stream}}}}"
    pulled = pull(declared(auth, request=POST), {"YY_URL": url, **ENVIRONMENT})
    assert numbers(pulled) == ["n1"]
    (exchange,) = pulled.exchanges
    assert json.loads(exchange.payload.body) == PAGE  # what is stored can be read without the key
    assert exchange.request["json"] == '{"since": "2026-01-01", "who": "某省"}'


WRAPPED = """
auth:
  sign:
    sign: [take:body, drop:v, sort, "each:{value}", join, "append:${YY_SIGN}", sm3, hex]
    inner: ["text:{plain}", md5, hex]
  send: {X-Inner: "{inner}"}
cipher:
  kind: sm4-cbc
  key: ${YY_KEY}
  iv: prefix
  wrap: {appId: "${YY_APP}", v: 1.0, time: "{time}", data: "{cipher}", sign: "{sign}"}
  decrypt: /data
"""


def test_a_body_in_one_field_of_a_signed_envelope(declared, province, pull):
    seen = []

    def judge(asked):
        told, raw = asked.json, b64decode(asked.json["data"])
        text = told["appId"] + told["data"] + told["time"] + "sign-77"
        inner = hashlib.md5(b'{"since": "2026-01-01", "who": "\xe6\x9f\x90\xe7\x9c\x81"}').hexdigest()
        seen.append(raw[:16])
        good = (
            told["sign"] == hashlib.new("sm3", text.encode()).hexdigest()
            and asked.headers["x-inner"] == inner
            and deciphered(raw[16:], iv=raw[:16]) == {"since": "2026-01-01", "who": "某省"}
        )
        if not good:
            return "NO", "签名错误"
        if len(seen) == 1:
            return Response("later", 503, {"Retry-After": "0"})
        # Base64 with its slashes escaped, as some write it, and the same text once more elsewhere
        packed = b64encode(IV + enciphered({"rows": PAGE["rows"], "total": 1}, iv=IV)).decode().replace("/", "\\/")
        return Response(
            f'{{"echo":"{packed}", "code": "OK" ,"data":"{packed}","n":1.10}}', media_type="application/json"
        )

    _, url = province(judge)
    pulled = pull(declared(WRAPPED, request=POST, decode=EMBEDDED), {"YY_URL": url, **ENVIRONMENT})
    assert numbers(pulled) == ["n1"]
    assert seen[0] != seen[1]  # another iv for the same text
    body = pulled.exchanges[0].payload.body.decode()
    assert json.loads(json.loads(body)["data"])["rows"] == PAGE["rows"]
    assert body.endswith(',"n":1.10}')
    assert '"code": "OK" ,' in body


@pytest.mark.parametrize("answer", [JSONResponse({"code": "NO", "message": "未授权", "data": None}), ("NO", "未授权")])
def test_an_error_that_is_told_in_plain_is_understood(declared, province, pull, answer):
    _, url = province(lambda asked: answer)
    pulled = pull(declared(WRAPPED, request=POST, decode=EMBEDDED), {"YY_URL": url, **ENVIRONMENT})
    assert (type(pulled.error), pulled.error.code, pulled.error.words) == (Denied, "NO", "未授权")
    whole = "cipher: {kind: aes-ecb, key: '${YY_KEY}', decrypt: body}"
    pulled = pull(declared(whole, request=POST), {"YY_URL": url, **ENVIRONMENT})
    assert (type(pulled.error), pulled.error.code) == (Denied, "NO")


def test_one_field_of_a_request(declared, province, pull):
    def judge(asked):
        told = asked.json
        plain = deciphered(bytes.fromhex(told["who"]), "aes-ecb", "zero")
        return None if (told["since"], plain) == ("2026-01-01", 320500) else ("NO", "")

    _, url = province(judge)
    request = '{method: POST, path: /list, json: {since: "{from}", who: "320500"}}'
    cipher = "cipher: {kind: aes-ecb, key: '${YY_KEY}', padding: zero, text: hex, encrypt: /who}"
    assert numbers(pull(declared(cipher, request=request), {"YY_URL": url, **ENVIRONMENT})) == ["n1"]


def test_the_login_too_or_not(declared, province, pull):
    auth = """
auth:
  login: {method: POST, path: /login, json: {user: u}}
  token: /token
  send: {Authorization: "{token}"}
cipher: {kind: sm4-ecb, key: "${YY_KEY}", encrypt: body, decrypt: body, login: LOGIN}
"""

    def judge(asked):
        if asked.path != "/login":
            return (
                Response(b64encode(enciphered(PAGE, "sm4-ecb")))
                if asked.headers["authorization"] == "t-1"
                else ("NO", "")
            )
        if asked.body.startswith(b"{"):
            return JSONResponse({"code": "OK", "token": "t-1"}) if asked.json == {"user": "u"} else ("NO", "")
        known = deciphered(b64decode(asked.body), "sm4-ecb") == {"user": "u"}
        return Response(b64encode(enciphered({"code": "OK", "token": "t-1"} if known else {}, "sm4-ecb")))

    for login in ("yes", "no"):
        made, url = province(judge)
        pulled = pull(declared(auth.replace("LOGIN", login), request=POST), {"YY_URL": url, **ENVIRONMENT})
        assert numbers(pulled) == ["n1"]
        assert made.seen[0].body.startswith(b"{") is (login == "no")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (b64encode(enciphered(PAGE)), "no PKCS#7 padding"),
        (b64encode(b"short"), "5 bytes of ciphertext, not whole blocks"),
        (b"no base64!", "not written in base64"),
    ],
)
def test_what_cannot_be_deciphered_is_kept_as_it_came(declared, province, pull, said, words):
    _, url = province(lambda asked: Response(said))
    cipher = "cipher: {kind: sm4-ecb, key: '${YY_KEY}', decrypt: body}"
    pulled = pull(declared(cipher, request=POST), {"YY_URL": url, **ENVIRONMENT})
    assert isinstance(pulled.error, Malformed)
    assert f"{url}/list: malformed: {words}" in str(pulled.error)
    assert {(one.payload.body, one.cursor) for one in pulled.exchanges} == {(said, None)}
    assert len(pulled.damaged) == len(pulled.exchanges)


def test_a_key_of_another_length_is_told_without_it(declared, province, pull):
    made, url = province()
    cipher = "cipher: {kind: sm4-ecb, key: '${YY_KEY}', encrypt: body}"
    pulled = pull(declared(cipher, request=POST), {"YY_URL": url, "YY_KEY": "too-short-key"})
    assert isinstance(pulled.error, Misconfigured)
    assert "a key of 16 bytes is needed for sm4-ecb, not one of 13" in str(pulled.error)
    assert "too-short-key" not in str(pulled.error)
    assert made.seen == []
