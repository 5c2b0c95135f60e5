import contextlib
import socket
import threading
import time

import httpx
import pytest
import uvicorn

from gateway import keys
from gateway.api.app import create_app


@contextlib.contextmanager
def running(app):
    """A real server on loopback for an ASGI application; its base URL."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        while not server.started:
            time.sleep(0.005)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture
def base(filled):
    with running(create_app(filled.database, filled.settings)) as url:
        yield url


@pytest.fixture
def as_role(base, filled):
    """as_role(role) → a client that holds a key of that role; None → one without."""
    with contextlib.ExitStack() as stack:

        def client(role, division=None):
            headers = {}
            if role is not None:
                key = keys.create(filled.database, role, role, division, filled.clock())
                headers["Authorization"] = f"Bearer {key}"
            return stack.enter_context(httpx.Client(base_url=base, headers=headers, trust_env=False))

        yield client


@pytest.fixture
def national(as_role):
    return as_role("national")


@pytest.fixture
def auditor(as_role):
    return as_role("auditor")


@pytest.fixture
def serve():
    """serve(application) → base URL of a real server that runs until the test ends."""
    with contextlib.ExitStack() as stack:
        yield lambda app: stack.enter_context(running(app))
