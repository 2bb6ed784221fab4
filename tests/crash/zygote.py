"""Runs replays in forks of one warm process: `python -m tests.crash.zygote EXPORT FOLDER`, exit codes by crash as JSON.

Importing the libraries takes seconds, and loading the embedding model another third of one: forking from here, with vectors that
the undisturbed run has noted down, keeps a matrix of some hundreds of crashes within two minutes. Neither LanceDB's runtime nor
ONNX has started a thread here, so nothing that a child uses was cut off by the fork.
"""

import asyncio
import contextlib
import gc
import importlib
import io
import json
import os
import shutil
import sqlite3
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import alembic.command
import lancedb
import numpy as np
import onnxruntime
import pyarrow as pa
import tokenizers
from numpy.typing import NDArray

from bot import wiring
from bot.replay import replay
from core.ports.embedder import Embedder, EmbedRole
from tests.crash.crashing import EXIT, WHENS, Plan, posts, wrapped
from tests.fakes.replayed import settings_in

AT_ONCE = 2
WARM = (alembic.command, lancedb, onnxruntime, pa, tokenizers)
# What differs between two runs by nature: measured times, and the order in which rows of different tables were written.
VOLATILE = {"row", "ms", "projected_at"}
PASSING = {"alembic_version", "meta", "sqlite_sequence"}


class Noted:
    """Real vectors without the model: taken down in the undisturbed run, looked up in the others."""

    def __init__(self, real: Embedder) -> None:
        self.identity, self.dimension = real.identity, real.dimension
        self._real: Embedder | None = real
        self._rows: dict[tuple[str, str], NDArray[np.float32]] = {}

    async def embed(self, texts: Sequence[str], role: EmbedRole) -> NDArray[np.float32]:
        """Give the noted rows; the first run asks the model."""
        if self._real is not None:
            found = await self._real.embed(texts, role)
            self._rows |= {(role, text): row for text, row in zip(texts, found, strict=True)}
            return found
        rows = [self._rows[role, text] for text in texts]
        return np.stack(rows) if rows else np.zeros((0, self.dimension), np.float32)

    def keep(self, file: Path) -> None:
        """Write the notes down."""
        rows = [(role, text, row.tolist()) for (role, text), row in self._rows.items()]
        file.write_text(json.dumps([self.identity, self.dimension, rows]), "utf-8")

    @classmethod
    def read(cls, file: Path) -> "Noted":
        """Read the notes of another process."""
        noted = cls.__new__(cls)
        noted.identity, noted.dimension, rows = json.loads(file.read_text("utf-8"))
        noted._real = None
        noted._rows = {(role, text): np.array(row, np.float32) for role, text, row in rows}
        return noted


def run(export: Path, home: Path, plan: Plan) -> str:
    """Replay in this process and give what was printed."""
    out, posted = io.StringIO(), home / "posted"
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        asyncio.run(
            replay(settings_in(home), export, None, as_json=True, wrap=lambda parts: wrapped(parts, plan, posted))
        )
    return out.getvalue()


def state(home: Path, printed: str) -> dict[str, Any]:
    """What must be the same after any crash: every table, the projection, what was posted and what was printed."""
    lines = [{k: v for k, v in json.loads(line).items() if k != "ms"} for line in printed.splitlines()]
    (database,) = home.rglob("records.db")
    return {
        "lines": [json.dumps(line, ensure_ascii=False) for line in lines],
        "posts": posts(home / "posted"),
        "store": asyncio.run(_rows(next(home.rglob("knowledge")))),
        **_tables(database),
    }


def _tables(database: Path) -> dict[str, list[dict[str, Any]]]:
    with contextlib.closing(sqlite3.connect(database)) as db:
        db.row_factory = sqlite3.Row
        names = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        kept = [name for name in names if name not in PASSING]
        return {name: [_steady(row) for row in db.execute(f"SELECT * FROM {name} ORDER BY rowid")] for name in kept}


