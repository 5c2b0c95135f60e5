from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.errors import Busy, Denied, Malformed, Rejected
from adapters.protocol.answer import LONGEST_WAIT, TokenRefused, business_failure, http_failure, is_empty, short_failure
from adapters.spec import AnswerSpec

NOW = datetime(2026, 3, 5, 8, 0, tzinfo=UTC)
JS = AnswerSpec(code="/code", success="1", words="/msg", token_invalid=("10401",), denied=("401",), busy=("500",))
TJ = AnswerSpec(short_code=5, token_invalid=("03",), busy=("05",), empty=("06",), meanings={"04": "参数格式错误"})


@pytest.mark.parametrize(
    ("status", "kind", "retryable"),
    [
        (401, TokenRefused, False),
        (403, Denied, False),
        (404, Rejected, False),
        (302, Rejected, False),
        (408, Busy, True),
        (425, Busy, True),
        (429, Busy, True),
        (500, Busy, True),
        (503, Busy, True),
    ],
)
def test_status(status, kind, retryable):
    failure = http_failure(status, {}, "words", NOW)
    assert type(failure) is kind
    assert (failure.retryable, failure.code) == (retryable, str(status))
    assert http_failure(204, {}, "", NOW) is None


@pytest.mark.parametrize(
    ("told", "wait"),
    [
        ("0", 0.0),
        (" 17 ", 17.0),
        ("9999999999", LONGEST_WAIT),
        ("Thu, 05 Mar 2026 08:00:30 GMT", 30.0),
        ("Thursday, 05-Mar-26 08:01:00 GMT", 60.0),
        ("Thu Mar  5 08:00:10 2026", 10.0),
        ("Thu, 05 Mar 2020 08:00:30 GMT", 0.0),
        ("Thu, 05 Mar 2026 16:00:30 +0800", 30.0),
        ("Thu, 35 Mar 2026 08:00:00 GMT", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("", None),
        ("٣", None),
        ("9" * 400, None),
    ],
)
def test_retry_after_is_seconds_or_an_http_date(told, wait):
    failure = http_failure(503, {"retry-after": told}, "", NOW)
    assert isinstance(failure, Busy)
    assert failure.wait == wait


@given(st.text(max_size=40))
def test_no_header_breaks_the_reader(told):
    wait = http_failure(503, {"retry-after": told}, "", NOW).wait
    assert wait is None or 0 <= wait <= LONGEST_WAIT


@pytest.mark.parametrize(
    ("tree", "kind", "words"),
    [
        ({"code": "1"}, type(None), ""),
        ({"code": 1}, type(None), ""),
        ({"code": "10401", "msg": "token已过期"}, TokenRefused, "token已过期"),
        ({"code": "401", "msg": "错误"}, Denied, "错误"),
        ({"code": "500", "msg": "系统繁忙"}, Busy, "系统繁忙"),
        ({"code": "77", "msg": "不行"}, Rejected, "不行"),
        ({"code": 0}, Rejected, "doesn't explain"),
    ],
)
def test_a_failure_under_http_200(tree, kind, words):
    failure = business_failure(JS, tree)
    assert type(failure) is kind
    if failure is not None:
        assert words in str(failure)
        assert f"code {tree['code']}" in str(failure)


@pytest.mark.parametrize("tree", [{}, [], {"code": None}, {"code": {}}, "text"])
def test_an_answer_without_a_code_is_no_answer_of_that_system(tree):
    with pytest.raises(Malformed, match="no code at /code"):
        business_failure(JS, tree)


def test_a_union_of_data_and_code_in_one_string():
    assert short_failure(TJ, '{"total": 1}') is None
    assert type(short_failure(TJ, "03")) is TokenRefused
    assert type(short_failure(TJ, " 05\n")) is Busy
    rejected = short_failure(TJ, "04")
    assert isinstance(rejected, Rejected)
    assert (rejected.code, rejected.words) == ("04", "参数格式错误")
    assert isinstance(short_failure(TJ, ""), Rejected)
    assert is_empty(TJ, "06")
    assert not is_empty(JS, "06")


@pytest.mark.parametrize(("told", "success"), [(True, "true"), (False, "false"), ("true", "true"), (1, "1")])
def test_a_code_is_compared_as_json_writes_it(told, success):
    spec = AnswerSpec(code="/ok", success=success)
    assert business_failure(spec, {"ok": told}) is None
    assert business_failure(spec, {"ok": "no"}) is not None
