"""Remembers the vectors of recent texts."""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.ports.embedder import Embedder, EmbedRole

_LONG_TEXT_CHARS = 1024

Key = tuple[EmbedRole, str | bytes]


class CachedEmbedder:
    """An ``Embedder`` that asks ``inner`` once for each text among the last ``capacity`` of a role, or of both roles where the
    model makes no difference between them.

    Texts that occur twice in one call are embedded once. Safe from several tasks and threads; two that ask for the same
    new text at the same time may both compute it.
    """

    def __init__(self, inner: Embedder, capacity: int = 4096, roles_differ: bool = True) -> None:
        self._inner, self._capacity, self._roles_differ = inner, capacity, roles_differ
        self._rows: OrderedDict[Key, NDArray[np.float32]] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def identity(self) -> str:
        return self._inner.identity

    @property
    def dimension(self) -> int:
        return self._inner.dimension

    async def embed(self, texts: Sequence[str], role: EmbedRole) -> NDArray[np.float32]:
        if not texts:
            return np.empty((0, self.dimension), np.float32)
        keys = [_key(text, role if self._roles_differ else "passage") for text in texts]
        rows = self._recall(keys)
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in rows}
        if missing:
            fresh = dict(zip(missing, await self._inner.embed(list(missing.values()), role), strict=True))
            self._remember(fresh)
            rows |= fresh
        return np.stack([rows[key] for key in keys])

    def _recall(self, keys: Sequence[Key]) -> dict[Key, NDArray[np.float32]]:
        with self._lock:
            known = {key: self._rows[key] for key in keys if key in self._rows}
            for key in known:
                self._rows.move_to_end(key)
        return known

    def _remember(self, fresh: dict[Key, NDArray[np.float32]]) -> None:
        """Rows are copied: a view would keep the whole array of its call alive."""
        with self._lock:
            for key, row in fresh.items():
                self._rows[key] = row.copy()
                self._rows.move_to_end(key)
            while len(self._rows) > self._capacity:
                self._rows.popitem(last=False)


def _key(text: str, role: EmbedRole) -> Key:
    """A long text is remembered by its digest, so that the cache stays a few MB."""
    if len(text) <= _LONG_TEXT_CHARS:
        return role, text
    return role, hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
