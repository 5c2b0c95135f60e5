"""A token that a call gives, that runs out, and that the system may refuse at any moment, also in the middle of a run."""

from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from adapters.auth.flow import NOT_SENT, Call, Check, Flow, MakeCall, Reply
from adapters.protocol.answer import TokenRefused
from adapters.secrets import Secret

EARLY = timedelta(seconds=60)
"""So long before its end a token is renewed; before a fifth of its life is left where that is less."""


@dataclass(frozen=True, slots=True)
class Token:
    """`renew_at` is None where nobody says how long it is good."""

    text: Secret
    renew_at: datetime | None = None

    @classmethod
    def of(cls, text: str, until: datetime | None, now: datetime) -> "Token":
        return cls(Secret(text), until and until - min(EARLY, max(until - now, timedelta()) / 5))


class TokenKeeper:
    """The token in force, shared by all calls of one adapter; in memory only."""

    __slots__ = ("token",)

    def __init__(self) -> None:
        self.token: Token | None = None

    def good(self, now: datetime) -> Token | None:
        token = self.token
        return None if token is None or (token.renew_at is not None and token.renew_at <= now) else token


def token_flow(
    keeper: TokenKeeper,
    make: MakeCall,
    *,
    login: Callable[[], Call],
    read_token: Callable[[Reply], Token],
    check: Check,
    now: Callable[[], datetime],
) -> Flow:
    """Logs in where there is no good token, asks, and where `check` raises TokenRefused logs in once more and asks again.

    `check` and `read_token` raise AdapterError for whatever else is wrong; a second TokenRefused goes to the caller.
    """

    def renewed(old: Token | None) -> Generator[Call, Reply, Token]:
        # another call may have logged in meanwhile: its token is as good, and a second login might end it
        reply = yield replace(login(), needed=lambda: keeper.token is old)
        if reply is not NOT_SENT:
            keeper.token = read_token(reply)
        assert keeper.token is not None
        return keeper.token

    used = keeper.good(now()) or (yield from renewed(keeper.token))
    reply = yield make(used.text.reveal())
    try:
        check(reply)
    except TokenRefused:
        used = yield from renewed(used)
        reply = yield make(used.text.reveal())
        check(reply)
    return reply
