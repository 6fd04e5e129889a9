"""Bringing a database to the newest migration, and knowing without Alembic's weight that it is there already."""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine, inspect, text

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"


def newest_migration() -> str:
    """The revision whose file sorts last: migrations are numbered and form one line."""
    return max(path.stem.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def current_migration(engine: Engine) -> str | None:
    """The revision the database is at; None for one that was never migrated."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("select version_num from alembic_version")).scalar()


def migrate(engine: Engine) -> None:
    """Upgrade to the newest migration; nothing happens if the database is there."""
    if current_migration(engine) == newest_migration():
        return
    from alembic import command

    command.upgrade(alembic_config(engine), "head")


def alembic_config(engine: Engine) -> "Config":
    """What Alembic's own commands need to work on this database."""
    from alembic.config import Config

    config = Config()
    url = engine.url.render_as_string(hide_password=False)
    for name, value in {"script_location": str(MIGRATIONS), "sqlalchemy.url": url}.items():
        config.set_main_option(name, value.replace("%", "%%"))
    return config
