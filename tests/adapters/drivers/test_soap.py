"""Driver `soap` against the mock `tj` and against services that behave worse."""

import contextlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from adapters.decode.web_page import WebPage
from adapters.errors import Busy, Denied, Malformed, Misconfigured, Rejected
from adapters.soap.gather import gather
from adapters.soap.wsdl import Wsdl
from contract_tests.mocks import tj
from contract_tests.world import World

SECRETS = {"LIANDAN_TJ_USER": "user-55", "LIANDAN_TJ_PASSWORD": "secret-91bc"}
ENVELOPE = '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>{}</s:Body></s:Envelope>'


def alone(wsdl):
    """A WSDL that imports nothing, gathered."""
    gathering = gather("http://127.0.0.1/x?wsdl", most_bytes=1 << 20)
    assert next(gathering) == "http://127.0.0.1/x?wsdl"
    try:
        raise AssertionError(f"asks for {gathering.send(wsdl)}")
    except StopIteration as done:
        return done.value


def rows(pulled):
    return {row["ldbh"]: int(row["bbh"]) for tree in pulled.trees() for row in tree["rows"]}


def fault(code, words):
    return ENVELOPE.format(f"<s:Fault><faultcode>s:{code}</faultcode><faultstring>{words}</faultstring></s:Fault>")


def result(text):
    return ENVELOPE.format(f"<r><Return>{text}</Return></r>")


def province(answer, *, status=200, wsdl=None, wsdl_status=200):
    """A service that gives one answer to every data call."""

    async def endpoint(request):
        if request.method == "GET":
            return Response(wsdl or tj.wsdl(str(request.url)), wsdl_status, media_type="text/xml")
        login = b"getToken" in await request.body()
        return Response(result("T" * 32) if login else answer, 200 if login else status, media_type="text/xml")

    return Starlette(routes=[Route("/tj/TranService", endpoint, methods=["GET", "POST"])])


def test_everything_comes_from_a_system_whose_token_expires(servers, own, pull, tmp_path):
    world = World(5, 230)
    mock = tj.make(world, tmp_path)
    environment = servers.mock(mock)
    first = pull(own("tj"), environment)
    assert (first.error, first.damaged) == (None, [])
    mock.finish()
    second = pull(own("tj"), environment, first.cursor)
    assert second.error is None
    found = {**rows(first), **rows(second)}
    assert found == {"" if side.damaged else side.number: side.versions[-1].number for side in world.for_province("tj")}


def test_both_documents_and_what_was_asked(servers, own, pull, tmp_path):
    environment = servers.mock(tj.make(World(5, 20), tmp_path))
    pulled = pull(own("tj"), environment)
    exchange, outer, inner = pulled.exchanges[0], *pulled.decoded[0].documents
    assert (outer.chain, inner.chain) == (("text:utf-8", "xml"), ("string", "json"))
    assert inner.parent == (
        "d1",
        "/*[local-name()='Envelope']/*[local-name()='Body'][1]/*[local-name()='getLdxxResponse'][1]/*[local-name()='getLdxxReturn'][1]",
    )
    assert exchange.request["operation"] == "getLdxx"
    asked = json.loads(exchange.request["json"])
    assert (asked["page"], asked["rows"]) == (1, 100)
    assert asked["kssj"] < inner.tree["rows"][0]["gxrq"] <= asked["jssj"]
    assert exchange.source_name == "/tj/TranService"
    assert "TranService" in exchange.request["url"]
    assert environment["LIANDAN_TJ_PASSWORD"] not in repr(exchange)


@pytest.mark.parametrize(
    ("answer", "status", "kind", "words"),
    [
        (result("04"), 200, Rejected, "code 04: 参数格式错误"),
        (result("17-1"), 200, Rejected, "code 17-1"),
        (result("03"), 200, Denied, "code 03: token 无效"),
        (result("05"), 200, Busy, "code 05: 操作失败"),
        (fault("Client", "no such operation"), 500, Rejected, "code Client: no such operation"),
        (fault("Server", "数据库忙"), 500, Busy, "code Server: 数据库忙"),
        (fault("Server", "fault under 200"), 200, Busy, "fault under 200"),
        ("<html>nginx</html>", 502, Busy, "code 502"),
        ("no xml", 404, Rejected, "code 404: no xml"),
        ("<html>请登录</html>", 200, Malformed, "an HTML page came instead of data: 请登录"),
        (result('{"total": 1, "rows": ['), 200, Malformed, "line 1, column 23"),
        (result('{"total": 1, "rows": 5}'), 200, Malformed, "no list of rows"),
        (ENVELOPE.format("<q:r><Return>x</Return></q:r>"), 200, Malformed, "Namespace prefix q"),
    ],
)
def test_each_failure_is_one_typed_error_that_names_its_place(servers, own, pull, answer, status, kind, words):
    url = servers.app(province(answer, status=status))
    pulled = pull(own("tj"), {"LIANDAN_TJ_URL": url, **SECRETS})
    assert isinstance(pulled.error, kind)
    told = str(pulled.error)
    assert told.startswith(f"tj/manifests: {url}/tj/TranService: ")
    assert words in told
    assert not any(secret in told for secret in SECRETS.values())


