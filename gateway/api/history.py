"""…/versions/diff and …/as-of: what changed in a record, and what was known of it at a past moment."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from sqlalchemy import Connection
from starlette.responses import Response

from gateway.api import shapes
from gateway.api.access import requires
from gateway.api.manifests import Kind, Number
from gateway.keys import READ
from gateway.read import versions
from gateway.read.manifests import resolve
from gateway.store.database import Database

LARGEST = 2**31 - 1
Old = Annotated[int, Query(alias="from", ge=1, le=LARGEST, description="版本号 · a version")]
New = Annotated[int, Query(alias="to", ge=1, le=LARGEST, description="版本号 · a version")]
Moment = Annotated[
    str,
    Query(
        max_length=60, description="带时区的时间, 或日期 (当日终了) · an instant with its offset, or a day (to its end)"
    ),
]


def routes(database: Database) -> APIRouter:
    router = APIRouter(prefix="/v1", tags=["records"], dependencies=[Depends(requires(READ, database))])
    _difference(router, database)
    _as_of(router, database)
    return router


def _difference(router: APIRouter, database: Database) -> None:
    summary = "两个版本的差异 · What differs between two versions"
    described = shapes.documented(shapes.DIFFERENCE, 401, 403, 404, 409, 422)

    @router.get("/manifests/{no:path}/versions/diff", summary=summary, response_class=Response, responses=described)
    def of_manifest(no: Number, old: Old, new: New) -> Response:
        return answer("manifest", no, old, new)

    @router.get(
        "/records/{kind}/{record_id:path}/versions/diff", summary=summary, response_class=Response, responses=described
    )
    def of_record(kind: Kind, record_id: Number, old: Old, new: New) -> Response:
        return answer(kind, record_id, old, new)

    def answer(kind: str, no: str, old: int, new: int) -> Response:
        with database.read() as conn:
            return _json(versions.difference(conn, resolve(conn, no, kind), old, new))


def _as_of(router: APIRouter, database: Database) -> None:
    summary = "某一时刻所知, 及各目标系统已收到的版本 · What was known at a moment, and what each target had"
    described = shapes.documented(shapes.AS_OF, 401, 403, 404, 409, 422)

    @router.get("/manifests/{no:path}/as-of", summary=summary, response_class=Response, responses=described)
    def of_manifest(no: Number, at: Moment) -> Response:
        with database.read() as conn:
            return _told(conn, "manifest", no, at)

    @router.get("/records/{kind}/{record_id:path}/as-of", summary=summary, response_class=Response, responses=described)
    def of_record(kind: Kind, record_id: Number, at: Moment) -> Response:
        with database.read() as conn:
            return _told(conn, kind, record_id, at)


def _told(conn: Connection, kind: str, no: str, at: str) -> Response:
    return _json(versions.as_of(conn, resolve(conn, no, kind), at))


def _json(body: bytes) -> Response:
    return Response(body, media_type="application/json")
