"""An adapter whose `auth` a test declares, and a province that writes down what it was sent."""

import json
from dataclasses import dataclass, field

import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from adapters.load import load_adapter

ADAPTER = """
id: yy
title: 某省固体废物平台
title_en: A made-up provincial platform
driver: rest
base_url: ${YY_URL}
answer: {code: /code, success: OK, words: /message, token_invalid: [EXPIRED], denied: [NO]}
datasets:
  manifests:
    title: 转移联单
    title_en: Manifests
    request: {REQUEST}
    paging: {kind: keyset, rows: /rows, total: /total, size: 50}
    cursor: {row: /changed, format: yyyy-MM-dd, start: 2026-01-01}
    decode: DECODE
"""
REQUEST = '{path: /list, query: {since: "{from}"}}'
PAGE = {"code": "OK", "total": 1, "rows": [{"no": "n1", "changed": "2026-02-03"}]}


@pytest.fixture
def declared(tmp_path):
    """The adapter file `yy.yaml` with this text for `auth` (and whatever follows it)."""

    def load(auth, *, request=REQUEST, decode='["text:utf-8", json]'):
        file = tmp_path / "yy.yaml"
        text = ADAPTER.replace("{REQUEST}", request).replace("DECODE", decode)
        file.write_text(f"{text.lstrip()}{auth}\n", "utf-8")
        return load_adapter(file, name="yy.yaml")

    return load


@dataclass
class Asked:
    """One request as the server had it."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    raw_query: str = ""

    @property
    def json(self):
        return json.loads(self.body)


@dataclass
class Province:
    """Answers each call by `judge(asked)`: None is the page, else a pair of code and words, or a whole Response."""

    judge: object
    seen: list[Asked] = field(default_factory=list)

    async def answer(self, request):
        body = await request.body()
        asked = Asked(
            request.method, request.url.path, dict(request.query_params), dict(request.headers), body, request.url.query
        )
        self.seen.append(asked)
        said = self.judge(asked)
        if said is None:
            return JSONResponse(PAGE)
        if isinstance(said, Response):
            return said
        return JSONResponse({"code": said[0], "message": said[1]})

    def app(self):
        return Starlette(routes=[Route("/{path:path}", self.answer, methods=["GET", "POST"])])

    def calls(self, path):
        return [one for one in self.seen if one.path == path]


@pytest.fixture
def province(servers):
    """(the province, its URL) for a judge."""

    def start(judge=lambda asked: None):
        made = Province(judge)
        return made, servers.app(made.app())

    return start
