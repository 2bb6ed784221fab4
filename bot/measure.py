"""``vigil eval``: production objects on labelled rows, in a store that is thrown away."""

import json
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass, replace
from pathlib import Path

from adapters.embedding import open_embedder, open_reranker
from adapters.engine.offline.engine import OfflineEngine
from adapters.engine.offline.weights import load_weights
from adapters.engine.recorded import Recording, Replaying, recorded_engines
from adapters.knowledge_store import open_store
from bot.calibrations import key_of, load_calibration
from bot.clocks import SystemClock
from bot.engines import check_provider, is_remote, open_claude
from bot.raw_pages import INGEST, raw_pages
from bot.settings import Settings
from bot.telling import Telling, tell
from core.domain.costs import Call
from core.domain.errors import CallerError
from core.domain.tasks import Usage
from core.evaluate.counting import Counting
from core.evaluate.report import Report
from core.evaluate.rows import Row, without_history
from core.evaluate.suites import SUITES, SWEEPS
from core.evaluate.trial import Ablation, Trial, check_ablations
from core.ports.embedder import Embedder
from core.ports.engine import Engine
from core.ports.reranker import Reranker
from core.respond.situation import Tools

REPLAYED = ("growth", "replay-quality")
"""The suites that replay an export (``bot/growth.py``)."""


OFFLINE, CLAUDE = "offline", "claude"
AT_ONCE = 8
"""Rows in flight for an engine that answers in seconds; one that computes here has no use for more than one."""


@dataclass(frozen=True, slots=True)
class Performing:
    """Which engine performs the tasks (``None``: the one that is recorded, or set), how many rows are in flight ``at_once``
    (``None``: as suits the engine), and the folder that a record is made in or replayed from."""

    engine: str | None = None
    at_once: int | None = None
    record: Path | None = None
    replay: Path | None = None


@asynccontextmanager
async def named_engine(
    settings: Settings, which: str, embedder: Embedder, home: Path
) -> AsyncIterator[tuple[Engine, str]]:
    """Open an engine, and give the key of its records: the engine with the models behind its tiers. ``home`` is where pictures
    are kept. Raises ``CallerError`` for one that is not there or lacks its key."""
    if which == OFFLINE:
        weights = load_weights(embedder.identity, settings.home)
        yield OfflineEngine(embedder, weights, settings.cache), f"{OFFLINE}/{embedder.identity}"
    elif which != CLAUDE:
        raise CallerError(f"There is no engine {which}: choose {OFFLINE} or {CLAUDE}.")
    elif not settings.anthropic_api_key.get_secret_value():
        raise CallerError(
            "The claude engine needs ANTHROPIC_API_KEY: set it, or take --engine offline or --replay DIR."
        )
    else:
        async with open_claude(settings, Unmetered(), home) as engine:
            yield engine, f"{CLAUDE}/{settings.fast_model}+{settings.strong_model}"


class Unmetered:
    """The ``Meter`` of a measurement: its report tells the cost, no budget stops it half-way, and no home is charged."""

    async def admit(self, *, hot: bool = True) -> None:
        """Always."""

    async def spent(self, call: Call) -> None:
        """The report counts the replies."""


def price_of(model: str, usage: Usage) -> float | None:
    """US dollars for a call; ``None`` where the model's prices are not known."""
    if model.startswith(f"{OFFLINE}/") or usage == Usage():
        return 0.0
    from adapters.engine.claude.models import price_usd

    return price_usd(model, usage)


@asynccontextmanager
async def opened_engine(settings: Settings, how: Performing, embedder: Embedder, home: Path) -> AsyncIterator[Counting]:
    """The engine that performs, with its record around it and counted; ``home`` is where pictures are kept. Raises
    ``CallerError`` for what does not go together."""
    if how.record and how.replay:
        raise CallerError("Name one of both: --record DIR asks the engine, --replay DIR asks nobody.")
    if how.replay:
        kept = recorded_engines(how.replay)
        which = how.engine or (kept[0] if len(kept) == 1 else _set(settings))
        yield Counting(Replaying(how.replay, which, home), price_of, replays=True)
        return
    which = how.engine or _set(settings)
    if which == CLAUDE:
        await check_provider(settings)
    async with named_engine(settings, which, embedder, home) as (engine, key):
        yield Counting(Recording(engine, how.record, key, home) if how.record else engine, price_of)


def _set(settings: Settings) -> str:
    return CLAUDE if is_remote(settings) else OFFLINE


def at_once(how: Performing, engine: Engine) -> int:
    """How many rows are in flight."""
    return how.at_once or (AT_ONCE if engine.remote else 1)


async def models(settings: Settings) -> tuple[Embedder, Reranker | None]:
    """The models in use."""
    embedder = await open_embedder(settings.embedding_model, settings.cache)
    return embedder, await open_reranker(settings.reranker_model, settings.cache) if settings.reranker_model else None


@dataclass(frozen=True, slots=True)
class Measurement:
    """Which suite to run on which files: the labelled rows (``limit``: only the first so many; without ``history``: each last
    turn alone) and the documents to know (``domain``: only those of this one); ``sweep`` tries every value of the suite's
    threshold; ``ablated`` is left out."""

    suite: str
    file: Path
    corpus: Path | None = None
    domain: str | None = None
    scope: str | None = None
    limit: int | None = None
    history: bool = True
    sweep: bool = False
    ablated: frozenset[Ablation] = frozenset()


async def evaluate(settings: Settings, wanted: Measurement, how: Performing, telling: Telling) -> Report:
    """Run a suite and tell its figures. Raises ``CallerError`` for what does not go together."""
    suites = SWEEPS if wanted.sweep else SUITES
    if wanted.suite not in suites:
        what, known = ("sweep", [*suites]) if wanted.sweep else ("suite", [*suites, *REPLAYED])
        raise CallerError(f"There is no {what} {wanted.suite}: choose one of {', '.join(known)}.")
    check_ablations(wanted.suite, wanted.ablated)
    rows = _rows(wanted.file, wanted.limit)
    rows = rows if wanted.history else [without_history(row) for row in rows]
    async with _tools(settings, how) as (made, engine):
        trial = Trial(rows, made, _corpus(wanted), wanted.scope or settings.scope, at_once(how, engine), wanted.ablated)
        async with raw_pages(trial.corpus if wanted.suite == INGEST else (), settings) as pages:
            done = await suites[wanted.suite](replace(trial, pages=pages))
    return tell(done, engine, telling)


@asynccontextmanager
async def _tools(settings: Settings, how: Performing) -> AsyncIterator[tuple[Tools, Counting]]:
    """The production objects over an empty store that is thrown away, and the engine among them."""
    embedder, reranker = await models(settings)
    calibration = load_calibration(key_of(embedder, reranker), settings.home)
    async with AsyncExitStack() as ends:
        folder = ends.enter_context(tempfile.TemporaryDirectory(prefix="vigil-"))
        store = ends.enter_context(closing(await open_store(folder, embedder.identity, embedder.dimension)))
        engine = await ends.enter_async_context(opened_engine(settings, how, embedder, Path(folder)))
        yield Tools(engine, embedder, store, calibration, SystemClock(), reranker), engine


def _corpus(wanted: Measurement) -> Sequence[Row]:
    documents = _rows(wanted.corpus, None) if wanted.corpus else []
    return [row for row in documents if wanted.domain is None or row.get("domain") == wanted.domain]


def _rows(file: Path, limit: int | None) -> list[Row]:
    try:
        lines = file.read_text("utf-8").split("\n")
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
