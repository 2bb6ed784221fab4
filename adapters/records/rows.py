"""Rows that are found by id and by session: what several stores do alike."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy import RowMapping, Select, Table, bindparam, select

from adapters.records.database import Database, upsert

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Kind(Generic[T]):
    """How one dataclass is kept: in which table, how it becomes a row and comes back."""

    table: Table
    to_row: Callable[[T], Mapping[str, object]]
    of_row: Callable[[RowMapping], T]
    by_id: Select[tuple[object]]
    by_session: Select[tuple[object]]


def kind(
    table: Table, to_row: Callable[[T], Mapping[str, object]], of_row: Callable[[RowMapping], T], *order: str
) -> Kind[T]:
    """Prepare a kind; rows of a session come in ``order``, then as recorded."""
    columns = table.columns
    by_session = (
        select(table).where(columns["session"] == bindparam("session")) if "session" in columns else select(table)
    )
    return Kind(
        table, to_row, of_row,
        select(table).where(columns["id"] == bindparam("id")),
        by_session.order_by(*(columns[name] for name in order), columns["row"]),
    )  # fmt: skip


async def get(db: Database, what: Kind[T], id_: str) -> T | None:
    """Give the one of this id."""
    row = await db.row(what.by_id, {"id": id_})
    return None if row is None else what.of_row(row)


async def put(db: Database, what: Kind[T], *items: T) -> None:
    """Insert or replace by id."""
    if items:
        await db.write(upsert(what.table, "id"), [what.to_row(item) for item in items])


async def of_session(db: Database, what: Kind[T], session: str) -> list[T]:
    """Give those of a session."""
    return [what.of_row(row) for row in await db.rows(what.by_session, {"session": session})]
