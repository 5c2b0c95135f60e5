"""Faults of both versions, and refusals in data: each one typed error with the system's own code and words."""

import pytest
from starlette.responses import Response

from adapters.errors import Busy, Denied, Malformed, Rejected
from canonical_schema.problem import ProblemsFound
from tests.adapters.drivers.soap.conftest import ENVELOPES, SoapService

ONCE = "limits: {tries: 1}"
LOGIN = "auth: {login: {operation: login, arguments: [u, '${XX_PASSWORD}']}}\n" + ONCE
ASK = "{operation: getRows, arguments: ['{token}', {since: '{from}', page: '{page}'}]}"
DATA = '{"total": 0, "rows": []}'


def fault_11(code, words, detail=""):
    return (
        f'<s:Envelope xmlns:s="{ENVELOPES["1.1"]}" xmlns:q="urn:q"><s:Body><s:Fault><faultcode>{code}</faultcode>'
        f"<faultstring>{words}</faultstring>{detail}</s:Fault></s:Body></s:Envelope>"
    )


def fault_12(codes, words, detail=""):
    inside = ""
    for code in reversed(codes[1:]):
        inside = f"<s:Subcode><s:Value>{code}</s:Value>{inside}</s:Subcode>"
    return (
        f'<s:Envelope xmlns:s="{ENVELOPES["1.2"]}" xmlns:q="urn:q"><s:Body><s:Fault><s:Code><s:Value>{codes[0]}</s:Value>'
        f'{inside}</s:Code><s:Reason><s:Text xml:lang="en">in English</s:Text><s:Text xml:lang="zh-CN">{words}</s:Text>'
        f"</s:Reason>{detail}</s:Fault></s:Body></s:Envelope>"
    )


def answered(run, body, status=200, *, version="1.1", headers=None, environment=None, **parts):
    service = SoapService(version=version)
    service.answers = [Response(body, status, headers, "text/xml")] * 20
    return run(service, environment, **{"more": ONCE, **parts})


@pytest.mark.parametrize("status", [200, 500])
@pytest.mark.parametrize(
    ("body", "version", "kind", "told"),
    [
        (fault_11("s:Client", "参数错"), "1.1", Rejected, "code Client: 参数错"),
        (fault_11("s:Server", "数据库忙"), "1.1", Busy, "code Server: 数据库忙"),
        (fault_11("s:Client.Since", "bad"), "1.1", Rejected, "code Client.Since: bad"),
        (fault_11("s:MustUnderstand", "no"), "1.1", Rejected, "code MustUnderstand: no"),
        (fault_11("", "no code"), "1.1", Busy, "busy: no code"),
        (
            fault_11("s:Server", "x", "<detail><q:e><no>12</no><text>a\n b</text></q:e></detail>"),
            "1.1",
            Busy,
            "code Server: x [no: 12; text: a b]",
        ),
        (fault_11("q:FailedAuthentication", "who?"), "1.1", Denied, "code FailedAuthentication: who?"),
        (fault_12(["s:Sender"], "参数错"), "1.2", Rejected, "code Sender: 参数错"),
        (fault_12(["s:Sender", "q:Since", "q:Format"], "格式"), "1.2", Rejected, "code Sender/Since/Format: 格式"),
        (fault_12(["s:Receiver"], "忙"), "1.2", Busy, "code Receiver: 忙"),
        (fault_12(["s:Sender", "q:InvalidSecurity"], "who?"), "1.2", Denied, "code Sender/InvalidSecurity: who?"),
        (
            fault_12(["s:Receiver"], "x", "<s:Detail><q:no>12</q:no></s:Detail>"),
            "1.2",
            Busy,
            "code Receiver: x [no: 12]",
        ),
    ],
)
def test_a_fault_is_one_typed_error_whatever_the_status(run, body, version, kind, told, status):
    pulled = answered(run, body, status, version=version)
    assert type(pulled.error) is kind
    assert told in str(pulled.error)
    assert pulled.exchanges == []


