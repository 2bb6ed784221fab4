"""Answers with sentence-transformers, for models whose export does not agree with them."""

import logging
import warnings
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from adapters.embedding.batches import BATCH, Batches
from adapters.embedding.entry import Entry
from core.domain.errors import FinalError
from core.ports.embedder import EmbedRole

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer


class TorchEmbedder:
    """An ``Embedder`` over the original model."""

    def __init__(self, entry: Entry, batches: Batches, model: "SentenceTransformer") -> None:
        self._entry, self._batches, self._model = entry, batches, model

    @classmethod
    async def open(cls, entry: Entry, folder: Path) -> "TorchEmbedder":
        """Load the model from ``folder`` in a thread (seconds). Raises ``FinalError`` when it does not load."""
        batches = Batches()
        return cls(entry, batches, await batches.call(load_model, folder))

    @property
    def identity(self) -> str:
        return self._entry.identity

    @property
    def dimension(self) -> int:
        return self._entry.dimension

    async def embed(self, texts: Sequence[str], role: EmbedRole) -> NDArray[np.float32]:
        return await self._batches.rows(texts, self._entry, role, partial(self._run, role))

    def _run(self, role: EmbedRole, texts: list[str]) -> NDArray[np.float32]:
        """Texts carry their prompt already; the role still matters to models that route by it."""
        encode = self._model.encode_query if role == "query" else self._model.encode_document
        rows = encode(texts, prompt="", batch_size=BATCH, show_progress_bar=False, convert_to_numpy=True)
        return np.asarray(rows, np.float32)


def load_model(folder: Path, attention: str | None = None) -> "SentenceTransformer":
    """Give the model of ``folder`` in fp32 on the CPU, without network and without a word on stderr.

    ``attention`` names an implementation for models that let one choose. Raises ``FinalError`` when torch is not
    installed or the folder does not hold a model.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _load(folder, {"attn_implementation": attention} if attention else {})
    except ImportError as error:
        raise FinalError(
            "Preparing an embedding model needs the packages torch and sentence-transformers: "
            "install them and start again."
        ) from error
    except (ArithmeticError, AttributeError, LookupError, OSError, RuntimeError, TypeError, ValueError) as error:
        raise FinalError(
            f"The embedding model cannot be loaded ({type(error).__name__}): "
            "check that its folder holds a whole sentence-transformers model."
        ) from error


def _load(folder: Path, options: dict[str, str]) -> "SentenceTransformer":
    from sentence_transformers import SentenceTransformer

    quiet_torch()
    model = SentenceTransformer(str(folder), device="cpu", local_files_only=True, model_kwargs=options)
    return model.float().eval()


def quiet_torch() -> None:
    """Let torch run in one thread, and transformers say nothing on stderr."""
    import torch
    import transformers

    # With two threads torch's OpenMP spins: 18 ms became 817 ms when a neighbour took one of two cores.
    torch.set_num_threads(1)
    transformers.utils.logging.disable_progress_bar()
    transformers.utils.logging.set_verbosity_error()
    logging.getLogger("sentence_transformers").setLevel(logging.ERROR)
