"""GET /v1/changes: the feed as a JSON page or as a stream of lines."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query
from starlette.responses import Response, StreamingResponse

from gateway.api.access import requires
from gateway.api.shapes import FEED_DIGEST, FEED_PAGE, documented
from gateway.keys import READ
from gateway.read import feed
from gateway.store.database import Database

LINES = "application/x-ndjson"

Kind = Annotated[str | None, Query(pattern="^[a-z_]{1,40}$", description="记录种类 · only records of this kind")]
After = Annotated[
    str | None,
    Query(max_length=100, description="上一页的 next · the `next` of the page before; none = from the beginning"),
]
From = Annotated[
    str | None,
    Query(
        alias="from",
        max_length=100,
        description="从此游标之后 · behind this cursor, as `after`; none = from the beginning",
    ),
]
To = Annotated[
    str | None,
    Query(alias="to", max_length=100, description="到此游标为止 (含) · up to and with this cursor; none = the last"),
]
Limit = Annotated[
    int | None, Query(ge=1, description="每页条数, 默认 100, 最多 1000 · 1 to 1,000, default 100, more is cut")
]
Province = Annotated[
    str | None,
    Query(pattern="^[0-9]{2}$", description="省级代码 (两位) · only what concerns this province (two digits)"),
]


def routes(database: Database) -> APIRouter:
    router = APIRouter(prefix="/v1", tags=["feed"], dependencies=[Depends(requires(READ, database))])

    @router.get(
        "/changes",
        summary="变更流 · The change feed",
        response_class=Response,
        responses=documented(FEED_PAGE, 401, 403, 422, lines=LINES),
    )
    def changes(
        kind: Kind = None,
        after: After = None,
        limit: Limit = None,
        province: Province = None,
        accept: Annotated[str, Header(include_in_schema=False)] = "",
    ) -> Any:
        wanted, start = feed.Wanted(kind, province), feed.position(after)
        if limit is not None:
            limit = min(limit, feed.MOST)
        if wants_lines(accept):
            return StreamingResponse(feed.stream(database, wanted, after=start, limit=limit), media_type=LINES)
        with database.read() as conn:
            page = feed.page(conn, wanted, after=start, limit=limit or feed.DEFAULT_LIMIT)
        return Response(page, media_type="application/json")

    @router.get(
        "/changes/digest",
        summary="一段变更的摘要, 供读者核对 · Count and SHA-256 of a range of changes: proof for a reader that it has them all",
        response_class=Response,
        responses=documented(FEED_DIGEST, 401, 403, 422),
    )
    def digest(kind: Kind = None, begin: From = None, end: To = None, province: Province = None) -> Response:
        upto = feed.position(end) if end else None
        with database.read() as conn:
            told = feed.digest(conn, feed.Wanted(kind, province), after=feed.position(begin), upto=upto)
        return Response(told, media_type="application/json")

    return router


def wants_lines(accept: str) -> bool:
    """Whether the Accept header asks for NDJSON. Naming it is asking: no client says so by chance.

    >>> wants_lines("application/x-ndjson"), wants_lines("*/*"), wants_lines("application/x-ndjson;q=0, */*")
    (True, False, False)
    """
    for part in accept.lower().split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        if name == LINES:
            return not any(one.replace(" ", "") in {"q=0", "q=0.0", "q=0.00", "q=0.000"} for one in parameters)
    return False
