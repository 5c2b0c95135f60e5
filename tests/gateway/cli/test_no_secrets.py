"""Planted secrets, one of each kind that an adapter file can name, against a system that says back all it was sent, in
every kind of failure and in its good answers' headers. Then they are looked for: in what commands say, in logs at their
noisiest, and in every cell of the store, unpacked.

What a system writes into a page of data is its word and kept as it came: only that isn't looked into for what it echoes.
"""

import base64
import json
import logging
import sqlite3
from urllib.parse import quote, unquote, urlsplit

import pytest
import zstandard

from contract_tests.mocks import tj
from tests.adapters.drivers.broken import ENVELOPE, LONG, request_of, resets, whole
from tests.adapters.outbound.peers import Peer

HEAD = "id: aa\ndivision: '32'\ntitle: 某省\ntitle_en: A province\nlimits: {tries: 2, read: 1s}\nredirects: 3\n"
REST = HEAD + "driver: rest\nanswer: {code: /code, success: 1, words: /msg, token_invalid: [9]}\n"
PAGES = """\
    paging: {kind: keyset, rows: /rows, total: /n}
    cursor: {row: /at, format: yyyy-MM-dd, start: 2026-01-01, overlap: 0s}
    decode: [text:utf-8, json]
"""
DATASET = 'datasets:\n  manifests:\n    title: 联单\n    title_en: Manifests\n    request: {path: /m, query: {since: "{from}"}'
PLAIN = REST + "base_url: ${AA_URL}\n" + DATASET
SOAP = (
    HEAD
    + """\
driver: soap
base_url: ${AA_URL}
soap: {wsdl: /s?wsdl, endpoint: /s}
auth: {login: {operation: getToken, arguments: ["${AA_USER}", "${AA_PASSWORD}"]}}
answer: {short_code: 5, token_invalid: ["03"], busy: ["05"], empty: ["06"]}
datasets:
  manifests:
    title: 联单
    title_en: Manifests
    request: {operation: getLdxx, arguments: ["{token}", "{json}"], json: {kssj: "{from}", jssj: "{to}", page: "{page}"}}
    paging: {kind: window, rows: /rows, total: /total, key: /key, size: 2}
    cursor: {row: /at, format: yyyy-MM-dd, start: 2026-01-01, window: 366d, overlap: 0d}
    decode: [text, xml, soap, string, json]
"""
)
LOGIN = "auth: {{login: {}, token: /token, send: {{X-Ticket: '{{token}}'}}}}\n"
OAUTH = "auth: {{oauth2: {{token_url: /oauth, client: '${{AA_USER}}', secret: '${{AA_PASSWORD}}', method: {}}}}}\n"
STYLES = {
    "a key in a header": PLAIN + ', headers: {X-Api-Key: "${AA_KEY}", Authorization: "Basic ${AA_BASIC}"}}\n' + PAGES,
    "a key in the query": PLAIN.replace('"{from}"', '"{from}", key: "${AA_KEY}"') + "}\n" + PAGES,
    "a key in the path": PLAIN.replace("/m,", '"/m/${AA_KEY}",') + "}\n" + PAGES,
    "a key in the body": PLAIN + ', method: POST, json: {key: "${AA_KEY}", since: "{from}"}}\n' + PAGES,
    "a key in a file": PLAIN + ', headers: {X-Api-Key: "file:${AA_FILE}"}}\n' + PAGES,
    "user and password of the address": PLAIN.replace("${AA_URL}", "http://${AA_QUSER}:${AA_QUOTED}@127.0.0.1:${AA_PORT}")
    + "}\n"
    + PAGES,
    "a login with a body": LOGIN.format('{path: /login, method: POST, json: {user: "${AA_USER}", pwd: "${AA_PASSWORD}"}}')
    + PLAIN
    + "}\n"
    + PAGES,
    "a login by its query": LOGIN.format('{path: /login, query: {user: "${AA_USER}", pwd: "${AA_PASSWORD}"}}')
    + PLAIN
    + "}\n"
    + PAGES,
    "a login by its headers": LOGIN.format('{path: /login, headers: {U: "${AA_USER}", P: "file:${AA_FILE}"}}')
    + PLAIN
    + "}\n"
    + PAGES,
    "a proxy's password": "proxy: http://${AA_QUSER}:${AA_QUOTED}@127.0.0.1:${AA_PORT}\n" + PLAIN + "}\n" + PAGES,
    "arguments of a SOAP login": SOAP,
    "a key that auth sends": 'auth: {send: {X-Api-Key: "${AA_KEY}"}, query: {id: "${AA_USER}"}}\n' + PLAIN + "}\n" + PAGES,
    "Basic": 'auth: {basic: {user: "${AA_USER}", password: "${AA_PASSWORD}"}}\n' + PLAIN + "}\n" + PAGES,
    "OAuth by Basic": OAUTH.format("client_secret_basic") + PLAIN + "}\n" + PAGES,
    "OAuth by a form": OAUTH.format("client_secret_post") + PLAIN + "}\n" + PAGES,
    "a signature": 'auth: {query: {app: "${AA_USER}", n: "{nonce}", sign: "{sign}"}, sign: {sign: ["take:query", "add:key=${AA_KEY}", "each:{value}", join, sm3, hex]}}\n'
    + PLAIN + "}\n" + PAGES,
}  # fmt: skip
FIRST = {"key": "A-1", "at": "2026-01-02", "changed": "1", "from": "甲", "wastes": [{"name": "废油", "kg": 1}]}
BAD = FIRST | {"key": "A-2", "wastes": []}


