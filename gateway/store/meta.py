"""Small facts about the database as a whole, by name."""

from sqlalchemy import Connection, exists, select

from gateway.store.dialect import insert_missing
from gateway.store.tables import adapters, api_keys, exchanges, meta


def get(conn: Connection, name: str) -> str | None:
    found: str | None = conn.scalar(select(meta.c.value).where(meta.c.name == name))
    return found


def put(conn: Connection, name: str, value: str) -> None:
    if not conn.execute(meta.update().where(meta.c.name == name).values(value=value)).rowcount:
        insert_missing(conn, meta, ("name", "value"), [(name, value)], key=("name",))


def is_empty(conn: Connection) -> bool:
    """Whether nobody has put anything here yet: no exchange, no adapter's stage, no key, no fact."""
    return all(
        conn.scalar(select(exists().select_from(table))) is False for table in (exchanges, adapters, api_keys, meta)
    )
