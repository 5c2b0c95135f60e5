"""The database's own history (Alembic)."""