def planted(style):
    """A canary for each name, with signs that are written otherwise in URLs."""
    made = {name: f"cnry-{name.lower()}-{len(style)}/+9f3c" for name in ("KEY", "USER", "PASSWORD", "FILE")}
    made["BASIC"] = base64.b64encode(made["USER"].encode() + b":" + made["PASSWORD"].encode()).decode()
    return made | {"TOKEN": "cnry-token-77aa/+9f3c"}


class Echo(Peer):
    """`fault` None: good pages, whose headers echo. Else what it makes of an echo: bytes, or something it does."""

    def __init__(self, token):
        self.fault, self.token, self.heard = None, token, []
        super().__init__()

    def serve(self, connection):
        head, body = request_of(connection)
        if not head:
            return
        target = head.split(b" ", 2)[1].decode()
        sent = (head + b" " + body).decode()
        echo = " ".join(f"{sent} {unquote(sent)}".split())
        self.heard.append(echo)
        path = urlsplit(target).path
        if self.fault is not None and not target.endswith("?wsdl"):
            self.fault(connection, echo)
        elif path == "/login":
            connection.sendall(whole(json.dumps({"code": 1, "token": self.token}).encode()))
        elif path == "/oauth":
            told = {"access_token": self.token, "token_type": "Bearer", "expires_in": 3600}
            connection.sendall(whole(json.dumps(told).encode(), "Content-Type: application/json"))
        elif path == "/s":
            connection.sendall(self.soap(target, body, echo))
        else:
            told = json.dumps({"code": 1, "n": 2, "rows": [FIRST, BAD]})
            connection.sendall(whole(told.encode(), f"X-Echo: {echo}", f"Set-Cookie: s={echo}"))

    def soap(self, target, body, echo):
        if target.endswith("?wsdl"):
            return whole(tj.wsdl("http://127.0.0.1/"))
        text = self.token if b"getToken" in body else json.dumps({"total": 2, "rows": [FIRST, BAD]})
        return whole(ENVELOPE.format(text).encode(), f"X-Echo: {echo}")


def status(line, *headers):
    return lambda connection, echo: connection.sendall(
        whole(echo.encode(), *(one.format(quote(echo)) for one in headers), f"X-Echo: {echo}", status=line)
    )


def says(make):
    return lambda connection, echo: connection.sendall(whole(make(echo).encode()))


def cut(connection, echo):
    connection.sendall(LONG + echo.encode()[:500])
    resets(connection, None)


