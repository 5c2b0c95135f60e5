"""What the mock national system holds, on disk: every accepted version under the key it came with, and what it counted."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path

_TABLES = """
CREATE TABLE IF NOT EXISTS held (
    key TEXT PRIMARY KEY, kind TEXT NOT NULL, record_id TEXT NOT NULL, version INTEGER NOT NULL, change TEXT NOT NULL,
    content_hash TEXT NOT NULL, envelope_hash TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS held_record ON held (kind, record_id, version);
CREATE TABLE IF NOT EXISTS counts (name TEXT PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Version:
    """One record version as it was sent: `envelope_hash` is what the next version's `previous_hash` must be."""

    key: str
    kind: str
    record_id: str
    version: int
    change: str
    content_hash: str
    envelope_hash: str
    previous_hash: str | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """`status` 201 taken, 200 held already, 409 held with this `content_hash`, 422 the key belongs to another version."""

    status: int
    content_hash: str
    detail: str


class Ledger:
    """Acknowledged is durable: `commit` returns when the operating system has it (synchronous FULL).

    A version is told by its idempotency key first, as the real thing would: a key that changes between attempts shows.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.executescript(_TABLES)
        self._db.execute("BEGIN IMMEDIATE")

    def commit(self) -> None:
        self._db.execute("COMMIT")
        self._db.execute("BEGIN IMMEDIATE")

    def count(self, name: str) -> None:
        self._db.execute("INSERT INTO counts VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET count = count + 1", (name,))

    def take(self, sent: Version) -> Verdict:
        known = self._db.execute(
            "SELECT kind, record_id, version, content_hash FROM held WHERE key = ?", (sent.key,)
        ).fetchone()
        if known:
            if known != (sent.kind, sent.record_id, sent.version, sent.content_hash):
                return Verdict(422, known[3], "this Idempotency-Key belongs to another version")
            self.count("duplicates_refused")
            return Verdict(200, sent.content_hash, "held already")
        held = dict(
            self._db.execute(
                "SELECT version, content_hash || envelope_hash FROM held WHERE kind = ? AND record_id = ?",
                (sent.kind, sent.record_id),
            ).fetchall()
        )
        if sent.version in held:
            self.count("duplicates_refused")
            return Verdict(409, held[sent.version][:64], "this version is held under another key")
        if sent.version != max(held, default=0) + 1:
            self.count("order_violations")
        before = held.get(sent.version - 1)
        if before is not None and before[64:] != sent.previous_hash:
            self.count("chain_breaks")
        self._db.execute(
            "INSERT INTO held VALUES (?, ?, ?, ?, ?, ?, ?)",
            (sent.key, sent.kind, sent.record_id, sent.version, sent.change, sent.content_hash, sent.envelope_hash),
        )
        return Verdict(201, sent.content_hash, "taken")

    def report(self) -> dict[str, object]:
        """The `national` object of the demo's summary, and beside it versions held and what was thrown at the senders."""
        counts = dict(self._db.execute("SELECT name, count FROM counts").fetchall())
        distinct = self._db.execute(
            "SELECT kind, count(*) FROM (SELECT kind, record_id, change, max(version) FROM held GROUP BY kind, record_id)"
            " WHERE change <> 'merged' GROUP BY kind ORDER BY kind"
        ).fetchall()
        versions, twice = self._db.execute(
            "SELECT coalesce(sum(n), 0), coalesce(sum(n - 1), 0)"
            " FROM (SELECT count(*) AS n FROM held GROUP BY kind, record_id, version)"
        ).fetchone()
        return {
            "distinct": dict(distinct),
            "duplicates_stored": twice,
            "duplicates_refused": counts.get("duplicates_refused", 0),
            "order_violations": counts.get("order_violations", 0),
            "received": versions,
            "chain_breaks": counts.get("chain_breaks", 0),
            "faults": {
                name.removeprefix("fault "): n for name, n in sorted(counts.items()) if name.startswith("fault ")
            },
        }

    def close(self) -> None:
        self._db.execute("COMMIT")
        self._db.close()
