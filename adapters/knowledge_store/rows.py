"""Entries as rows of the ``entries`` table and back. ``expires_at`` is microseconds since 1970 UTC."""

import json
import re
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from adapters.knowledge_store.filters import microseconds
from core.domain.errors import FinalError
from core.domain.ids import subject_of
from core.domain.knowledge import KnowledgeEntry, StoredEntry
from core.text.terms import content_terms

if TYPE_CHECKING:
    import pyarrow as pa

SCHEMA_VERSION = 7
_STRINGS = ("id", "subject", "kind", "status", "audience", "text", "pairs", "entry")
"""What is searched by and filtered, and ``entry``: the whole entry as JSON. A column for each of its fields would cost a search
over 272,325 entries 8 ms of CPU, as every column of the 20 rows that it reads is looked up and decoded by itself."""
_NUMBERS = ("expires_at", "revision")
_HAN = re.compile(r"[\u3400-\u9fff]")
READ = ("entry", "revision", "vector", "answer_vector")
"""The columns that make a ``StoredEntry``."""


def schema(identity: str, dimension: int) -> "pa.Schema":
    """The table's columns; the metadata say which model and schema version wrote it."""
    import pyarrow as pa

    fields = [pa.field(name, pa.string()) for name in _STRINGS]
    fields += [pa.field(name, pa.int64()) for name in _NUMBERS]
    fields.append(pa.field("vector", pa.list_(pa.float32(), dimension)))
    fields.append(pa.field("answer_vector", pa.list_(pa.float16(), dimension)))
    return pa.schema(fields, metadata={"vigil": json.dumps({"model": identity, "schema": SCHEMA_VERSION})})


def table_of(entries: Sequence[StoredEntry], identity: str, dimension: int) -> "pa.Table":
    """Rows for a batch. Raises ``FinalError`` for a vector of another length or with a value that is no number."""
    import pyarrow as pa

    for stored in entries:
        if not all(v.shape == (dimension,) and np.isfinite(v).all() for v in (stored.vector, stored.answer_vector)):
            raise FinalError(f"The vector of entry {stored.entry.id} does not fit this store: run `vigil kb rebuild`.")
    return pa.Table.from_pylist([_row(stored) for stored in entries], schema=schema(identity, dimension))


def _row(stored: StoredEntry) -> dict[str, object]:
    entry = stored.entry
    text = searchable(entry)
    strings = {
        "id": entry.id, "subject": subject_of(entry.id), "kind": entry.kind, "status": entry.status.value,
        "audience": entry.audience.value, "text": text, "pairs": han_pairs(text),
        "entry": json.dumps(_adapter().dump_python(entry, mode="json"), ensure_ascii=False, separators=(",", ":")),
    }  # fmt: skip
    return {name: value.encode("utf-8", "replace").decode() for name, value in strings.items()} | {
        "expires_at": None if entry.expires_at is None else microseconds(entry.expires_at),
        "revision": stored.revision,
        "vector": stored.vector.astype(np.float32),
        "answer_vector": stored.answer_vector.astype(np.float16),
    }


@cache
def _adapter() -> TypeAdapter[KnowledgeEntry]:
    """Built at the first use: that takes milliseconds."""
    return TypeAdapter(KnowledgeEntry)


def searchable(entry: KnowledgeEntry) -> str:
    """What full-text search reads of an entry."""
    parts = (entry.title, entry.question, entry.answer, entry.conditions, " ".join(entry.keys))
    return "\n".join(dict.fromkeys(part for part in parts if part))


def han_pairs(text: str) -> str:
    """What full text by pairs reads: the terms of a text with Han characters, by spaces; nothing of any other."""
    return " ".join(content_terms(text)) if _HAN.search(text) else ""


def stored_in(table: "pa.Table") -> list[StoredEntry]:
    """The one place where rows, read with the columns ``READ``, become entries."""
    entries = [_adapter().validate_json(text) for text in table["entry"].to_pylist()]
    vectors = (vectors_in(table, column) for column in ("vector", "answer_vector"))
    return [
        StoredEntry(entry, revision, vector.copy(), answer.copy())
        for entry, revision, vector, answer in zip(entries, table["revision"].to_pylist(), *vectors, strict=True)
    ]


def vectors_in(table: "pa.Table", column: str) -> NDArray[np.float32]:
    """The vectors of a column: float32, one row for each of the table's."""
    flat = np.asarray(table[column].combine_chunks().flatten(), dtype=np.float32)
    return flat.reshape(len(table), -1) if len(table) else flat.reshape(0, 1)
