"""A home of an older version opens and goes on; a newer one is refused; cut off in the middle, it opens again."""

import asyncio
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from bot.home import hold
from tests.fakes.older import RECORDS, REVISIONS, age_records, age_store
from tests.rules.source import ROOT
from tests.scenario.command_line import one_sentence, vigil

ASKED = "why do presigned links stop working after an hour?"
KILLED_AT = """
import asyncio, os, signal, sys
from sqlalchemy import event
from sqlalchemy.engine import Engine
from adapters.records import open_records
left = int(sys.argv[2])
@event.listens_for(Engine, "after_cursor_execute")
def count(*_):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
asyncio.run(open_records(sys.argv[1]))
"""


@pytest.fixture
def home(acme_home: Path, tmp_path: Path) -> Path:
    """A home of its own that has learned from the example."""
    return Path(shutil.copytree(acme_home, tmp_path / "home"))


def _known(home: Path) -> list[dict[str, object]]:
    done = vigil(home, "kb", "list", "--all", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    return [json.loads(line) for line in done.stdout.splitlines()]


def _revision(home: Path) -> str:
    with sqlite3.connect(home / RECORDS) as db:
        found = db.execute("SELECT version_num FROM alembic_version").fetchall()
    db.close()
    return str(found[0][0])


@pytest.mark.parametrize("revision", REVISIONS)
def test_records_of_every_older_version_open_with_what_they_hold(home: Path, revision: str) -> None:
    before = _known(home)
    age_records(home, revision)
    assert _revision(home) == revision
    assert _known(home) == before
    assert _revision(home) == REVISIONS[-1]
    with sqlite3.connect(home / RECORDS) as db:
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
    db.close()


@pytest.mark.parametrize("command", [["kb", "list"], ["stats"], ["kb", "retire", "a"]], ids=" ".join)
def test_records_are_not_brought_up_to_date_under_a_bot_that_runs(home: Path, command: list[str]) -> None:
    age_records(home, REVISIONS[-2])
    with hold(home):
        one_sentence(vigil(home, *command), 2, "older version of Vigil", "stop `", "vigil run`")
        assert _revision(home) == REVISIONS[-2]
    assert _known(home)
    assert _revision(home) == REVISIONS[-1]


def test_doctor_tells_of_older_records_under_a_bot_that_runs_and_leaves_them(home: Path) -> None:
    age_records(home, REVISIONS[-2])
    with hold(home):
        told = vigil(home, "doctor")
    assert (told.returncode, "of an older version of Vigil" in told.stdout) == (1, True)
    assert _revision(home) == REVISIONS[-2]


def test_an_older_home_learns_and_answers_without_being_told_to_rebuild(home: Path) -> None:
    age_records(home, REVISIONS[0])
    asyncio.run(age_store(home))
    one_sentence(vigil(home, "ask", ASKED), 1, "another version of Vigil", "vigil run`")
    added = vigil(home, "kb", "add", "How do I rotate an access key?", "Run `keys rotate`, then restart the agent.")
    assert (added.returncode, added.stderr) == (0, "")
    for asked, said in ((ASKED, "12 hours"), ("how do I rotate an access key?", "keys rotate")):
        told = vigil(home, "ask", asked)
        assert (told.returncode, told.stderr, said in told.stdout) == (0, "", True)


def test_a_newer_home_is_refused_in_one_sentence(home: Path) -> None:
    with sqlite3.connect(home / RECORDS) as db:
        db.execute("UPDATE alembic_version SET version_num = '9999'")
    db.close()
    for arguments in (["kb", "list"], ["ask", ASKED], ["kb", "retire", "a"]):
        one_sentence(vigil(home, *arguments), 1, "newer version of Vigil")
    assert _revision(home) == "9999"


@pytest.mark.parametrize("statements", [3, 12, 25])
def test_an_upgrade_that_is_killed_leaves_a_home_that_opens(home: Path, statements: int) -> None:
    before = _known(home)
    age_records(home, "0001")
    url = f"sqlite+aiosqlite:///{home / RECORDS}"
    killed = subprocess.run(
        [sys.executable, "-c", KILLED_AT, url, str(statements)], cwd=ROOT, check=False, env={**os.environ}
    )
    assert killed.returncode == -signal.SIGKILL, "it ended before it could be killed: kill it earlier"
    assert _revision(home) == "0001"
    assert _known(home) == before


def test_an_upgrade_on_a_full_disk_is_told_and_done_when_there_is_space(home: Path) -> None:
    before = _known(home)
    age_records(home, "0001")
    one_sentence(vigil(home, "kb", "list", limit_bytes=20_000), 1, "disk", "nothing was stored")
    assert _revision(home) == "0001"
    assert _known(home) == before
