"""REST systems are handed records: in every form of a body, once, whatever becomes of the answer."""

import base64
import json
import textwrap
from urllib.parse import parse_qs

import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from adapters.errors import Busy, Denied, Malformed, Misconfigured, Rejected, Unreachable
from adapters.load import load_adapter
from adapters.sending import Receipt
from canonical_schema.problem import ProblemsFound
from contract_tests.mocks.servers import Dropped

FILE = """\
id: xx
title: 某省系统
title_en: A system
driver: rest
base_url: ${XX_URL}
answer: {code: /code, success: 0, words: /msg, busy: [7], denied: [8]}
limits: {tries: 2}
datasets:
  manifests:
    title: 联单
    title_en: Manifests
    decode: ["text:utf-8", json]
    send:
"""
PLAIN = 'request: {method: POST, path: /in, text: "{document}"}\nheld: {codes: [409]}'
ASKING = """
request: {method: POST, path: /in, json: {data: "{content}"}}
fields: {no: /no}
held:
  request: {path: "/in/{no}"}
  answer: {code: /code, success: 0, empty_status: [404]}
  same: {/data/rev: version}
"""


@pytest.fixture
def adapter(tmp_path):
    def load(send, more=""):
        file = tmp_path / "xx.yaml"
        file.write_text(FILE + textwrap.indent(textwrap.dedent(send).strip("\n"), " " * 6) + "\n" + more, "utf-8")
        return load_adapter(file, name="xx.yaml")

    return load


class System:
    """Keeps each record under its number; `says` are its next answers, after it has kept what came (None: all is well)."""

    def __init__(self):
        self.held, self.came, self.says = {}, [], []

    async def take(self, request):
        body = await request.body()
        self.came.append((request.headers, dict(request.query_params), body))
        said = self.says.pop(0) if self.says else None
        if isinstance(said, Response) and not isinstance(said, Dropped):
            return said
        if "json" in request.headers["content-type"] and b'"data"' in body:
            data = json.loads(body)["data"]
            if isinstance(data, dict):
                self.held[data["no"]] = data
        return said or JSONResponse({"code": 0, "msg": "已接收"})

    async def tell(self, request):
        held = self.held.get(request.path_params["no"])
        return JSONResponse({"code": 0, "data": held}) if held else JSONResponse({"code": 404}, 404)


@pytest.fixture
def system(servers):
    made = System()
    routes = [Route("/in", made.take, methods=["POST", "PUT"]), Route("/in/{no}", made.tell, methods=["GET"])]
    made.environment = {"XX_URL": servers.app(Starlette(routes=routes))}
    return made


