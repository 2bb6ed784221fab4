"""``vigil kb`` as people type it: what is known is changed by hand, counted, carried over, and undone."""

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.home import hold
from bot.kb_exchange import kb_import
from bot.lookup import reading
from core.domain.documents import DOCUMENT
from core.domain.ids import EntryId
from core.domain.knowledge import ENTRY, SHARED, ChangeKind, KnowledgeEntry, Revision
from core.knowledge import exchange
from core.knowledge.exchange import line_of
from tests.fakes.replayed import Replayed, settings_in
from tests.scenario.command_line import one_sentence, vigil


@pytest.fixture
def home(acme_home: Path, tmp_path: Path) -> Path:
    """A home of its own that has learned from the example."""
    return Path(shutil.copytree(acme_home, tmp_path / "home"))


def lines(home: Path, *arguments: str) -> list[dict[str, Any]]:
    """The JSON lines of a command; each says its version."""
    done = vigil(home, "kb", *arguments, "--json")
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = [json.loads(line) for line in done.stdout.splitlines()]
    assert all(line["v"] == 1 for line in found)
    return found


def test_an_entry_is_retired_listed_and_restored(home: Path) -> None:
    entry = lines(home, "list")[0]["id"]
    (done,) = lines(home, "retire", entry[:8], "--why", "wrong since 3.0")
    assert (done["change"], done["entry"], done["reason"]) == ("retired", entry, "wrong since 3.0")
    assert entry in {one["id"] for one in lines(home, "list", "--status", "retired")}
    assert entry not in {one["id"] for one in lines(home, "list")}
    said = vigil(home, "kb", "restore", entry[:8]).stdout
    assert said.startswith(f"Restored: {entry[:8]} ")
    assert f"kb restore {entry[:8]} --revision {done['revision']}` undoes it." in said
    retired, restored = lines(home, "history", entry)[-2:]
    assert (retired["change"], retired["changed"]) == ("retired", {"status": {"before": "active", "after": "retired"}})
    assert (restored["change"], restored["changed"]) == (
        "restored",
        {"status": {"before": "retired", "after": "active"}},
    )
    assert "status      active -> retired" in vigil(home, "kb", "history", entry[:8]).stdout
    one_sentence(vigil(home, "kb", "restore", entry[:8], "--revision", "99"), 2, "Name a revision from 1 to")
    one_sentence(vigil(home, "kb", "approve", entry[:8]), 2, "is no candidate", "--status candidate")


def test_an_entry_is_written_into_an_empty_home_and_answers(tmp_path: Path) -> None:
    home = tmp_path / "new"
    question = "Why does the nightly export stop after 4 GB?"
    answer = "Set `chunk_mb=64` in export.toml, the default of 4 fills the queue."
    (done,) = lines(home, "add", question, answer, "--conditions", "with exporter 2.x", "--expires", "2999-01-31")
    assert (done["change"], done["audience"], done["from"]) == ("added", "shared", [])
    asked = vigil(home, "ask", question)
    assert asked.returncode == 0
    assert "chunk_mb=64" in asked.stdout
    masked = vigil(
        home, "kb", "add", "How do I sign in to the console?", "Ask admin@acme.example for it. Then sign in there."
    )
    assert "was masked; a sentence with a mask in it is not quoted" in masked.stdout
    one_sentence(vigil(home, "kb", "add", question, answer, "--expires", "soon"), 2, "soon", "2026-12-31")
    one_sentence(vigil(home, "kb", "add", question, answer, "--audience", "T0NOBODY"), 2, "No customer T0NOBODY")
    again = vigil(home, "kb", "add", f"{question} Why?", answer, "--conditions", "with exporter 2.x")
    one_sentence(again, 2, "says the same", "--if-known")


def test_an_export_is_imported_once_and_the_same_again_changes_nothing(home: Path, tmp_path: Path) -> None:
    file, other = tmp_path / "known.jsonl", tmp_path / "other"
    assert vigil(home, "kb", "export", str(file)).returncode == 0
    known = lines(home, "list", "--all")
    assert lines(other, "import", str(file)) == [{"v": 1, "type": "import", "new": len(known), "changed": 0, "same": 0}]
    assert lines(other, "list", "--all") == known
    entry = known[0]["id"]
    assert lines(other, "history", entry) == lines(home, "history", entry)
    assert lines(other, "import", str(file))[0]["same"] == len(known)
    assert vigil(other, "kb", "export", "-").stdout == file.read_text("utf-8")