def test_words_of_an_envelope_prefixed_fault_are_read_too(run):
    """SOAP 1.1 §4.4 wants faultcode without a namespace; some stacks qualify it."""
    body = (
        fault_11("s:Client", "参数错").replace("faultcode>", "s:faultcode>").replace("faultstring>", "s:faultstring>")
    )
    assert "code Client: 参数错" in str(answered(run, body).error)


@pytest.mark.parametrize(
    ("status", "headers", "kind", "wait"),
    [
        (403, {}, Denied, None),
        (429, {"Retry-After": "20"}, Busy, 20.0),
        (503, {"Retry-After": "30"}, Busy, 30.0),
        (500, {"Retry-After": "40"}, Busy, 40.0),
    ],
)
def test_a_fault_under_another_status_counts_by_the_status(run, status, headers, kind, wait):
    code = "s:Server" if status == 500 else "s:Client"
    error = answered(run, fault_11(code, "later"), status, headers=headers).error
    assert type(error) is kind
    assert (error.code, error.words) == (code[2:], "later")
    assert getattr(error, "wait", None) == wait


OWN = "<detail><q:error xmlns:q='urn:q'><q:no>{}</q:no><q:text>令牌失效</q:text></q:error></detail>"
WHERE = "fault_code: \"detail//*[local-name()='no']\", fault_words: \"detail//*[local-name()='text']\""


@pytest.mark.parametrize(
    ("no", "kind"), [("E5", Busy), ("E3", Denied), ("E9", Rejected), ("Client", Rejected), ("", Rejected)]
)
def test_a_system_with_codes_of_its_own_inside_the_fault(run, no, kind):
    body = fault_11("s:Client", "see detail", OWN.format(no))
    error = answered(run, body, more=f"{ONCE}\nanswer: {{busy: [E5], denied: [E3], {WHERE}}}").error
    assert type(error) is kind
    assert error.code == (no or "Client")
    assert error.words == "令牌失效"


def test_a_fault_that_says_there_is_nothing(run):
    pulled = answered(run, fault_11("s:Client.NoData", "没有数据"), 500, more="answer: {empty: [Client.NoData]}")
    assert (pulled.error, pulled.exchanges) == (None, [])


REFUSALS = {
    "fault 1.1": (fault_11("s:Client.Token", "令牌失效"), "answer: {token_invalid: [Client.Token]}"),
    "fault 1.2": (fault_12(["s:Sender", "q:Token"], "令牌失效"), "answer: {token_invalid: [Token]}"),
    "own code": (fault_11("s:Server", "x", OWN.format("E1")), f"answer: {{token_invalid: [E1], {WHERE}}}"),
    "short code": ("03", "answer: {short_code: 4, token_invalid: [03], meanings: {03: 令牌失效}}"),
    "in data": (
        '{"code": 401, "msg": "令牌失效"}',
        "answer: {code: /code, success: 0, words: /msg, token_invalid: [401]}",
    ),
}


def refusing(how, times):
    """Refuses the token of the first login so many times."""
    refusal, more = REFUSALS[how]
    service = SoapService(version="1.2" if how == "fault 1.2" else "1.1")
    service.result = '{"code": 0, "total": 0, "rows": []}'
    said = refusal if refusal.startswith("<") else service.answer("getRows", f"<return>{refusal}</return>")
    left = [said] * times

    def answer(call):
        if call.tag.endswith("}login"):
            service.token = f"T-00000{len(service.calls)}"
            return None
        return left.pop() if left else None

    service.answers = [answer] * 10
    return service, f"{LOGIN}\n{more}"


@pytest.mark.parametrize("how", REFUSALS)
def test_a_refused_token_is_one_new_login_and_the_request_again(run, how):
    service, more = refusing(how, 1)
    pulled = run(service, {"XX_PASSWORD": "secret-1"}, more=more, request=ASK)
    assert pulled.error is None
    asked = [(call[-1][0].tag.partition("}")[2], call[-1][0][0].text) for call in service.calls]
    assert asked == [("login", "u"), ("getRows", "T-000001"), ("login", "u"), ("getRows", "T-000003")]


