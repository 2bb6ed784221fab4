"""Runs replays in forks of one warm process: `python -m tests.crash.zygote EXPORT FOLDER < plans`, a JSON line per result.

What every run would do alike is done once: the libraries are imported before the fork, and each text's vector is the one that
the model gave in the undisturbed run, so that the model is not opened some hundred times.
"""

import asyncio
import contextlib
import io
import json
import os
import pickle
import shutil
import sqlite3
import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import lancedb
import numpy as np
from numpy.typing import NDArray

from adapters.embedding import open_embedder
from adapters.embedding.cached import CachedEmbedder
from bot import wiring
from bot.replay import replay
from bot.wiring import Parts
from core.ports.embedder import Embedder, EmbedRole
from tests.crash.crashing import EXIT, Plan, wrapped
from tests.crash.posts import FileMessenger, looks, posts
from tests.fakes.replayed import settings_in
from tests.warm import exit_code, forked

AT_ONCE = 2
POSTS = "posts.txt"
WHENS = {
    "records": ("inside", "after"),
    "store": ("before", "after"),
    "messenger": ("before", "after"),
    "embedder": ("after",),
    "engine": ("after",),
}
"""Where a call of each port is cut off. On disk only records, store and messenger write. So nothing is there before a
transaction begins that is not there before it commits, and before a call of embedder or engine only what is there after it."""


def run(export: Path, home: Path, plan: Plan) -> str:
    """Replay in this process, posting into a file beside the records, and give what was printed."""
    out = io.StringIO()

    def wrap(parts: Parts) -> Parts:
        return wrapped(replace(parts, messenger=FileMessenger(home / POSTS)), plan)

    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        asyncio.run(replay(settings_in(home), export, None, as_json=True, wrap=wrap))
    return out.getvalue()


class Unasked:
    """The model that all vectors are from; it is asked for no other."""

    def __init__(self, identity: str, dimension: int) -> None:
        self.identity, self.dimension = identity, dimension

    async def embed(self, texts: Sequence[str], role: EmbedRole) -> NDArray[np.float32]:
        """Nothing: a text that the undisturbed run has not met is a finding."""
        raise AssertionError(f"new to the undisturbed run: {texts}")


def keep_open(embedder: Embedder) -> None:
    """Give this embedder to every replay of this process and of its forks."""

    async def already(name: str, cache_dir: Path) -> Embedder:
        return embedder

    wiring.open_embedder = already  # type: ignore[attr-defined] # a name that wiring imports


def undisturbed(export: Path, folder: Path) -> None:
    """Replay with the model, and leave the calls of each port, the state, and the vectors."""
    settings, plan = settings_in(folder), Plan()
    embedder = asyncio.run(open_embedder(settings.embedding_model, settings.cache))
    assert isinstance(embedder, CachedEmbedder)
    keep_open(embedder)
    printed = run(export, folder / "undisturbed", plan)
    kept = {"counts": plan.counts, "state": state(folder / "undisturbed", printed)}
    (folder / "undisturbed.json").write_text(json.dumps(kept), "utf-8")
    known = (embedder.identity, embedder.dimension, embedder._roles_differ, embedder._rows)
    (folder / "vectors").write_bytes(pickle.dumps(known))


def recall(file: Path) -> Embedder:
    """The embedder of the undisturbed run, without its model."""
    identity, dimension, roles_differ, rows = pickle.loads(file.read_bytes())
    embedder = CachedEmbedder(Unasked(identity, dimension), len(rows), roles_differ)
    embedder._remember(rows)
    return embedder


def state(home: Path, printed: str) -> dict[str, object]:
    """What must be the same after any crash: ledger, projection, cards, posts and output."""
    lines = [{k: v for k, v in json.loads(line).items() if k != "ms"} for line in printed.splitlines()]
    (database,) = home.rglob("records.db")
    with sqlite3.connect(database) as db:
        ledger = db.execute(
            "SELECT subject_id, n, change, after, why, job FROM revisions ORDER BY subject_id, n"
        ).fetchall()
        cards = db.execute("SELECT card_id, state, platform_id FROM outbox ORDER BY card_id").fetchall()
        clicks = db.execute("SELECT id, target, actor, role, kind, at FROM feedback ORDER BY id").fetchall()
        jobs = db.execute("SELECT lane, key, state FROM jobs ORDER BY lane, key").fetchall()
    return {
        "lines": lines,
        "ledger": ledger,
        "cards": cards,
        "posts": posts(home / POSTS),
        "looks": looks(home / POSTS),
        "clicks": clicks,
        "jobs": jobs,
        "store": asyncio.run(_rows(next(home.rglob("knowledge")))),
    }


async def _rows(folder: Path) -> list[dict[str, object]]:
    table = await (await lancedb.connect_async(str(folder))).open_table("entries")
    found = await table.query().select(["id", "revision", "status", "audience", "entry"]).to_list()
    return sorted(found, key=lambda row: str(row["id"]))


def case(export: Path, folder: Path, plan: Plan) -> int:
    """Crash once in a child, go on in this process, and write the state for the parent; 100 where it did not crash."""
    home = folder / f"{plan.port}-{plan.call}-{plan.when}"

    def crash() -> None:
        run(export, home, plan)

    if exit_code(crash) != EXIT:
        return 100
    printed = run(export, home, Plan())
    (folder / f"{home.name}.json").write_text(json.dumps(state(home, printed)), "utf-8")
    shutil.rmtree(home, ignore_errors=True)
    return 0


def main() -> None:
    """First the undisturbed run, then every plan from standard input."""
    export, folder = Path(sys.argv[1]), Path(sys.argv[2])

    assert exit_code(partial(undisturbed, export, folder)) == 0
    keep_open(recall(folder / "vectors"))
    counts = json.loads((folder / "undisturbed.json").read_text("utf-8"))["counts"]
    plans = [(p, k, w) for p, n in counts.items() for k in range(1, n + 1) for w in WHENS[p]]
    running: dict[int, tuple[str, int, str]] = {}
    codes: dict[str, int] = {}
    for one in plans:
        if len(running) >= AT_ONCE:
            _collect(running, codes)
        running[forked(partial(case, export, folder, Plan(*one)))] = one
    while running:
        _collect(running, codes)
    sys.stdout.write(json.dumps(codes))


def _collect(running: dict[int, tuple[str, int, str]], codes: dict[str, int]) -> None:
    pid, status = os.wait()
    port, call, when = running.pop(pid)
    codes[f"{port}-{call}-{when}"] = os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    main()
