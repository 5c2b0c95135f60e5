"""What Alembic runs for each upgrade; the connection is handed in by `upgrade`."""

from alembic import context

context.run_migrations()
