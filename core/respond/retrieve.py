"""Step 3: one hybrid call per question, over past answers and documents, filtered by who is looking (DESIGN 5.3)."""

from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from core.domain.knowledge import CHUNK, QA, Passage, SearchQuery, Viewer
from core.ports.embedder import Embedder
from core.ports.knowledge_store import KnowledgeStore
from core.text.language import language_of

CONTEXT_WEIGHT = 0.35
"""How much the dialogue weighs beside the question in the query vector: QUALITY study, "rewrite": last + .35 history."""
QUOTAS = ((QA, 10), (CHUNK, 10))
_CONTEXT_CHARS = 400
"""Of the dialogue's end, what full text looks for beside the question."""


async def query_vector(text: str, context: str, embedder: Embedder) -> NDArray[np.float32]:
    """Give the unit vector of a question, drawn towards the dialogue it stands in; shape ``(dimension,)``."""
    if not context.strip():
        return np.asarray((await embedder.embed([text], "query"))[0], dtype=np.float32)
    own, around = await embedder.embed([text, context], "query")
    mixed = own + CONTEXT_WEIGHT * around
    norm = float(np.linalg.norm(mixed))
    return np.asarray(mixed / norm if norm else own, dtype=np.float32)


async def retrieve(
    text: str,
    context: str,
    *,
    viewer: Viewer,
    now: datetime,
    embedder: Embedder,
    store: KnowledgeStore,
    kinds: tuple[tuple[str, int], ...] = QUOTAS,
) -> list[Passage]:
    """Give the passages nearest to a question that the viewer may see, best first; relevance is the store's rank score."""
    vector = await query_vector(text, context, embedder)
    return await store.search(
        SearchQuery(text, vector, viewer, now, kinds, language_of(text), context[-_CONTEXT_CHARS:])
    )
