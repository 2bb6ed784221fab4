"""A backfill of made-up history that is killed at moments nobody chose, and goes on, ends as an undisturbed one.

The year itself (20 channels, 365 days) is ``python -m benchmarks.year``; here it is some days of two channels.
"""

import asyncio
import contextlib
import io
import os
import random
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from benchmarks.year import Size, write_year
from bot.export_backfill import backfill
from tests.fakes.replayed import settings_in
from tests.rules.source import ROOT

DAYS = Size(channels=2, days=3, a_day=5.0)
KILLS = 1
LOOK_EVERY_S = 0.02
KEPT = {
    "revisions": "subject_id, n, change, after, at, why, job, from_messages",
    "messages": "id, session, at, text, role",
    "turns": "id, session, as_of, at, messages, questions, delivery",
    "answers": "id, question, claims, citations",
    "jobs": "lane, key",
}


def _start(home: Path, export: Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "bot.cli", "backfill", str(export)]
    env = {**os.environ, "VIGIL_HOME": str(home)}
    return subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _recorded(home: Path) -> int:
    """How many messages and revisions are on record."""
    if not (home / "records.db").is_file():
        return 0
    with closing(sqlite3.connect(f"file:{home / 'records.db'}?mode=ro", uri=True)) as db:
        try:
            counts = "(SELECT count(*) FROM messages) + (SELECT count(*) FROM revisions)"
            return int(db.execute(f"SELECT {counts}").fetchone()[0])
        except sqlite3.OperationalError:  # the tables are being made
            return 0


def _state(home: Path) -> dict[str, list[object]]:
    with closing(sqlite3.connect(home / "records.db")) as db:
        return {
            table: db.execute(f"SELECT {kept} FROM {table} ORDER BY {kept}").fetchall() for table, kept in KEPT.items()
        }


def _undisturbed(home: Path, export: Path) -> str:
    with contextlib.redirect_stderr(io.StringIO()):
        return asyncio.run(backfill(settings_in(home), export, None)).sentence()


@pytest.mark.slow
def test_a_backfill_that_is_killed_goes_on_and_ends_as_an_undisturbed_one(tmp_path: Path) -> None:
    export, calm, killed = tmp_path / "export", tmp_path / "calm", tmp_path / "killed"
    messages = write_year(export, DAYS)
    said = _undisturbed(calm, export)
    assert f"{messages} messages" in said
    for rows in sorted(random.Random(5).sample(range(1, _recorded(calm)), KILLS)):
        child = _start(killed, export)
        while _recorded(killed) < rows:
            try:
                raise AssertionError(f"ended by itself with {child.wait(LOOK_EVERY_S)}")
            except subprocess.TimeoutExpired:
                continue
        child.send_signal(signal.SIGKILL)
        assert child.wait() == -signal.SIGKILL
    _undisturbed(killed, export)
    assert _state(killed) == _state(calm)
    assert len(_state(calm)["revisions"]) > 5
    assert "Nothing new" in _undisturbed(killed, export)
    assert _state(killed) == _state(calm), "nothing comes twice"


def test_the_same_size_gives_the_same_bytes(tmp_path: Path) -> None:
    tiny = Size(channels=2, days=4)
    assert write_year(tmp_path / "a", tiny) == write_year(tmp_path / "b", tiny)
    both = [{p.name: p.read_bytes() for p in (tmp_path / name).rglob("*.json")} for name in ("a", "b")]
    assert both[0] == both[1]
