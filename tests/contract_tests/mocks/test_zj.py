"""The document/literal SOAP system as a client meets it."""

import base64
import gzip
import hashlib
from datetime import UTC, datetime, timedelta
from itertools import count

import httpx
import pytest
from lxml import etree

from contract_tests.mocks.zj import DIGEST, ENVELOPE, EXCHANGE, PASSWORD, USER, WSSE, WSU
from contract_tests.world import World
from contract_tests.world.views import zj

NONCES = count()
SIZE = 4
ASKED = "<e:ModifiedSince>{since}</e:ModifiedSince><e:PageNo>{number}</e:PageNo><e:PageSize>{size}</e:PageSize>"


def security(user=USER, password=PASSWORD, kind=DIGEST, age=0, nonce=None):
    nonce = nonce or next(NONCES).to_bytes(16)
    at = datetime.now(UTC) - timedelta(seconds=age)
    created, expires = (f"{one:%Y-%m-%dT%H:%M:%SZ}" for one in (at, at + timedelta(seconds=600)))
    digest = base64.b64encode(hashlib.sha1(nonce + created.encode() + password.encode()).digest()).decode()
    return (
        f"<wsse:Security><wsu:Timestamp><wsu:Created>{created}</wsu:Created><wsu:Expires>{expires}</wsu:Expires></wsu:Timestamp>"
        f'<wsse:UsernameToken><wsse:Username>{user}</wsse:Username><wsse:Password Type="{kind}">{digest}</wsse:Password>'
        f"<wsse:Nonce>{base64.b64encode(nonce).decode()}</wsse:Nonce><wsu:Created>{created}</wsu:Created>"
        "</wsse:UsernameToken></wsse:Security>"
    )


def envelope(asked, head, operation="QueryManifests"):
    return (
        f'<s:Envelope xmlns:s="{ENVELOPE}" xmlns:e="{EXCHANGE}" xmlns:wsse="{WSSE}" xmlns:wsu="{WSU}"><s:Header>{head}</s:Header>'
        f"<s:Body><e:{operation}>{asked}</e:{operation}></s:Body></s:Envelope>"
    ).encode()


def post(http, body):
    answer = http.post("/services/ManifestExchange", content=body, headers={"Content-Type": "text/xml"})
    return answer.status_code, etree.fromstring(answer.content)


def told(root):
    """faultcode and the system's own code of a fault; nothing where it is none."""
    codes = root.xpath("//faultcode/text()"), root.xpath("//*[local-name()='Code']/text()")
    return tuple(code for (code,) in codes) if any(codes) else ()


class Reader:
    """Reads as an adapter would: asks again, goes on from the last @LastModified."""

    def __init__(self, http):
        self.http, self.seen = http, []

    def page(self, since="", size=SIZE, number=1):
        while True:
            asked = ASKED.format(since=since, number=number, size=size)
            try:
                status, root = post(self.http, envelope(asked, security()))
            except httpx.RemoteProtocolError:
                self.seen.append("dropped")
                continue
            self.seen.append(status)
            if status == 200:
                (packed,) = root.xpath("//*[local-name()='ManifestsResult']/text()")
                return etree.fromstring(gzip.decompress(base64.b64decode(packed)))
            assert told(root) == ("soapenv:Server", "ZJ-503")

    def all(self, since=""):
        rows = {}
        while True:
            page = self.page(since)
            rows |= {row.get("Id"): plain(row) for row in page}
            if len(page) < SIZE:
                return rows, since
            since = page[-1].get("LastModified")


def plain(row):
    """Without what the elements around it declare."""
    return etree.tostring(row, method="c14n", exclusive=True)


def newest(manifests=60):
    world = World(7, manifests, ("js", "tj", "gd", "zj"))
    return {side.number: plain(zj.render(side, side.versions[-1])) for side in world.for_province("zj")}


def test_everything_arrives_though_the_server_fails_and_rows_move(mock):
    with mock("zj") as system:
        reader = Reader(system.http)
        rows, since = reader.all()
        assert {200, 500, "dropped"} <= set(reader.seen)
        assert system.state()["revealed"] > 0
        assert system.finish()["pending"] == 0
        rows |= reader.all(since)[0]
    assert rows == newest()


def test_a_moment_with_a_zone_is_the_same_moment(mock):
    with mock("zj", "--no-faults") as system:
        rows = list(Reader(system.http).page(size=200))
        at = datetime.fromisoformat(rows[20].get("LastModified"))
        utc = f"{at - timedelta(hours=8):%Y-%m-%dT%H:%M:%SZ}"
        assert Reader(system.http).page(utc)[0].get("LastModified") == rows[20].get("LastModified")


@pytest.mark.parametrize(
    "wrong",
    [
        {"user": "nobody"},
        {"password": "wrong"},
        {"kind": DIGEST.replace("Digest", "Text")},
        {"age": 301},
        {"nonce": b"short"},
    ],
)
def test_nobody_gets_in_without_a_fresh_digest(mock, wrong):
    with mock("zj", "--no-faults", manifests=3) as system:
        status, root = post(system.http, envelope(ASKED.format(since="", number=1, size=5), security(**wrong)))
    assert (status, told(root)) == (500, ("wsse:FailedAuthentication", "ZJ-401"))


def test_a_nonce_counts_once(mock):
    with mock("zj", "--no-faults", manifests=3) as system:
        body = envelope(ASKED.format(since="", number=1, size=5), security(nonce=b"0123456789abcdef"))
        assert [post(system.http, body)[0] for _ in range(2)] == [200, 500]


@pytest.mark.parametrize(
    "body",
    [
        lambda: b"<no",
        lambda: b"<plain/>",
        lambda: envelope("", security(), "Nothing"),
        lambda: envelope(ASKED.format(since="", number=0, size=5), security()),
        lambda: envelope(ASKED.format(since="yesterday", number=1, size=5), security()),
    ],
)
def test_what_is_not_understood_is_a_client_fault(mock, body):
    with mock("zj", "--no-faults", manifests=3) as system:
        status, root = post(system.http, body())  # made now: what was signed at collection is too old by then
    assert (status, told(root)) == (500, ("soapenv:Client", "ZJ-400"))
