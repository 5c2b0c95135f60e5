"""What is derived from the feed, so that records are found."""

from sqlalchemy import Column, ForeignKey, PrimaryKeyConstraint, Table, Text, UniqueConstraint

from gateway.store.tables.metadata import Id, metadata

# By what records are searched: derived from the feed, a little behind it, and made anew from it at any time.
search_records = Table(
    "search_records",
    metadata,
    Column("record", Id, ForeignKey("records.id"), primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("status", Text),
    Column("day", Text),
)

search_terms = Table(
    "search_terms",
    metadata,
    Column("id", Id, primary_key=True),
    Column("facet", Text, nullable=False),
    Column("term", Text, nullable=False),
    UniqueConstraint("facet", "term"),
)

search_hits = Table(
    "search_hits",
    metadata,
    Column("term", Id, ForeignKey("search_terms.id"), nullable=False),
    Column("record", Id, ForeignKey("search_records.record"), nullable=False, index=True),
    PrimaryKeyConstraint("term", "record"),
    sqlite_with_rowid=False,
)
