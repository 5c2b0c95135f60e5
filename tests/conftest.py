"""What all tests share. Property tests have no deadline (the machine may be busy) and, unless asked, the same examples each time;
servers are real ones on loopback, each in a thread of its own."""

import asyncio
import contextlib
import os
import socket
import threading
from collections.abc import Callable, Iterator

import pytest
import uvicorn
from hypothesis import settings
from starlette.applications import Starlette

from contract_tests.mocks.servers import _Droppable, application

settings.register_profile("repeatable", deadline=None, derandomize=True, database=None)
settings.register_profile("random", deadline=None, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))


# What `make check` leaves to `make test`: the same on the second database, whole servers, thousands of random inputs.
SLOW = (
    "tests/acceptance/", "tests/canonical_schema/export/test_round_trip.py", "tests/contract_tests/mocks/", "tests/gateway/cli/test_serve.py",
    "tests/gateway/delivery/", "tests/hostile/", "tests/mappings/infer/", "tests/mappings/outward/test_round_trip.py",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.nodeid.startswith(SLOW) or "[postgresql" in item.nodeid:
            item.add_marker("slow")


class Servers:
    """Starts what it is handed and ends it with the test."""

    def __init__(self, stack: contextlib.ExitStack) -> None:
        self._stack = stack

    def app(self, served: Starlette) -> str:
        """The application's URL."""
        return self.made(lambda: served)

    def made(self, make: Callable[[], Starlette]) -> str:
        """The URL of an application that is made in its server's thread (a database may be bound to that)."""
        listening = self._stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        config = uvicorn.Config(
            make, http=_Droppable, lifespan="off", log_level="critical", access_log=False, factory=True
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listening])))
        thread.start()

        def end() -> None:
            server.should_exit = server.force_exit = True
            thread.join(10)
            assert not thread.is_alive()

        self._stack.callback(end)
        return f"http://127.0.0.1:{listening.getsockname()[1]}"

    def mock(self, opened) -> dict[str, str]:
        """The environment in which an adapter finds the mock."""
        return opened.environment(self.app(application(opened)))

    def raw(self, answer: bytes, *, close: bool = True) -> str:
        """The URL of a server that says just these bytes to everyone."""
        listening = self._stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        over = threading.Event()

        def serve() -> None:
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = listening.accept()
                    with connection, contextlib.suppress(OSError):
                        connection.recv(65536)
                        connection.sendall(answer)
                        if not close:
                            over.wait(5)

        thread = threading.Thread(target=serve)
        thread.start()

        def end() -> None:
            over.set()
            listening.shutdown(socket.SHUT_RDWR)
            thread.join(10)

        self._stack.callback(end)
        return f"http://127.0.0.1:{listening.getsockname()[1]}"


@pytest.fixture
def servers() -> Iterator[Servers]:
    with contextlib.ExitStack() as stack:
        yield Servers(stack)
