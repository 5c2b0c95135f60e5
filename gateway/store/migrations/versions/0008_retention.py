"""What the law no longer asks for can be retired; and the rows of an exchange are found without reading all others."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "retirements",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("upto", ID, nullable=False),
        sa.Column("last_seq", ID, nullable=False),
        sa.Column("at", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["commits.id"], name=op.f("fk_retirements_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retirements")),
    )
    op.create_table(
        "leaves",
        sa.Column("id", ID, autoincrement=False, nullable=False),
        sa.Column("hashes", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["commits.id"], name=op.f("fk_leaves_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leaves")),
    )
    op.create_index(op.f("ix_commits_exchange"), "commits", ["exchange"])
    op.create_index(op.f("ix_claim_versions_exchange"), "claim_versions", ["exchange"])


def downgrade() -> None:
    op.drop_index(op.f("ix_claim_versions_exchange"), "claim_versions")
    op.drop_index(op.f("ix_commits_exchange"), "commits")
    op.drop_table("leaves")
    op.drop_table("retirements")
