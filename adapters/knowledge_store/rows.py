"""Entries as rows of the ``entries`` table and back. Times are microseconds since 1970 UTC."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from adapters.knowledge_store.filters import microseconds
from core.domain.errors import FinalError
from core.domain.ids import EntryId, subject_of
from core.domain.knowledge import Audience, EntryStatus, KnowledgeEntry, StoredEntry
from core.domain.people import Role
from core.text.terms import content_terms

if TYPE_CHECKING:
    import pyarrow as pa

SCHEMA_VERSION = 6
_STRINGS = ("id", "subject", "kind", "status", "audience", "question", "answer", "title", "object", "symptom", "conditions",
            "url", "anchor", "language", "taught_by", "hash", "text", "pairs", "model")  # fmt: skip
_HAN = re.compile(r"[\u3400-\u9fff]")
_TIMES = ("created_at", "updated_at", "expires_at", "confirmed_at")
_COUNTS = ("confirmations", "uses", "revision")
_LISTS = ("keys", "derived_from")
ENTRY_COLUMNS = [
    c for c in (*_STRINGS, *_TIMES, *_COUNTS, *_LISTS) if c not in ("subject", "hash", "text", "pairs", "model")
]


def schema(identity: str, dimension: int) -> "pa.Schema":
    """The table's columns; the metadata say which model and schema version wrote it."""
    import pyarrow as pa

    fields = [pa.field(name, pa.string()) for name in _STRINGS]
    fields += [pa.field(name, pa.int64()) for name in (*_TIMES, *_COUNTS)]
    fields += [pa.field(name, pa.list_(pa.string())) for name in _LISTS]
    fields.append(pa.field("vector", pa.list_(pa.float32(), dimension)))
    fields.append(pa.field("answer_vector", pa.list_(pa.float16(), dimension)))
    return pa.schema(fields, metadata={"vigil": json.dumps({"model": identity, "schema": SCHEMA_VERSION})})


def table_of(entries: Sequence[StoredEntry], identity: str, dimension: int) -> "pa.Table":
    """Rows for a batch. Raises ``FinalError`` for a vector of another length or with a value that is no number."""
    import pyarrow as pa

    for stored in entries:
        if not all(v.shape == (dimension,) and np.isfinite(v).all() for v in (stored.vector, stored.answer_vector)):
            raise FinalError(f"The vector of entry {stored.entry.id} does not fit this store: run `vigil kb rebuild`.")
    return pa.Table.from_pylist([_row(stored, identity) for stored in entries], schema=schema(identity, dimension))


def _row(stored: StoredEntry, identity: str) -> dict[str, object]:
    entry = stored.entry
    text = searchable(entry)
    row: dict[str, object] = {name: getattr(entry, name, None) for name in (*_STRINGS, *_COUNTS)}
    row |= {name: _us(getattr(entry, name)) for name in _TIMES}
    row |= {name: list(getattr(entry, name)) for name in _LISTS}
    row |= {"audience": entry.audience.value, "status": entry.status.value, "revision": stored.revision, "text": text}
    row |= {"subject": subject_of(entry.id), "pairs": han_pairs(text)}
    row |= {"hash": hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16], "model": identity}
    row |= {"vector": stored.vector.astype(np.float32), "answer_vector": stored.answer_vector.astype(np.float16)}
    return {
        name: value.encode("utf-8", "replace").decode() if isinstance(value, str) else value
        for name, value in row.items()
    }


def searchable(entry: KnowledgeEntry) -> str:
    """What full-text search reads of an entry."""
    parts = (entry.title, entry.question, entry.answer, entry.conditions, " ".join(entry.keys))
    return "\n".join(dict.fromkeys(part for part in parts if part))


def han_pairs(text: str) -> str:
    """What full text by pairs reads: the terms of a text with Han characters, by spaces; nothing of any other."""
    return " ".join(content_terms(text)) if _HAN.search(text) else ""


def _us(at: datetime | None) -> int | None:
    return None if at is None else microseconds(at)


def _at(value: int | None) -> datetime | None:
    return None if value is None else datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=value)


def row_to_entry(row: Mapping[str, Any]) -> KnowledgeEntry:
    """The one place where an untyped row becomes an entry."""
    created, updated = _at(row["created_at"]), _at(row["updated_at"])
    assert created is not None, "written for every entry"
    assert updated is not None, "written for every entry"
    return KnowledgeEntry(
        id=EntryId(row["id"]),
        kind=row["kind"],
        audience=Audience(row["audience"]),
        title=row["title"],
        answer=row["answer"],
        created_at=created,
        updated_at=updated,
        question=row["question"],
        status=EntryStatus(row["status"]),
        object=row["object"],
        symptom=row["symptom"],
        conditions=row["conditions"],
        keys=tuple(row["keys"]),
        url=row["url"],
        anchor=row["anchor"],
        language=row["language"],
        expires_at=_at(row["expires_at"]),
        confirmed_at=_at(row["confirmed_at"]),
        confirmations=row["confirmations"],
        uses=row["uses"],
        derived_from=tuple(EntryId(one) for one in row["derived_from"]),
        taught_by=Role(row["taught_by"]),
    )
