"""Runs a model over texts in one thread of its own, batch by batch."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

import numpy as np
from numpy.typing import NDArray

from adapters.embedding.entry import Entry
from adapters.embedding.texts import readable
from core.ports.embedder import EmbedRole

BATCH = 32
"""Texts per batch; 64 was slower than 32 on every backend that was measured."""

P = ParamSpec("P")
T = TypeVar("T")
Run = Callable[[list[str]], NDArray[np.float32]]


class Batches:
    """One worker thread: batches run one after another, and callers take turns per batch, not per call.

    So a question waits for one batch of a bulk load, not for the load. One thread and its queue do what
    ``asyncio.to_thread`` behind a lock would, but bind to no event loop, hold no thread of the loop's shared pool
    while they wait, and stay serial when a caller is cancelled.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="embedding")

    async def call(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Await ``function(*args)`` in the worker thread."""
        return await asyncio.wrap_future(self._thread.submit(function, *args, **kwargs))

    async def rows(self, texts: Sequence[str], entry: Entry, role: EmbedRole, run: Run) -> NDArray[np.float32]:
        """Give ``run``'s rows for all texts in their order, made unit vectors; shape ``(len(texts), entry.dimension)``.

        Texts of like length share a batch, longest first, so that little is padded and memory peaks at once.
        """
        rows = np.empty((len(texts), entry.dimension), np.float32)
        for places, batch in await self.call(_plan, texts, entry, role) if texts else ():
            rows[places] = unit(await self.call(run, batch))
        return rows


def _plan(texts: Sequence[str], entry: Entry, role: EmbedRole) -> list[tuple[list[int], list[str]]]:
    """Batches of ready texts, each with the places of its rows. UTF-8 length foretells tokens also beside Chinese."""
    ready = [entry.prompts[role] + readable(text, entry.max_tokens) for text in texts]
    order = sorted(range(len(ready)), key=lambda place: len(ready[place].encode()), reverse=True)
    starts = range(0, len(order), BATCH)
    return [(order[at : at + BATCH], [ready[place] for place in order[at : at + BATCH]]) for at in starts]


def unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Scale each row to length 1. A row without direction (no token left, so zeros or NaN) becomes the first axis."""
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    sound = np.isfinite(norms) & (norms > 1e-12)
    scaled: NDArray[np.float32] = np.divide(rows, norms, out=np.zeros_like(rows), where=sound)
    scaled[~sound[:, 0], 0] = 1.0
    return scaled
