"""Commits say how many rows of their exchange are theirs: a replay adds more to it."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_COUNTED = (("claims", "claim_versions"), ("units", "quarantine"))


def upgrade() -> None:
    op.create_index("ix_quarantine_exchange", "quarantine", ["exchange"])
    for column, table in _COUNTED:
        op.add_column("commits", sa.Column(column, sa.Integer(), nullable=False, server_default=sa.text("0")))
        # Until now an exchange had one commit, and all of its rows were that commit's.
        counted = f"SELECT exchange, count(*) AS rows_of FROM {table} GROUP BY exchange"  # noqa: S608 - our own names
        op.execute(
            f"UPDATE commits SET {column} = counted.rows_of FROM ({counted}) AS counted "  # noqa: S608
            "WHERE counted.exchange = commits.exchange"
        )