def _steady(row: sqlite3.Row) -> dict[str, Any]:
    return {key: row[key] for key in row.keys() if key not in VOLATILE}  # noqa: SIM118 - a Row iterates over values


async def _rows(folder: Path) -> list[dict[str, object]]:
    table = await (await lancedb.connect_async(str(folder))).open_table("entries")
    found = await table.query().select(["id", "revision", "status", "audience", "answer"]).to_list()
    return sorted(found, key=lambda row: str(row["id"]))


def forked(work: Callable[[], int | None]) -> int:
    """Run a callable in a child and give its pid; the child never returns."""
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        code = work() or 0
    finally:
        os._exit(code)


def exit_code(work: Callable[[], int | None]) -> int:
    """Run in a child to its end."""
    return os.waitstatus_to_exitcode(os.waitpid(forked(work), 0)[1])


def case(export: Path, folder: Path, plan: Plan) -> int:
    """Crash once, go on, and write the state for the parent."""
    home = folder / f"{plan.port}-{plan.call}-{plan.when}"
    home.mkdir()

    def crash() -> None:
        run(export, home, plan)

    def resume() -> None:
        printed = run(export, home, Plan())
        (folder / f"{home.name}.json").write_text(json.dumps(state(home, printed)), "utf-8")

    code = exit_code(crash)
    done = exit_code(resume)
    shutil.rmtree(home, ignore_errors=True)
    return 0 if (code, done) == (EXIT, 0) else 100 + (code != EXIT) + 2 * (done != 0)


def undisturbed(export: Path, folder: Path) -> None:
    """The run to compare with, by the real model; leaves its state, its counts, its vectors and the names of its modules."""
    plan, home, noted = Plan(), folder / "undisturbed", list[Noted]()
    opened = wiring.open_embedder

    async def noting(name: str, cache_dir: Path) -> Embedder:
        noted.append(Noted(await opened(name, cache_dir)))
        return noted[0]

    wiring.open_embedder = noting
    home.mkdir()
    printed = run(export, home, plan)
    noted[0].keep(folder / "vectors.json")
    kept = {"counts": plan.counts, "state": state(home, printed), "modules": sorted(sys.modules)}
    (folder / "undisturbed.json").write_text(json.dumps(kept), "utf-8")


def warm(folder: Path) -> dict[str, int]:
    """Load here what a replay loads, so that no child has to; gives how often each port is called."""
    kept = json.loads((folder / "undisturbed.json").read_text("utf-8"))
    for name in kept["modules"]:
        if name not in sys.modules and not name.startswith("__"):
            with contextlib.suppress(ImportError):
                importlib.import_module(name)
    noted = Noted.read(folder / "vectors.json")

    async def known(name: str, cache_dir: Path) -> Embedder:
        return noted

    wiring.open_embedder = known
    gc.collect()
    gc.freeze()
    counts: dict[str, int] = kept["counts"]
    return counts


def main() -> None:
    """First the undisturbed run, then a crash at every call of every port."""
    export, folder = Path(sys.argv[1]), Path(sys.argv[2])
    assert exit_code(lambda: undisturbed(export, folder)) == 0
    counts = warm(folder)
    plans = [(p, k, w) for p, whens in WHENS.items() for k in range(1, counts[p] + 1) for w in whens]
    running: dict[int, tuple[str, int, str]] = {}
    codes: dict[str, int] = {}
    for one in plans:
        if len(running) >= AT_ONCE:
            _collect(running, codes)
        running[forked(lambda one=one: case(export, folder, Plan(*one)))] = one  # type: ignore[misc]  # binds the loop's plan
    while running:
        _collect(running, codes)
    sys.stdout.write(json.dumps(codes))


def _collect(running: dict[int, tuple[str, int, str]], codes: dict[str, int]) -> None:
    pid, status = os.wait()
    port, call, when = running.pop(pid)
    codes[f"{port}-{call}-{when}"] = os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    main()
