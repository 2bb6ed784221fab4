"""``vigil forget`` as people type it, checked on the bytes of every file below the home."""

import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections import defaultdict
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.home import hold, while_nobody_writes, writing
from tests.fakes.replayed import EXAMPLES
from tests.rules.source import ROOT
from tests.scenario.command_line import one_sentence, vigil

WORD = re.compile(r"[A-Za-z][A-Za-z0-9-]{5,}|[\u3400-\u9fff]{4,}")


@pytest.fixture
def home(acme_home: Path, tmp_path: Path) -> Path:
    """A home of its own that has learned from the example."""
    return Path(shutil.copytree(acme_home, tmp_path / "home"))


def said() -> dict[str, str]:
    """All that each person wrote in the example, by user id."""
    texts: dict[str, str] = defaultdict(str)
    for file in sorted((EXAMPLES / "acme").glob("*/*.json")):
        for one in json.loads(file.read_text("utf-8")):
            for version in (one, one.get("message", {}), one.get("previous_message", {})):
                texts[version.get("user", "")] += f" {version.get('text', '')}"
    return texts


def own_words(*people: str) -> set[str]:
    """The words that nobody but these people wrote, as they were written; none of ours, which name columns and states."""
    texts = said()
    theirs = {word for one in people for word in WORD.findall(texts[one])}
    ours = [file.read_text("utf-8") for room in ("core", "adapters") for file in (ROOT / room).rglob("*.py")]
    others = " ".join([*(text for one, text in texts.items() if one not in people), *ours]).casefold()
    return {word for word in theirs if word.casefold() not in others}


def left(home: Path, *words: str) -> list[tuple[str, str]]:
    """The words that any file below the home holds still, with the file."""
    files = {path: path.read_bytes().lower() for path in sorted(home.rglob("*")) if path.is_file()}
    return [(path.name, word) for word in words for path, held in files.items() if word.lower().encode() in held]


def forget(home: Path, *arguments: str) -> dict[str, Any]:
    """Forget, and give the report."""
    done = vigil(home, "forget", *arguments, "--yes", "--json")
    assert done.returncode == 0, done.stderr
    report: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return report


def test_no_byte_of_what_a_person_wrote_is_left_and_others_stay(home: Path) -> None:
    texts, gone = said(), own_words("U0TOMAS")
    assert len(gone) >= 5
    assert {word for _, word in left(home, *gone)} == gone
    with closing(sqlite3.connect(home / "records.db")) as db:
        others = db.execute("SELECT id, text FROM messages WHERE author NOT LIKE '%U0TOMAS%'").fetchall()
    report = forget(home, "person", "Tomas Lind")
    assert report["done"]
    assert report["people"] == 1
    assert report["entries"] > 0
    assert left(home, *gone, "U0TOMAS", "Tomas Lind") == []
    with closing(sqlite3.connect(home / "records.db")) as db:
        kept = dict(db.execute("SELECT id, text FROM messages").fetchall())
        ((record, open_),) = db.execute("SELECT count(*), sum(done_at IS NULL) FROM forgettings").fetchall()
    assert (record, open_) == (1, 0)
    assert {id_: text.replace("Tomas Lind", "<name>").replace("@<name>", "<name>") for id_, text in others} == {
        id_: kept[id_] for id_, _ in others
    }
    assert texts["U0MIRA"]
    listed = [json.loads(line) for line in vigil(home, "kb", "list", "--all", "--json").stdout.splitlines()]
    empty = next(one for one in listed if not one["answer"])
    history = vigil(home, "kb", "history", empty["id"]).stdout
    assert "forgotten on " in history
    assert vigil(home, "kb", "export", "-").stdout.count(empty["id"]) == 0
    assert vigil(home, "doctor").stdout.count("The store holds what the ledger says") == 1


def test_a_customer_goes_with_its_channel_its_people_and_its_own_entries(home: Path) -> None:
    people = ("U0GXRAJ", "U0GXHANA", "U0GXWEI", "U0GXFANG")
    gone = own_words(*people)
    would = vigil(home, "forget", "customer", "T0GLOBEX", "--dry-run", "--json")
    assert "what your own analysts wrote there" in vigil(home, "forget", "customer", "T0GLOBEX", "--dry-run").stdout
    assert left(home, "U0GXRAJ")
    report = forget(home, "customer", "T0GLOBEX")
    assert {**json.loads(would.stdout), "done": True, "at": report["at"]} == report
    assert report["people"] == len(people)
    assert left(home, *gone, *people, "ext-globex", "T0GLOBEX") == []
    one_sentence(vigil(home, "forget", "customer", "T0GLOBEX", "--yes"), 2, "No customer T0GLOBEX")
    one_sentence(vigil(home, "forget", "customer", "T0ACME", "--yes"), 2, "your own workspace")


