"""What is known of each dataset's source, and what of it is no longer as it was."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "source_tallies",
        sa.Column("dataset", Id, autoincrement=False, nullable=False),
        sa.Column("known", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["dataset"], ["datasets.id"], name=op.f("fk_source_tallies_dataset")),
        sa.PrimaryKeyConstraint("dataset", name=op.f("pk_source_tallies")),
    )
    op.create_table(
        "source_places",
        sa.Column("id", Id, nullable=False),
        sa.Column("dataset", Id, nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("exchange", Id, nullable=False),
        sa.Column("example", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["dataset"], ["datasets.id"], name=op.f("fk_source_places_dataset")),
        sa.ForeignKeyConstraint(["exchange"], ["exchanges.id"], name=op.f("fk_source_places_exchange")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_places")),
        sa.UniqueConstraint("dataset", "place", name=op.f("uq_source_places_dataset_place")),
    )
    op.create_table(
        "drifts",
        sa.Column("id", Id, nullable=False),
        sa.Column("dataset", Id, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("example", sa.Text(), nullable=False),
        sa.Column("exchange", Id, nullable=False),
        sa.Column("first_at", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("moved_at", sa.Text(), nullable=True),
        sa.CheckConstraint("state IN ('open', 'acknowledged', 'ended')", name=op.f("ck_drifts_state")),
        sa.ForeignKeyConstraint(["dataset"], ["datasets.id"], name=op.f("fk_drifts_dataset")),
        sa.ForeignKeyConstraint(["exchange"], ["exchanges.id"], name=op.f("fk_drifts_exchange")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drifts")),
        sa.UniqueConstraint("dataset", "kind", "place", "detail", name=op.f("uq_drifts_dataset_kind_place_detail")),
    )
