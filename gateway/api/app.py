"""The application: routes, problem documents, limits. Pages that load from elsewhere (Swagger UI) are left out."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any, Final

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware

from gateway.api import claims, failures, feed, health, history, manifests, search
from gateway.api.conditional import Conditional
from gateway.api.headers import Headers
from gateway.api.limits import BodyLimits
from gateway.settings import Settings
from gateway.store.database import Database

COMPRESSED_FROM: Final = 1400
"""Bytes: what fits one packet gains nothing."""
COMPRESSION: Final = 2
"""Of 1 to 9: a page of the feed in a seventh of its size, at some 100 MB/s."""

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def create_app(database: Database, settings: Settings, lifespan: Lifespan | None = None) -> FastAPI:
    """The API over an open database."""
    app = FastAPI(
        title="联单网关 · liandan gateway",
        description="危险废物转移联单的统一接口。Hazardous-waste manifests of all provinces under one standard, each value with its origin.",
        version="0.1.0",
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        lifespan=lifespan,
        redirect_slashes=False,
        generate_unique_id_function=_operation,
    )
    for routes in (
        health.routes,
        feed.routes,
        claims.routes,
        search.routes,
        history.routes,
        manifests.routes,
    ):
        app.include_router(routes(database))
    failures.install(app)
    app.add_middleware(Conditional)
    app.add_middleware(GZipMiddleware, minimum_size=COMPRESSED_FROM, compresslevel=COMPRESSION)
    app.add_middleware(Headers)
    app.add_middleware(BodyLimits, limit=settings.body_limit, seconds=settings.receive_seconds)
    return app


def _operation(route: Any) -> str:
    """A stable operation id out of the path: generated clients name their methods after it.

    >>> class Route: path = "/v1/manifests/{no:path}/versions"
    >>> _operation(Route)
    'v1_manifests_no_versions'
    """
    parts = str(route.path).strip("/").replace(":path", "").replace("{", "").replace("}", "").split("/")
    return "_".join(parts)
