"""``vigil eval`` and ``vigil calibrate``: production objects on labelled rows, in a store that is thrown away."""

import json
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from adapters.embedding import open_embedder
from adapters.engine.offline.engine import OfflineEngine
from adapters.engine.offline.fit import fit
from adapters.engine.offline.weights import load_weights, save_weights, weights_file
from adapters.knowledge_store import open_store
from bot.calibrations import home_file, load_calibration, save_calibration
from bot.clocks import SystemClock
from bot.settings import Settings
from core.domain.errors import CallerError, FinalError
from core.evaluate.calibrate import calibrate as calibrate_core
from core.evaluate.report import Report
from core.evaluate.rows import Row, without_history
from core.evaluate.suites import SUITES
from core.respond.situation import Tools


async def calibrate(settings: Settings, folder: Path | None) -> str:
    """Make and keep the thresholds of the model in use and fit the offline engine; gives what to tell."""
    path = _writable(folder or settings.home)
    embedder = await open_embedder(settings.embedding_model, settings.cache)
    with tempfile.TemporaryDirectory(prefix="vigil-") as empty:
        store = await open_store(empty, embedder.identity, embedder.dimension)
        core = await calibrate_core(embedder, store)
    save_calibration(home_file(path), core)
    save_weights(weights_file(path, embedder.identity), await fit(embedder))
    return f"The thresholds and weights for {embedder.identity} are in {path}."


def _writable(folder: Path) -> Path:
    """The folder, made where it was missing. Raises ``FinalError`` before the long work when nothing can be written to it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError as error:
        raise FinalError(f"{folder} cannot be written ({error.strerror}): name another folder with --into.") from error


@dataclass(frozen=True, slots=True)
class Given:
    """What a suite runs on: the labelled rows (``limit``: only the first so many; without ``history``: each last turn alone),
    and the documents to know."""

    file: Path
    corpus: Path | None = None
    limit: int | None = None
    history: bool = True


async def evaluate(settings: Settings, suite: str, given: Given, as_json: bool, scope: str | None) -> Report:
    """Run a suite and print its figures."""
    if suite not in SUITES:
        raise CallerError(f"There is no suite {suite}: choose one of {', '.join(SUITES)}.")
    rows, documents = _rows(given.file, given.limit), _rows(given.corpus, None) if given.corpus else []
    rows = rows if given.history else [without_history(row) for row in rows]
    async with tools(settings) as made:
        done = await SUITES[suite](rows, documents, made, scope or settings.scope)
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
    embedder = await open_embedder(settings.embedding_model, settings.cache)
    calibration = load_calibration(embedder.identity, settings.home)
    weights = load_weights(embedder.identity, settings.home)
    with tempfile.TemporaryDirectory(prefix="vigil-") as folder:
        store = await open_store(folder, embedder.identity, embedder.dimension)
        yield Tools(OfflineEngine(embedder, weights, settings.cache), embedder, store, calibration, SystemClock())


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
