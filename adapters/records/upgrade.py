"""Brings a database to the newest schema with Alembic, inside the caller's transaction."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection

from core.domain.errors import StoreMismatchError


def alembic_config(connection: Connection | None = None) -> Config:
    """Give Alembic's settings without reading any file of the folder that the process happens to be in."""
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def upgrade(connection: Connection) -> None:
    """Run what migrations are missing. Raises ``StoreMismatchError`` when the database is at a revision unknown here."""
    try:
        command.upgrade(alembic_config(connection), "head")
    except CommandError as error:
        raise StoreMismatchError(
            "The records were written by a newer version of Vigil: start that version, or restore the records of this one."
        ) from error
