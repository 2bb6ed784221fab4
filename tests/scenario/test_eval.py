"""``vigil eval`` as it is typed: recorded, replayed, reported."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.scenario.command_line import vigil

DOCUMENTS = [
    {"id": "scale", "domain": "kettles", "text": "Remove scale from the kettle: boil it with lemon juice and rinse it twice."},
    {"id": "lid", "domain": "kettles", "text": "The kettle switches off by itself only when its lid has clicked shut."},
    {"id": "gears", "domain": "bicycles", "text": "Turn the barrel adjuster until the chain runs quietly on the gears."},
]  # fmt: skip
ROWS = [
    {"query": "How do I remove scale from the kettle?", "reference_answer": "Boil it with lemon juice.",
     "answerability": "ANSWERABLE", "relevant_ids": ["scale"]},
    {"query": "What is the capital of Peru?", "reference_answer": "I do not know.", "answerability": "UNANSWERABLE",
     "relevant_ids": []},
]  # fmt: skip


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    for name, rows in (("rows.jsonl", ROWS), ("docs.jsonl", DOCUMENTS)):
        (tmp_path / name).write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    return str(tmp_path / "rows.jsonl"), str(tmp_path / "docs.jsonl")


def told(home: Path, *arguments: str) -> Mapping[str, Any]:
    done = vigil(home, "eval", *arguments, "--json")
    assert done.returncode == 0, done.stderr
    line: Mapping[str, Any] = json.loads(done.stdout)
    return line


def test_a_recorded_run_repeats_to_the_same_figures_and_the_report_says_how(
    files: tuple[str, str], tmp_path: Path
) -> None:
    rows, documents = files
    command = ("answer", rows, "--corpus", documents)
    report, record = tmp_path / "answer.md", str(tmp_path / "record")
    first = told(tmp_path, *command, "--engine", "offline", "--record", record, "--concurrency", "2")
    again = told(tmp_path, *command, "--replay", record, "--report", str(report))
    assert (again["metrics"], again["interval"], again["engine"]) == (first["metrics"], first["interval"], "offline")
    assert {task: cost["calls"] for task, cost in again["tasks"].items()} == {"generate": 1, "judge": 0, "rewrite": 2}
    assert again["metrics"]["answered_answerable"] == 1.0
    assert again["notes"][0].startswith("No answer was judged")
    page = report.read_text("utf-8")
    assert "| answered_answerable | 1.000 | 1.000 to 1.000 | 1 |" in page
    assert f"eval answer {rows} --corpus {documents} --replay {record} --report {report} --json\n```\n" in page


def test_only_the_documents_of_a_domain_are_known(files: tuple[str, str], tmp_path: Path) -> None:
    rows, documents = files
    known = told(tmp_path, "grounding", rows, "--corpus", documents, "--domain", "kettles")
    assert (known["n"], known["metrics"]["citation_recall"]) == (1, 1.0)
    assert told(tmp_path, "grounding", rows, "--corpus", documents, "--domain", "bicycles")["n"] == 0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--engine", "claude"], "needs ANTHROPIC_API_KEY"),
        (["--engine", "abacus"], "There is no engine abacus"),
        (["--ablate", "no-review"], "--ablate no-review goes with growth and replay-quality, not with answer."),
        (["--record", "a", "--replay", "b"], "Name one of both"),
        (["--report", "nowhere/report.md"], "nowhere is not a folder"),
        (["--replay", "nowhere"], "nowhere holds no record of the offline engine"),
    ],
)
def test_what_does_not_go_together_is_one_sentence(
    arguments: list[str], sentence: str, files: tuple[str, str], tmp_path: Path
) -> None:
    rows, documents = files
    done = vigil(tmp_path, "eval", "answer", rows, "--corpus", documents, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert sentence in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_replay_that_lacks_a_row_ends_with_the_command_that_records_it(
    files: tuple[str, str], tmp_path: Path
) -> None:
    rows, documents = files
    record = str(tmp_path / "record")
    told(tmp_path, "answer", rows, "--corpus", documents, "--record", record, "--limit", "1")
    done = vigil(tmp_path, "eval", "answer", rows, "--corpus", documents, "--replay", record)
    assert done.returncode == 1
    assert (
        f"lacks an answer to this request of rewrite: run the same command once with --record {record}" in done.stderr
    )
