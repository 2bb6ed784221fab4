"""How far something has been read: rows of the table ``meta``."""

from datetime import datetime

from sqlalchemy import bindparam, delete, select

from adapters.records import tables
from adapters.records.database import Database, upsert

_MARKED = "mark:"
_NAMED = tables.meta.c.key == bindparam("name")
_MARK = select(tables.meta.c.value).where(_NAMED)
_NAMES = select(tables.meta.c.key).order_by(tables.meta.c.key)
_REMOVE = delete(tables.meta).where(_NAMED)


class SqlMarks:
    """``Marks`` over the table ``meta``."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def get(self, name: str) -> datetime | None:
        """As the port says."""
        found: str | None = await self._db.value(_MARK, {"name": _key(name)})
        return None if found is None else datetime.fromisoformat(found)

    async def put(self, name: str, at: datetime | None) -> None:
        """As the port says."""
        if at is None:
            await self._db.write(_REMOVE, {"name": _key(name)})
        else:
            await self._db.write(upsert(tables.meta, "key"), {"key": _key(name), "value": at.isoformat()})

    async def names(self, beginning: str) -> list[str]:
        """As the port says."""
        rows = await self._db.rows(_NAMES, {})
        keys = [str(row[tables.meta.c.key]) for row in rows]
        return [key.removeprefix(_MARKED) for key in keys if key.startswith(_key(beginning))]


def _key(name: str) -> str:
    return f"{_MARKED}{name}"
