"""Accepts in an export: replayed, told, shown with the entry, exported as labels, and the ones that match nothing counted."""

import io
import json
from pathlib import Path

import pytest

from tests.crash.scenario import write_export
from tests.fakes.replayed import Replayed, replayed
from tests.scenario.command_line import vigil

NAMES = ("UTWO", "Ana")


def _edit(export: Path, channel: str, ts: str, **fields: object) -> None:
    (day,) = (export / channel).glob("*.json")
    records = json.loads(day.read_text("utf-8"))
    for record in records:
        if record["ts"].startswith(ts):
            record.update(fields)
    kept = [r for r in records if r.get("subtype") != "message_deleted"]
    day.write_text(json.dumps(kept), "utf-8")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Replayed, str]:
    """A replay in which nothing is deleted, one answer is accepted and two reactions match nothing; with its errors."""
    folder = tmp_path_factory.mktemp("accept")
    export = write_export(folder / "export")
    stray = [{"name": "accept", "users": ["UONE"], "count": 1}]
    _edit(export, "ext-one", "1793600120", reactions=stray)
    both = [{"name": "vigil_accept", "users": ["UTWO", "USTRAY"], "count": 2}]
    _edit(export, "ext-two", "1793605000", reactions=both)
    lines = replayed(export, folder / "home", errors := io.StringIO())
    return lines, errors.getvalue()


def test_an_accept_reaction_is_told_after_the_answer_and_before_what_it_teaches(told: tuple[Replayed, str]) -> None:
    replay, _ = told
    ((accept,), knowledge) = replay.of("accept"), replay.of("knowledge")
    answers = [q["answer"]["id"] for t in replay.of("turn") for q in t["questions"] if q["answer"]]
    assert accept == {"v": 1, "type": "accept", "answer": answers[0], "by": "UTWO"}
    assert [k["change"] for k in knowledge] == ["added", "confirmed"]
    kinds = [line["type"] for line in replay.lines]
    assert kinds[-4:] == ["turn", "accept", "knowledge", "summary"]


def test_what_matches_nothing_is_counted_and_listed(told: tuple[Replayed, str]) -> None:
    replay, errors = told
    (summary,) = replay.of("summary")
    assert (summary["accepted"], summary["accepts_unmatched"]) == (1, 1)
    assert "Accept reactions that accepted nothing: 1." in errors
    assert "C1 1793600120.000100 by UONE: nothing was answered to this message" in errors


def test_the_entry_shows_who_accepted(told: tuple[Replayed, str]) -> None:
    replay, _ = told
    (home,) = (replay.home / "replays").iterdir()
    entry = replay.of("knowledge")[0]["entry"]
    shown = vigil(home, "kb", "show", entry[:8]).stdout
    assert "accepted   by the requester on 2 Nov 2026" in shown
    (accepted,) = json.loads(vigil(home, "kb", "show", entry[:8], "--json").stdout)["accepted"]
    assert (accepted["role"], accepted["answer"]) == ("requester", replay.of("accept")[0]["answer"])


def test_labels_come_out_without_names_and_whole_or_not_at_all(told: tuple[Replayed, str], tmp_path: Path) -> None:
    replay, _ = told
    (home,) = (replay.home / "replays").iterdir()
    file = tmp_path / "labels.jsonl"
    done = vigil(home, "labels", "export", str(file))
    assert (done.returncode, done.stdout) == (0, "")
    assert "3 labels: 1 accept, 1 identify, 1 extract." in done.stderr
    assert file.read_text("utf-8") == vigil(home, "labels", "export").stdout
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    assert [(row["kind"], row["label"]) for row in rows] == [
        ("accept", "accepted"), ("identify", "within_scope"), ("extract", "confirmed"),
    ]  # fmt: skip
    assert not any(name in file.read_text("utf-8") for name in NAMES)
    assert not list(tmp_path.glob("*.part"))
    missing = vigil(home, "labels", "export", str(tmp_path / "none" / "x.jsonl"))
    assert (missing.returncode, len(missing.stderr.splitlines())) == (2, 1)


def test_a_home_without_labels_says_where_they_come_from(tmp_path: Path) -> None:
    done = vigil(tmp_path, "labels", "export")
    assert (done.returncode, done.stdout) == (3, "")


def test_other_names_of_the_reaction_can_be_set(tmp_path: Path) -> None:
    export = write_export(tmp_path / "export")
    (export / "vigil.yaml").write_text("accept_reactions: [tada]", "utf-8")
    assert replayed(export, tmp_path / "home").of("accept") == []
    _edit(export, "ext-two", "1793605000", reactions=[{"name": "tada", "users": ["UTWO"], "count": 1}])
    assert len(replayed(export, tmp_path / "other").of("accept")) == 1


def test_labels_of_the_example_name_no_customer_and_keep_its_commands(acme_home: Path, tmp_path: Path) -> None:
    file = tmp_path / "labels.jsonl"
    vigil(acme_home, "labels", "export", str(file))
    written = file.read_text("utf-8").lower()
    assert [word for word in ("northwind", "globex", "initech", "backup01", "nw-archive") if word in written] == []
    assert "`<name>-" not in written
    assert "/etc/acme-os/config" in written
