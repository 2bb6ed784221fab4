"""The port for what retrieval reads."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from core.domain.ids import EntryId
from core.domain.knowledge import Passage, SearchQuery, StoredEntry


class KnowledgeStore(Protocol):
    """The searchable projection of the ledger's heads. Any method may raise ``TransientError`` or, when the store was
    written by another model or schema, ``StoreMismatchError``."""

    async def search(self, query: SearchQuery) -> list[Passage]:
        """Give active, unexpired passages that the viewer may see, best first, each kind up to its quota.

        Audience, status and expiry are filtered inside the query. ``relevance`` is the fused rank score, 0..1. Ties are
        broken by entry id, so that equal stores give equal lists. Sees everything put before.
        """
        ...

    async def put(self, entries: Sequence[StoredEntry], replacing: Collection[EntryId] = ()) -> None:
        """Insert or replace by entry id, all or nothing. Retired entries are kept with their status. Afterwards nothing is
        held of the subjects ``replacing`` but what is among ``entries``: the parts that a document has no more are gone, and
        so is all of a subject that none of them belongs to. Cut off in between, the same call finishes it."""
        ...

    async def inventory(self) -> Mapping[EntryId, int]:
        """Give the revision that is stored for each subject, as ``subject_of`` names it: the lowest among its parts."""
        ...

    async def maintain(self, now: datetime, *, anew: bool = False) -> None:
        """Compact, bring indexes up to date or build what the size asks for, and drop old versions. With ``anew`` every file is
        written anew and all old versions go, so that no byte of what was replaced or dropped stays; whoever is reading
        meanwhile may fail. Cut off in between, the same call finishes it."""
        ...

    async def reset(self) -> None:
        """Drop everything and start empty with the present schema and model."""
        ...
