"""Everything that is kept, on SQLite or PostgreSQL."""
