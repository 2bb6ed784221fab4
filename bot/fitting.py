"""``vigil engine fit``: the thresholds and weights of the models in use, made anew."""

import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from adapters.engine.offline.fit import fit
from adapters.engine.offline.guard import Kept
from adapters.engine.offline.labels import read_labels
from adapters.engine.offline.weights import save_weights, weights_file
from adapters.knowledge_store import open_store
from bot.calibrations import home_file, key_of, save_calibration
from bot.measure import models
from bot.settings import Settings
from core.domain.errors import FinalError
from core.evaluate.calibrate import calibrate


async def fit_engine(settings: Settings, folder: Path | None, labels: list[Path]) -> str:
    """Make and keep the thresholds of the models in use and fit the offline engine to them; gives what to tell."""
    path, own = _writable(folder or settings.home), read_labels(labels, settings.scope)
    embedder, reranker = await models(settings)
    fitted = await fit(embedder, team=own.utterances)
    with tempfile.TemporaryDirectory(prefix="vigil-") as empty:
        store = await open_store(empty, embedder.identity, embedder.dimension)
        core = replace(await calibrate(embedder, store, reranker), identity=key_of(embedder, reranker))
    save_weights(weights_file(path, embedder.identity), fitted.weights)
    save_calibration(home_file(path), core)
    told = [*(_kept(one) for one in fitted.kept if one.rows), *_unused(own.unused)]
    return "\n".join([*told, f"The thresholds and weights for {core.identity} are in {path}."])


def _kept(one: Kept) -> str:
    figures = f"macro-F1 on Vigil's own held-out rows {one.without:.3f} without, {one.with_them:.3f} with them"
    fate = "learned" if one.kept else "left out, because they made it worse"
    return f"{one.part}: {one.rows} of your labels {fate} ({figures})."


def _unused(counts: Mapping[str, int]) -> list[str]:
    return [
        f"{n} labels of kind {kind} were read; nothing is fitted on them yet." for kind, n in sorted(counts.items())
    ]


def _writable(folder: Path) -> Path:
    """The folder, made where it was missing. Raises ``FinalError`` before the long work when nothing can be written to it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError as error:
        raise FinalError(f"{folder} cannot be written ({error.strerror}): name another folder with --into.") from error
