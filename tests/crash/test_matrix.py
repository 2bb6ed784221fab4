"""A process that ends hard at any call of any port goes on to the same ledger, projection, cards, posts and output."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.crash.crashing import PORTS
from tests.crash.scenario import write_export

ROOT = Path(__file__).resolve().parents[2]
LIMIT_S = 600


@dataclass(frozen=True, slots=True)
class Matrix:
    """The undisturbed run, the exit code per crash (0: crashed where told, and resumed), and the state after each."""

    counts: dict[str, int]
    state: Any
    codes: dict[str, int]
    folder: Path

    def states(self) -> Iterator[tuple[str, Any]]:
        """Each crash's name with the state that the resumed run reached."""
        for name in self.codes:
            file = self.folder / f"{name}.json"
            yield name, json.loads(file.read_text("utf-8")) if file.is_file() else None


def _matrix(folder: Path) -> Matrix:
    """Run the whole matrix."""
    export = write_export(folder / "export")
    command = [sys.executable, "-W", "ignore", "-m", "tests.crash.zygote", str(export), str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=LIMIT_S, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    kept = json.loads((folder / "undisturbed.json").read_text("utf-8"))
    return Matrix(kept["counts"], kept["state"], json.loads(done.stdout), folder)


# One test, not three over a fixture: two processes that share the tests would each run the matrix.
@pytest.mark.slow
def test_after_every_crash_all_is_as_if_it_had_not_happened(tmp_path: Path) -> None:
    matrix = _matrix(tmp_path)
    assert set(matrix.counts) == set(PORTS)
    assert [card[1] for card in matrix.state["cards"]] == ["sent"], "the undisturbed run does everything once"
    assert matrix.state["posts"] == [card[0] for card in matrix.state["cards"]], "posted once, under the card's id"
    assert [row[2] for row in matrix.state["ledger"]] == ["added", "confirmed", "retired"], (
        "the undisturbed run does everything once"
    )
    assert matrix.state["looks"] == {card[0]: "accepted UTWO" for card in matrix.state["cards"]}, "the click is shown"
    assert matrix.state["jobs"] == []
    calls = {f"{port}-{call}" for port, most in matrix.counts.items() for call in range(1, most + 1)}
    assert {name.rpartition("-")[0] for name in matrix.codes} == calls, "at every call of every port"
    assert {name: code for name, code in matrix.codes.items() if code} == {}, "crashed where it was told, then finished"
    assert [name for name, state in matrix.states() if state != matrix.state] == []
