"""A process that ends hard at any call of any port goes on to the same ledger, projection, cards and output."""

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


@pytest.fixture(scope="module")
def matrix(tmp_path_factory: pytest.TempPathFactory) -> Matrix:
    """Run the whole matrix once."""
    folder = tmp_path_factory.mktemp("crashes")
    export = write_export(folder / "export")
    command = [sys.executable, "-W", "ignore", "-m", "tests.crash.zygote", str(export), str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=LIMIT_S, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    kept = json.loads((folder / "undisturbed.json").read_text("utf-8"))
    return Matrix(kept["counts"], kept["state"], json.loads(done.stdout), folder)


@pytest.mark.slow
def test_the_undisturbed_run_does_everything_once(matrix: Matrix) -> None:
    assert set(matrix.counts) == set(PORTS)
    assert [card[1] for card in matrix.state["cards"]] == ["sent"]
    assert [row[2] for row in matrix.state["ledger"]] == ["added", "retired"]
    assert matrix.state["jobs"] == []


@pytest.mark.slow
def test_every_crash_happened_where_it_was_told_and_the_next_run_finished(matrix: Matrix) -> None:
    assert len(matrix.codes) >= 2 * sum(matrix.counts.values())
    assert {name: code for name, code in matrix.codes.items() if code} == {}


@pytest.mark.slow
def test_after_every_crash_all_is_as_if_it_had_not_happened(matrix: Matrix) -> None:
    assert [name for name, state in matrix.states() if state != matrix.state] == []
