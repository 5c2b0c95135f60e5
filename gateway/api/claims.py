"""GET /v1/claims and /v1/payloads/{hash}: what systems have said, for another gateway."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path
from starlette.responses import Response

from gateway.api.access import requires
from gateway.api.feed import After, Limit
from gateway.api.shapes import CLAIMS_PAGE, documented
from gateway.keys import DOCUMENTS
from gateway.read import feed, told_claims
from gateway.store.database import Database

BYTES = "application/octet-stream"


def routes(database: Database) -> APIRouter:
    """Both show whole source documents, and so are for operators and auditors."""
    router = APIRouter(prefix="/v1", tags=["federation"], dependencies=[Depends(requires(DOCUMENTS, database))])

    @router.get(
        "/claims",
        summary="各系统的申报, 供其他网关接入 · What systems have said, for another gateway",
        response_class=Response,
        responses=documented(CLAIMS_PAGE, 401, 403, 410, 422),
    )
    def claims(after: After = None, limit: Limit = None) -> Response:
        start, most = told_claims.position(after), min(limit or feed.DEFAULT_LIMIT, feed.MOST)
        with database.read() as conn:
            page = told_claims.page(conn, after=start, limit=most)
        return Response(page, media_type="application/json")

    @router.get(
        "/payloads/{digest}",
        summary="原始载荷 · A payload as it was received",
        response_class=Response,
        responses=documented({"type": "string", "format": "binary"}, 401, 403, 404, 422),
    )
    def payload(
        digest: Annotated[str, Path(max_length=64, description="SHA-256 (hex)")],
    ) -> Response:
        with database.read() as conn:
            body = told_claims.payload(conn, digest)
        return Response(body, media_type=BYTES)

    return router
