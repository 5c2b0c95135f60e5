"""What is received, understood and passed on."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from gateway.store.tables.metadata import Id, metadata

meta = Table(
    "meta",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

adapters = Table(
    "adapters",
    metadata,
    Column("id", Text, primary_key=True),
    Column("stage", Text, nullable=False),
)

adapter_stages = Table(
    "adapter_stages",
    metadata,
    Column("id", Id, primary_key=True),
    Column("adapter", Text, ForeignKey("adapters.id"), nullable=False, index=True),
    Column("stage", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("at", Text, nullable=False),
)

# One row per dataset of an adapter. Its row lock makes the commits of one dataset follow one another.
datasets = Table(
    "datasets",
    metadata,
    Column("id", Id, primary_key=True),
    Column("adapter", Text, nullable=False),
    Column("dataset", Text, nullable=False),
    Column("cursor", Text),
    Column("pulled", BigInteger, nullable=False),
    Column("accepted", BigInteger, nullable=False),
    Column("unchanged", BigInteger, nullable=False),
    Column("quarantined", BigInteger, nullable=False),
    UniqueConstraint("adapter", "dataset"),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", Id, primary_key=True),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("division", Text),
    Column("key_hash", LargeBinary, nullable=False, unique=True),
    Column("created_at", Text, nullable=False),
    Column("revoked_at", Text),
)

payloads = Table(
    "payloads",
    metadata,
    Column("id", Id, primary_key=True),
    Column("hash", LargeBinary, nullable=False, unique=True),
    Column("size", BigInteger, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

exchanges = Table(
    "exchanges",
    metadata,
    Column("id", Id, primary_key=True),
    Column("dataset", Id, ForeignKey("datasets.id"), nullable=False),
    Column("payload", Id, ForeignKey("payloads.id"), nullable=False),
    Column("received_at", Text, nullable=False),
    Column("request", Text, nullable=False),
    Column("status", Integer),
    Column("headers", Text, nullable=False),
    Column("source_name", Text, nullable=False),
    Column("documents", Text, nullable=False),
    Index(None, "payload", "dataset"),
)

mappings = Table(
    "mappings",
    metadata,
    Column("id", Id, primary_key=True),
    Column("hash", LargeBinary, nullable=False, unique=True),
    Column("adapter", Text, nullable=False),
    Column("dataset", Text, nullable=False),
    Column("file", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("template", LargeBinary, nullable=False),
)

frames = Table(
    "frames",
    metadata,
    Column("id", Id, primary_key=True),
    Column("body", LargeBinary, nullable=False),
)

contents = Table(
    "contents",
    metadata,
    Column("id", Id, primary_key=True),
    Column("hash", LargeBinary, nullable=False, unique=True),
    Column("frame", Id, ForeignKey("frames.id"), nullable=False),
    Column("start", Integer, nullable=False),
    Column("length", Integer, nullable=False),
)

records = Table(
    "records",
    metadata,
    Column("id", Id, primary_key=True),
    Column("record_id", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("newest", Integer, nullable=False),
    Column("merged_into", Id, ForeignKey("records.id")),
)

# `shadow` claims are kept but stay out of consolidation; they have no record.
claims = Table(
    "claims",
    metadata,
    Column("id", Id, primary_key=True),
    Column("dataset", Id, ForeignKey("datasets.id"), nullable=False),
    Column("source_key", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("division", Text, nullable=False),
    Column("partial", Boolean, nullable=False, server_default=false()),
    Column("newest", Integer, nullable=False),
    Column("record", Id, ForeignKey("records.id"), index=True),
    UniqueConstraint("dataset", "source_key"),
)

# newer_first..newer_last is the span of source versions or times at which this very content was seen.
claim_versions = Table(
    "claim_versions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("claim", Id, ForeignKey("claims.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("content", Id, ForeignKey("contents.id"), nullable=False),
    Column("exchange", Id, ForeignKey("exchanges.id"), nullable=False),
    Column("document", Text, nullable=False),
    Column("mapping", Id, ForeignKey("mappings.id"), nullable=False),
    Column("newer_first", Text),
    Column("newer_last", Text),
    Column("findings", Text),
    Column("lineage_frame", Id, ForeignKey("frames.id"), nullable=False),
    Column("lineage_start", Integer, nullable=False),
    Column("lineage_length", Integer, nullable=False),
    UniqueConstraint("claim", "version"),
    Index(None, "exchange"),
)

# Every number a claim was ever linked by; system '' is the national numbering.
numbers = Table(
    "numbers",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("system", Text, nullable=False),
    Column("number", Text, nullable=False),
    UniqueConstraint("number", "system", "kind"),
)

claim_numbers = Table(
    "claim_numbers",
    metadata,
    Column("number", Id, ForeignKey("numbers.id"), nullable=False),
    Column("claim", Id, ForeignKey("claims.id"), nullable=False, index=True),
    PrimaryKeyConstraint("number", "claim"),
    sqlite_with_rowid=False,
)

# `claims` and `units` count the claim versions and quarantined units among the items. A replay adds to an exchange that has
# a commit already: the exchange's rows, by id, belong to its commits in turn. A retirement has no exchange.
commits = Table(
    "commits",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False),
    Column("exchange", Id, ForeignKey("exchanges.id"), index=True),
    Column("first_seq", Id, nullable=False),
    Column("last_seq", Id, nullable=False),
    Column("items", Integer, nullable=False),
    Column("claims", Integer, nullable=False, server_default=text("0")),
    Column("units", Integer, nullable=False, server_default=text("0")),
    Column("root", LargeBinary, nullable=False),
    Column("previous_hash", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
)

# The envelope's piece is the head without the content, whose bytes belong at `content_offset`.
# `claims` lists the claim versions used, in the envelope's order, as a JSON array of their ids.
# `provinces` holds two-digit codes between blanks (" 12 32 "), so that one LIKE finds a whole code.
record_versions = Table(
    "record_versions",
    metadata,
    Column("seq", Id, primary_key=True, autoincrement=False),
    Column("record", Id, ForeignKey("records.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("provinces", Text, nullable=False),
    Column("content", Id, ForeignKey("contents.id"), nullable=False),
    Column("envelope_frame", Id, ForeignKey("frames.id"), nullable=False),
    Column("envelope_start", Integer, nullable=False),
    Column("envelope_length", Integer, nullable=False),
    Column("content_offset", Integer, nullable=False),
    Column("claims", Text, nullable=False),
    UniqueConstraint("record", "version"),
)

discrepancies = Table(
    "discrepancies",
    metadata,
    Column("id", Id, primary_key=True),
    Column("record", Id, ForeignKey("records.id"), nullable=False),
    Column("field", Text, nullable=False),
    Column("open", Boolean, nullable=False),
    Column("sides", Text, nullable=False),
    Column("opened_at", Text, nullable=False),
    Column("closed_at", Text),
    Index(None, "record", "field"),
)

# Spelt out, not bound: SQLite uses a partial index only where the query repeats its condition word for word.
UNFINISHED = "state IN ('pending', 'leased')"

# `due_at` is the next attempt of a pending row and the end of the lease of a leased one.
# `fence` grows with every lease: who comes back with an older one has lost the row to another worker.
deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Id, primary_key=True),
    Column("target", Text, nullable=False),
    Column("record", Id, ForeignKey("records.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("key", LargeBinary, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Column("owed_at", BigInteger, nullable=False),
    Column("fence", Integer, nullable=False),
    UniqueConstraint("record", "target", "version"),
    CheckConstraint("state IN ('pending', 'leased', 'delivered', 'dead', 'dropped')", name="state"),
)
Index(
    "ix_deliveries_due",
    deliveries.c.target,
    deliveries.c.due_at,
    sqlite_where=text(UNFINISHED),
    postgresql_where=text(UNFINISHED),
)

attempts = Table(
    "attempts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("delivery", Id, ForeignKey("deliveries.id"), nullable=False, index=True),
    Column("number", Integer, nullable=False),
    Column("at", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("words", Text, nullable=False),
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("id", Id, primary_key=True),
    Column("dataset", Id, ForeignKey("datasets.id"), nullable=False),
    Column("unit_hash", LargeBinary, nullable=False),
    Column("source_key", Text),
    Column("exchange", Id, ForeignKey("exchanges.id"), nullable=False),
    Column("place", Text, nullable=False),
    Column("reasons", Text, nullable=False),
    Column("mapping", Id, ForeignKey("mappings.id")),
    Column("state", Text, nullable=False),
    Column("first_at", Text, nullable=False),
    Column("last_at", Text, nullable=False),
    Column("times", Integer, nullable=False),
    UniqueConstraint("dataset", "unit_hash"),
    Index(None, "exchange"),
    Index(None, "dataset", "source_key"),
)
