"""What stands on an entry: the entries derived from it, the answers that cite it; and what changed when."""

from datetime import datetime

from sqlalchemy import bindparam, select

from adapters.records import tables
from adapters.records.database import Database
from adapters.records.ledger import row_to_revision
from adapters.records.turns import row_to_answer
from core.domain.answers import Answer
from core.domain.ids import EntryId
from core.domain.knowledge import Revision

_a, _c, _d, _r = tables.answers.c, tables.cited.c, tables.derivations.c, tables.revisions.c
_DERIVED = select(_d.entry).where(_d.source == bindparam("source")).order_by(_d.entry)
_CITING = (
    select(tables.answers)
    .join(tables.cited, _c.answer == _a.id)
    .where(_c.entry == bindparam("entry"), _a.sent_at.is_not(None))
    .order_by(_a.sent_at, _a.row)
)
_LENGTH = select(_r.row).order_by(_r.row.desc()).limit(1)
_SHOWN = select(tables.answers).where(_a.sent_at >= bindparam("since")).order_by(_a.sent_at, _a.row)
_CHANGES = select(tables.revisions).where(_r.at >= bindparam("since")).order_by(_r.at, _r.row)


class SqlLineage:
    """``Lineage`` over the tables ``derivations``, ``cited``, ``answers`` and ``revisions``."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def derived(self, source: EntryId) -> list[EntryId]:
        """As the port says."""
        return [EntryId(row[_d.entry]) for row in await self._db.rows(_DERIVED, {"source": source})]

    async def citing(self, entry: EntryId) -> list[Answer]:
        """As the port says."""
        return [row_to_answer(row) for row in await self._db.rows(_CITING, {"entry": entry})]

    async def shown(self, since: datetime) -> list[Answer]:
        """As the port says."""
        return [row_to_answer(row) for row in await self._db.rows(_SHOWN, {"since": since})]

    async def changes(self, since: datetime) -> list[Revision]:
        """As the port says."""
        return [row_to_revision(row) for row in await self._db.rows(_CHANGES, {"since": since})]

    async def length(self) -> int:
        """As the port says."""
        return await self._db.value(_LENGTH, {}) or 0
