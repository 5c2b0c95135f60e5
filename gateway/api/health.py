"""GET /healthz and /readyz: open to all, and without anyone's data."""

from fastapi import APIRouter
from sqlalchemy import text

from gateway.store.database import Database


def routes(database: Database) -> APIRouter:
    router = APIRouter(tags=["health"])

    @router.get("/healthz", summary="进程在运行 · The process runs")
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @router.get("/readyz", summary="可以服务 · It can serve")
    def readyz() -> dict[str, str]:
        with database.read() as conn:
            conn.execute(text("SELECT 1"))
        return {"status": "ok"}

    return router
