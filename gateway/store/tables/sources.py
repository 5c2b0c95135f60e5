"""What is known of the systems themselves: how their data look, and what of that has changed."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, LargeBinary, Table, Text, UniqueConstraint

from gateway.store.tables.metadata import Id, metadata

# What is known of a dataset's source, for drift (mappings/drift/compare.py), as JSON: every page moves it, so it is one row.
source_tallies = Table(
    "source_tallies",
    metadata,
    Column("dataset", Id, ForeignKey("datasets.id"), primary_key=True, autoincrement=False),
    Column("known", Text, nullable=False),
)

# What is said once of a place: the exchange that first showed a value there, and that value.
source_places = Table(
    "source_places",
    metadata,
    Column("id", Id, primary_key=True),
    Column("dataset", Id, ForeignKey("datasets.id"), nullable=False),
    Column("place", Text, nullable=False),
    Column("exchange", Id, ForeignKey("exchanges.id"), nullable=False),
    Column("example", Text, nullable=False),
    UniqueConstraint("dataset", "place"),
)

# `detail`: the types, or the word that no list has. A place that had vanished and is there again has `ended`.
drifts = Table(
    "drifts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("dataset", Id, ForeignKey("datasets.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("example", Text, nullable=False),
    Column("exchange", Id, ForeignKey("exchanges.id"), nullable=False),
    Column("first_at", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("why", Text),
    Column("moved_at", Text),
    UniqueConstraint("dataset", "kind", "place", "detail"),
    CheckConstraint("state IN ('open', 'acknowledged', 'ended')", name="state"),
)

# What a system says of itself (a WSDL with its imports), packed; `changes` are the lines that tell it from the one before, as
# JSON, and `same` one that was the first or says nothing new.
descriptions = Table(
    "descriptions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("adapter", Text, nullable=False, index=True),
    Column("sha256", LargeBinary, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("changes", Text, nullable=False),
    Column("first_at", Text, nullable=False),
    Column("last_at", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("why", Text),
    Column("moved_at", Text),
    CheckConstraint("state IN ('same', 'open', 'acknowledged')", name="state"),
)
