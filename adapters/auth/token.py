"""A token that a call gives and that the system may refuse at any moment, also in the middle of a run."""

from collections.abc import Callable

from adapters.auth.flow import Call, Check, Flow, MakeCall, Reply
from adapters.protocol.answer import TokenRefused
from adapters.secrets import Secret


class TokenKeeper:
    """The token in force, shared by all calls of one adapter; in memory only."""

    __slots__ = ("token",)

    def __init__(self) -> None:
        self.token: Secret | None = None


def token_flow(
    keeper: TokenKeeper,
    make: MakeCall,
    *,
    login: Callable[[], Call],
    read_token: Callable[[Reply], str],
    check: Check,
) -> Flow:
    """Logs in where there is no token, asks, and where `check` raises TokenRefused logs in once more and asks again.

    `check` and `read_token` raise AdapterError for whatever else is wrong; a second TokenRefused goes to the caller.
    """
    used = keeper.token
    if used is None:
        used = keeper.token = Secret(read_token((yield login())))
    reply = yield make(used.reveal())
    try:
        check(reply)
    except TokenRefused:
        # another call may have logged in meanwhile: its token is as good
        if keeper.token is used:
            keeper.token = Secret(read_token((yield login())))
        assert keeper.token is not None
        reply = yield make(keeper.token.reveal())
        check(reply)
    return reply
