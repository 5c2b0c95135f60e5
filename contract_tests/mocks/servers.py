"""One mock as a process: bind, serve, say that it is ready, end with its parent; and its state on disk."""

import asyncio
import contextlib
import os
import socket
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol


class MockError(Exception):
    """The mock can't start as asked; the words say why."""


@dataclass(frozen=True, slots=True)
class Mock:
    """What a mock module makes: its routes, its words for `/_mock/state`, what `/_mock/finish` does, and how it is reached.

    `environment` gives, from the URL, the settings with which the gateway finds it and signs in.
    """

    name: str
    routes: list[BaseRoute]
    state: Callable[[], dict[str, Any]]
    finish: Callable[[], None]
    environment: Callable[[str], dict[str, str]]
    background: Callable[[], Any] | None = None


class StateFile:
    """A small JSON object on disk that survives kill -9: each save replaces the file whole."""

    def __init__(self, path: Path, identity: dict[str, Any]) -> None:
        """Raises MockError where the folder holds the state of another world."""
        self._path = path
        self.values: dict[str, Any] = dict(identity)
        if path.exists():
            self.values = orjson.loads(path.read_bytes())
        if any(self.values.get(key) != value for key, value in identity.items()):
            held = {key: self.values.get(key) for key in identity}
            raise MockError(f"{path.parent} holds another world ({held}, asked for {identity})")
        if not path.exists():
            self.save()

    def save(self) -> None:
        replace(self._path, orjson.dumps(self.values))


def replace(path: Path, content: bytes) -> None:
    """Writes the file so that a reader, or a crash, sees it whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(path.name + ".part")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


_OPEN: dict[tuple[str, int], "_Droppable"] = {}


class _Droppable(H11Protocol):
    """Remembers its connection, so that an application may cut it."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.gone = asyncio.Event()
        if self.client:
            _OPEN[self.client] = self

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self.gone.set()
        if self.client:
            _OPEN.pop(self.client, None)


class Dropped(Response):
    """No answer at all: the connection is cut, as when a machine dies after its commit."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        del receive, send
        connection = _OPEN.get(scope["client"])
        if connection is not None:
            connection.transport.abort()
            await connection.gone.wait()


def json_answer(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(orjson.dumps(value), status, headers, media_type="application/json")


def application(mock: Mock) -> Starlette:
    async def state(_: Request) -> Response:
        return JSONResponse({"mock": mock.name, **mock.state()})

    async def finish(_: Request) -> Response:
        mock.finish()
        return JSONResponse({"mock": mock.name, **mock.state()})

    own = [Route("/_mock/state", state), Route("/_mock/finish", finish, methods=["POST"])]
    return Starlette(routes=[*mock.routes, *own])


@dataclass(slots=True)
class Process:
    """The loop of one mock until it is told to stop."""

    mock: Mock
    port: int = 0
    stop_with_stdin: bool = False
    _tasks: list[asyncio.Task[Any]] = field(default_factory=list)

    def run(self) -> None:
        """Serves on 127.0.0.1 until SIGTERM, SIGINT or, if asked, the end of standard input. Raises MockError: the port is taken."""
        # With the protocol named, asyncio switches Nagle off; without, each answer waits 40 ms for an acknowledgement.
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listening:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listening.bind(("127.0.0.1", self.port))
                listening.listen(128)
            except OSError as error:
                raise MockError(f"port {self.port}: {error.strerror}") from error
            with contextlib.suppress(KeyboardInterrupt):
                asyncio.run(self._serve(listening))

    async def _serve(self, listening: socket.socket) -> None:
        config = uvicorn.Config(
            application(self.mock),
            http=_Droppable,
            lifespan="off",
            log_level="error",
            access_log=False,
            timeout_graceful_shutdown=2,
            timeout_keep_alive=60,
        )
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        while not server.started and not serving.done():  # noqa: ASYNC110 - uvicorn tells it by this flag alone
            await asyncio.sleep(0.005)
        if self.stop_with_stdin:
            threading.Thread(target=_follow_stdin, args=(server,), daemon=True).start()
        if self.mock.background:
            self._tasks.append(asyncio.create_task(self.mock.background()))
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        ready = {"mock": self.mock.name, "url": url, "environment": self.mock.environment(url)}
        sys.stdout.write(orjson.dumps(ready).decode() + "\n")
        sys.stdout.flush()
        try:
            await serving
        finally:
            for task in self._tasks:
                task.cancel()


def _follow_stdin(server: uvicorn.Server) -> None:
    """Whoever started us holds the other end: when it is gone, however it died, so are we."""
    while os.read(0, 4096):
        pass
    server.should_exit = True
    threading.Timer(5, os._exit, (0,)).start()
