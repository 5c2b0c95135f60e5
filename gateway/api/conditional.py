"""Conditional reads (RFC 9110 §13): who holds an answer already is told that nothing has changed, in a few bytes.

An answer that is sent whole gets an ETag over its bytes; one that is streamed has none. It's a weak one, since the same
answer may leave compressed or plain.
"""

from hashlib import sha256
from http import HTTPStatus
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

KEPT: Final = ("etag", "cache-control", "content-location", "date", "expires", "vary")
"""Headers that a 304 carries too (RFC 9110 §15.4.5)."""


class Conditional:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "GET":
            held = Headers(scope=scope).get("if-none-match", "")
            await self.app(scope, receive, _Answer(held, send).take)
        else:
            await self.app(scope, receive, send)


class _Answer:
    """Keeps an answer's head back until its first bytes show whether they are all."""

    def __init__(self, held: str, send: Send) -> None:
        self._held = held
        self._send = send
        self._head: Message | None = None

    async def take(self, message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] == HTTPStatus.OK:
            self._head = message
            return
        head, self._head = self._head, None
        if head is None:
            await self._send(message)
        elif message.get("more_body", False):
            await self._send(head)
            await self._send(message)
        else:
            await self._whole(head, message)

    async def _whole(self, head: Message, message: Message) -> None:
        headers = MutableHeaders(raw=list(head["headers"]))
        headers["etag"] = tag = f'W/"{sha256(message.get("body", b"")).hexdigest()[:32]}"'
        if not is_held(tag, self._held):
            await self._send({**head, "headers": headers.raw})
            await self._send(message)
            return
        kept = [(name, value) for name, value in headers.raw if name.decode("latin-1") in KEPT]
        await self._send({**head, "status": HTTPStatus.NOT_MODIFIED, "headers": kept})
        await self._send({"type": "http.response.body", "body": b""})


def is_held(tag: str, held: str) -> bool:
    """Whether `If-None-Match` names the tag, by weak comparison (RFC 9110 §8.8.3.2).

    >>> is_held('W/"a"', '"b", "a"'), is_held('W/"a"', "*"), is_held('W/"a"', "")
    (True, True, False)
    """
    opaque = tag.removeprefix("W/")
    return any(one.strip().removeprefix("W/") in {opaque, "*"} for one in held.split(","))
