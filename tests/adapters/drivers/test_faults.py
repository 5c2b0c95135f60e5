"""Everything that a connection can do to a run, over each driver that asks over one: one typed error, of the right retry
class, what was read before it kept, the cursor where it was, and all rows there once the system is well again. Real sockets."""

import time
from datetime import UTC, datetime

import pytest

from adapters.errors import Busy, Denied, Malformed, Rejected, Unreachable
from tests.adapters.drivers.broken import (
    CHUNKED,
    HEAD,
    LONG,
    METADATA,
    Province,
    Rest,
    Soap,
    bomb,
    drips,
    hangs,
    pours,
    resets,
    resets_half_way,
    says,
    whole,
)

FAULTS = {
    "refused": ("refused", Unreachable, "can't connect"),
    "reset": (resets, Unreachable, "ReadError"),
    "reset half-way": (resets_half_way, Unreachable, "ReadError"),
    "closed without a word": (says(b""), Unreachable, "RemoteProtocolError"),
    "hung": (hangs, Unreachable, "ReadTimeout"),
    "no HTTP": (says(b"220 mail.test ESMTP\r\n"), Unreachable, "RemoteProtocolError"),
    "status line cut": (says(b"HTTP/1.1 20"), Unreachable, "RemoteProtocolError"),
    "body shorter than it says": (says(LONG + b'{"code": "1"'), Unreachable, "RemoteProtocolError"),
    "chunk cut": (says(CHUNKED + b"20\r\nhalf"), Unreachable, "RemoteProtocolError"),
    "last chunk missing": (says(CHUNKED + b"2\r\n{}\r\n"), Unreachable, "RemoteProtocolError"),
    "no chunk at all": (says(CHUNKED + b"zz\r\n{}\r\n"), Unreachable, "RemoteProtocolError"),
    "headers by drops": (drips(HEAD + b"X: "), Unreachable, "no whole answer within 0.6 s"),
    "body by drops": (drips(LONG), Unreachable, "no whole answer within 0.6 s"),
    "preliminary answers for ever": (drips(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), Unreachable, "no whole answer"),
    "status line for ever": (pours(b"HTTP/1.1 200 ", b"O" * 65536), Malformed, "larger than 100 KiB"),
    "headers for ever": (pours(HEAD, b"X-Flood: " + b"y" * 4000 + b"\r\n"), Malformed, "larger than 100 KiB"),
    "small headers for ever": (pours(HEAD, b"X: y\r\n" * 1000), Malformed, "larger than 100 KiB"),
    "a chunk's size for ever": (pours(CHUNKED, b"0" * 65536), Malformed, "larger than 100 KiB"),
    "body for ever": (pours(HEAD + b"\r\n", b" " * 65536), Malformed, "larger than 1048576 bytes"),
    "longer than allowed": (says(HEAD + b"Content-Length: 99999999999\r\n\r\n" + b" " * (2 << 20)), Malformed, "larger"),
    "a bomb": (says(bomb()), Malformed, "unpacks to more"),
    "coding broken": (says(whole(b"{}", "Content-Encoding: gzip")), Malformed, "not gzip"),
    "coding unknown": (says(whole(b"{}", "Content-Encoding: x-own")), Malformed, "not asked for"),
    "to metadata": (says(whole(b"", METADATA, status="302 Found")), Rejected, "isn't among base_url and hosts"),
    "to metadata again": (says(whole(b"", METADATA, status="307 Moved")), Rejected, "isn't among base_url and hosts"),
    "no room": (says(whole(b"", status="503 Busy")), Busy, ""),
    "a gateway's HTML": (says(whole(b"<html>Bad Gateway</html>", status="502 Bad")), Busy, ""),
    "slowly, please": (says(whole(b"", "Retry-After: 3600", status="429 Slowly")), Busy, ""),
    "credential ended": (says(whole(b"", status="403 No")), Denied, ""),
    "nothing there": (says(whole(b"", status="404 No")), Rejected, ""),
}  # fmt: skip
AGAIN = (Unreachable, Busy)
HTML = says(whole(b"<html><body>Please log in</body></html>", "Content-Type: text/html"))


@pytest.fixture(params=[Rest, Soap], ids=["rest", "soap"])
def province(request):
    made = Province(request.param())
    yield made
    made.end()


@pytest.fixture
def run(own, tmp_path, pull, province):
    """One run over the province, on 20 February 2026, with little patience."""
    spec = own(province.system.adapter, tmp_path, text=province.system.text)
    limits = {"connect": 0.5, "read": 0.3, "total": 0.6, "answer_mb": 1, "tries": 2}
    spec = spec.model_copy(update={"limits": spec.limits.model_copy(update=limits), "redirects": 3})
    return lambda cursor=None: pull(spec, province.environment, cursor, clock=lambda: datetime(2026, 2, 20, tzinfo=UTC))


def rows(province, pulled):
    return set().union(*map(province.system.numbers, pulled.trees()))


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_one_typed_error_and_loses_nothing(name, province, run):
    province.fault, error, words = FAULTS[name]
    began = time.monotonic()
    first = run()
    assert time.monotonic() - began < 10
    assert type(first.error) is error
    assert first.error.retryable is issubclass(error, AGAIN)
    assert words in first.error.words
    assert (first.error.adapter, first.error.dataset) == (province.system.adapter, "manifests")
    assert first.error.where == province.url + province.system.where
    assert rows(province, first) == province.system.first
    assert first.cursor == first.exchanges[-1].cursor
    province.mend()
    second = run(first.cursor)
    assert second.error is None
    assert rows(province, second) == province.system.rest


@pytest.mark.parametrize(
    "name", ["reset", "hung", "headers by drops", "body for ever", "a bomb", "to metadata", "no room"]
)
def test_a_fault_before_the_first_page_leaves_everything_as_it_was(name, province, run):
    for at in province.system.before:
        (province.fault, error, words), province.at = FAULTS[name], at
        first = run()
        assert type(first.error) is error
        assert words in first.error.words
        assert (first.exchanges, first.cursor) == ([], None)
    province.mend()
    second = run()
    assert (second.error, rows(province, second)) == (None, {"n1", "n2", "n3"})


def test_a_page_of_html_moves_nothing_and_loses_nothing(province, run):
    province.fault = HTML
    first = run()
    assert isinstance(first.error, Malformed) or len(first.damaged) == 1, "kept whole, or told at once"
    assert first.cursor == first.exchanges[0].cursor
    assert rows(province, first) == province.system.first
    assert province.asked.count("page") >= 2, "it may have been cut on its way: asked for once more"
    province.mend()
    assert rows(province, run(first.cursor)) == province.system.rest


def test_a_wait_that_was_asked_for_reaches_who_plans_the_next_run(province, run):
    province.fault = FAULTS["slowly, please"][0]
    assert run().error.wait == 3600
    assert province.asked.count("page") == 1


def test_no_error_tells_a_secret(province, run):
    """Also where the system says back what it was sent."""
    echo = " ".join([*province.system.secrets.values(), province.system.ticket])
    province.fault = says(whole(echo.encode(), f"X-Echo: {echo}", status="418 No"))
    pulled = run()
    told = f"{pulled.error} {pulled.error!r} {pulled.exchanges}"
    assert "***" in str(pulled.error)
    assert not [secret for secret in echo.split() if secret in told]
