"""The offline engine: deterministic, no network, honest about being so."""

import time
from pathlib import Path
from typing import TypeVar

from adapters.engine.offline.exemplars import Exemplars, load_exemplars
from adapters.engine.offline.extract import extract
from adapters.engine.offline.generate import generate
from adapters.engine.offline.identify import identify
from adapters.engine.offline.review import review
from adapters.engine.offline.rewrite import rewrite
from adapters.engine.offline.weights import OfflineWeights
from core.domain.errors import UnknownTaskError
from core.domain.reviews import ReviewInput
from core.domain.tasks import ExtractInput, GenerateInput, IdentifyInput, Reply, Request, RewriteInput, Usage
from core.ports.embedder import Embedder

In = TypeVar("In")
Out = TypeVar("Out")


class OfflineEngine:
    """Performs identify, rewrite, generate, extract and review by rules, features and sentence embeddings."""

    name = "offline"
    quotes = True
    remote = False

    def __init__(self, embedder: Embedder, weights: OfflineWeights, cache: Path | None = None) -> None:
        self._embedder, self._weights, self._cache = embedder, weights, cache
        self._exemplars: Exemplars | None = None

    async def perform(self, request: Request[In, Out]) -> Reply[Out]:
        """See ``Engine.perform``; never raises ``TransientError``."""
        begun = time.perf_counter()
        output = await self._do(request.inputs)
        if not isinstance(output, request.task.output_type):
            raise UnknownTaskError(f"The offline engine does not know the task {request.task.name}.")
        ms = (time.perf_counter() - begun) * 1000
        return Reply(output, f"{self.name}/{self._embedder.identity}", Usage(), ms)

    async def _do(self, inputs: object) -> object:
        match inputs:
            case IdentifyInput():
                if self._exemplars is None:
                    self._exemplars = await load_exemplars(self._embedder, cache=self._cache)
                return await identify(inputs, self._embedder, self._exemplars, self._weights)
            case RewriteInput():
                return await rewrite(inputs, self._embedder)
            case GenerateInput():
                return await generate(inputs, self._embedder)
            case ExtractInput():
                return await extract(inputs, self._embedder, self._weights.statements)
            case ReviewInput():
                return await review(inputs, self._embedder, self._weights.statements, self._weights.reviews)
            case _:
                return None
