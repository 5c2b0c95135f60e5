"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "adapters",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adapters")),
    )
    op.create_table(
        "api_keys",
        sa.Column("id", Id, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("division", sa.Text(), nullable=True),
        sa.Column("key_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.Text(), nullable=False),
        sa.Column("revoked_at", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_keys")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_api_keys_key_hash")),
    )
    op.create_table(
        "datasets",
        sa.Column("id", Id, nullable=False),
        sa.Column("adapter", sa.Text(), nullable=False),
        sa.Column("dataset", sa.Text(), nullable=False),
        sa.Column("cursor", sa.Text(), nullable=True),
        sa.Column("pulled", sa.BigInteger(), nullable=False),
        sa.Column("accepted", sa.BigInteger(), nullable=False),
        sa.Column("unchanged", sa.BigInteger(), nullable=False),
        sa.Column("quarantined", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_datasets")),
        sa.UniqueConstraint("adapter", "dataset", name=op.f("uq_datasets_adapter_dataset")),
    )
    op.create_table(
        "frames",
        sa.Column("id", Id, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_frames")),
    )
    op.create_table(
        "mappings",
        sa.Column("id", Id, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("adapter", sa.Text(), nullable=False),
        sa.Column("dataset", sa.Text(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("template", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mappings")),
        sa.UniqueConstraint("hash", name=op.f("uq_mappings_hash")),
    )
    op.create_table(
        "meta",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_meta")),
    )
    op.create_table(
        "numbers",
        sa.Column("id", Id, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("system", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_numbers")),
        sa.UniqueConstraint("number", "system", "kind", name=op.f("uq_numbers_number_system_kind")),
    )
    op.create_table(
        "payloads",
        sa.Column("id", Id, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payloads")),
        sa.UniqueConstraint("hash", name=op.f("uq_payloads_hash")),
    )
    op.create_table(
        "records",
        sa.Column("id", Id, nullable=False),
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("newest", sa.Integer(), nullable=False),
        sa.Column("merged_into", Id, nullable=True),
        sa.ForeignKeyConstraint(["merged_into"], ["records.id"], name=op.f("fk_records_merged_into")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_records")),
        sa.UniqueConstraint("record_id", name=op.f("uq_records_record_id")),
    )
    op.create_table(
        "adapter_stages",
        sa.Column("id", Id, nullable=False),
        sa.Column("adapter", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["adapter"], ["adapters.id"], name=op.f("fk_adapter_stages_adapter")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adapter_stages")),
    )
    op.create_index(op.f("ix_adapter_stages_adapter"), "adapter_stages", ["adapter"], unique=False)
    op.create_table(
        "claims",
        sa.Column("id", Id, nullable=False),
        sa.Column("dataset", Id, nullable=False),
        sa.Column("source_key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("division", sa.Text(), nullable=False),
        sa.Column("newest", sa.Integer(), nullable=False),
        sa.Column("record", Id, nullable=True),
        sa.ForeignKeyConstraint(["dataset"], ["datasets.id"], name=op.f("fk_claims_dataset")),
        sa.ForeignKeyConstraint(["record"], ["records.id"], name=op.f("fk_claims_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claims")),
        sa.UniqueConstraint("dataset", "source_key", name=op.f("uq_claims_dataset_source_key")),
    )
    op.create_index(op.f("ix_claims_record"), "claims", ["record"], unique=False)
    op.create_table(
        "contents",
        sa.Column("id", Id, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("frame", Id, nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["frame"], ["frames.id"], name=op.f("fk_contents_frame")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contents")),
        sa.UniqueConstraint("hash", name=op.f("uq_contents_hash")),
    )
    op.create_table(
        "deliveries",
        sa.Column("id", Id, nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("record", Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("owed_at", sa.BigInteger(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('pending', 'leased', 'delivered', 'dead', 'dropped')", name=op.f("ck_deliveries_state")
        ),
        sa.ForeignKeyConstraint(["record"], ["records.id"], name=op.f("fk_deliveries_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("record", "target", "version", name=op.f("uq_deliveries_record_target_version")),
    )
    op.create_index(
        "ix_deliveries_due",
        "deliveries",
        ["target", "due_at"],
        unique=False,
        sqlite_where=sa.text("state IN ('pending', 'leased')"),
        postgresql_where=sa.text("state IN ('pending', 'leased')"),
    )
    op.create_table(
        "discrepancies",
        sa.Column("id", Id, nullable=False),
        sa.Column("record", Id, nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("sides", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["record"], ["records.id"], name=op.f("fk_discrepancies_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discrepancies")),
    )
    op.create_index(op.f("ix_discrepancies_record_field"), "discrepancies", ["record", "field"], unique=False)
    op.create_table(
        "exchanges",
        sa.Column("id", Id, nullable=False),
        sa.Column("dataset", Id, nullable=False),
        sa.Column("payload", Id, nullable=False),
        sa.Column("received_at", sa.Text(), nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("headers", sa.Text(), nullable=False),
        sa.Column("source_name", sa.Text(), nullable=False),
        sa.Column("documents", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["dataset"], ["datasets.id"], name=op.f("fk_exchanges_dataset")),
        sa.ForeignKeyConstraint(["payload"], ["payloads.id"], name=op.f("fk_exchanges_payload")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchanges")),
    )
    op.create_index(op.f("ix_exchanges_payload_dataset"), "exchanges", ["payload", "dataset"], unique=False)
    op.create_table(
        "attempts",
        sa.Column("id", Id, nullable=False),
        sa.Column("delivery", Id, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["delivery"], ["deliveries.id"], name=op.f("fk_attempts_delivery")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
    )
    op.create_index(op.f("ix_attempts_delivery"), "attempts", ["delivery"], unique=False)
    op.create_table(
        "claim_numbers",
        sa.Column("number", Id, nullable=False),
        sa.Column("claim", Id, nullable=False),
        sa.ForeignKeyConstraint(["claim"], ["claims.id"], name=op.f("fk_claim_numbers_claim")),
        sa.ForeignKeyConstraint(["number"], ["numbers.id"], name=op.f("fk_claim_numbers_number")),
        sa.PrimaryKeyConstraint("number", "claim", name=op.f("pk_claim_numbers")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_claim_numbers_claim"), "claim_numbers", ["claim"], unique=False)
    op.create_table(
        "claim_versions",
        sa.Column("id", Id, nullable=False),
        sa.Column("claim", Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", Id, nullable=False),
        sa.Column("exchange", Id, nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("mapping", Id, nullable=False),
        sa.Column("newer_first", sa.Text(), nullable=True),
        sa.Column("newer_last", sa.Text(), nullable=True),
        sa.Column("findings", sa.Text(), nullable=True),
        sa.Column("lineage_frame", Id, nullable=False),
        sa.Column("lineage_start", sa.Integer(), nullable=False),
        sa.Column("lineage_length", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["claim"], ["claims.id"], name=op.f("fk_claim_versions_claim")),
        sa.ForeignKeyConstraint(["content"], ["contents.id"], name=op.f("fk_claim_versions_content")),
        sa.ForeignKeyConstraint(["exchange"], ["exchanges.id"], name=op.f("fk_claim_versions_exchange")),
        sa.ForeignKeyConstraint(["lineage_frame"], ["frames.id"], name=op.f("fk_claim_versions_lineage_frame")),
        sa.ForeignKeyConstraint(["mapping"], ["mappings.id"], name=op.f("fk_claim_versions_mapping")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_versions")),
        sa.UniqueConstraint("claim", "version", name=op.f("uq_claim_versions_claim_version")),
    )
    op.create_table(
        "commits",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("exchange", Id, nullable=True),
        sa.Column("first_seq", Id, nullable=False),
        sa.Column("last_seq", Id, nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("previous_hash", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["exchange"], ["exchanges.id"], name=op.f("fk_commits_exchange")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commits")),
    )
    op.create_table(
        "quarantine",
        sa.Column("id", Id, nullable=False),
        sa.Column("dataset", Id, nullable=False),
        sa.Column("unit_hash", sa.LargeBinary(), nullable=False),
        sa.Column("source_key", sa.Text(), nullable=True),
        sa.Column("exchange", Id, nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("mapping", Id, nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("first_at", sa.Text(), nullable=False),
        sa.Column("last_at", sa.Text(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["dataset"], ["datasets.id"], name=op.f("fk_quarantine_dataset")),
        sa.ForeignKeyConstraint(["exchange"], ["exchanges.id"], name=op.f("fk_quarantine_exchange")),
        sa.ForeignKeyConstraint(["mapping"], ["mappings.id"], name=op.f("fk_quarantine_mapping")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarantine")),
        sa.UniqueConstraint("dataset", "unit_hash", name=op.f("uq_quarantine_dataset_unit_hash")),
    )
    op.create_table(
        "record_versions",
        sa.Column("seq", Id, autoincrement=False, nullable=False),
        sa.Column("record", Id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("provinces", sa.Text(), nullable=False),
        sa.Column("content", Id, nullable=False),
        sa.Column("envelope_frame", Id, nullable=False),
        sa.Column("envelope_start", sa.Integer(), nullable=False),
        sa.Column("envelope_length", sa.Integer(), nullable=False),
        sa.Column("content_offset", sa.Integer(), nullable=False),
        sa.Column("claims", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["content"], ["contents.id"], name=op.f("fk_record_versions_content")),
        sa.ForeignKeyConstraint(["envelope_frame"], ["frames.id"], name=op.f("fk_record_versions_envelope_frame")),
        sa.ForeignKeyConstraint(["record"], ["records.id"], name=op.f("fk_record_versions_record")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_record_versions")),
        sa.UniqueConstraint("record", "version", name=op.f("uq_record_versions_record_version")),
    )
