"""A home as an older version of Vigil has left it: the records at an earlier revision of the schema with the rows that they
had, the knowledge store with an earlier table."""

import json
import sqlite3
from pathlib import Path

import lancedb
from alembic import command
from sqlalchemy import create_engine

from adapters.knowledge_store.opening import TABLE
from adapters.records.upgrade import alembic_config

VERSIONS = Path(__file__).parents[2] / "adapters" / "records" / "migrations" / "versions"
REVISIONS = sorted(path.name.partition("_")[0] for path in VERSIONS.glob("[0-9]*.py"))
RECORDS = "records.db"


def age_records(home: Path, revision: str) -> None:
    """Put the home's rows into tables as the migrations up to this revision make them; what these do not know is left out."""
    now, then = home / RECORDS, home / "then.db"
    engine = create_engine(f"sqlite:///{then}")
    with engine.begin() as connection:
        command.upgrade(alembic_config(connection), revision)
    engine.dispose()
    with sqlite3.connect(then) as db:
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("ATTACH ? AS present", (str(now),))
        for (table,) in db.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'").fetchall():
            if not table.startswith(("alembic", "sqlite")):
                _copy(db, table)
    db.close()
    for path in home.glob(f"{RECORDS}*"):
        path.unlink()
    then.replace(now)


def _copy(db: sqlite3.Connection, table: str) -> None:
    known = [{row[1] for row in db.execute(f"PRAGMA {of}.table_info({table})")} for of in ("main", "present")]
    columns = ", ".join(f'"{name}"' for name in sorted(known[0] & known[1]))
    db.execute(f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM present.{table}")


async def age_store(home: Path, version: int = 5) -> None:
    """Give the knowledge store's table the columns and the mark of schema 5, under which it had no subject."""
    connection = await lancedb.connect_async(str(home / "knowledge"))
    rows = await (await connection.open_table(TABLE)).to_arrow()
    mark = json.loads(rows.schema.metadata[b"vigil"]) | {"schema": version}
    older = rows.drop_columns(["subject"]).replace_schema_metadata({"vigil": json.dumps(mark)})
    await connection.create_table(TABLE, older, mode="overwrite")
