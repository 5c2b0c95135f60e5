"""A limit for a request's body in bytes, and a deadline for its arrival: neither the framework nor the server has one.

Pure ASGI, so that the body is counted as it comes and never collected here.
"""

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gateway.api.failures import answer
from gateway.api.problems import document


class _Refused(Exception):
    pass


class BodyLimits:
    """Answers 413 once the body is, or says it will be, over `limit` bytes; 408 when it isn't whole after `seconds`."""

    def __init__(self, app: ASGIApp, *, limit: int, seconds: float) -> None:
        self.app = app
        self.limit = limit
        self.seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        body = _Body(receive, send, self.limit, self.seconds)
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        if not announced.isdigit() or int(announced) > self.limit:
            body.refusal = 413
        else:
            try:
                await self.app(scope, body.receive, body.send)
            except* _Refused:  # alone, or from a task group of the framework
                pass
        if body.refusal and not body.started:
            kind = "too-large" if body.refusal == 413 else "too-slow"
            # What the client still sends isn't read: the connection can't be used again.
            await answer(document(kind, body.refusal), {"Connection": "close"})(scope, receive, send)


class _Body:
    def __init__(self, receive: Receive, send: Send, limit: int, seconds: float) -> None:
        self._receive = receive
        self._send = send
        self._left = limit
        self._until = asyncio.get_running_loop().time() + seconds
        self._whole = False
        self.started = False
        self.refusal = 0

    async def receive(self) -> Message:
        if self._whole:  # from here on only a disconnect can come, whenever it likes
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._until):
                message = await self._receive()
        except TimeoutError:
            self.refusal = 408
            raise _Refused from None
        self._left -= len(message.get("body", b""))
        self._whole = message["type"] != "http.request" or not message.get("more_body", False)
        if self._left < 0:
            self.refusal = 413
            raise _Refused
        return message

    async def send(self, message: Message) -> None:
        # A framework that caught the refusal would answer in its own way: ours is the answer.
        if self.refusal and not self.started:
            return
        self.started = True
        await self._send(message)
