"""Exports a model to ONNX once: ``python -m adapters.embedding.export NAME CACHE_DIR``.

A process of its own, because torch takes 500 MB that the bot should not keep. Exit code 0: the entry is in the cache;
3: the one sentence on stdout says why not.
"""

import asyncio
import contextlib
import shutil
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from filelock import FileLock

from adapters.embedding.agreement import disagreement
from adapters.embedding.entry import Entry, models_folder, read_entry, unwritable, write_entry
from adapters.embedding.export_process import SENTENCE_EXIT
from adapters.embedding.graph import why_not, write_graph
from adapters.embedding.locate import LocatedModel, locate
from adapters.embedding.onnx import OnnxEmbedder
from adapters.embedding.prompts import read_prompts
from adapters.embedding.torch_fallback import load_model
from core.domain.errors import FinalError, VigilError

MAX_WINDOW_TOKENS = 8192
"""Stands in for the window of a model that names none."""


def prepare(model: LocatedModel, cache_dir: Path) -> None:
    """Put a whole entry for ``model`` in the cache, unless there is one; of several processes one does the work.

    A half-made or damaged entry is replaced. Blocks for some ten seconds. Raises ``FinalError`` when the model does not
    load or the cache cannot be written.
    """
    models = models_folder(cache_dir)
    try:
        models.mkdir(parents=True, exist_ok=True)
        with FileLock(models / f"{model.identity}.lock"):
            if not _whole(model, cache_dir):
                _make(model, cache_dir)
    except OSError as error:
        raise unwritable(error) from error


def _whole(model: LocatedModel, cache_dir: Path) -> bool:
    entry = read_entry(model.identity, cache_dir)
    if entry is None or entry.backend == "torch":
        return entry is not None
    with contextlib.suppress(FinalError):
        asyncio.run(OnnxEmbedder.open(entry, models_folder(cache_dir) / model.identity))
        return True
    return False


def _make(model: LocatedModel, cache_dir: Path) -> None:
    """Build beside the final place, then rename: whoever looks sees a whole entry or none."""
    target, prefix = models_folder(cache_dir) / model.identity, f".{model.identity}-"
    for left_by_a_crash in target.parent.glob(f"{prefix}*"):
        shutil.rmtree(left_by_a_crash, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=prefix, dir=target.parent, ignore_cleanup_errors=True) as draft:
        new = Path(draft) / "new"
        new.mkdir()
        write_entry(new, _export(model, new), cache_dir)
        with contextlib.suppress(FileNotFoundError):
            target.rename(Path(draft) / "old")
        new.rename(target)


def _export(model: LocatedModel, folder: Path) -> Entry:
    """Fill ``folder`` with the exported model, or leave it empty where only torch gives the right vectors."""
    original = load_model(model.folder, attention="eager")  # a smaller and faster graph than "sdpa" gives
    dimension, window = original.get_embedding_dimension(), original.max_seq_length
    if not dimension:
        raise FinalError(f"The model '{model.name}' gives no sentence vectors: name a sentence embedding model.")
    max_tokens = min(int(window or MAX_WINDOW_TOKENS), MAX_WINDOW_TOKENS)
    entry = Entry(model.identity, "onnx", dimension, max_tokens, read_prompts(model.folder))
    reason = why_not(original, entry) or write_graph(original, folder) or disagreement(original, entry, folder)
    if not reason:
        return entry
    for path in folder.iterdir():
        path.unlink()
    return replace(entry, backend="torch", reason=reason)


def main(name: str, cache_dir: str) -> int:
    """Give the exit code; everything but the sentence goes to stderr, which the bot keeps from the user."""
    try:
        with contextlib.redirect_stdout(sys.stderr):
            prepare(asyncio.run(locate(name, Path(cache_dir))), Path(cache_dir))
    except VigilError as error:
        sys.stdout.write(f"{error.sentence}\n")
        return SENTENCE_EXIT
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
