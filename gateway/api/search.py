"""GET /v1/manifests and /v1/records: records found by what they say, as JSON pages or as a table."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query
from pydantic import BaseModel, Field
from starlette.responses import Response, StreamingResponse

from gateway.api import shapes
from gateway.api.accepted import asks_for
from gateway.api.access import requires
from gateway.domain.facets import FACETS
from gateway.keys import READ
from gateway.read import search
from gateway.store.database import Database
from gateway.store.search import Sought

CSV = "text/csv"
LONGEST = 100


class Wanted(BaseModel):
    """All that is given must be so."""

    model_config = {"extra": "forbid"}

    number: str | None = Field(None, max_length=LONGEST, description="任何一种编号 (全文) · any number, whole")
    party: str | None = Field(
        None, max_length=LONGEST, description="单位名称的一部分, 或信用代码 · part of a firm's name, or its USCC"
    )
    plate: str | None = Field(None, max_length=LONGEST, description="车牌或挂车牌 · plate of a vehicle or trailer")
    code: str | None = Field(None, max_length=LONGEST, description="废物代码或类别 · waste code or category")
    division: str | None = Field(
        None, pattern="^([0-9]{2}){1,3}$", description="行政区划及其下级 · a division and all within it"
    )
    container: str | None = Field(None, max_length=LONGEST, description="容器编号 · number of a container")
    status: str | None = Field(None, pattern="^[a-z_]{1,40}$", description="状态 · status, or state")
    since: str | None = Field(
        None, alias="from", max_length=40, description="自此日 (含) · on this day or later, by its earliest moment"
    )
    until: str | None = Field(None, alias="to", max_length=40, description="至此日 (含) · on this day or earlier")
    province: str | None = Field(None, pattern="^[0-9]{2}$", description="涉及的省份 · a province that it concerns")
    after: str | None = Field(None, max_length=LONGEST, description="上一页的 next · the `next` of the page before")
    limit: int | None = Field(None, ge=1, description="条数, 默认 100, 最多 1000 · default 100, at most 1,000 a page")

    def sought(self, kind: str | None) -> Sought:
        told: dict[str, str | None] = {facet: getattr(self, facet) for facet in FACETS}
        return search.sought(
            kind=kind, status=self.status, since=self.since, until=self.until, province=self.province, terms=told
        )


def routes(database: Database) -> APIRouter:
    router = APIRouter(prefix="/v1", tags=["records"], dependencies=[Depends(requires(READ, database))])
    described = shapes.documented(shapes.FOUND, 401, 403, 422, lines=CSV)
    accepts = Header(include_in_schema=False)

    @router.get("/manifests", summary="检索联单 · Search manifests", response_class=Response, responses=described)
    def manifests(wanted: Annotated[Wanted, Query()], accept: Annotated[str, accepts] = "") -> Any:
        return answer("manifest", wanted, accept)

    @router.get(
        "/records", summary="检索所有种类 · Search records of all kinds", response_class=Response, responses=described
    )
    def every(wanted: Annotated[Wanted, Query()], accept: Annotated[str, accepts] = "") -> Any:
        return answer(None, wanted, accept)

    @router.get(
        "/records/{kind}",
        summary="检索某一种类 · Search records of a kind",
        response_class=Response,
        responses=described,
    )
    def of_kind(kind: str, wanted: Annotated[Wanted, Query()], accept: Annotated[str, accepts] = "") -> Any:
        return answer(kind, wanted, accept)

    def answer(kind: str | None, wanted: Wanted, accept: str) -> Response:
        sought = wanted.sought(kind)
        if asks_for(CSV, accept):
            search.refuse_broad(database, sought)
            return StreamingResponse(search.table(database, sought, wanted.limit), media_type=CSV)
        limit = wanted.limit or search.DEFAULT_LIMIT
        found = search.page(database, sought, after=wanted.after, limit=limit)
        return Response(found, media_type="application/json")

    return router
