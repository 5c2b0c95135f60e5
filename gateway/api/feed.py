"""GET /v1/changes: the feed as a JSON page or as a stream of lines."""

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from gateway.api.accepted import asks_for
from gateway.api.access import requires
from gateway.api.shapes import FEED_DIGEST, FEED_PAGE, documented
from gateway.api.tail import Tail
from gateway.errors import UsedWrongly
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


Newest = Annotated[
    bool,
    Query(
        description="只取各记录的最新版本, 供新读者起步 · only each record's newest version: a start for a new reader"
    ),
]
Since = Annotated[
    str | None,
    Query(max_length=60, description="自此时刻或日期起, 代替 after · from this instant or day on, instead of `after`"),
]
Wait = Annotated[
    float,
    Query(ge=0, le=60, description="没有新变更时最多等待的秒数 · seconds to wait for a change where there is none"),
]


def routes(database: Database) -> APIRouter:
    tail = Tail(database)
    router = APIRouter(prefix="/v1", tags=["feed"], dependencies=[Depends(requires(READ, database))])

    @router.get(
        "/changes",
        summary="变更流 · The change feed",
        response_class=Response,
        responses=documented(FEED_PAGE, 401, 403, 410, 422, lines=LINES),
    )
    async def changes(
        kind: Kind = None,
        after: After = None,
        limit: Limit = None,
        province: Province = None,
        newest: Newest = False,
        since: Since = None,
        wait: Wait = 0,
        accept: Annotated[str, Header(include_in_schema=False)] = "",
    ) -> Any:
        if after and since:
            raise UsedWrongly("after 与 since 只能用一个", "`after` or `since`, not both")
        wanted = feed.Wanted(kind, province, newest)
        start = await run_in_threadpool(_began, database, since) if since else feed.position(after)
        until = asyncio.get_running_loop().time() + wait
        if limit is not None:
            limit = min(limit, feed.MOST)
        if asks_for(LINES, accept):
            if wait:
                await tail.beyond(start, wait)
            await run_in_threadpool(_require_whole, database, wanted, start)  # while the answer can still be a problem
            return StreamingResponse(feed.stream(database, wanted, after=start, limit=limit), media_type=LINES)
        while True:
            page = await run_in_threadpool(read, wanted, start, limit or feed.DEFAULT_LIMIT)
            left = until - asyncio.get_running_loop().time()
            # Changes that this reader doesn't want wake him too: he goes on waiting behind them.
            if page.found or left <= 0 or not await tail.beyond(page.last, left):
                return Response(page.body, media_type="application/json")
            start = page.last

    def read(wanted: feed.Wanted, start: int, limit: int) -> feed.Page:
        with database.read() as conn:
            return feed.page(conn, wanted, after=start, limit=limit)

    @router.get(
        "/changes/digest",
        summary="一段变更的摘要, 供读者核对 · Count and SHA-256 of a range of changes: proof for a reader that it has them all",
        response_class=Response,
        responses=documented(FEED_DIGEST, 401, 403, 410, 422),
    )
    def digest(kind: Kind = None, begin: From = None, end: To = None, province: Province = None) -> Response:
        upto = feed.position(end) if end else None
        with database.read() as conn:
            told = feed.digest(conn, feed.Wanted(kind, province), after=feed.position(begin), upto=upto)
        return Response(told, media_type="application/json")

    return router


def _began(database: Database, since: str) -> int:
    with database.read() as conn:
        return feed.since(conn, since)


def _require_whole(database: Database, wanted: feed.Wanted, start: int) -> None:
    with database.read() as conn:
        wanted.require_whole(conn, start)
