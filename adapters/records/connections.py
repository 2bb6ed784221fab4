"""Connections that are kept from one transaction to the next: to have SQLAlchemy's pool give one out and take it back costs
more than what most transactions ask."""

from contextlib import AsyncExitStack

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from adapters.records.failures import failures_told

KEPT = 4
"""So many that nobody uses; others go back to the pool."""


class Connections:
    """Those of one engine."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._free: list[AsyncConnection] = []

    async def begun(self) -> AsyncConnection:
        """One in which a transaction has begun. Raises what the database reports as ``VigilError``."""
        with failures_told():
            async with AsyncExitStack() as unless_begun:
                connection = self._free.pop() if self._free else await self._engine.connect()
                unless_begun.push_async_callback(connection.close)
                await connection.begin()
                unless_begun.pop_all()
                return connection

    async def ended(self, connection: AsyncConnection, *, keep: bool) -> None:
        """End its transaction, for good or undone, and keep it for the next one. Raises as ``begun`` does."""
        with failures_told():
            async with AsyncExitStack() as unless_ended:
                unless_ended.push_async_callback(connection.close)
                await _ended(connection, keep=keep)
                if len(self._free) < KEPT and not connection.invalidated:
                    unless_ended.pop_all()
                    self._free.append(connection)

    async def lent(self) -> AsyncEngine:
        """The engine, all of whose connections that nobody uses are with it again."""
        while self._free:
            await self._free.pop().close()
        return self._engine

    async def dispose(self) -> None:
        """Close them all."""
        await (await self.lent()).dispose()


async def _ended(connection: AsyncConnection, *, keep: bool) -> None:
    await (connection.commit() if keep else connection.rollback())
