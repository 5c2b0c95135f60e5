"""Each page asks what was refused under the keys that it brings."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_index(op.f("ix_quarantine_dataset_source_key"), "quarantine", ["dataset", "source_key"])
