"""A drop's control file: what the archive and its members should be. Read once, kept with the exchange, asked again at decoding."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from adapters.errors import Malformed
from adapters.limits import Limits
from adapters.payload import Payload
from adapters.protocol.control_file import Read, reader
from adapters.protocol.digests import NAMES, digest
from adapters.spec import MarkerSpec

HEADER = "control"


@dataclass(frozen=True, slots=True)
class Expected:
    """What the control file says of one member; "" and None where it doesn't say."""

    name: str
    rows: int | None
    digest: str

    def of_bytes(self, body: bytes, algorithm: str = "sha256") -> tuple[str, ...]:
        return self.of_digest(digest(algorithm, body), algorithm) if self.digest else ()

    def of_digest(self, found: str, algorithm: str) -> tuple[str, ...]:
        return _of_digest(found, self.digest, algorithm) if self.digest else ()

    def of_rows(self, count: int) -> tuple[str, ...]:
        if self.rows is None or count == self.rows:
            return ()
        return (f"it has {count} rows, the control file says {self.rows} (行数与控制文件不符)",)


@dataclass(frozen=True, slots=True)
class Control:
    """`digest`, `size` (bytes) and `count` (of members) are the dropped file's own; all digests are of one algorithm."""

    digest: str
    members: tuple[Expected, ...]
    size: int | None = None
    count: int | None = None
    algorithm: str = "sha256"

    def of_size(self, size: int) -> tuple[str, ...]:
        if self.size is None or size == self.size:
            return ()
        return (f"it has {size} bytes, the control file says {self.size} (大小与控制文件不符)",)

    def of_file(self, payload: Payload) -> tuple[str, ...]:
        """Why the dropped file isn't the one that the control file speaks of."""
        if wrong := self.of_size(len(payload.body)):
            return wrong
        if not self.digest:
            return ()
        return self.of_digest(payload.sha256 if self.algorithm == "sha256" else digest(self.algorithm, payload.body))

    def of_digest(self, found: str) -> tuple[str, ...]:
        return _of_digest(found, self.digest, self.algorithm) if self.digest else ()

    def of_count(self, count: int) -> tuple[str, ...]:
        if self.count is None or count == self.count:
            return ()
        return (f"it has {count} members, the control file says {self.count} (文件数与控制文件不符)",)

    def about(self, name: str, *, archive: bool) -> "Control":
        """What of it concerns the dropped file `name`: one that names it among others says of it what it else says of
        members. Raises Malformed where it speaks of other files only; members of an `archive` are no files."""
        own = next((one for one in self.members if one.name == name), None)
        if own is not None:
            return replace(self, digest=self.digest or own.digest, members=(replace(own, digest=""),), count=None)
        if self.members and not archive:
            raise Malformed("the control file doesn't name it (控制文件中没有此文件)", where=name)
        return self

    def as_header(self) -> dict[str, str]:
        return {HEADER: json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))}


def _of_digest(found: str, said: str, algorithm: str) -> tuple[str, ...]:
    if found == said:
        return ()
    return (f"its {NAMES[algorithm]} is {found}, the control file says {said} (摘要与控制文件不符)",)


def from_headers(headers: Mapping[str, str]) -> Control | None:
    """The control file's words, as they were kept with the exchange."""
    if HEADER not in headers:
        return None
    kept: dict[str, Any] = json.loads(headers[HEADER])
    members = tuple(Expected(one["name"], one["rows"], _kept(one, "sha256")) for one in kept["members"])
    more = {key: kept[key] for key in ("size", "count", "algorithm") if key in kept}
    return Control(_kept(kept, "archive_sha256"), members, **more)


def _kept(one: Mapping[str, Any], older: str) -> str:
    """Exchanges of the first version call a digest by its algorithm."""
    return str(one.get("digest", one.get(older, "")))


def read_control(body: bytes, marker: MarkerSpec, limits: Limits | None = None) -> Control:
    """Raises Malformed where it isn't readable, or names no member where it should."""
    read = reader(body, marker, limits or Limits())
    members = tuple(_expected(one, marker) for one in read.members)
    if marker.member_named is not None and not members:
        at = f" at {marker.member}" if marker.member else ""
        raise Malformed(f"the control file names no member{at} (控制文件中没有文件清单)")
    whole = read.whole
    return Control(
        whole(marker.archive).lower(),
        members,
        size=_number(whole(marker.archive_size), "bytes", "大小"),
        count=_number(whole(marker.member_count), "members", "文件数"),
        algorithm=marker.digest,
    )


def _expected(member: Read, marker: MarkerSpec) -> Expected:
    name = member(marker.member_named)
    if not name:
        raise Malformed("the control file has a member without a name (控制文件中有未命名的文件)")
    return Expected(name, _number(member(marker.member_rows), "rows", "行数"), member(marker.member_said).lower())


def _number(text: str, what: str, chinese: str) -> int | None:
    if text and not (text.isascii() and text.isdigit()):
        raise Malformed(f"the control file says {text!r} {what} (控制文件的{chinese}不是数字)")
    return int(text) if text else None
