"""What systems say of themselves is kept, and what changed in it."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "descriptions",
        sa.Column("id", ID, nullable=False),
        sa.Column("adapter", sa.Text(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.Column("first_at", sa.Text(), nullable=False),
        sa.Column("last_at", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("why", sa.Text()),
        sa.Column("moved_at", sa.Text()),
        sa.CheckConstraint("state IN ('same', 'open', 'acknowledged')", name=op.f("ck_descriptions_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_descriptions")),
    )
    op.create_index(op.f("ix_descriptions_adapter"), "descriptions", ["adapter"])


def downgrade() -> None:
    op.drop_table("descriptions")
