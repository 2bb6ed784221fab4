"""The example's replay, killed at moments nobody chose, ends as the undisturbed one."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.fakes.replayed import EXAMPLES

ROOT = Path(__file__).resolve().parents[2]
KILLS = 5


def _start(home: Path) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "bot.cli", "replay", str(EXAMPLES / "acme"), "--json"]
    env = {**os.environ, "VIGIL_HOME": str(home)}
    return subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def _lines(text: str) -> list[object]:
    return [{k: v for k, v in json.loads(line).items() if k != "ms"} for line in text.splitlines()]


@pytest.mark.slow
def test_five_random_kills_change_nothing(tmp_path: Path) -> None:
    begun = time.monotonic()
    whole = _start(tmp_path / "whole")
    expected, _ = whole.communicate()
    took_s = time.monotonic() - begun
    assert whole.returncode == 0
    rng = random.Random(11)
    killed = 0
    for _ in range(KILLS):
        child = _start(tmp_path / "killed")
        time.sleep(rng.uniform(0.2, 0.6) * took_s)
        child.send_signal(signal.SIGKILL)
        child.communicate()
        killed += child.returncode == -signal.SIGKILL
    last = _start(tmp_path / "killed")
    found, _ = last.communicate()
    assert killed >= 3, "the kills must hit a running replay"
    assert _lines(found) == _lines(expected)
