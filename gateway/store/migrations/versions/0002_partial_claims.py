"""Claims that are only a notice: they make no record by themselves."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("claims", sa.Column("partial", sa.Boolean(), nullable=False, server_default=sa.false()))
