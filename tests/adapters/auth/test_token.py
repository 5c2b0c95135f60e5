"""The flow is driven with a list of answers: no server, no client."""

from datetime import UTC, datetime, timedelta

import pytest

from adapters.auth.flow import NOT_SENT, Call, Reply, plain_flow
from adapters.auth.token import Token, TokenKeeper, token_flow
from adapters.errors import Denied
from adapters.protocol.answer import TokenRefused

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


def begun(keeper, *, now=NOON, good_for=None):
    """The flow; a login's answer is the token, good for so many seconds."""

    def check(reply):
        if reply.body == b"bad":
            raise TokenRefused("token已过期", code="10401")

    until = None if good_for is None else now + timedelta(seconds=good_for)
    return token_flow(
        keeper,
        lambda token: Call("GET", f"page {token}"),
        login=lambda: Call("POST", "login"),
        read_token=lambda reply: Token.of(reply.body.decode(), until, now),
        check=check,
        now=lambda: now,
    )


def drive(keeper, answers, **more):
    """(what was called, the final reply's body) for replies in order; b"bad" is refused as an invalid token."""
    flow = begun(keeper, **more)
    called, replies = [next(flow).url], iter(answers)
    try:
        while True:
            called.append(flow.send(Reply(200, {}, next(replies))).url)
    except StopIteration as done:
        return called, done.value.body


def test_the_first_call_logs_in():
    keeper = TokenKeeper()
    assert drive(keeper, [b"t1", b"data"]) == (["login", "page t1"], b"data")
    assert drive(keeper, [b"more"]) == (["page t1"], b"more")


def test_a_token_that_expires_in_the_middle_is_renewed_once():
    keeper = TokenKeeper()
    drive(keeper, [b"t1", b"data"])
    assert drive(keeper, [b"bad", b"t2", b"data"]) == (["page t1", "login", "page t2"], b"data")


def test_a_new_token_that_is_refused_too_is_the_end():
    with pytest.raises(Denied) as refused:
        drive(TokenKeeper(), [b"t1", b"bad", b"t2", b"bad"])
    assert (refused.value.code, refused.value.words) == ("10401", "token已过期")


@pytest.mark.parametrize(
    ("good_for", "later", "called"),
    [
        (7200, 7139, ["page t1"]),  # a minute before its end it's renewed
        (7200, 7140, ["login", "page t2"]),
        (10, 7, ["page t1"]),  # of a short one when a fifth is left
        (10, 8, ["login", "page t2"]),
        (0, 0, ["login", "page t2"]),
        (None, 10**9, ["page t1"]),
    ],
)
def test_a_token_is_renewed_before_its_end(good_for, later, called):
    keeper = TokenKeeper()
    drive(keeper, [b"t1", b"data"], good_for=good_for)
    answers = [b"t2", b"data"][-len(called) :]
    assert drive(keeper, answers, now=NOON + timedelta(seconds=later)) == (called, b"data")


def test_a_login_that_another_call_did_meanwhile_is_enough():
    keeper = TokenKeeper()
    late, early = begun(keeper), begun(keeper)
    (asked, other) = next(late), next(early)
    assert (asked.needed(), other.needed()) == (True, True)
    early.send(Reply(200, {}, b"t1"))
    assert not asked.needed()
    assert late.send(NOT_SENT).url == "page t1"


def test_a_token_isnt_shown_by_accident():
    assert "t-secret" not in repr(Token.of("t-secret", NOON, NOON))


def test_no_authentication_is_one_call():
    flow = plain_flow(lambda token: Call("GET", f"page{token}"), lambda reply: None)
    assert next(flow).url == "page"
    with pytest.raises(StopIteration) as done:
        flow.send(Reply(200, {}, b"data"))
    assert done.value.value.body == b"data"