FORMS = {
    "the document itself": ('{method: POST, path: /in, text: "{document}"}', json.loads),
    "inside JSON": (
        '{method: POST, path: /in, json: {a: 1, data: "{content}"}}',
        lambda body: json.loads(body)["data"],
    ),
    "as a text in JSON": (
        '{method: POST, path: /in, json: {data: "{document}"}}',
        lambda body: json.loads(json.loads(body)["data"]),
    ),
    "in a JSON text": (
        """{method: POST, path: /in, text: '{"n": 1, "data": {document}}'}""",
        lambda body: json.loads(body)["data"],
    ),
    "in a form, as Base64": (
        '{method: POST, path: /in, form: {d: "{document64}", v: "{version}"}}',
        lambda body: json.loads(base64.b64decode(parse_qs(body.decode())["d"][0])),
    ),
    "in GB18030": (
        '{method: POST, path: /in, charset: gb18030, text: "{document}"}',
        lambda body: json.loads(body.decode("gb18030")),
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_the_document_arrives_whole_in_each_form(adapter, system, outgoing, deliver, form):
    request, read = FORMS[form]
    spec = adapter(f"request: {request}\nheld: {{repeatable: yes}}")
    assert deliver(spec, system.environment, outgoing()) == Receipt(200, False, "已接收")
    ((_, _, body),) = system.came
    assert read(body) == outgoing().values


def test_key_version_and_fields_fill_headers_query_and_path(adapter, system, outgoing, deliver):
    spec = adapter("""
        request:
          method: PUT
          path: /in
          headers: {Idempotency-Key: "{key}", X-Kind: "{kind}"}
          query: {no: "{no}", v: "{version}", id: "{record_id}"}
          text: "{document}"
        fields: {no: /no}
        held: {repeatable: yes}
    """)
    assert deliver(spec, system.environment, outgoing(3)).already_held is False
    ((headers, query, _),) = system.came
    assert (headers["idempotency-key"], headers["x-kind"]) == ("key-N-1-3", "manifest")
    assert query == {"no": "N-1", "v": "3", "id": "r-1"}


@pytest.mark.parametrize(
    ("said", "kind", "code", "words"),
    [
        (JSONResponse({"code": 5, "msg": "废物代码有误"}), Rejected, "5", "废物代码有误"),
        (JSONResponse({"code": 7, "msg": "忙"}), Busy, "7", "忙"),
        (JSONResponse({"code": 8, "msg": "无权"}), Denied, "8", "无权"),
        (JSONResponse({"code": 5, "msg": "格式"}, 422), Rejected, "5", "格式 (HTTP 422)"),
        (Response("down", 503, {"Retry-After": "9"}), Busy, "503", "down"),
        (Response("<html><title>登录</title></html>", media_type="text/html"), Malformed, "", "登录"),
        (Response('{"code": 0', media_type="application/json"), Malformed, "", ""),
        (JSONResponse({"ok": True}), Malformed, "", "no code"),
        (Dropped(), Unreachable, "", ""),
    ],
)
def test_what_it_says_is_one_typed_error_and_nothing_is_sent_twice(
    adapter, system, outgoing, deliver, said, kind, code, words
):
    system.says = [said]
    error = deliver(adapter(PLAIN), system.environment, outgoing())
    assert type(error) is kind or isinstance(error, kind)
    assert (error.code, error.adapter, error.dataset) == (code, "xx", "manifests")
    assert words in error.words
    assert len(system.came) == 1
    if code == "503":
        assert error.wait == 9


def test_a_code_that_says_it_is_there_counts_as_delivered(adapter, system, outgoing, deliver):
    system.says = [JSONResponse({"code": 409, "msg": "已存在"})]
    assert deliver(adapter(PLAIN), system.environment, outgoing(), again=True) == Receipt(200, True, "已存在")
    system.says = [Response("", 409)]
    assert deliver(adapter(PLAIN), system.environment, outgoing(), again=True).already_held is True


def test_an_answer_that_was_lost_is_found_out_by_asking(adapter, system, outgoing, deliver):
    spec = adapter(ASKING)
    system.says = [Dropped()]
    assert isinstance(deliver(spec, system.environment, outgoing()), Unreachable)
    assert system.held["N-1"]["rev"] == "1"
    assert deliver(spec, system.environment, outgoing(), again=True).already_held is True
    assert len(system.came) == 1


def test_what_never_arrived_is_sent_after_asking(adapter, system, outgoing, deliver):
    spec = adapter(ASKING)
    system.says = [Response("down", 503)]
    assert isinstance(deliver(spec, system.environment, outgoing()), Busy)
    assert deliver(spec, system.environment, outgoing(), again=True) == Receipt(200, False, "已接收")
    assert len(system.came) == 2


def test_an_older_version_there_isnt_this_one(adapter, system, outgoing, deliver):
    spec = adapter(ASKING)
    deliver(spec, system.environment, outgoing(1))
    assert deliver(spec, system.environment, outgoing(2), again=True) == Receipt(200, False, "已接收")
    assert system.held["N-1"]["rev"] == "2"


def test_taken_without_a_word(adapter, system, outgoing, deliver):
    spec = adapter(PLAIN + "\nanswer: {}")
    system.says = [Response(status_code=204)]
    assert deliver(spec, system.environment, outgoing()) == Receipt(204, False, "")


def test_an_answer_that_there_is_nothing_takes_no_record(adapter, system, outgoing, deliver):
    spec = adapter(PLAIN + "\nanswer: {code: /code, success: 0, empty: [4], empty_status: [404]}")
    for said in (JSONResponse({"code": 4}), Response("", 404)):
        system.says = [said]
        assert isinstance(deliver(spec, system.environment, outgoing()), Rejected)


def test_a_document_without_what_it_is_asked_by_is_told(adapter, system, outgoing, deliver):
    error = deliver(adapter(ASKING), system.environment, outgoing(no=""))
    assert isinstance(error, Malformed)
    assert "/no" in error.words
    charset = PLAIN.replace("path: /in", "path: /in, charset: gbk")
    error = deliver(adapter(charset), system.environment, outgoing(name="𠮷"))
    assert isinstance(error, Malformed)
    assert "'𠮷'" in error.words
    assert system.came == []


def test_nothing_declared_is_misconfigured(adapter, system, outgoing, deliver, own):
    error = deliver(own("js"), {}, outgoing())
    assert isinstance(error, Misconfigured)
    assert "send" in error.words


@pytest.mark.parametrize(
    ("send", "words"),
    [
        ("held: {repeatable: yes}", "needs 'request'"),
        ('request: {method: POST, path: /in, text: "{document}"}', "needs 'held'"),
        (PLAIN.replace("{codes: [409]}", "{}"), "one of 'repeatable', 'codes' and 'request'"),
        (PLAIN.replace("/in", '"/in/{no}"'), "nothing fills {no}"),
        (ASKING.replace("{no: /no}", "{key: /no}"), "{key} is filled already"),
        (ASKING.replace("rev: version", "rev: versoin"), "there is no 'versoin'"),
        (PLAIN.replace("codes: [409]", "codes: [409], same: {/a: key}"), "go with a 'request'"),
        (PLAIN + "\nfile: {folder: in, name: a}", "by driver xml_drop"),
        (PLAIN + "\ndecode: [json]", "bytes"),
    ],
)
def test_what_is_declared_wrongly_is_told_with_its_place(adapter, send, words):
    with pytest.raises(ProblemsFound) as found:
        adapter(send)
    assert any(words in one.words for one in found.value.problems), found.value
    assert all(one.line > 8 for one in found.value.problems)


def test_a_login_that_fails_in_between_says_nothing_of_the_record(adapter, servers, outgoing, deliver):
    """Its codes are its own: 409 of the login isn't 409 of the record."""
    tickets = [JSONResponse({"code": 0, "t": "ticket-1"}), JSONResponse({"code": 409, "msg": "已有会话"})]
    routes = [
        Route("/login", lambda _: tickets.pop(0), methods=["POST"]),
        Route("/in", lambda _: Response("", 401), methods=["POST"]),
    ]
    login = "auth: {login: {method: POST, path: /login}, token: /t, send: {X-T: '{token}'}}\n"
    error = deliver(adapter(PLAIN, login), {"XX_URL": servers.app(Starlette(routes=routes))}, outgoing(), again=True)
    assert (type(error), error.code, tickets) == (Rejected, "409", [])


def test_a_dataset_that_is_only_sent_is_not_read(adapter, system, pull):
    pulled = pull(adapter(PLAIN), system.environment)
    assert isinstance(pulled.error, Misconfigured)
    assert "the dataset is only sent" in str(pulled.error)


def test_a_login_need_not_speak_as_the_data_do(adapter, servers, outgoing, deliver):
    """As with SOAP: where it has no code, it's the token that counts."""

    async def taken(request):
        return JSONResponse({"code": 0, "msg": request.headers["x-t"]})

    routes = [
        Route("/login", lambda _: JSONResponse({"t": "ticket-1"}), methods=["POST"]),
        Route("/in", taken, methods=["POST"]),
    ]
    login = "auth: {login: {method: POST, path: /login}, token: /t, send: {X-T: '{token}'}}\n"
    receipt = deliver(adapter(PLAIN, login), {"XX_URL": servers.app(Starlette(routes=routes))}, outgoing())
    assert receipt == Receipt(200, False, "***")
