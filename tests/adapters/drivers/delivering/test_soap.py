"""SOAP systems are handed records: as a text argument, as arguments of their own, as XML; faults and lost answers."""

import json

import pytest
from starlette.responses import Response

from adapters.errors import Misconfigured, Rejected, Unreachable
from adapters.load import load_adapter
from adapters.sending import Receipt
from contract_tests.mocks.servers import Dropped
from tests.adapters.drivers.soap.conftest import NS, SoapService

FILE = """\
id: xx
title: 某省
title_en: A province
driver: soap
base_url: ${{XX_URL}}
soap: {{wsdl: '/svc?wsdl', endpoint: /svc}}
answer: {{code: /code, success: 0, words: /msg, fault_code: 'detail/no', empty: ['04']}}
{more}
datasets:
  manifests:
    title: 联单
    title_en: Manifests
    decode: [text, xml, soap, string, json]
    send:
      request: {request}
      fields: {fields}
      held: {held}
"""
TEXT = "{operation: getRows, arguments: [t, {since: '{document}', page: '{version}'}]}"
OK = json.dumps({"code": 0, "msg": "已接收"})


@pytest.fixture
def service(servers):
    made = SoapService()
    made.result = OK
    made.url = servers.app(made.app())
    return made


@pytest.fixture
def adapter(tmp_path):
    def load(request=TEXT, held="{repeatable: yes}", more="", fields="{no: /no, firm: /name}"):
        file = tmp_path / "xx.yaml"
        file.write_text(FILE.format(request=request, held=held, more=more, fields=fields), "utf-8")
        return load_adapter(file, name="xx.yaml")

    return load


def sent(service, name="since"):
    return [call.findtext(f".//{{{NS}}}{name}") for call in service.calls]


def test_a_document_is_a_text_argument(adapter, service, outgoing, deliver):
    assert deliver(adapter(), {"XX_URL": service.url}, outgoing()) == Receipt(200, False, "已接收")
    assert [json.loads(one) for one in sent(service)] == [outgoing().values]
    assert sent(service, "page") == ["1"]


def test_the_parts_of_a_document_are_arguments_of_their_own(adapter, service, outgoing, deliver):
    request = (
        "{operation: getRows, arguments: {token: '{key}', ask: {since: '{firm}', page: '{version}', code: ['{no}']}}}"
    )
    assert deliver(adapter(request), {"XX_URL": service.url}, outgoing(2)).words == "已接收"
    assert (sent(service), sent(service, "code")) == (["镕<&>\"'"], ["N-1"])


def test_xml_stands_where_the_wsdl_lets_anything_stand(adapter, service, outgoing, deliver):
    request = "{operation: getRows, arguments: [t, {since: a, page: 1, inner: {note: n, '*': '{document}'}}]}"
    document = "<m xmlns='urn:m'><no>N-1</no><name>镕&amp;</name></m>"
    assert (
        deliver(adapter(request, fields="{no: /m/no}"), {"XX_URL": service.url}, outgoing(text=document)).words
        == "已接收"
    )
    (call,) = service.calls
    assert call.findtext(".//{urn:m}name") == "镕&"


def fault(service, code):
    detail = f"<detail><no>{code}</no></detail>"
    told = f"<s:Fault><faultcode>s:Client</faultcode><faultstring>重复</faultstring>{detail}</s:Fault>"
    return Response(service.envelope(told), 500, media_type="text/xml")


def test_a_fault_is_told_and_one_that_says_it_is_there_counts_as_delivered(adapter, service, outgoing, deliver):
    service.answers = [fault(service, 7), fault(service, 9)]
    spec = adapter(held="{codes: [9]}")
    error = deliver(spec, {"XX_URL": service.url}, outgoing())
    assert (type(error), error.code, error.words) == (Rejected, "7", "重复 [no: 7]")
    receipt = deliver(spec, {"XX_URL": service.url}, outgoing(), again=True)
    assert (receipt.already_held, receipt.words) == (True, "重复 [no: 9]")


def test_an_answer_that_was_lost_is_found_out_by_another_operation(adapter, service, outgoing, deliver):
    held = "{request: {operation: login, arguments: ['{no}', x]}, same: {/rev: version}}"
    spec = adapter(held=held)
    service.answers = [Dropped()]
    assert isinstance(deliver(spec, {"XX_URL": service.url}, outgoing(2)), Unreachable)
    service.token = json.dumps({"code": 0, "rev": "2"})
    assert deliver(spec, {"XX_URL": service.url}, outgoing(2), again=True).already_held is True
    assert len(sent(service)) == 2
    service.token = json.dumps({"code": "04"})
    assert deliver(spec, {"XX_URL": service.url}, outgoing(2), again=True) == Receipt(200, False, "已接收")


def test_an_operation_that_the_wsdl_lacks_is_told_before_anything_is_sent(adapter, service, outgoing, deliver):
    error = deliver(adapter(TEXT.replace("getRows", "getRow")), {"XX_URL": service.url}, outgoing())
    assert isinstance(error, Misconfigured)
    assert "getRows" in error.words
    assert service.calls == []


@pytest.mark.parametrize("said", ['{"code": "04"}', fault])
def test_an_answer_that_there_is_nothing_takes_no_record(adapter, service, outgoing, deliver, said):
    service.result = said if isinstance(said, str) else ""
    service.answers = [] if isinstance(said, str) else [said(service, "04")]
    error = deliver(adapter(), {"XX_URL": service.url}, outgoing())
    assert isinstance(error, Rejected)
    assert error.where == f"{service.url}/svc"


def test_a_status_that_says_there_is_nothing_takes_no_record(adapter, service, outgoing, deliver):
    service.answers = [Response("no such service", 404)]
    spec = adapter(held="{repeatable: yes}\n      answer: {empty_status: [404]}")
    assert isinstance(deliver(spec, {"XX_URL": service.url}, outgoing()), Rejected)


def test_taken_without_a_word(adapter, service, outgoing, deliver):
    service.answers = [Response(status_code=202)]
    spec = adapter(held="{repeatable: yes}\n      answer: {}")
    assert deliver(spec, {"XX_URL": service.url}, outgoing()) == Receipt(202, False, "")
