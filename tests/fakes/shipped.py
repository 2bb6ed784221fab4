"""The engine as it is shipped: the packaged model, exported by the first run, and the fitted weights. No network."""

import asyncio
from functools import cache
from pathlib import Path

import platformdirs

from adapters.embedding import DEFAULT_MODEL, open_embedder
from adapters.engine.offline.engine import OfflineEngine
from adapters.engine.offline.weights import OfflineWeights, load_weights
from core.ports.embedder import Embedder

_CACHE = Path(platformdirs.user_cache_dir("vigil"))


@cache
def shipped_embedder() -> Embedder:
    """The packaged model. Called outside of a running loop: from a fixture that is not a coroutine."""
    return asyncio.run(open_embedder(DEFAULT_MODEL, _CACHE))


def shipped_weights() -> OfflineWeights:
    """The weights in the checkout, whatever a home of this machine holds."""
    return load_weights(shipped_embedder().identity, Path("no home"))


def shipped_engine() -> OfflineEngine:
    """The offline engine over both."""
    return OfflineEngine(shipped_embedder(), shipped_weights(), _CACHE)
