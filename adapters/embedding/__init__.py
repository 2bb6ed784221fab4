"""Models of sentences on the CPU: embeddings from a model that is exported once and then answers without torch, and, where one
is named, a cross-encoder for reranking."""

import asyncio
from pathlib import Path

import structlog

from adapters.embedding.cached import CachedEmbedder
from adapters.embedding.cross_encoder import open_reranker
from adapters.embedding.entry import models_folder, read_entry
from adapters.embedding.export_process import export_in_child
from adapters.embedding.locate import DEFAULT_MODEL, LocatedModel, locate
from adapters.embedding.onnx import OnnxEmbedder
from adapters.embedding.torch_fallback import TorchEmbedder
from core.domain.errors import FinalError
from core.ports.embedder import Embedder

__all__ = ["DEFAULT_MODEL", "open_embedder", "open_reranker", "prepared"]

log = structlog.get_logger(__name__)

REMEMBERED = 16_384
"""Texts whose vectors are kept: a day of a busy channel, so that learning at close embeds little anew; about 40 MB."""


async def open_embedder(name: str, cache_dir: Path) -> Embedder:
    """Give the embedder of a model: the packaged ``DEFAULT_MODEL``, a local folder or a name on the Hugging Face hub.

    The first time the model is exported in a process of its own (about 15 s) into ``cache_dir``/models/<identity>; later
    starts take half a second and no torch. A model that gives other vectors once exported runs on torch, which is logged.
    Recent texts are remembered. Raises ``FinalError`` with one sentence when the model cannot be found or prepared.
    """
    cache_dir = await asyncio.to_thread(cache_dir.resolve)
    model = await locate(name, cache_dir)
    embedder = await _open(model, cache_dir)
    if embedder is None:
        await export_in_child(model, cache_dir)
        embedder = await _open(model, cache_dir)
    if embedder is None:
        raise FinalError(
            f"The embedding model '{model.name}' was exported but does not load: check that onnxruntime and tokenizers "
            "are installed whole, or name another model."
        )
    return embedder


async def prepared(name: str, cache_dir: Path) -> str | None:
    """The identity of an embedding model that is ready to run; ``None`` where it is still to be exported. Raises ``FinalError``
    where there is no such model."""
    cache_dir = await asyncio.to_thread(cache_dir.resolve)
    model = await locate(name, cache_dir)
    entry = await asyncio.to_thread(read_entry, model.identity, cache_dir)
    return None if entry is None else entry.identity


async def _open(model: LocatedModel, cache_dir: Path) -> Embedder | None:
    """Give the embedder of a whole cache entry; None says that the entry is to be made (again)."""
    entry = await asyncio.to_thread(read_entry, model.identity, cache_dir)
    if entry is None:
        return None
    if entry.backend == "torch":
        log.warning("embedding_runs_on_torch", model=model.identity, reason=entry.reason)
        return CachedEmbedder(await TorchEmbedder.open(entry, model.folder), REMEMBERED)
    try:
        exported = await OnnxEmbedder.open(entry, models_folder(cache_dir) / model.identity)
    except FinalError:
        log.warning("embedding_export_does_not_load", model=model.identity, exc_info=True)
        return None
    return CachedEmbedder(exported, REMEMBERED, roles_differ=entry.prompts["query"] != entry.prompts["passage"])
