"""``vigil eval`` and ``vigil engine fit``: production objects on labelled rows, in a store that is thrown away."""

import json
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from adapters.embedding import open_embedder, open_reranker
from adapters.engine.offline.engine import OfflineEngine
from adapters.engine.offline.fit import fit
from adapters.engine.offline.guard import Kept
from adapters.engine.offline.labels import read_labels
from adapters.engine.offline.weights import load_weights, save_weights, weights_file
from adapters.knowledge_store import open_store
from bot.calibrations import home_file, key_of, load_calibration, save_calibration
from bot.clocks import SystemClock
from bot.settings import Settings
from core.domain.errors import CallerError, FinalError
from core.evaluate.calibrate import calibrate
from core.evaluate.report import Report
from core.evaluate.rows import Row, without_history
from core.evaluate.suites import SUITES, SWEEPS
from core.ports.embedder import Embedder
from core.ports.reranker import Reranker
from core.respond.situation import Tools


async def fit_engine(settings: Settings, folder: Path | None, labels: list[Path]) -> str:
    """Make and keep the thresholds of the models in use and fit the offline engine to them; gives what to tell."""
    path, own = _writable(folder or settings.home), read_labels(labels, settings.scope)
    embedder, reranker = await _models(settings)
    fitted = await fit(embedder, team=own.utterances)
    with tempfile.TemporaryDirectory(prefix="vigil-") as empty:
        store = await open_store(empty, embedder.identity, embedder.dimension)
        core = replace(await calibrate(embedder, store, reranker), identity=key_of(embedder, reranker))
    save_weights(weights_file(path, embedder.identity), fitted.weights)
    save_calibration(home_file(path), core)
    told = [*(_kept(one) for one in fitted.kept if one.rows), *_unused(own.unused)]
    return "\n".join([*told, f"The thresholds and weights for {core.identity} are in {path}."])


async def _models(settings: Settings) -> tuple[Embedder, Reranker | None]:
    embedder = await open_embedder(settings.embedding_model, settings.cache)
    return embedder, await open_reranker(settings.reranker_model, settings.cache) if settings.reranker_model else None


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


@dataclass(frozen=True, slots=True)
class Measurement:
    """Which suite to run on which files: the labelled rows (``limit``: only the first so many; without ``history``: each last
    turn alone) and the documents to know; ``sweep`` tries every value of the suite's threshold."""

    suite: str
    file: Path
    corpus: Path | None = None
    scope: str | None = None
    limit: int | None = None
    history: bool = True
    sweep: bool = False


async def evaluate(settings: Settings, wanted: Measurement, as_json: bool) -> Report:
    """Run a suite and print its figures."""
    suites, suite = SWEEPS if wanted.sweep else SUITES, wanted.suite
    if suite not in suites:
        what, known = ("sweep", [*suites]) if wanted.sweep else ("suite", [*suites, "growth"])
        raise CallerError(f"There is no {what} {suite}: choose one of {', '.join(known)}.")
    rows = _rows(wanted.file, wanted.limit)
    rows = rows if wanted.history else [without_history(row) for row in rows]
    documents = _rows(wanted.corpus, None) if wanted.corpus else []
    async with tools(settings) as made:
        done = await suites[suite](rows, documents, made, wanted.scope or settings.scope)
    if as_json:
        print(json.dumps(done.as_json()))
    else:
        for name, figure in done.figures.items():
            interval = f"[{figure.low:.3f}, {figure.high:.3f}]"
            print(f"{suite:<10} {name:<20} {figure.value:.3f}  {interval}  n={done.n}  {done.seconds:.0f} s")
    return done


@asynccontextmanager
async def tools(settings: Settings) -> AsyncIterator[Tools]:
    """The production objects over an empty store that is thrown away."""
    embedder, reranker = await _models(settings)
    calibration = load_calibration(key_of(embedder, reranker), settings.home)
    weights = load_weights(embedder.identity, settings.home)
    with tempfile.TemporaryDirectory(prefix="vigil-") as folder:
        store = await open_store(folder, embedder.identity, embedder.dimension)
        engine = OfflineEngine(embedder, weights, settings.cache)
        yield Tools(engine, embedder, store, calibration, SystemClock(), reranker)


def _rows(file: Path, limit: int | None) -> list[Row]:
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CallerError(f"{file} cannot be read as a text file: name a file of JSON lines.") from error
    rows: list[Row] = []
    for number, text in enumerate((one for one in lines if one.strip()), start=1):
        if limit is not None and number > limit:
            break
        try:
            row = json.loads(text)
        except ValueError as error:
            raise CallerError(f"{file.name} line {number} is not JSON.") from error
        if not isinstance(row, dict):
            raise CallerError(f"{file.name} line {number} is not a JSON object.")
        rows.append(row)
    return rows
