"""An adapter file written on the spot, and a system that a function answers for."""

import json
import textwrap

import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from adapters.load import load_adapter

HEAD = """\
id: xx
title: 某省系统
title_en: A system
driver: rest
base_url: ${XX_URL}
"""
CURSOR = """
cursor: {row: /t, format: yyyy-MM-dd HH:mm:ss, start: 2020-01-01 00:00:00}
"""


@pytest.fixture
def declared(tmp_path):
    """The adapter whose dataset `manifests` is declared so."""

    def load(dataset, more="", decode='["text:utf-8", json]'):
        chain = f"decode: {decode}\n" if decode else ""
        body = textwrap.dedent(dataset).strip("\n") + "\n" + chain
        titles = "title: 联单\ntitle_en: Manifests\n"
        text = (
            HEAD
            + textwrap.dedent(more)
            + "datasets:\n  manifests:\n"
            + textwrap.indent(textwrap.dedent(titles) + body, "    ")
        )
        file = tmp_path / "xx.yaml"
        file.write_text(text, "utf-8")
        return load_adapter(file, name=file.name)

    return load


@pytest.fixture
def system(servers):
    """The environment of an adapter whose system answers by `answer(request, body)`: a Response, or a tree as JSON. What was asked
    is kept in `asked`: (path, query) or what the function notes itself."""

    def serve(answer):
        asked = []

        async def handle(request):
            body = await request.body()
            asked.append((request.url.path, dict(request.query_params), body))
            said = answer(request, body)
            return said if isinstance(said, Response) else JSONResponse(said)

        app = Starlette(routes=[Route("/{path:path}", handle, methods=["GET", "POST"])])
        return {"XX_URL": servers.app(app)}, asked

    return serve


@pytest.fixture
def numbers():
    """The numbers of all rows that were decoded, in order."""

    def read(pulled, place="list"):
        return [row["n"] for tree in pulled.trees() for row in (tree if isinstance(tree, list) else tree[place])]

    return read


def row(number, second=0):
    return {"n": number, "t": f"2026-01-01 00:{second // 60:02}:{second % 60:02}"}


@pytest.fixture
def rows():
    return row


@pytest.fixture
def at():
    """The place that a cursor kept."""
    return lambda pulled: json.loads(pulled.cursor)["from"]
