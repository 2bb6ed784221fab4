"""``vigil learn`` as people type it: documents are learned, shown, carried over, put away, and answered from."""

import json
from pathlib import Path

from tests.scenario.command_line import one_sentence, vigil

DOCS = "examples/acme/docs"


def test_a_folder_is_learned_asked_shown_and_carried_over(tmp_path: Path) -> None:
    home, other = tmp_path / "home", tmp_path / "other"
    done = vigil(home, "learn", DOCS, "--json")
    assert done.returncode == 0, done.stderr
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(one["v"], one["type"], one["change"]) for one in told] == [(1, "document", "added")] * 3

    asked = vigil(home, "ask", "my inventory report is missing, why?")
    assert asked.returncode == 0, asked.stderr
    assert '[1] Bucket inventory, "When a report is missing" · documentation, read today' in asked.stdout
    entry = next(one["entry"] for one in told if one["title"] == "Signing requests")
    shown = vigil(home, "kb", "show", entry[:8]).stdout
    assert "by hand" in shown
    assert 'Signing requests, "Session tokens"' in shown

    again = vigil(home, "learn", DOCS).stdout
    assert "3 documents read, 0 of them new or changed" in again
    file = tmp_path / "all.jsonl"
    assert vigil(home, "kb", "export", str(file)).returncode == 0
    assert "3 new" in vigil(other, "kb", "import", str(file)).stdout
    assert "3 known already" in vigil(other, "kb", "import", str(file)).stdout

    assert vigil(home, "kb", "retire", entry[:8]).returncode == 0
    assert vigil(home, "kb", "list").stdout.count("· document\n") == 2
    assert "restored" in vigil(home, "learn", f"{DOCS}/signing.md").stdout


def test_asked_to_be_internal_a_document_is_shared_no_longer_and_that_is_told(tmp_path: Path) -> None:
    home, file = tmp_path / "home", f"{DOCS}/signing.md"
    shared = json.loads(vigil(home, "learn", file, "--json").stdout)["entry"]
    told = vigil(home, "learn", file, "--audience", "internal").stdout
    assert f"{shared[:8]} which was the same page for shared" in told
    assert f"kb restore {shared[:8]}` brings it back" in told
    assert "retired" in vigil(home, "kb", "show", shared[:8]).stdout
    again = json.loads(vigil(home, "learn", file, "--json").stdout)
    assert (again["change"], again["entry"] == shared, again["in_place_of"]) == ("unchanged", False, [])


def test_one_that_cannot_be_read_costs_no_other(tmp_path: Path) -> None:
    home, folder = tmp_path / "home", tmp_path / "docs"
    folder.mkdir()
    (folder / "good.md").write_text("# Good\n\nThe queue is emptied every hour.\n", "utf-8")
    (folder / "empty.md").write_text("", "utf-8")
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n")
    done = vigil(home, "learn", str(folder), "http://127.0.0.1:1/x", "/nowhere/at/all.md")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("left out") == 4, "three of them, and the sum"
    assert "1 document read, 1 of them new or changed; 3 left out." in done.stdout
    (folder / "good.md").unlink()
    assert "retired" in vigil(home, "learn", str(folder)).stdout


def test_nothing_that_could_be_read_ends_with_a_sentence(tmp_path: Path) -> None:
    home = tmp_path / "home"
    (tmp_path / "empty").mkdir()
    one_sentence(vigil(home, "learn", str(tmp_path / "empty")), 2, "holds no document", ".pdf")
    one_sentence(vigil(home, "learn", "https://"), 2, "is no address")
    one_sentence(vigil(home, "learn", DOCS, "--audience", "T0NOBODY"), 2, "No customer T0NOBODY")
    done = vigil(home, "learn", "/nowhere/at/all.md")
    assert (done.returncode, "is not there any more" in done.stdout) == (1, True)