@pytest.mark.parametrize("how", REFUSALS)
def test_a_token_refused_again_is_denied_with_the_systems_words(run, how):
    service, more = refusing(how, 2)
    error = run(service, {"XX_PASSWORD": "secret-1"}, more=more, request=ASK).error
    assert isinstance(error, Denied)
    assert "令牌失效" in str(error)
    assert [call[-1][0].tag.partition("}")[2] for call in service.calls] == ["login", "getRows"] * 2


def test_a_login_without_a_token_is_told(run):
    service = SoapService()
    service.token = ""
    error = run(service, {"XX_PASSWORD": "secret-1"}, more=LOGIN, request=ASK).error
    assert isinstance(error, Malformed)
    assert "no token" in str(error)


@pytest.mark.parametrize(
    ("answer", "place"),
    [
        ("<return>{}</return>", ""),
        ("<return>&lt;r&gt;&lt;code&gt;0&lt;/code&gt;&lt;t&gt;{}&lt;/t&gt;&lt;/r&gt;</return>", "/r/t"),
        ('<return>{{"code": 0, "data": {{"token": "{}"}}}}</return>', "/data/token"),
        ("<code>0</code><session id='{}'/>", "/Envelope/Body/loginResponse/session/@id"),
    ],
)
def test_a_token_wherever_the_login_has_it(run, answer, place):
    service = SoapService()
    service.answers = [service.answer("login", answer.format("T-77"))]
    told = f", token: {place}" if place else ""
    more = f"auth: {{login: {{operation: login, arguments: [u, p]}}{told}}}\n{ONCE}"
    assert run(service, more=more, request=ASK).error is None
    assert service.sent(1)[0].text == "T-77"


def test_a_login_that_is_refused_in_its_data(run):
    service = SoapService()
    service.answers = [service.answer("login", '<return>{"code": 11, "msg": "用户锁定"}</return>')]
    more = "answer: {code: /code, success: 0, words: /msg, denied: [11]}"
    error = run(service, {"XX_PASSWORD": "secret-1"}, more=f"{LOGIN}\n{more}", request=ASK).error
    assert isinstance(error, Denied)
    assert (error.code, error.words) == ("11", "用户锁定")
    assert len(service.calls) == 1


def test_a_login_that_faults_and_echoes_the_password(run):
    service = SoapService()
    service.answers = [Response(fault_11("s:Client", "user u, password secret-1"), 500, None, "text/xml")]
    error = run(service, {"XX_PASSWORD": "secret-1"}, more=LOGIN, request=ASK).error
    assert isinstance(error, Rejected)
    assert "user u, password ***" in str(error)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<login/>", "not a SOAP envelope"),
        (fault_11("a", "b").replace("Fault", "Fualt"), "isn't JSON"),
        (f'<s:Envelope xmlns:s="{ENVELOPES["1.1"]}"><s:Body/></s:Envelope>', "body is empty"),
        (f'<s:Envelope xmlns:s="{ENVELOPES["1.1"]}"/>', "body is empty"),
        ("", "not well-formed"),
        ("<!DOCTYPE a><a/>", "DOCTYPE"),
    ],
)
def test_what_is_no_answer_at_all_is_kept_whole_and_the_cursor_stays(run, body, words):
    pulled = answered(run, body)
    (exchange,) = pulled.exchanges
    assert (exchange.payload.body.decode(), exchange.cursor) == (body, None)
    assert words in pulled.damaged[0].reasons[0]


@pytest.mark.parametrize(
    ("parts", "line", "column"),
    [
        ({"more": "answer: {fault_code: 'a['}"}, 8, 22),
        ({"decode": "[text, xml, soap, json]\n    answer: {fault_words: 'a['}"}, 17, 27),
    ],
)
def test_a_place_of_a_code_that_is_no_xpath(adapter, parts, line, column):
    with pytest.raises(ProblemsFound) as found:
        adapter(**parts)
    (problem,) = found.value.problems
    assert "is no XPath" in problem.words
    assert (problem.line, problem.column) == (line, column)
