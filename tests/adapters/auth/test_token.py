"""The flow is driven with a list of answers: no server, no client."""

import pytest

from adapters.auth.flow import Call, Reply, plain_flow
from adapters.auth.token import TokenKeeper, token_flow
from adapters.errors import Denied
from adapters.protocol.answer import TokenRefused


def drive(keeper, answers):
    """(what was called, the final reply's body) for replies in order; b"bad" is refused as an invalid token."""

    def check(reply):
        if reply.body == b"bad":
            raise TokenRefused("token已过期", code="10401")

    flow = token_flow(
        keeper,
        lambda token: Call("GET", f"page {token}"),
        login=lambda: Call("POST", "login"),
        read_token=lambda reply: reply.body.decode(),
        check=check,
    )
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


def test_no_authentication_is_one_call():
    flow = plain_flow(lambda token: Call("GET", f"page{token}"), lambda reply: None)
    assert next(flow).url == "page"
    with pytest.raises(StopIteration) as done:
        flow.send(Reply(200, {}, b"data"))
    assert done.value.value.body == b"data"
