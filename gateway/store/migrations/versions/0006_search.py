"""Records are found by party, plate, code, place, time and status. What is stored already is taken up by the first search."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "search_records",
        sa.Column("record", ID, autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("status", sa.Text()),
        sa.Column("day", sa.Text()),
        sa.ForeignKeyConstraint(["record"], ["records.id"], name=op.f("fk_search_records_record")),
        sa.PrimaryKeyConstraint("record", name=op.f("pk_search_records")),
    )
    op.create_table(
        "search_terms",
        sa.Column("id", ID, nullable=False),
        sa.Column("facet", sa.Text(), nullable=False),
        sa.Column("term", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_terms")),
        sa.UniqueConstraint("facet", "term", name=op.f("uq_search_terms_facet_term")),
    )
    op.create_table(
        "search_hits",
        sa.Column("term", ID, nullable=False),
        sa.Column("record", ID, nullable=False),
        sa.ForeignKeyConstraint(["term"], ["search_terms.id"], name=op.f("fk_search_hits_term")),
        sa.ForeignKeyConstraint(["record"], ["search_records.record"], name=op.f("fk_search_hits_record")),
        sa.PrimaryKeyConstraint("term", "record", name=op.f("pk_search_hits")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_search_hits_record"), "search_hits", ["record"])
