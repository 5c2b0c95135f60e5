import contextlib

import httpx
import pytest

from gateway import keys
from gateway.api.app import create_app


@pytest.fixture
def base(filled, serve):
    return serve(create_app(filled.database, filled.settings))


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
