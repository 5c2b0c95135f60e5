"""Who asks, and may he: API key as `Authorization: Bearer KEY`, checked on every request against the role table."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.exceptions import HTTPException

from gateway.keys import ROLES, key_hash
from gateway.store import keys
from gateway.store.database import Database

_BEARER = HTTPBearer(
    auto_error=False, description="`liandan keys create NAME --role … ` 的结果 · the key that it printed"
)

Credentials = Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)]


def requires(permission: str, database: Database) -> Callable[..., Any]:
    """A dependency that lets through whoever has the permission: else 401 without a valid key, 403 with one."""

    def check(credentials: Credentials, request: Request) -> None:
        request.state.permissions = permissions = _permissions(credentials, database)
        if permission not in permissions:
            raise HTTPException(403)

    return check


def demand(request: Request, permission: str) -> None:
    """403 unless the reader who was let in has this further permission."""
    if permission not in request.state.permissions:
        raise HTTPException(403)


def _permissions(credentials: HTTPAuthorizationCredentials | None, database: Database) -> frozenset[str]:
    if credentials is not None:
        # Looking up by hash gives no timing that tells how much of a guess was right.
        with database.read() as conn:
            key = keys.find(conn, key_hash(credentials.credentials))
        if key is not None:
            return ROLES.get(key.role, frozenset())
    raise HTTPException(401, headers={"WWW-Authenticate": 'Bearer realm="liandan"'})