FAULTS = [
    *(status(line) for line in ("400 No", "401 No", "403 No", "404 No", "429 Slowly", "500 Down", "503 Down")),
    status("429 Slowly", "Retry-After: 99"),
    status("302 Found", "Location: http://169.254.169.254/{}"),
    status("302 Found", "Location: /next?{}"),
    status("307 Moved", "Location: ftp://{}"),
    says(lambda echo: json.dumps({"code": "7", "msg": echo})),
    says(lambda echo: json.dumps({"code": echo, "msg": "no"})),
    says(lambda echo: json.dumps({"code": "9", "msg": echo})),
    says(lambda echo: ENVELOPE.format(f"<s:Fault><faultcode>s:Client</faultcode><faultstring>{echo.replace('<', '')}</faultstring></s:Fault>").replace("<r><Return>", "").replace("</Return></r>", "")),
    lambda connection, echo: connection.sendall(f"HTTP/1.1 {echo}\r\n\r\n".encode()),
    lambda connection, echo: connection.sendall(f"HTTP/1.1 200 OK\r\n{echo}\r\n\r\n".encode()),
    lambda connection, echo: connection.sendall(whole(b"x", f"Content-Encoding: {echo}")),
    cut,
]  # fmt: skip


@pytest.fixture
def echo():
    made = Echo(planted("")["TOKEN"])
    yield made
    made.end()


def cells(folder):
    """(table, column, text) of every cell of the store; bytes unpacked where they are packed."""
    with sqlite3.connect(folder / "liandan.db") as conn:
        conn.text_factory = lambda raw: raw.decode("utf-8", "replace")
        for (table,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            found = conn.execute(f"SELECT * FROM {table}")
            columns = [one[0] for one in found.description]
            for row in found:
                yield from ((table, column, _text(value)) for column, value in zip(columns, row, strict=True))


def _text(value):
    if isinstance(value, bytes):
        if value.startswith(zstandard.FRAME_HEADER):
            value = zstandard.ZstdDecompressor().decompress(value, max_output_size=64 << 20)
        return value.decode("utf-8", "replace")
    return str(value)


@pytest.mark.parametrize("style", STYLES)
def test_no_secret_is_told_anywhere(style, echo, pack, with_pack, monkeypatch, tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    secrets = planted(style)
    secrets["TOKEN"] = echo.token
    (tmp_path / "secret").write_text(secrets["FILE"] + "\n")
    more = {
        "URL": f"http://127.0.0.1:{echo.port}",
        "PORT": str(echo.port),
        "QUSER": quote(secrets["USER"], safe=""),
        "QUOTED": quote(secrets["PASSWORD"], safe=""),
    }
    for name, value in ({**secrets, **more} | {"FILE": str(tmp_path / "secret")}).items():
        monkeypatch.setenv(f"AA_{name}", value)
    (pack / "adapters/provinces/aa.yaml").write_text(STYLES[style], "utf-8")
    assert with_pack("adapters", "check", "aa").code == 0
    said = []
    for fault in [*FAULTS, None]:
        echo.fault = fault
        for arguments in (("adapters", "pull", "aa"), ("adapters", "list", "--json"), ("adapters", "list")):
            one = with_pack(*arguments)
            said.append((arguments, one.code, one.out + one.err))
    assert said[-3][1] == 0, said[-3]
    assert "accepted 1" in said[-3][2]
    assert sum(code != 0 for (_, name, *_), code, _ in said if name == "pull") >= len(FAULTS) - 3
    reports = (("quarantine", "list"), ("adapters", "history", "aa"), ("adapters", "check", "aa", "--json"))
    said += [(arguments, 0, with_pack(*arguments).out) for arguments in reports]

    used = {name for name, secret in secrets.items() if any(secret in heard for heard in echo.heard)}
    assert used, "the system did see them"
    quoted = f"{quote(secrets['USER'], safe='')}:{quote(secrets['PASSWORD'], safe='')}"
    secrets["OAUTH"] = base64.b64encode(quoted.encode()).decode()
    forms = {form for secret in secrets.values() for form in (secret, quote(secret, safe=""), quote(secret))}
    told = [(where, words) for where, _, words in said] + [("log", caplog.text)]
    told += [(f"{table}.{column}", text) for table, column, text in cells(tmp_path / "data")]
    assert any(where == "exchanges.headers" and "***" in text for where, text in told), "it was echoed, and hidden"
    assert [(where, form) for where, text in told for form in forms if form in text] == []
    for file in (tmp_path / "data").iterdir():
        raw = file.read_bytes()
        assert not [form for form in forms if form.encode() in raw], file.name
