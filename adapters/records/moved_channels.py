"""Channels whose id has changed: rows of the table ``meta``."""

import json
from collections.abc import Sequence

from sqlalchemy import select

from adapters.records import tables
from adapters.records.database import Database, upsert
from core.domain.channels import ChannelRef

_PREFIX = "moved:"
_MOVED = select(tables.meta).where(tables.meta.c.key.startswith(_PREFIX, autoescape=True))


class SqlMovedChannels:
    """``MovedChannels`` over the table ``meta``: the channel's first id in the key, the later ones in the value."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def put(self, first: ChannelRef, later: Sequence[str]) -> None:
        """As the port says."""
        key = _PREFIX + json.dumps([first.platform, first.workspace, first.channel])
        await self._db.write(upsert(tables.meta, "key"), {"key": key, "value": json.dumps(list(later))})

    async def all(self) -> dict[ChannelRef, tuple[str, ...]]:
        """As the port says."""
        rows = await self._db.rows(_MOVED)
        return {
            ChannelRef(*json.loads(row["key"].removeprefix(_PREFIX))): tuple(json.loads(row["value"])) for row in rows
        }
