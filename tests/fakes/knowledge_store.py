"""The knowledge store in memory: the same filters and quotas, word overlap in place of full-text search."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import numpy as np

from core.domain.errors import FinalError
from core.domain.ids import EntryId, subject_of
from core.domain.knowledge import EntryStatus, KnowledgeEntry, Passage, SearchQuery, StoredEntry, question_cosine
from core.text.terms import coverage

_AROUND = 0.1


class MemoryKnowledgeStore:
    """A ``KnowledgeStore`` over a dict. Relevance is the mean of the cosine, put to 0..1, and the words' share."""

    def __init__(self, dimension: int) -> None:
        self._dimension = dimension
        self._rows: dict[EntryId, StoredEntry] = {}

    async def search(self, query: SearchQuery) -> list[Passage]:
        found: list[Passage] = []
        for kind, most in query.kinds:
            seen = [self._passage(row, query) for row in self._rows.values() if _visible(row.entry, kind, query)]
            found += sorted(seen, key=_best_first)[:most]
        return sorted(found, key=_best_first)

    def _passage(self, row: StoredEntry, query: SearchQuery) -> Passage:
        entry, cosine = row.entry, float(row.vector @ query.vector)
        text = "\n".join((entry.title, entry.question, entry.answer, entry.conditions, " ".join(entry.keys)))
        around = _AROUND if query.context else 0.0
        lexical = (coverage(query.text, text) + around * coverage(query.context, text)) / (1 + around)
        answer_cosine = float(row.answer_vector @ query.vector)
        asked = question_cosine(cosine, answer_cosine, float(row.vector @ row.answer_vector))
        relevance, vectors = ((cosine + 1) / 2 + lexical) / 2, (row.vector, row.answer_vector)
        return Passage(entry, row.revision, relevance, cosine, answer_cosine, lexical, asked, vectors)

    async def put(self, entries: Sequence[StoredEntry], replacing: Collection[EntryId] = ()) -> None:
        for row in entries:
            if row.vector.shape != (self._dimension,) or not np.isfinite(row.vector).all():
                raise FinalError(f"The vector of entry {row.entry.id} does not fit this store.")
        self._rows |= {row.entry.id: row for row in entries}
        put = {row.entry.id for row in entries}
        for gone in [one for one in self._rows if subject_of(one) in replacing and one not in put]:
            del self._rows[gone]

    async def inventory(self) -> Mapping[EntryId, int]:
        stored: dict[EntryId, int] = {}
        for entry, row in self._rows.items():
            subject = subject_of(entry)
            stored[subject] = min(row.revision, stored.get(subject, row.revision))
        return stored

    async def maintain(self, now: datetime, *, anew: bool = False) -> None:
        """There is nothing to compact."""

    async def reset(self) -> None:
        self._rows.clear()


def _best_first(passage: Passage) -> tuple[float, EntryId]:
    return -passage.relevance, passage.entry.id


def _visible(entry: KnowledgeEntry, kind: str, query: SearchQuery) -> bool:
    unexpired = entry.expires_at is None or entry.expires_at > query.now
    active = entry.kind == kind and entry.status is EntryStatus.ACTIVE
    return active and unexpired and query.viewer.may_see(entry.audience)