def test_lessons_that_name_nobody_may_be_kept(home: Path) -> None:
    before = vigil(home, "kb", "list").stdout.count(" shared ")
    report = forget(home, "channel", "#ext-globex", "--keep-shared")
    assert report["sessions"] > 10
    assert vigil(home, "kb", "list").stdout.count(" shared ") == before
    asked = own_words("U0GXRAJ", "U0GXHANA", "U0GXWEI", "U0GXFANG")
    shown = vigil(home, "kb", "list", "--all", "--json").stdout.casefold()
    assert {place for place, word in left(home, *asked) if word.casefold() not in shown} <= {"records.db"}


def test_it_is_refused_while_somebody_works_asks_nobody_and_names_what_is_unknown(home: Path) -> None:
    with hold(home):
        one_sentence(vigil(home, "forget", "person", "U0MIRA", "--yes"), 2, "Another Vigil is working")
    with writing(home):
        one_sentence(vigil(home, "forget", "person", "U0MIRA", "--yes"), 2, "Another command is writing")
    with while_nobody_writes(home):
        one_sentence(vigil(home, "backfill", str(EXAMPLES / "acme")), 2, "Something is being forgotten")
        one_sentence(vigil(home, "kb", "add", "Why?", "Because."), 2, "Something is being forgotten")
    one_sentence(vigil(home, "forget", "person", "U0MIRA"), 2, "Nothing was forgotten", "--yes")
    one_sentence(vigil(home, "forget", "person", "Mira", "--yes"), 2, "Nobody called Mira")
    one_sentence(vigil(home, "forget", "channel", "#nowhere", "--yes"), 2, "No channel #nowhere")
    assert left(home, "U0MIRA")


def test_chats_are_copies_and_go_too_unless_one_is_at_work(home: Path) -> None:
    assert vigil(home, "chat", str(home), typed="/help\n").returncode == 0
    assert vigil(home, "chat", typed="hello\n").returncode == 0
    (begun,) = (home / "chats").iterdir()
    assert left(begun, *own_words("U0TOMAS"))
    would = vigil(home, "forget", "person", "U0TOMAS", "--dry-run").stdout
    assert "2 chats" in would
    assert "they go whole" in would
    with hold(begun):
        one_sentence(vigil(home, "forget", "person", "U0TOMAS", "--yes"), 2, f"working in {begun}")
    assert left(home, "U0TOMAS")
    report = forget(home, "person", "U0TOMAS")
    assert (report["chats_removed"], report["chats_left"]) == (2, 0)
    assert left(home, *own_words("U0TOMAS"), "U0TOMAS") == []


KILLED = """
import os, signal, sys
import {module} as seam
before = seam.{name}
calls = 0
async def killed(*args, **more):
    global calls
    calls += 1
    if calls == {nth}:
        os.kill(os.getpid(), signal.SIGKILL)
    return await before(*args, **more)
seam.{name} = killed
sys.argv = ["vigil", "forget", "person", "U0TOMAS", "--yes"]
from bot.cli import main
main()
"""


@pytest.mark.parametrize(
    ("module", "name", "nth"),
    [
        ("adapters.records.connections", "_ended", 8),
        ("adapters.knowledge_store.rewriting", "index_texts", 1),
        ("adapters.records.records", "compacted", 1),
    ],
)
def test_killed_anywhere_the_same_command_finishes_it(home: Path, module: str, name: str, nth: int) -> None:
    code = KILLED.format(module=module, name=name, nth=nth)
    env = {**os.environ, "VIGIL_HOME": str(home), "PYTHONPATH": str(ROOT)}
    killed = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, check=False, capture_output=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    again = vigil(home, "forget", "person", "U0TOMAS", "--yes")
    assert again.returncode == 0, again.stderr
    assert left(home, *own_words("U0TOMAS"), "U0TOMAS", "Tomas Lind") == []
