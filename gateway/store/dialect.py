"""What SQLite and PostgreSQL do differently: bulk inserts, numbering, locks, which errors a second try mends."""

from collections.abc import Iterable, Sequence
from typing import Any

import orjson
from sqlalchemy import (
    ARRAY,
    Boolean,
    Column,
    Connection,
    Dialect,
    LargeBinary,
    Table,
    Text,
    TypeDecorator,
    bindparam,
    func,
    select,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.visitors import InternalTraversal
from sqlalchemy.types import TypeEngine

Row = tuple[Any, ...]

# Below SQLite's limit of 32,766 bound values.
IN_LIST = 10_000

# Any number will do, as long as nobody else in the database uses it.
_FEED_LOCK = 0x4C44_0001
# The last: a row that it was about to point at was retired meanwhile.
_DEADLOCK_OR_CONFLICT = {"40001", "40P01", "23503"}
_COPY_TYPES = {"BIGINT": "int8", "INTEGER": "int4", "TEXT": "text", "BYTEA": "bytea", "BOOLEAN": "bool"}


def is_postgresql(conn: Connection) -> bool:
    return conn.dialect.name == "postgresql"


def take_ids(conn: Connection, table: Table, count: int) -> list[int]:
    """Numbers for `count` new rows. On PostgreSQL from the table's sequence, so that writers don't wait for each
    other; on SQLite the one writer counts on from the last row."""
    if not count:
        return []
    if is_postgresql(conn):
        numbers = """
            WITH own AS MATERIALIZED (SELECT pg_get_serial_sequence(%s, 'id')::regclass AS sequence)
            SELECT array_agg(nextval(sequence)) FROM own, generate_series(1, %s)
        """
        taken: list[int] = conn.exec_driver_sql(numbers, (table.name, count)).scalar_one()
        return taken
    last: int = conn.exec_driver_sql(f'SELECT coalesce(max(id), 0) FROM "{table.name}"').scalar_one()  # noqa: S608
    return list(range(last + 1, last + 1 + count))


def insert_rows(conn: Connection, table: Table, columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Adds rows given as tuples in the order of `columns`: one prepared batch (SQLite) or one COPY (PostgreSQL)."""
    batch = list(rows)
    if not batch:
        return
    names = ", ".join(f'"{name}"' for name in columns)
    if not is_postgresql(conn):
        marks = ", ".join("?" * len(columns))
        conn.exec_driver_sql(f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})', batch)  # noqa: S608 (our own names)
        return
    cursor: Any = conn.connection.cursor()
    command = f'COPY "{table.name}" ({names}) FROM STDIN (FORMAT BINARY)'
    driver_error = conn.dialect.loaded_dbapi.Error
    try:
        with cursor, cursor.copy(command) as copy:
            copy.set_types([_copy_type(conn, table.c[name]) for name in columns])
            for row in batch:
                copy.write_row(row)
    except driver_error as error:
        # COPY goes past SQLAlchemy, which gives the driver's errors their names everywhere else.
        raise DBAPIError.instance(
            command, None, error, driver_error, hide_parameters=True, dialect=conn.dialect
        ) from None


def _copy_type(conn: Connection, column: Column[Any]) -> str:
    return _COPY_TYPES[column.type.compile(conn.dialect)]


def _arrays(conn: Connection, table: Table, columns: Sequence[str]) -> str:
    """Whole columns as bound parameters, in binary: as text each value would be searched for what must be escaped."""
    return ", ".join(f"%b::{_copy_type(conn, table.c[name])}[]" for name in columns)


def insert_missing(
    conn: Connection, table: Table, columns: Sequence[str], rows: Sequence[Row], key: Sequence[str]
) -> bool:
    """Adds the rows whose `key` columns no other row has; True if that was all of them.

    The rows must be sorted by that key: two writers that add the same keys in the same order can't wait for each
    other in a circle.
    """
    if not rows:
        return True
    names = ", ".join(f'"{name}"' for name in columns)
    conflict = ", ".join(f'"{name}"' for name in key)
    if is_postgresql(conn):
        arrays = _arrays(conn, table, columns)
        source = f"SELECT * FROM unnest({arrays})"  # noqa: S608 (our own names)
        values: Any = tuple([list(column) for column in zip(*rows, strict=True)])
    else:
        source = f"VALUES ({', '.join('?' * len(columns))})"
        values = list(rows)
    done = conn.exec_driver_sql(
        f'INSERT INTO "{table.name}" ({names}) {source} ON CONFLICT ({conflict}) DO NOTHING',
        values,
    )
    return done.rowcount == len(rows)


def update_rows(conn: Connection, table: Table, columns: Sequence[str], rows: Sequence[Row]) -> None:
    """Sets `columns` of the rows with these ids; each tuple is (values in the order of columns…, id)."""
    if not rows:
        return
    if not is_postgresql(conn):
        sets = ", ".join(f'"{name}" = ?' for name in columns)
        conn.exec_driver_sql(f'UPDATE "{table.name}" SET {sets} WHERE id = ?', list(rows))  # noqa: S608
        return
    names = [*columns, "id"]
    arrays = _arrays(conn, table, names)
    sets = ", ".join(f'"{name}" = new."{name}"' for name in columns)
    quoted = ", ".join(f'"{name}"' for name in names)
    conn.exec_driver_sql(
        f'UPDATE "{table.name}" AS old SET {sets} FROM unnest({arrays}) AS new ({quoted}) WHERE old.id = new.id',  # noqa: S608
        tuple([list(values) for values in zip(*rows, strict=True)]),
    )


class _Listed(TypeDecorator[Any]):
    """Many values as one bound parameter: an array on PostgreSQL, a JSON array on SQLite."""

    impl = Text
    cache_ok = True

    def __init__(self, item: TypeEngine[Any]) -> None:
        super().__init__()
        self.item = item

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(ARRAY(self.item) if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return value if dialect.name == "postgresql" else orjson.dumps(value).decode()


class _Among(ColumnElement[bool]):
    """SQLAlchemy's own IN spells out each value, which costs more than finding the rows."""

    inherit_cache = True
    _traverse_internals = [  # noqa: RUF012 (declared so by SQLAlchemy)
        ("column", InternalTraversal.dp_clauseelement),
        ("values", InternalTraversal.dp_clauseelement),
    ]
    type = Boolean()

    def __init__(self, column: ColumnElement[Any]) -> None:
        self.column = column
        self.values = bindparam("values", type_=_Listed(column.type))

    def self_group(self, against: Any = None) -> "_Among":
        # SQLite has no booleans, so SQLAlchemy would write "(…) = 1", which no index serves.
        del against
        return self


@compiles(_Among, "postgresql")
def _any(element: _Among, compiler: Any, **how: Any) -> str:
    return f"{compiler.process(element.column, **how)} = ANY ({compiler.process(element.values, **how)})"


@compiles(_Among, "sqlite")
def _each(element: _Among, compiler: Any, **how: Any) -> str:
    if isinstance(element.column.type, LargeBinary):  # JSON has no bytes
        return str(compiler.process(element.column.in_(bindparam("values", expanding=True)), **how))
    array = compiler.process(element.values, **how)
    return f"{compiler.process(element.column, **how)} IN (SELECT value FROM json_each({array}))"  # noqa: S608


def among(column: ColumnElement[Any]) -> ColumnElement[bool]:
    """`column` is one of the values given to `select_among`; once in a statement."""
    return _Among(column)


def chunks(values: Iterable[Any]) -> Iterable[list[Any]]:
    """The values without doubles, in pieces that fit one IN list."""
    distinct = list(dict.fromkeys(values))
    for start in range(0, len(distinct), IN_LIST):
        yield distinct[start : start + IN_LIST]


def select_among(conn: Connection, statement: Any, values: Iterable[Any], **bound: Any) -> list[Any]:
    """All rows of a SELECT that has one `among` condition, for any number of values; `bound` are its other ones.

    What a commit asks is written once, beside the function that asks: to build a statement costs more than most answers.
    """
    rows: list[Any] = []
    for chunk in chunks(values):
        rows.extend(conn.execute(statement, {"values": chunk, **bound}).all())
    return rows


def delete_among(conn: Connection, column: Column[Any], values: Iterable[Any]) -> None:
    """Deletes the rows in which `column` is one of any number of values."""
    statement = column.table.delete().where(among(column))
    for chunk in chunks(values):
        conn.execute(statement, {"values": chunk})


def lock_feed(conn: Connection) -> None:
    """From here to the end of the transaction this is the only one that gives out places in the feed.

    PostgreSQL lets go of the lock after the commit is visible, so nobody can see a place before the one below it.
    """
    if is_postgresql(conn):
        conn.exec_driver_sql("SELECT pg_advisory_xact_lock(%s)", (_FEED_LOCK,))


def lock_schema(conn: Connection) -> None:
    """Two processes that start at once upgrade the database one after the other."""
    if is_postgresql(conn):
        conn.execute(select(func.pg_advisory_xact_lock(_FEED_LOCK + 1)))


def lock_search(conn: Connection) -> None:
    """One process at a time moves the search index on."""
    if is_postgresql(conn):
        conn.execute(select(func.pg_advisory_xact_lock(_FEED_LOCK + 2)))


def worth_repeating(error: DBAPIError) -> bool:
    """True if the transaction lost a race with another writer and may simply be run again."""
    return getattr(error.orig, "sqlstate", None) in _DEADLOCK_OR_CONFLICT