def test_a_web_page_ends_the_run_and_nothing_of_it_is_kept(servers, own, pull):
    url = servers.app(province("<!DOCTYPE html><html><title>统一登录</title></html>"))
    pulled = pull(own("tj"), {"LIANDAN_TJ_URL": url, **SECRETS})
    assert isinstance(pulled.error, WebPage)
    assert (pulled.exchanges, pulled.cursor) == ([], None)


@pytest.mark.parametrize(
    ("answer", "more"),
    [
        (result("04"), {}),
        (fault("Server", "who is user-66:secret-92?"), {"status": 500}),
        ("<html>", {"status": 404}),
        (result('{"rows": 5}'), {}),
        ("", {"wsdl": b"<html>"}),
        ("", {"wsdl_status": 404}),
    ],
)
def test_user_and_password_of_the_address_are_never_told(servers, own, pull, answer, more):
    address = servers.app(province(answer, **more)).removeprefix("http://")
    pulled = pull(own("tj"), {"LIANDAN_TJ_URL": f"http://user-66:secret-92@{address}", **SECRETS})
    assert f"http://{address}/" in str(pulled.error)
    assert [one for one in ("user-66", "secret-92") if one in str(pulled.error)] == []


def test_no_data_is_no_failure(servers, own, pull):
    pulled = pull(own("tj"), {"LIANDAN_TJ_URL": servers.app(province(result("06"))), **SECRETS})
    assert (pulled.error, pulled.exchanges) == (None, [])


def test_a_wrong_password_is_denied(servers, own, pull, tmp_path):
    environment = servers.mock(tj.make(World(5, 3), tmp_path))
    pulled = pull(own("tj"), {**environment, "LIANDAN_TJ_PASSWORD": "wrong"})
    assert isinstance(pulled.error, Denied)
    assert "code 02: 用户名或密码错误" in str(pulled.error)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            "operation: getLdxx",
            "operation: getLdx",
            "no operation 'getLdx'; did you mean 'getLdxx'? There are getLdxx, getToken",
        ),
        ("operation: getToken", "operation: signOn", "no operation 'signOn' There are"),
        ('["{token}", "{json}"]', '["{token}"]', "getLdxx(token, json) takes 2 arguments, the adapter file gives 1"),
    ],
)
def test_what_the_wsdl_does_not_know(servers, own, pull, tmp_path, old, new, words):
    environment = servers.mock(tj.make(World(5, 3), tmp_path / "mock"))
    pulled = pull(own("tj", tmp_path, text=[(old, new)]), environment)
    assert isinstance(pulled.error, Misconfigured)
    assert words in str(pulled.error)


EXTERNAL = b"""<wsdl:definitions targetNamespace="urn:x" xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/">
<wsdl:import namespace="urn:y" location="%s"/></wsdl:definitions>"""


@pytest.mark.parametrize(
    "wsdl",
    [
        b"<html>not found</html>",
        b"no xml",
        b"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>" + tj.wsdl("http://x/"),
        EXTERNAL % b"http://10.0.0.9/other.wsdl",
        EXTERNAL % b"file:///etc/passwd",
        b'<wsdl:definitions targetNamespace="urn:x" xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/"/>',
    ],
)
def test_a_wsdl_that_cannot_or_must_not_be_followed(servers, own, pull, wsdl):
    url = servers.app(province(result("06"), wsdl=wsdl))
    pulled = pull(own("tj"), {"LIANDAN_TJ_URL": url, **SECRETS})
    assert isinstance(pulled.error, Misconfigured), pulled.error
    assert "WSDL" in str(pulled.error)
    assert "root:" not in str(pulled.error)


@pytest.mark.filterwarnings("ignore::UserWarning:zeep")
@settings(max_examples=60, deadline=None)
@given(st.integers(0, 5000), st.binary(max_size=4), st.integers(0, 30))
def test_a_changed_wsdl_is_read_or_misconfigured(at, insert, cut):
    whole = tj.wsdl("http://x/")
    changed = whole[: at % len(whole)] + insert + whole[at % len(whole) + cut :]
    with contextlib.suppress(Misconfigured):
        wsdl = Wsdl(alone(changed))
        for name in wsdl.operations:
            assert b"Envelope" in etree.tostring(wsdl.message(name, ["a", "b"])[0])


def test_requests_are_built_as_the_wsdl_says():
    wsdl = Wsdl(alone(tj.wsdl("http://elsewhere.invalid/")))
    assert wsdl.operations == ("getLdxx", "getToken")
    envelope, headers = wsdl.message("getLdxx", ["T1", '{"a": "<&镕"}'])
    assert tj.read(etree.tostring(envelope)) == ("getLdxx", ["T1", '{"a": "<&镕"}'])
    assert headers["SOAPAction"] in {"", '""'}
    assert headers["Content-Type"] == "text/xml; charset=utf-8"
