"""Reranks with a cross-encoder of sentence-transformers: query and text are read together, one score each."""

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from adapters.embedding.batches import BATCH, Batches
from adapters.embedding.locate import RERANKING, locate
from adapters.embedding.texts import readable
from adapters.embedding.torch_fallback import quiet_torch
from core.domain.errors import FinalError
from core.ports.reranker import Reranker

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

WINDOW_TOKENS = 512
"""Query and text are cut for a model that names no window of its own."""


async def open_reranker(name: str, cache_dir: Path) -> Reranker:
    """Give the cross-encoder of a local folder or a name on the Hugging Face hub; it needs torch and takes seconds to load.

    Raises ``FinalError`` with one sentence when the model cannot be found, does not load, or does not give one score.
    """
    model = await locate(name, cache_dir, RERANKING)
    batches = Batches()
    return CrossEncoderReranker(
        model.identity, batches, await batches.call(load_cross_encoder, model.folder, model.name)
    )


class CrossEncoderReranker:
    """A ``Reranker`` over one model, in one thread of its own."""

    def __init__(self, identity: str, batches: Batches, model: "CrossEncoder") -> None:
        self._identity, self._batches, self._model = identity, batches, model

    @property
    def identity(self) -> str:
        return self._identity

    async def score(self, query: str, texts: Sequence[str]) -> list[float]:
        """See ``Reranker.score``: the model's logit through the sigmoid. Texts of like length share a batch."""
        window = int(self._model.max_seq_length or WINDOW_TOKENS)
        asked, ready = readable(query, window), [readable(text, window) for text in texts]
        order = sorted(range(len(ready)), key=lambda place: (len(ready[place].encode()), ready[place]), reverse=True)
        scores = [0.0] * len(ready)
        for start in range(0, len(order), BATCH):
            places = order[start : start + BATCH]
            given = await self._batches.call(self._run, [(asked, ready[place]) for place in places])
            for place, score in zip(places, given, strict=True):
                scores[place] = score
        return scores

    def _run(self, pairs: list[tuple[str, str]]) -> list[float]:
        logits = np.asarray(self._model.predict(pairs, batch_size=BATCH, show_progress_bar=False), np.float64)
        return [float(one) for one in 1 / (1 + np.exp(-np.clip(np.nan_to_num(logits), -60, 60)))]


def load_cross_encoder(folder: Path, name: str) -> "CrossEncoder":
    """Give the model of ``folder`` in fp32 on the CPU, without network and without a word on stderr; ``name`` is for errors."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model = _load(folder)
    except ImportError as error:
        raise FinalError(
            "A reranking model needs the packages torch and sentence-transformers: install them, or empty VIGIL_RERANKER_MODEL."
        ) from error
    except (ArithmeticError, AttributeError, LookupError, OSError, RuntimeError, TypeError, ValueError) as error:
        raise FinalError(
            f"The reranking model '{name}' cannot be loaded ({type(error).__name__}): check that it is a whole cross-encoder, "
            "or empty VIGIL_RERANKER_MODEL."
        ) from error
    if model.num_labels != 1:
        raise FinalError(
            f"The reranking model '{name}' gives {model.num_labels} figures for a text, not one: name one for ranking."
        )
    return model


def _load(folder: Path) -> "CrossEncoder":
    import torch
    from safetensors import SafetensorError
    from sentence_transformers import CrossEncoder

    quiet_torch()
    try:
        model = CrossEncoder(str(folder), device="cpu", local_files_only=True, activation_fn=torch.nn.Identity())
    except SafetensorError as error:
        raise ValueError("the weights are torn") from error
    model.float().eval()
    return model
