"""WS-Security UsernameToken, judged by a service that keeps to the profile itself, and by zeep's own token."""

from base64 import b64decode, b64encode
from datetime import UTC, datetime, timedelta
from hashlib import sha1

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from starlette.responses import Response
from zeep.wsse.username import UsernameToken

from adapters.errors import Denied, Misconfigured
from adapters.soap.security import digest
from canonical_schema.problem import ProblemsFound
from tests.adapters.drivers.soap.conftest import ENVELOPES, SoapService
from tests.adapters.drivers.soap.test_faults import fault_11

SECEXT = "{http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd}"
UTILITY = "{http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd}"
PROFILE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#"
NOW = datetime(2026, 3, 5, 16, 30, 5, tzinfo=UTC)
SECRETS = {"XX_USER": "用户", "XX_PASSWORD": "p<w>镕&1"}
SOAP = "{{wsdl: '/svc?wsdl', endpoint: /svc, security: {{user: '${{XX_USER}}', password: '${{XX_PASSWORD}}', {}}}}}"
ONCE = "limits: {tries: 1}"


class Guarded(SoapService):
    """Answers only to a token that is right, young and new; SOAP 1.1."""

    def __init__(self, password=SECRETS["XX_PASSWORD"], echo=""):
        super().__init__()
        self.password, self.echo, self.nonces = password, echo, set()
        self.answers = [self.judge] * 10

    def judge(self, call):
        security = call.getroottree().getroot().find(f"{{{ENVELOPES[self.version]}}}Header/{SECEXT}Security")
        token = security.find(f"{SECEXT}UsernameToken")
        nonce = b64decode(token.findtext(f"{SECEXT}Nonce"))
        made = sha1(nonce + token.findtext(f"{UTILITY}Created").encode() + self.password.encode()).digest()
        good = b64decode(token.findtext(f"{SECEXT}Password")) == made and nonce not in self.nonces and len(nonce) >= 16
        self.nonces.add(nonce)
        until = datetime.fromisoformat(security.findtext(f"{UTILITY}Timestamp/{UTILITY}Expires"))
        if good and until > NOW:
            return None
        return Response(fault_11("q:FailedAuthentication", f"not {self.echo}"), 500, None, "text/xml")


def test_a_digest_with_timestamp_is_accepted_and_each_request_has_its_own_nonce(run, clock):
    service = Guarded()
    for _ in range(3):
        assert run(service, SECRETS, soap=SOAP.format("timestamp: 5m"), clock=clock).error is None
    assert len(service.nonces) == len(service.calls) == 3
    security = service.calls[0].find(f".//{SECEXT}Security")
    token, stamp = security.find(f"{SECEXT}UsernameToken"), security.find(f"{UTILITY}Timestamp")
    assert token.findtext(f"{SECEXT}Username") == "用户"
    assert token.find(f"{SECEXT}Password").get("Type") == f"{PROFILE}PasswordDigest"
    assert token.findtext(f"{UTILITY}Created") == stamp.findtext(f"{UTILITY}Created") == "2026-03-05T16:30:05Z"
    assert stamp.findtext(f"{UTILITY}Expires") == "2026-03-05T16:35:05Z"
    assert security.attrib == {}


def test_a_wrong_password_is_denied_and_nobody_is_told_it(run, clock):
    service = Guarded("another", echo="secret-91bc")
    environment = {**SECRETS, "XX_PASSWORD": "secret-91bc"}
    pulled = run(service, environment, soap=SOAP.format("timestamp: 5m"), clock=clock, more=ONCE)
    assert isinstance(pulled.error, Denied)
    assert (pulled.error.code, pulled.error.words) == ("FailedAuthentication", "not ***")
    assert len(service.calls) == 1


def test_a_text_password_stands_as_it_is(run):
    service = SoapService(version="1.2")
    assert run(service, SECRETS, soap=SOAP.format("kind: text, nonce: no, created: no")).error is None
    (token,) = service.calls[-1].find(f".//{SECEXT}Security")
    assert [one.tag for one in token] == [f"{SECEXT}Username", f"{SECEXT}Password"]
    assert (token[1].text, token[1].get("Type")) == (SECRETS["XX_PASSWORD"], f"{PROFILE}PasswordText")


@pytest.mark.parametrize(
    ("more", "names"),
    [
        ("kind: text", ["Username", "Password", "Nonce", "Created"]),
        ("nonce: no", ["Username", "Password", "Created"]),
        ("created: no", ["Username", "Password", "Nonce"]),
    ],
)
def test_a_digest_is_made_of_what_is_sent(run, more, names):
    service = SoapService()
    run(service, SECRETS, soap=SOAP.format(more))
    (token,) = service.calls[-1].find(f".//{SECEXT}Security")
    assert [etree.QName(one).localname for one in token] == names
    if "kind" not in more:
        nonce = b64decode(token.findtext(f"{SECEXT}Nonce") or "")
        made = nonce + (token.findtext(f"{UTILITY}Created") or "").encode() + SECRETS["XX_PASSWORD"].encode()
        assert token.findtext(f"{SECEXT}Password") == b64encode(sha1(made).digest()).decode()


@pytest.mark.parametrize("version", ["1.1", "1.2"])
def test_must_understand_stands_in_the_envelopes_namespace(run, version):
    service = SoapService(version=version)
    run(service, SECRETS, soap=SOAP.format("must_understand: yes"))
    security = service.calls[-1].find(f".//{SECEXT}Security")
    assert security.attrib == {f"{{{ENVELOPES[version]}}}mustUnderstand": "1"}


@given(
    st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1),
    st.text("abc123"),
    st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)),
)
def test_the_digest_is_that_of_zeep(password, nonce, moment):
    moment = moment.replace(microsecond=0, tzinfo=UTC)
    token = UsernameToken("u", password, use_digest=True, nonce=nonce or "n", created=moment, zulu_timestamp=True)
    (made, *_) = token._create_password_digest()
    created = moment.isoformat().replace("+00:00", "Z")
    assert digest((nonce or "n").encode(), created, password) == made.text


def test_a_secret_that_is_not_set(run):
    service = SoapService()
    pulled = run(service, {}, soap=SOAP.format("kind: text"))
    assert isinstance(pulled.error, Misconfigured)
    assert "not set: XX_USER" in str(pulled.error)
    assert service.calls == []


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ("kind: md5", "'text' or 'digest'"),
        ("timestamp: 300", "90s, 10m"),
        ("kind: digest, nonce: no, created: no", "a digest of the password alone"),
        ("usr: a", "usr"),
    ],
)
def test_what_a_file_may_not_say(adapter, more, words):
    with pytest.raises(ProblemsFound) as found:
        adapter(soap=SOAP.format(more))
    (problem,) = found.value.problems
    assert problem.line == 7
    assert words in problem.words


def test_a_password_that_is_written_in_the_file(adapter):
    with pytest.raises(ProblemsFound) as found:
        adapter(soap="{wsdl: '/svc?wsdl', endpoint: /svc, security: {user: u, password: secret}}")
    (problem,) = found.value.problems
    assert (problem.line, problem.column) == (7, 73)
    assert "a secret is named here" in problem.words


@pytest.fixture
def clock():
    return lambda: NOW + timedelta(microseconds=1)
