"""Brings a database to the newest state of the tables."""

from pathlib import Path

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from gateway.store.dialect import lock_schema
from gateway.store.errors import WrongDatabase


def scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return ScriptDirectory.from_config(config)


def upgrade(conn: Connection, to: str = "head") -> None:
    """Runs what is missing up to a revision, in the transaction of `conn`. Raises WrongDatabase if the database is newer than this code."""
    lock_schema(conn)
    directory = scripts()
    current = MigrationContext.configure(conn).get_current_revision()
    if current == directory.get_current_head():
        return
    if current is not None and current not in {script.revision for script in directory.walk_revisions()}:
        raise WrongDatabase(
            f"数据库由更新的版本写入 (版本 {current}); 请升级 liandan-gateway",
            f"the database was written by a newer version (revision {current}); upgrade liandan-gateway",
        )
    environment = EnvironmentContext(
        Config(),
        directory,
        fn=lambda revision, _context: directory._upgrade_revs(to, revision),  # noqa: SLF001
    )
    with environment:
        environment.configure(connection=conn, target_metadata=None, transactional_ddl=False)
        environment.run_migrations()
