"""Every failure of a route leaves as a problem document, also those of the framework."""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from gateway.api.problems import MEDIA_TYPE, document, of_error
from gateway.errors import GatewayError
from gateway.read.answer import encode

_BY_STATUS: Final = {
    400: "bad-request",
    401: "unauthenticated",
    403: "forbidden",
    404: "not-found",
    405: "method",
    408: "too-slow",
    413: "too-large",
    503: "busy",
}


def answer(problem: dict[str, Any], headers: Mapping[str, str] | None = None) -> Response:
    return Response(encode(problem), problem["status"], headers, MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Every failure of a route leaves as a problem document, also those of the framework."""
    app.add_exception_handler(GatewayError, _gateway)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(OperationalError, _store)
    app.add_exception_handler(Exception, _unknown)


async def _gateway(_request: Request, error: Exception) -> Response:
    assert isinstance(error, GatewayError)
    problem = of_error(error)
    if problem["status"] >= HTTPStatus.INTERNAL_SERVER_ERROR:
        logging.getLogger(__name__).error("%s", error)
    return answer(problem)


async def _invalid(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    faults = [{"place": ".".join(str(part) for part in one["loc"]), "words": one["msg"]} for one in error.errors()]
    named = "; ".join(f"{fault['place']}: {fault['words']}" for fault in faults)
    return answer(document("used-wrongly", 422, f"参数有误: {named}", f"wrong parameters: {named}", errors=faults))


async def _http(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    kind = _BY_STATUS.get(error.status_code, "bad-request")
    zh, en = ("没有这个地址", "there is no such path") if error.status_code == HTTPStatus.NOT_FOUND else ("", "")
    return answer(document(kind, error.status_code, zh, en), error.headers)


async def _store(_request: Request, error: Exception) -> Response:
    logging.getLogger(__name__).error("the database doesn't answer: %s", error)
    return answer(document("busy", 503, "数据库暂时不可用", "the database isn't available now"), {"Retry-After": "5"})


async def _unknown(_request: Request, _error: Exception) -> Response:
    # The server logs the traceback; a reader learns nothing of our insides.
    return answer(document("fault", 500))
