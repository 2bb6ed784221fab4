"""``make quality``: one command that runs every suite for an engine and prints its column."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from benchmarks import quality
from benchmarks.quality_rows import ABLATIONS, ROWS
from bot.measure import REPLAYED
from core.evaluate.suites import SUITES

TASK = {"calls": 2, "failed": 1, "input_tokens": 900, "cached_tokens": 300, "output_tokens": 50, "usd": 0.25}


class Ran:
    """Suites that all come to the same."""

    def __init__(self, usd: float | None = 0.25) -> None:
        self.commands: list[list[str]] = []
        self._usd = usd

    def __call__(self, arguments: list[str], env: dict[str, str]) -> str:
        self.commands.append(arguments)
        named = ("macro_f1", "agreement_judge", "sent_f1")
        line = {
            "metrics": {**dict.fromkeys(named, 0.5), "agreement_judge_claims": 0.25},
            "interval": {**{name: [0.4, 0.6] for name in named}, "agreement_judge_claims": [0.1, 0.4]},
            "over": {"macro_f1": 30, "agreement_judge": 12, "agreement_judge_claims": 12, "sent_f1": 0},
            "tasks": {"generate": TASK}, "usd": self._usd,
        }  # fmt: skip
        return f"a line before\n{json.dumps(line)}\n"


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> Ran:
    ran = Ran()
    monkeypatch.setattr(quality, "_vigil", ran)
    return ran


def measured(*arguments: str) -> int:
    return quality.main(quality._wanted(arguments))


def value(command: Sequence[str], option: str) -> str:
    return command[command.index(option) + 1]


def test_every_suite_is_run_for_the_engine_and_replays_once_for_all_of_it(ran: Ran) -> None:
    assert measured("data", "--engine", "claude", "--record", "kept here", "--limit", "3") == 0
    assert {command[1] for command in ran.commands} == {*SUITES, "replay-quality"}
    assert set(REPLAYED) == {"growth", "replay-quality"}  # whose figures hold growth's
    for command in ran.commands:
        assert (value(command, "--engine"), value(command, "--record"), value(command, "--limit")) == (
            "claude", "kept here", "3",
        )  # fmt: skip
    files = {Path(command[2]) for command in ran.commands}
    assert Path("core/evaluate/own/reviews_held_out.jsonl") in files
    assert Path("data/exports/docusign") in files


def test_the_column_has_a_row_per_figure_and_ends_with_what_it_cost(
    ran: Ran, capsys: pytest.CaptureFixture[str]
) -> None:
    measured("data", "--engine", "claude")
    printed = capsys.readouterr().out.splitlines()
    assert printed[0] == "| part | data | metric | Vigil, claude (95 % interval) |"
    assert "| identify, three classes | scope_composite3, n=30 | macro-F1 | 0.500 (0.400 to 0.600) |" in printed
    judged = "| answers | retrieval_mtrag, n=12 | agreement, by two judges | 0.500 (0.400 to 0.600); 0.250 (0.100 to 0.400) |"
    assert judged in printed
    assert "| answers | retrieval_mtrag | token F1; cosine | — |" in printed
    assert "| should answer | scope_composite3 | sent: weighted precision; recall; F1 | — |" in printed
    assert len(printed) == 2 + sum(len(row.figures) for row in ROWS) + 2
    n = len(ROWS)
    assert printed[-1] == (
        f"{2 * n} calls ({n} more failed), {900 * n} input tokens ({300 * n} cached), {50 * n} output tokens, "
        f"{0.25 * n:.2f} US dollars."
    )


def test_the_ablations_of_learning_are_run_where_they_are_wanted(ran: Ran) -> None:
    measured("data", "--engine", "offline", "--ablations")
    ablated = [value(command, "--ablate") for command in ran.commands if "--ablate" in command]
    assert ablated == ["no-identify", "no-learning", "no-review"]
    assert len(ran.commands) == len(ROWS) + len(ABLATIONS)


def test_a_price_that_is_not_known_is_not_told_as_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(quality, "_vigil", Ran(usd=None))
    measured("data", "--engine", "claude")
    assert capsys.readouterr().out.endswith("of unknown price.\n")


def test_each_suite_writes_a_report_of_its_own_where_they_are_wanted(ran: Ran, tmp_path: Path) -> None:
    measured("data", "--engine", "claude", "--reports", str(tmp_path / "reports"), "--ablations")
    named = [value(command, "--report") for command in ran.commands]
    assert len(set(named)) == len(named)
    assert {Path(name).parent for name in named} == {tmp_path / "reports"}
    assert (tmp_path / "reports").is_dir()


def test_a_suite_that_cannot_be_run_ends_it_with_its_code() -> None:
    with pytest.raises(SystemExit) as ended:
        quality._vigil(["eval", "answer", "nowhere.jsonl"], {})
    assert ended.value.code == 2
