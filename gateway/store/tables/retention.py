"""What was retired, and what of it stays: who, when, why, and its place in the hash chain."""

from sqlalchemy import Column, ForeignKey, LargeBinary, Table, Text

from gateway.store.tables.metadata import Id, metadata

# Each is a commit of its own (`id`). What the commits up to `upto`, all from before the day `before`, hold may go;
# `last_seq` is the last place in the feed that they gave out.
retirements = Table(
    "retirements",
    metadata,
    Column("id", Id, ForeignKey("commits.id"), primary_key=True, autoincrement=False),
    Column("before", Text, nullable=False),
    Column("upto", Id, nullable=False),
    Column("last_seq", Id, nullable=False),
    Column("at", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("why", Text, nullable=False),
)

# The hashes of a retired commit's items, 32 bytes each, in their order: they give its root when the items are gone.
leaves = Table(
    "leaves",
    metadata,
    Column("id", Id, ForeignKey("commits.id"), primary_key=True, autoincrement=False),
    Column("hashes", LargeBinary, nullable=False),
)