def test_an_import_is_all_or_nothing_and_asks_before_it_changes(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "heads.jsonl"
    vigil(home, "kb", "export", str(file), "--heads")
    rows = file.read_text("utf-8").splitlines()
    file.write_text("\n".join([*rows, "{ no json"]), "utf-8")
    other = tmp_path / "other"
    one_sentence(vigil(other, "kb", "import", str(file)), 2, f"Line {len(rows) + 1}: it is not JSON", "Nothing was")
    one_sentence(vigil(other, "kb", "list"), 3, "Nothing is known yet")
    changed = json.loads(rows[0])
    changed["entry"]["answer"] = "Something else entirely."
    file.write_text(json.dumps(changed), "utf-8")
    one_sentence(vigil(home, "kb", "import", str(file)), 2, "Line 1", "known otherwise", "--update")
    assert lines(home, "import", str(file), "--update")[0]["changed"] == 1
    assert lines(home, "show", changed["entry"]["id"])[0]["answer"] == "Something else entirely."
    assert lines(home, "restore", changed["entry"]["id"])[0]["change"] == "restored"
    one_sentence(vigil(home, "kb", "import", str(tmp_path / "none")), 2, "cannot be read (No such file or directory)")


def test_the_numbers_add_up(home: Path) -> None:
    known = lines(home, "list", "--all")
    gone = 1 + len(lines(home, "list", "--status", "retired"))
    lines(home, "retire", lines(home, "list")[0]["id"])
    (numbers,) = lines(home, "stats")
    assert sum(numbers["by_status"].values()) == len(known)
    assert (numbers["by_status"]["retired"], numbers["retired"]) == (gone, 1)
    for parts in ("by_kind", "by_audience", "by_age"):
        assert sum(numbers[parts].values()) == len(known) - gone
    assert f"; and {gone} retired, counted only here\n" in vigil(home, "kb", "stats").stdout


def test_a_rebuild_beside_another_process_is_refused(home: Path) -> None:
    with hold(home):
        one_sentence(vigil(home, "kb", "rebuild"), 2, "Another Vigil is working", "stop it first")


def test_what_was_said_in_a_replay_and_no_longer_stands_is_listed(acme: Replayed, tmp_path: Path) -> None:
    (home,) = (acme.home / "replays").iterdir()
    replayed = Path(shutil.copytree(home, tmp_path / "replayed"))
    before = {one["answer"] for one in lines(replayed, "withdrawn")}
    (numbers,) = lines(replayed, "stats")
    entry, uses = numbers["most_used"][0]
    assert lines(replayed, "show", entry)[0]["uses"] == uses > 0
    lines(replayed, "retire", entry, "--why", "wrong")
    after = [one for one in lines(replayed, "withdrawn") if one["answer"] not in before]
    assert {one["entry"] for one in after} == {entry}
    assert all(one["stands"] and one["reason"] == "wrong" and one["channel"] for one in after)
    assert "the card still stands: post a correction" in vigil(replayed, "kb", "withdrawn").stdout


async def test_the_store_is_kept_up_after_an_import_that_brought_something(home: Path, tmp_path: Path) -> None:
    file, other = tmp_path / "known.jsonl", settings_in(tmp_path / "other")
    assert vigil(home, "kb", "export", str(file)).returncode == 0
    for kept_up in (True, False):
        with capture_logs() as logs:
            await kb_import(other, file, change=False, as_json=True)
        assert ("store_maintained" in {line["event"] for line in logs}) is kept_up


async def test_an_import_leaves_out_a_document_that_is_too_long_and_takes_the_rest(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange, "MOST_PARTS", 2)
    now, file, settings = datetime(2026, 11, 2, tzinfo=UTC), tmp_path / "known.jsonl", settings_in(tmp_path / "home")
    texts = {"long": "Words of a page that is long. " * 200, "short": "Words of a page."}
    entries = [
        KnowledgeEntry(
            id=EntryId(name), kind=DOCUMENT, audience=SHARED, title=name, answer=text, created_at=now, updated_at=now
        )
        for name, text in texts.items()
    ]
    rows = [
        Revision(
            subject_kind=ENTRY, subject_id=one.id, n=1, change=ChangeKind.ADDED, after=one, at=now, why="w", job="j"
        )
        for one in entries
    ]
    file.write_text("\n".join(map(line_of, rows)), "utf-8")
    await kb_import(settings, file, change=False, as_json=False)
    told = capsys.readouterr().out
    assert "Entries: 1 new, 0 changed, 0 known already.\nLine 1: document long was left out: it has" in told
    await kb_import(settings, file, change=False, as_json=True)
    (line,) = (json.loads(one) for one in capsys.readouterr().out.splitlines())
    assert (line["same"], [one["entry"] for one in line["too_long"]]) == (1, ["long"])
    async with reading(settings) as work:
        assert [head.subject_id for head in await work.ledger.heads(None, 9)] == ["short"]
