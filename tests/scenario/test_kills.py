"""The example's replay, killed at moments nobody chose, goes on in the same home and ends as the undisturbed one."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.fakes.replayed import EXAMPLES, Replayed

ROOT = Path(__file__).resolve().parents[2]
KILLS = 5
LOOK_EVERY_S = 0.02
RECORDED = " + ".join(f"(SELECT count(*) FROM {table})" for table in ("events", "turns", "revisions"))


def _start(home: Path) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "bot.cli", "replay", str(EXAMPLES / "acme"), "--json"]
    env = {**os.environ, "VIGIL_HOME": str(home)}
    return subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def _lines(text: str) -> list[object]:
    return [{k: v for k, v in json.loads(line).items() if k != "ms"} for line in text.splitlines()]


def _recorded(home: Path) -> int:
    """How many events, turns and revisions the replay's only home holds by now."""
    homes = list((home / "replays").glob("*"))
    assert len(homes) <= 1, "a replay that was killed must be found again"
    if not homes or not (homes[0] / "records.db").is_file():
        return 0
    with closing(sqlite3.connect(f"file:{homes[0] / 'records.db'}?mode=ro", uri=True)) as db:
        try:
            return int(db.execute(f"SELECT {RECORDED}").fetchone()[0])
        except sqlite3.OperationalError:  # the tables are being made
            return 0


def _kill_once_recorded(child: "subprocess.Popen[str]", home: Path, rows: int) -> None:
    """Kill a replay as soon as its home holds so many rows."""
    while _recorded(home) < rows:
        try:
            raise AssertionError(f"ended by itself with {child.wait(LOOK_EVERY_S)}")
        except subprocess.TimeoutExpired:
            continue
    child.send_signal(signal.SIGKILL)
    child.communicate()
    assert child.returncode == -signal.SIGKILL


@pytest.mark.slow
def test_five_random_kills_change_nothing(tmp_path: Path, acme: Replayed) -> None:
    home, had, files = tmp_path / "killed", 0, set()
    for rows in sorted(random.Random(11).sample(range(1, _recorded(acme.home)), KILLS)):
        _kill_once_recorded(_start(home), home, rows)
        assert _recorded(home) >= had, "what was recorded before is gone"
        had = _recorded(home)
        files |= {path.stat().st_ino for path in home.rglob("records.db")}
    last = _start(home)
    found, _ = last.communicate()
    assert last.returncode == 0
    assert _lines(found) == _lines(acme.text)
    assert _recorded(home) == _recorded(acme.home)
    assert files == {path.stat().st_ino for path in home.rglob("records.db")}, "a later run started afresh"
