"""GET /v1/manifests/{no}… and /v1/records/{kind}/{record_id}…: one record and what stands behind it.

Both families are made by one function; the first asks for the kind `manifest`.
"""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request
from sqlalchemy import Connection
from starlette.responses import Response

from gateway.api import shapes
from gateway.api.access import demand, requires
from gateway.keys import DOCUMENTS, READ
from gateway.read import manifests, versions
from gateway.read.answer import encode
from gateway.read.lineage import lineage
from gateway.read.trace import trace
from gateway.store.database import Database

Number = Annotated[
    str, Path(description="全国联单号、系统:编号 或 record_id · national number, `system:number`, or record_id")
]
Kind = Annotated[str, Path(description="记录种类 · the record's kind")]

Told = tuple[str, dict[str, Any], Callable[[Connection, str], bytes]]
"""What a read is called, the shape of its answer, and who reads it."""

# The number may itself hold slashes, so the longer paths stand first.
READS: dict[str, Told] = {
    "/versions": ("全部版本 · All versions", shapes.VERSIONS, versions.versions),
    "/claims": ("各系统的申报 · What each system says", shapes.CLAIMS, manifests.all_claims),
    "/discrepancies": ("各方差异 · Where they differ", shapes.DISCREPANCIES, manifests.all_discrepancies),
    "/trace": ("全程轨迹 · The whole chain", shapes.TRACE, lambda conn, record: encode(trace(conn, record))),
    "": ("最新版本 · The newest version", shapes.RECORD, manifests.newest),
}


def routes(database: Database) -> APIRouter:
    router = APIRouter(prefix="/v1", tags=["records"], dependencies=[Depends(requires(READ, database))])
    _lineage(router, database)
    for suffix, (summary, shape, read) in READS.items():
        _read(router, database, suffix, (summary, shape, read))
    return router


def _read(router: APIRouter, database: Database, suffix: str, told: Told) -> None:
    summary, shape, read = told
    described = shapes.documented(shape, 401, 403, 404, 409, 422)

    @router.get("/manifests/{no:path}" + suffix, summary=summary, response_class=Response, responses=described)
    def of_manifest(no: Number) -> Response:
        return answer("manifest", no)

    @router.get(
        "/records/{kind}/{record_id:path}" + suffix, summary=summary, response_class=Response, responses=described
    )
    def of_record(kind: Kind, record_id: Number) -> Response:
        return answer(kind, record_id)

    def answer(kind: str, no: str) -> Response:
        with database.read() as conn:
            return Response(read(conn, manifests.resolve(conn, no, kind)), media_type="application/json")


def _lineage(router: APIRouter, database: Database) -> None:
    described = shapes.documented(shapes.LINEAGE, 401, 403, 404, 409, 422)
    summary = "每个值的来源 · Where each value came from"
    documents_of = Annotated[
        bool, Query(description="附原始文档 (操作员、审计员) · with the documents, for operators and auditors")
    ]
    field_of = Annotated[str | None, Query(max_length=500, description="只看此字段 · only this leaf or branch")]

    @router.get("/manifests/{no:path}/lineage", summary=summary, response_class=Response, responses=described)
    def of_manifest(request: Request, no: Number, documents: documents_of = False, field: field_of = None) -> Response:
        return answer(request, "manifest", no, documents, field)

    @router.get(
        "/records/{kind}/{record_id:path}/lineage", summary=summary, response_class=Response, responses=described
    )
    def of_record(
        request: Request, kind: Kind, record_id: Number, documents: documents_of = False, field: field_of = None
    ) -> Response:
        return answer(request, kind, record_id, documents, field)

    def answer(request: Request, kind: str, no: str, documents: bool, field: str | None) -> Response:
        if documents:
            demand(request, DOCUMENTS)
        with database.read() as conn:
            told = lineage(conn, manifests.resolve(conn, no, kind), documents=documents, field=field)
        return Response(encode(told), media_type="application/json")
