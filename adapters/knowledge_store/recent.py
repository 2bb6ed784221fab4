"""Entries that were read lately, so that a search reads their wide rows once for each revision."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Any

import numpy as np

from adapters.knowledge_store.rows import ENTRY_COLUMNS, row_to_entry
from core.domain.knowledge import StoredEntry

if TYPE_CHECKING:
    import pyarrow as pa

REMEMBERED = 1024
"""About 8 MB. A search over 105 entries takes half the CPU with their rows at hand (17 ms, not 33)."""
MARK = ("id", "revision", "hash")
"""Columns that tell what a row holds: what it says has one hash, everything else one revision."""
WHOLE = [*ENTRY_COLUMNS, "hash", "vector", "answer_vector"]

Mark = tuple[str, int, str]


class RecentRows:
    """The last rows read, by their mark."""

    def __init__(self) -> None:
        self._rows: OrderedDict[Mark, StoredEntry] = OrderedDict()

    def known(self, marks: Iterable[Mark]) -> dict[str, StoredEntry]:
        """Those of these rows that are remembered, by id."""
        known = {mark: self._rows[mark] for mark in marks if mark in self._rows}
        for mark in known:
            self._rows.move_to_end(mark)
        return {mark[0]: row for mark, row in known.items()}

    def remember(self, table: "pa.Table") -> dict[str, StoredEntry]:
        """Take over whole rows, the columns ``WHOLE``; gives them by id."""
        fresh = {mark_of(row): stored for row, stored in zip(*_stored(table), strict=True)}
        self._rows |= fresh
        while len(self._rows) > REMEMBERED:
            self._rows.popitem(last=False)
        return {mark[0]: stored for mark, stored in fresh.items()}

    def forget(self, ids: AbstractSet[str]) -> None:
        """What is known of these entries holds no more."""
        for mark in [mark for mark in self._rows if mark[0] in ids]:
            del self._rows[mark]


def mark_of(row: Mapping[str, Any]) -> Mark:
    """What tells a row from every other and from what it was before."""
    return row["id"], row["revision"], row["hash"]


def _stored(table: "pa.Table") -> tuple[Sequence[Mapping[str, Any]], list[StoredEntry]]:
    rows = table.drop_columns(["vector", "answer_vector"]).to_pylist()
    vectors = [_rows_of(table, column) for column in ("vector", "answer_vector")]
    return rows, [
        StoredEntry(row_to_entry(row), row["revision"], vector.copy(), answer.copy())
        for row, vector, answer in zip(rows, *vectors, strict=True)
    ]


def _rows_of(table: "pa.Table", column: str) -> Any:
    flat = np.asarray(table[column].combine_chunks().flatten(), dtype=np.float32)
    return flat.reshape(len(table), -1) if len(table) else flat.reshape(0, 1)
