"""Everything that a connection can do to a run: one typed error each, of the right retry class, the first page kept, the
cursor where it was, and all rows there once the system is well again. Real sockets."""

import time
import pytest

from adapters.errors import Busy, Denied, Malformed, Rejected, Unreachable
from tests.adapters.drivers import broken
from tests.adapters.drivers.broken import HEAD, drips, hangs, pours, resets, says, whole

CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
LONG = HEAD + b"Content-Length: 1000\r\n\r\n"

FAULTS = {
    "refused": ("refused", Unreachable, "can't connect"),
    "reset": (resets, Unreachable, "ReadError"),
    "closed without a word": (says(b""), Unreachable, "RemoteProtocolError"),
    "hung": (hangs, Unreachable, "ReadTimeout"),
    "no HTTP": (says(b"220 mail.test ESMTP\r\n"), Unreachable, "RemoteProtocolError"),
    "status line cut": (says(b"HTTP/1.1 20"), Unreachable, "RemoteProtocolError"),
    "body shorter than it says": (says(LONG + b'{"code": "1"'), Unreachable, "RemoteProtocolError"),
    "chunk cut": (says(CHUNKED + b"20\r\nhalf"), Unreachable, "RemoteProtocolError"),
    "last chunk missing": (says(CHUNKED + b"2\r\n{}\r\n"), Unreachable, "RemoteProtocolError"),
    "no chunk at all": (says(CHUNKED + b"zz\r\n{}\r\n"), Unreachable, "RemoteProtocolError"),
    "headers by drops": (drips(HEAD + b"X: "), Unreachable, "no whole answer within 2 s"),
    "body by drops": (drips(LONG), Unreachable, "no whole answer within 2 s"),
    "preliminary answers for ever": (drips(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), Unreachable, "no whole answer"),
    "status line for ever": (pours(b"HTTP/1.1 200 ", b"O" * 65536), Malformed, "larger than 100 KiB"),
    "headers for ever": (pours(HEAD, b"X-Flood: " + b"y" * 4000 + b"\r\n"), Malformed, "larger than 100 KiB"),
    "a chunk's size for ever": (pours(CHUNKED, b"0" * 65536), Malformed, "larger than 100 KiB"),
    "body for ever": (pours(HEAD + b"\r\n", b" " * 65536), Malformed, "larger than 1048576 bytes"),
    "longer than allowed": (says(HEAD + b"Content-Length: 99999999999\r\n\r\n" + b" " * (2 << 20)), Malformed, "larger"),
    "a bomb": (says(broken.bomb()), Malformed, "unpacks to more"),
    "coding broken": (says(whole(b"{}", "Content-Encoding: gzip")), Malformed, "not gzip"),
    "coding unknown": (says(whole(b"{}", "Content-Encoding: br")), Malformed, "not asked for"),
    "to metadata": (says(whole(b"", "Location: http://169.254.169.254/", status="302 Found")), Rejected, "a redirect"),
    "no room": (says(whole(b"", status="503 Busy")), Busy, ""),
    "slowly, please": (says(whole(b"", "Retry-After: 3600", status="429 Slowly")), Busy, ""),
    "credential ended": (says(whole(b"", status="403 No")), Denied, ""),
    "nothing there": (says(whole(b"", status="404 No")), Rejected, ""),
}  # fmt: skip
AGAIN = (Unreachable, Busy)


@pytest.fixture
def province():
    made = broken.Province()
    yield made
    made.end()


@pytest.fixture
def spec(own, tmp_path):
    limits = "limits:\n  connect: 1s\n  read: 1s\n  total: 2s\n  answer_mb: 1\n  tries: 2\n"
    return own("js", tmp_path, text=[("limits:\n", limits), ("  connect: 5s\n  read: 30s\n  total: 60s\n", ""), ("size: 100", "size: 1"), ("overlap: 10m", "overlap: 0s")])  # fmt: skip


def rows(pulled):
    return {row["transNo"] for tree in pulled.trees() for row in tree["data"]["list"]}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_one_typed_error_and_loses_nothing(name, province, spec, pull):
    province.fault, error, words = FAULTS[name]
    environment = {"LIANDAN_JS_URL": province.url, "LIANDAN_JS_APP_ID": "a", "LIANDAN_JS_APP_SECRET": "b"}
    began = time.monotonic()
    first = pull(spec, environment)
    assert type(first.error) is error
    assert first.error.retryable is issubclass(error, AGAIN)
    assert words in first.error.words
    assert (first.error.adapter, first.error.dataset) == ("js", "manifests")
    assert first.error.where.startswith(province.url)
    assert rows(first) == {"n1"}
    assert "00:00:01" in first.cursor
    assert time.monotonic() - began < 10
    province.mend()
    second = pull(spec, environment, first.cursor)
    assert second.error is None
    assert rows(first) | rows(second) == {"n1", "n2", "n3"}


def test_a_page_of_html_is_kept_and_moves_nothing(province, spec, pull):
    province.fault = says(whole(b"<html><body>Please log in</body></html>", "Content-Type: text/html"))
    environment = {"LIANDAN_JS_URL": province.url, "LIANDAN_JS_APP_ID": "a", "LIANDAN_JS_APP_SECRET": "b"}
    first = pull(spec, environment)
    assert [one.cursor is None for one in first.exchanges] == [False, True]
    assert first.exchanges[1].payload.body.startswith(b"<html>")
    assert len(first.damaged) == 1
    province.mend()
    assert rows(pull(spec, environment, first.cursor)) == {"n1", "n2", "n3"}


def test_a_wait_that_was_asked_for_reaches_who_plans_the_next_run(province, spec, pull):
    province.fault = FAULTS["slowly, please"][0]
    environment = {"LIANDAN_JS_URL": province.url, "LIANDAN_JS_APP_ID": "a", "LIANDAN_JS_APP_SECRET": "b"}
    assert pull(spec, environment).error.wait == 3600
    assert len(province.asked) == 3, "login, the first page, and the one that was refused, once"
