"""What the store is measured against: the plain driver, tables without keys, the same bytes uncompressed."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import psycopg

Row = tuple[Any, ...]
"""(key, the record's share of the payload, content, lineage, envelope's head, feed's line)"""

ONE_TABLE = "CREATE TABLE bare (key TEXT, payload {bytes}, content {bytes}, lineage {bytes}, head {bytes})"
LINES = "CREATE TABLE lines (seq BIGINT PRIMARY KEY, line {bytes})"
# As one would write it down without frames: the payload, a column for each leaf, a row for each leaf's origin.
PLAIN = (
    "CREATE TABLE payloads (id BIGINT PRIMARY KEY, body TEXT)",
    "CREATE TABLE lineage (manifest BIGINT, field TEXT, how TEXT, value TEXT, source TEXT, raw TEXT, steps TEXT, rule TEXT)",
    "CREATE TABLE changes (seq BIGINT PRIMARY KEY, manifest BIGINT, version BIGINT, change TEXT, head TEXT)",
    "CREATE TABLE deliveries (id BIGINT PRIMARY KEY, target TEXT, manifest BIGINT, version BIGINT, key TEXT, state TEXT)",
    "CREATE INDEX lineage_manifest ON lineage (manifest)",
)


class BareSqlite:
    def __init__(self, file: str) -> None:
        self.conn = sqlite3.connect(file)
        self.conn.execute("PRAGMA journal_mode = WAL")
        self.conn.execute("PRAGMA synchronous = OFF")

    def tables(self, *statements: str) -> None:
        for one in statements:
            self.conn.execute(one.format(bytes="BLOB"))

    def insert(self, table: str, rows: Sequence[Row]) -> None:
        """One transaction."""
        marks = ", ".join("?" * len(rows[0]))
        self.conn.execute("BEGIN")
        self.conn.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608 - our own names
        self.conn.commit()

    def read(self) -> Iterator[bytes]:
        """Every line of the feed: read, put in order."""
        for (line,) in self.conn.execute("SELECT line FROM lines ORDER BY seq"):
            yield line

    def close(self) -> None:
        self.conn.close()


class BarePostgresql:
    def __init__(self, uri: str) -> None:
        self.conn = psycopg.connect(uri)

    def tables(self, *statements: str) -> None:
        for one in statements:
            self.conn.execute(one.format(bytes="BYTEA"))
        self.conn.commit()

    def insert(self, table: str, rows: Sequence[Row]) -> None:
        """One COPY, one transaction."""
        kinds = {str: "text", bytes: "bytea", int: "int8"}
        columns = zip(*rows, strict=True)
        types = [kinds.get(type(next((one for one in column if one is not None), "")), "text") for column in columns]
        with self.conn.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN (FORMAT BINARY)") as copy:
            copy.set_types(types)
            for row in rows:
                copy.write_row(row)
        self.conn.commit()

    def read(self) -> Iterator[bytes]:
        with self.conn.cursor() as cursor, cursor.copy("COPY (SELECT line FROM lines ORDER BY seq) TO STDOUT") as copy:
            for block in copy:
                yield bytes(block)
        self.conn.rollback()

    def close(self) -> None:
        self.conn.close()


BARE: dict[str, Callable[[str], BareSqlite | BarePostgresql]] = {"sqlite": BareSqlite, "postgresql": BarePostgresql}
