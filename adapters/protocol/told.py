"""What another gateway answers to GET /v1/claims, read strictly. No I/O."""

import binascii
import re
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from adapters.errors import Malformed
from adapters.payload import Forwarded, ToldClaim, ToldMapping

Kind = TypeVar("Kind")
SOME, NAME = re.compile(r"(?s).+"), re.compile(r"[a-z][a-z0-9_]{0,39}")
HASH, DIVISION = re.compile(r"[0-9a-f]{64}"), re.compile(r"([0-9]{2})?")
HOME = {"exchange": SOME, "adapter": NAME, "dataset": NAME, "payload_hash": HASH}
"""What claims of one exchange share."""


@dataclass(frozen=True, slots=True)
class Group:
    """Claims that stand one behind the other and came out of one exchange. `cursor`: where to go on once they are stored."""

    payload_hash: str
    forwarded: Forwarded
    cursor: str


@dataclass(frozen=True, slots=True)
class Told:
    """One page. `cursor`: where the next begins."""

    claims: tuple[dict[str, Any], ...]
    cursor: str
    more: bool
    tree: dict[str, Any]

    def groups(self, origins: frozenset[str]) -> Iterator[Group]:
        """In order, of these adapters only (empty: of all). Raises Malformed naming the claim."""
        runs: list[list[dict[str, Any]]] = []
        for claim in self.claims:
            if runs and _home(runs[-1][-1]) == _home(claim):
                runs[-1].append(claim)
            else:
                runs.append([claim])
        runs = [run for run in runs if not origins or run[0]["adapter"] in origins]
        for run in runs:
            # behind the last of them lies whatever of this page isn't taken
            cursor = self.cursor if run is runs[-1] else run[-1]["cursor"]
            yield Group(run[0]["payload_hash"], _forwarded(self.tree, run), cursor)


def _home(claim: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(claim[name] for name in HOME)


def read_told(tree: Any) -> Told:
    """Raises Malformed where it is no such page."""
    claims = tuple(_list(_map(tree, "page"), "claims", "page"))
    for place, claim in enumerate(claims):
        where = f"claims/{place}"
        for name, pattern in HOME.items():
            _matching(_map(claim, where), name, pattern, where)
        _of(claim, "cursor", str, where)
    cursor, more = _of(tree, "next", str, "page"), _of(tree, "more", bool, "page")
    return Told(claims, cursor, more, tree)


def _forwarded(tree: dict[str, Any], run: list[dict[str, Any]]) -> Forwarded:
    first = run[0]
    where = f"exchanges/{first['exchange']}"
    exchange = _map(_of(tree, "exchanges", dict, "page").get(first["exchange"]), where)
    status = exchange.get("status")
    if status is not None and not isinstance(status, int):
        raise _no(where, "status")
    known = _of(tree, "mappings", dict, "page")
    claims = tuple(_claim(one) for one in run)
    return Forwarded(
        gateway=_of(tree, "gateway", str, "page"),
        adapter=first["adapter"],
        dataset=first["dataset"],
        received_at=_moment(_of(exchange, "received_at", str, where), where),
        request=_texts(exchange, "request", where),
        status=status,
        headers=_texts(exchange, "headers", where),
        source_name=_of(exchange, "source_name", str, where),
        documents=tuple(_map(one, where) for one in _list(exchange, "documents", where)),
        claims=claims,
        mappings={one: _mapping(known.get(one), one) for one in {claim.mapping_hash for claim in claims}},
        hops=tuple(_hop(one, where) for one in _list(exchange, "forwarded", where)),
    )


def _claim(told: dict[str, Any]) -> ToldClaim:
    where = f"claim {told['adapter']} {told.get('source_key')!r}"
    newer = told.get("newer")
    if newer is not None and not isinstance(newer, str):
        raise _no(where, "newer")
    try:
        remainder = b64decode(_of(told, "remainder", str, where), validate=True)
    except (binascii.Error, ValueError):
        raise _no(where, "remainder") from None
    return ToldClaim(
        kind=_of(told, "kind", str, where),
        division=_matching(told, "division", DIVISION, where),
        source_key=_matching(told, "source_key", SOME, where),
        partial=_of(told, "partial", bool, where),
        newer=newer,
        content=_of(told, "content", dict, where),
        content_hash=_matching(told, "content_hash", HASH, where),
        findings=tuple(_map(one, where) for one in _list(told, "findings", where)),
        mapping_hash=_matching(told, "mapping_hash", HASH, where),
        document=_of(told, "document", str, where),
        remainder=remainder,
    )


def _mapping(told: Any, digest: str) -> ToldMapping:
    where = f"mappings/{digest}"
    whole = _map(told, where)
    return ToldMapping(
        _of(whole, "file", str, where), _of(whole, "text", str, where), _of(whole, "template", dict, where)
    )


def _hop(told: Any, where: str) -> tuple[str, str, str]:
    hop = _map(told, where)
    return _of(hop, "gateway", str, where), _of(hop, "via", str, where), _of(hop, "at", str, where)


def _moment(text: str, where: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise _no(where, "received_at") from None
    if at.tzinfo is None:
        raise _no(where, "received_at")
    return at


def _texts(whole: dict[str, Any], name: str, where: str) -> dict[str, str]:
    found: dict[str, Any] = _of(whole, name, dict, where)
    if not all(isinstance(value, str) for value in found.values()):
        raise _no(where, name)
    return found


def _list(whole: dict[str, Any], name: str, where: str) -> list[Any]:
    found: list[Any] = _of(whole, name, list, where)
    return found


def _of(whole: dict[str, Any], name: str, kind: type[Kind], where: str) -> Kind:
    value = whole.get(name)
    if not isinstance(value, kind):
        raise _no(where, name)
    return value


def _matching(whole: dict[str, Any], name: str, pattern: re.Pattern[str], where: str) -> str:
    text = _of(whole, name, str, where)
    if not pattern.fullmatch(text):
        raise _no(where, name)
    return text


def _map(value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Malformed(f"{where}: a map is needed here (不是网关申报的格式)")
    return value


def _no(where: str, name: str) -> Malformed:
    return Malformed(f"{where}: no such '{name}' as a gateway tells (不是网关申报的格式)")
