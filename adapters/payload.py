"""The values that cross from an adapter to the rest: bytes as received, and the documents decoded from them."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Payload:
    """Bytes after content-coding, and their SHA-256 in hex."""

    body: bytes
    sha256: str

    @classmethod
    def of(cls, body: bytes) -> "Payload":
        return cls(body, hashlib.sha256(body).hexdigest())


@dataclass(frozen=True, slots=True)
class ToldClaim:
    """What another gateway says that a system has said. `content` is a plain tree, `remainder` the lineage's as it is kept,
    `document` the one in the exchange's `documents` that it was read from. Hashes are hex."""

    kind: str
    division: str
    source_key: str
    partial: bool
    newer: str | None
    content: dict[str, Any]
    content_hash: str
    findings: tuple[dict[str, Any], ...]
    mapping_hash: str
    document: str
    remainder: bytes


@dataclass(frozen=True, slots=True)
class ToldMapping:
    """The mapping version that read a claim, as that gateway keeps it."""

    file: str
    text: str
    template: Any


@dataclass(frozen=True, slots=True)
class Forwarded:
    """An exchange of a system with another gateway, and claims out of it. The payload of the exchange that carries this is
    the system's own, with the hash under which that gateway keeps it. `hops`: the gateways before that one, the first
    one first, as (gateway, via, at)."""

    gateway: str
    adapter: str
    dataset: str
    received_at: datetime
    request: Mapping[str, str]
    status: int | None
    headers: Mapping[str, str]
    source_name: str
    documents: tuple[Mapping[str, Any], ...]
    claims: tuple[ToldClaim, ...]
    mappings: Mapping[str, ToldMapping]
    hops: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer, or one file seen.

    `request` says what was asked, without any secret. `cursor` is JSON text to store once this exchange is committed;
    None means that the stored one stays. `headers` are the answer's; for a dropped file they carry what its control
    file says about it. `source_name` is a file's name or a URL's path.
    """

    adapter: str
    dataset: str
    payload: Payload
    received_at: datetime
    request: Mapping[str, str]
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    cursor: str | None = None
    source_name: str = ""
    forwarded: Forwarded | None = None

    def __post_init__(self) -> None:
        if self.received_at.tzinfo is None:
            raise ValueError("received_at needs an offset")


@dataclass(frozen=True, slots=True)
class Document:
    """One decoded document.

    `chain` are the steps from the payload's bytes, or from the place in `parent`, to this text and tree; with `parent`
    it is enough to decode the document again. `parent` is (document id, source in it). `text` is Unicode, XML without
    declaration. `tree` is plain values for JSON (numbers int or Decimal), an lxml root element for XML. `name` is the
    member's or the file's name. `spread`: the rows of one record may stand in several documents of its exchange.
    """

    id: str
    parent: tuple[str, str] | None
    chain: tuple[str, ...]
    media_type: str
    text: str
    tree: Any
    name: str = ""
    spread: bool = False

    def described(self) -> dict[str, Any]:
        """What must be kept beside the payload so that `redecode` gives this document again."""
        parent = {"document": self.parent[0], "source": self.parent[1]} if self.parent else None
        told = {"id": self.id, "parent": parent, "chain": list(self.chain), "media_type": self.media_type}
        return told | ({"spread": True} if self.spread else {})


@dataclass(frozen=True, slots=True)
class Damaged:
    """The smallest unit that can't be accepted: a page, a file, a member. `sha256` is that of the unit's own bytes."""

    place: str
    reasons: tuple[str, ...]
    sha256: str


@dataclass(frozen=True, slots=True)
class Decoded:
    """What a payload holds: its documents, each after the one that it stands in, and what is damaged."""

    documents: tuple[Document, ...]
    damaged: tuple[Damaged, ...] = ()

    @property
    def leaves(self) -> tuple[Document, ...]:
        """The documents to be mapped: those that no other stands in."""
        parents = {one.parent[0] for one in self.documents if one.parent}
        return tuple(one for one in self.documents if one.id not in parents)
