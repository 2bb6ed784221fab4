"""The table as it stood at one version, so that all legs of a search see the same rows at the same addresses."""

from typing import TYPE_CHECKING

from adapters.knowledge_store.filters import quote
from adapters.knowledge_store.opening import TABLE

if TYPE_CHECKING:
    from lancedb import AsyncConnection, AsyncTable


class Snapshot:
    """One version, which nobody's writing changes. Opening one takes half a millisecond."""

    def __init__(self, table: "AsyncTable", version: int) -> None:
        self.table, self.version = table, version
        self._held: dict[str, bool] = {}

    async def holds(self, kind: str) -> bool:
        """Whether there is any row of a kind; asked of the table once."""
        if kind not in self._held:
            self._held[kind] = await self.table.count_rows(f"kind = {quote(kind)}") > 0
        return self._held[kind]

    def after(self, table: "AsyncTable", version: int) -> "Snapshot":
        """A later one. A kind that was there is taken to be there still: looking for one that is gone finds nothing."""
        later = Snapshot(table, version)
        later._held = {kind: True for kind, there in self._held.items() if there}
        return later


class Snapshots:
    """Gives the newest version as a snapshot."""

    def __init__(self, connection: "AsyncConnection") -> None:
        self._connection = connection
        self._last: Snapshot | None = None

    async def newest(self, live: "AsyncTable") -> Snapshot:
        """The version that ``live`` has now."""
        version = await live.version()
        if self._last is None or self._last.version != version:
            table = await self._connection.open_table(TABLE)
            await table.checkout(version)
            self._last = self._last.after(table, version) if self._last else Snapshot(table, version)
        return self._last

    def forget(self) -> None:
        """The table is another one now."""
        self._last = None
