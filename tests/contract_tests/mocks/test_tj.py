"""The SOAP system as zeep meets it, and as one who writes wrong envelopes does."""

import json

import httpx
import pytest
from zeep import Client, Settings
from zeep.transports import Transport

from contract_tests.mocks.tj import NAMESPACE, PASSWORD, USER
from contract_tests.world import World
from contract_tests.world.views import tj

ASKED = {"kssj": "2026-01-01", "jssj": "2026-12-31", "page": 1, "rows": 20}


class OfflineTransport(Transport):
    """Only the mock may be asked: a WSDL that needs the internet fails."""

    def __init__(self, url):
        super().__init__()
        self.url, self.session.trust_env = url, False

    def load(self, url):
        assert url.startswith(self.url), url
        return super().load(url)


class Reader:
    def __init__(self, system):
        transport = OfflineTransport(system.url)
        settings = Settings(forbid_dtd=True, forbid_external=True)
        self.client = Client(f"{system.url}/tj/TranService?wsdl", transport=transport, settings=settings)
        self.token, self.codes = "", []

    def call(self, **asked):
        while True:
            answer = self.client.service.getLdxx(self.token, json.dumps(ASKED | asked))
            if answer == "03":
                self.token = self.client.service.getToken(USER, PASSWORD)
            if len(answer) > 4 or answer not in {"03", "05"}:
                return answer
            self.codes.append(answer)

    def all(self, **asked):
        rows, page = [], 1
        while len(answer := self.call(page=page, **asked)) > 4:
            rows += json.loads(answer)["rows"]
            page += 1
        assert answer == "06"
        return rows

    def close(self):
        self.client.transport.session.close()


@pytest.fixture
def reader(mock):
    with mock("tj") as system:
        reader = Reader(system)
        reader.system = system
        yield reader
        reader.close()


def key(row):
    return row["ldbh"] or row["zyjhbh"]


def test_everything_arrives_though_the_token_ends_and_calls_fail(reader):
    rows = {key(row): row for row in reader.all()}
    rows |= {key(row): row for row in reader.all(rows=7)}
    assert reader.codes.count("03") > 2
    assert "05" in reader.codes
    assert reader.system.finish()["pending"] == 0
    rows |= {key(row): row for row in reader.all(kssj="2026-03-15")}
    wanted = [tj.render(side, side.versions[-1]) for side in World(7, 60).for_province("tj")]
    assert rows == {key(row): row for row in wanted}
    assert sum(row["ldbh"] == "" for row in rows.values()) == sum(
        s.damaged == "no_number" for s in World(7, 60).for_province("tj")
    )


def test_pages_of_one_pass_hang_together(reader):
    total = json.loads(reader.call())["total"]
    rows = reader.all()
    assert len(rows) == total == len({key(row) for row in rows})


def test_days_bound_what_is_asked_for(reader):
    rows = reader.all(kssj="2026-01-10", jssj="2026-01-20")
    assert rows
    assert all("2026-01-10" <= row["gxrq"] <= "2026-01-20" for row in rows)
    assert reader.call(kssj="2031-01-01", jssj="2031-01-02") == "06"


def test_short_codes_say_what_is_wrong(reader):
    assert reader.client.service.getToken(USER, "wrong") == "02"
    assert reader.client.service.getLdxx("unknown", json.dumps(ASKED)) == "03"
    token = reader.client.service.getToken(USER, PASSWORD)
    assert reader.client.service.getLdxx(token, "not json") == "04"
    assert reader.client.service.getLdxx(token, json.dumps(ASKED | {"kssj": "1.1.2026"})) == "04"
    assert reader.client.service.getLdxx(token, json.dumps(ASKED | {"rows": 0})) == "04"


ENVELOPE = '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>{}</s:Body></s:Envelope>'


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<s:Envelope", "XML"),
        (ENVELOPE.format(""), "no operation in the body"),
        (ENVELOPE.format(f'<n:saveSnld xmlns:n="{NAMESPACE}"/>'), "no such operation: saveSnld"),
        (ENVELOPE.format(f'<n:getToken xmlns:n="{NAMESPACE}"><user>x</user></n:getToken>'), "getToken: no pwd"),
    ],
)
def test_a_wrong_envelope_is_a_client_fault(reader, body, words):
    answer = httpx.post(f"{reader.system.url}/tj/TranService", content=body, trust_env=False)
    assert answer.status_code == 500
    assert "<faultcode>soapenv:Client</faultcode>" in answer.text
    assert words in answer.text
