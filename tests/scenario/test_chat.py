"""``vigil chat`` as people and programs use it: the whole bot, with nothing special-cased for the terminal."""

import json
import os
import pty
import re
import select
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from bot.home import hold
from tests.crash.scenario import write_export
from tests.rules.source import ROOT
from tests.scenario.command_line import SCRIPT, one_sentence, vigil
from tests.warm import LIMIT_S

ASKED = "how do we raise the upload part size? big files fail with error PartTooSmall"
TAUGHT = "The part size is too small: set part_size to at least 8 MB in the client config, then big files upload fine."
AGAIN = "uploads of big files fail with PartTooSmall, what can we do?"
TEACHING = f"{ASKED}\n/as Mira analyst\n{TAUGHT}\n"
LEARNED = f"{TEACHING}/wait 10m\n/as Raj requester globex\n{AGAIN}\n"


def told(home: Path, typed: str, *arguments: str) -> list[dict[str, Any]]:
    done = vigil(home, "chat", "--json", *arguments, typed=typed)
    assert done.returncode == 0, done.stderr
    lines: list[dict[str, Any]] = [json.loads(line) for line in done.stdout.splitlines()]
    assert {line["v"] for line in lines} <= {1}
    return lines


def of(lines: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [line for line in lines if line["type"] == kind]


def outcomes(lines: list[dict[str, Any]]) -> list[str]:
    return [question["outcome"] for turn in of(lines, "turn") for question in turn["questions"]]


def test_what_an_analyst_said_answers_the_next_customer(tmp_path: Path) -> None:
    lines = told(tmp_path, f"{LEARNED}/accept\n/accept\n/undo\n/why 3\n/resolve\n/open 1\n")
    assert outcomes(lines) == ["abstained", "answered"]
    added = of(lines, "knowledge")[0]
    assert (added["change"], added["audience"], added["from"][0]) == ("added", "shared", of(lines, "message")[1]["id"])
    cards = of(lines, "card")
    assert [(card["to"], card["state"]) for card in cards] == [(3, "posted"), (3, "accepted"), (3, "posted")]
    assert "part_size" in cards[0]["text"]
    assert [accept.get("undone", False) for accept in of(lines, "accept")] == [False, True]
    texts = [line["text"] for line in of(lines, "said")]
    assert any("The answer is accepted already: /undo takes that back." in text for text in texts)
    assert any("answered from the knowledge base" in text for text in texts)
    assert sum(text.startswith("The part size is too small") for text in texts) == 1
    assert any("This thread is closed for Vigil." in text for text in texts)


def test_people_see_numbered_messages_boxed_cards_and_lessons_in_the_margin(tmp_path: Path) -> None:
    done = vigil(tmp_path, "chat", typed=f"{LEARNED}/open 1\n/kb\n/frobnicate\n")
    assert (done.returncode, done.stderr) == (0, "")
    shown = done.stdout
    assert "Nothing is known yet, so begin with teaching it something:" in shown
    assert re.search(r"^  1  northwind  \d\d:\d\d  Anna \(requester\)  how do we raise", shown, re.MULTILINE)
    assert "  1  · not sure: nothing is known yet" in shown
    assert re.search(r"^ +\+ learned +[0-9a-f]{8} The part size is too small", shown, re.MULTILINE)
    assert "╭─ to 3 ─" in shown
    assert "Answer from support · learned on" in shown
    assert "“/frobnicate” was not understood." in shown
    assert "/as NAME requester CUSTOMER" in shown
    assert "\x1b" not in shown


def test_what_the_readme_shows_of_a_chat_is_what_people_get(tmp_path: Path) -> None:
    block = (ROOT / "README.md").read_text("utf-8").partition("## Feel it in a terminal")[2].split("```")[1]
    said = re.findall(r"\((?:requester|analyst)\)  (.+)", block)
    typed = f"{said[0]}\n/as Mira analyst\n{said[1]}\n/wait 10m\n/as Raj requester globex\n{said[2]}\n"
    shown = {undated(line) for line in vigil(tmp_path, "chat", typed=typed).stdout.splitlines()}
    lines = block.strip("\n").splitlines()
    assert len(lines) > 10
    assert [line for line in lines if undated(line) not in shown] == [], "paste it anew"


def undated(line: str) -> str:
    """A line without what is another one each time."""
    return re.sub(r"\b[0-9a-f]{8}\b|\d\d:\d\d|(?<=It is ).*(?=,)", "…", line)


def test_a_secret_that_is_typed_is_on_no_record(tmp_path: Path) -> None:
    secret = "AKIA" + "IOSFODNN7EXAMPLE"
    told(tmp_path, f"the upload fails with key {secret}, why?\n")
    files = [path for path in (tmp_path / "chat").rglob("*") if path.is_file()]
    assert files
    assert [path for path in files if secret.encode() in path.read_bytes()] == []


def test_bad_input_gets_a_sentence_and_the_chat_goes_on(tmp_path: Path) -> None:
    typed = "\n\n/wait soon\n/wait -5m\n/wait 365d\n/as Raj boss\n/accept\n/accept 99\n/why 99\n/thread 99\n/open 3\n/edit x\n"
    typed += "/resolve\n/undo\n/send\n" + "x" * 2_000_000 + "\n\u202eabc 🙈 למה זה נכשל?\n"
    done = vigil(tmp_path, "chat", typed=typed)
    assert (done.returncode, done.stderr) == (0, "")
    for said in (
        "/wait takes a time as in", "31 days at the most", "“boss” is no role", "no answer to message 99 that",
        "There is no message 99.", "No entry begins with 3",
        "has said nothing here", "There is no thread here to close", "no accepted answer to undo", "no draft to send",
        "longer than a message can be", "abc 🙈 למה זה נכשל?",
    ):  # fmt: skip
        assert said in done.stdout, said
    assert "\u202e" not in done.stdout


def test_an_edit_is_followed_and_a_deletion_takes_back_what_was_learned(tmp_path: Path) -> None:
    lines = told(tmp_path, f"{TEACHING}/wait 10m\n/edit {TAUGHT.replace('8 MB', '16 MB')}\n/wait 10m\n/delete\n")
    changes = of(lines, "knowledge")
    assert [change["change"] for change in changes] == ["added", "updated", "retired"]
    assert len({change["entry"] for change in changes}) == 1


def test_drafts_go_to_analysts_and_a_customer_neither_sees_nor_sends_them(tmp_path: Path) -> None:
    told(tmp_path, f"{TEACHING}/wait 10m\n")
    lines = told(tmp_path, f"/as Raj requester globex\n/mode draft\n{AGAIN}\n/send\n/as Mira\n/send\n")
    cards = [(card["kind"], card["state"]) for card in of(lines, "card")]
    assert cards == [("draft", "posted"), ("answer", "posted"), ("draft", "sent")]
    said = [line["text"] for line in of(lines, "said")]
    assert any("Raj does not see that: drafts are for analysts." in text for text in said)


def test_in_shadow_nothing_is_posted_and_when_off_nothing_is_stored(tmp_path: Path) -> None:
    told(tmp_path, f"{TEACHING}/wait 10m\n")
    lines = told(tmp_path, f"/as Raj requester globex\n/mode shadow\n{AGAIN}\n/mode off\nhello?\n")
    assert (outcomes(lines), of(lines, "card")) == (["answered"], [])
    assert len(of(lines, "message")) == 1
    assert any("Vigil is off in this channel" in line["text"] for line in of(lines, "said"))


def test_one_that_was_killed_goes_on_where_it_was(tmp_path: Path) -> None:
    environment = {**os.environ, "VIGIL_HOME": str(tmp_path)}
    with subprocess.Popen(
        [str(SCRIPT), "chat", "--json"], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as killed:
        assert killed.stdin is not None
        assert killed.stdout is not None
        killed.stdin.write(f"/wait 3h\n{TEACHING}")
        killed.stdin.flush()
        before: list[dict[str, Any]] = []
        while not before or before[-1]["type"] != "message" or before[-1]["role"] != "analyst":
            before.append(json.loads(killed.stdout.readline()))
        killed.kill()
    lines = told(tmp_path, f"/wait 10m\n/as Raj requester globex\n{AGAIN}\n/accept 3\n")
    assert of(lines, "knowledge")[0]["change"] == "added"
    assert of(lines, "message")[0]["n"] == 3
    assert float(of(lines, "message")[0]["ts"]) > float(before[-1]["ts"]) + 590
    assert outcomes(lines) == ["answered"]
    assert of(lines, "accept") != []


def test_a_home_that_another_chat_holds_is_left_alone_with_a_sentence(tmp_path: Path) -> None:
    with hold(tmp_path / "chat"):
        one_sentence(vigil(tmp_path, "chat", typed="hello\n"), 2, "Another Vigil is working in", "stop it first")


def test_what_is_not_there_is_nothing_to_begin_with(tmp_path: Path) -> None:
    one_sentence(vigil(tmp_path, "chat", "nowhere"), 2, "nowhere is not there")
    one_sentence(vigil(tmp_path, "chat", "--home"), 3, "Nothing is known yet")


def test_it_begins_with_what_ones_own_home_knows_and_leaves_that_alone(acme_home: Path) -> None:
    before = (acme_home / "records.db").read_bytes()
    asked = "/as Raj requester globex\nwhy do presigned links stop working after an hour?\n"
    lines = told(acme_home, asked, "--home", "--fresh")
    assert outcomes(lines) == ["answered"]
    north = "/as Anna requester northwind\nthe nightly backup dies with `TLSHostMismatch` since we moved to the private link\n"
    seen = told(acme_home, north, "--home")
    assert of(seen, "card"), seen
    assert "backup01" in of(seen, "card")[-1]["text"]
    assert (acme_home / "records.db").read_bytes() == before


def test_what_a_newcomer_is_told_to_try_is_answered(acme_home: Path) -> None:
    shown = vigil(acme_home, "chat", "--home", "--fresh").stdout
    tries = [line.strip() for line in shown.partition("or your own:\n")[2].splitlines()]
    assert len(tries) == 2
    lines = told(acme_home, f"{tries[0]}\n/new\n{tries[1]}\n", "--home", "--fresh")
    assert outcomes(lines) == ["answered", "answered"]


def test_it_begins_with_what_an_export_teaches_and_learns_that_once(tmp_path: Path) -> None:
    export = write_export(tmp_path / "export")
    first, again, anew = (vigil(tmp_path / "home", "chat", str(export), *options) for options in ((), (), ("--fresh",)))
    assert "Learning from" in first.stderr
    assert again.stderr == ""
    assert "Learning from" in anew.stderr
    (records,) = (tmp_path / "home").glob("chats/export-*/records.db")
    with closing(sqlite3.connect(records)) as kept:
        assert kept.execute("select count(*) from revisions").fetchone()[0] > 0


def test_closed_input_is_told_and_an_ascii_terminal_gets_what_it_can_show(tmp_path: Path) -> None:
    closed = subprocess.run(
        ["/bin/sh", "-c", f'exec "{SCRIPT}" chat <&-'], env={**os.environ, "VIGIL_HOME": str(tmp_path)},
        capture_output=True, text=True, check=False, timeout=LIMIT_S,
    )  # fmt: skip
    one_sentence(closed, 2, "standard input is closed")
    plain = vigil(tmp_path, "chat", typed=LEARNED, PYTHONIOENCODING="ascii")
    assert (plain.returncode, plain.stderr) == (0, "")
    assert "to 3" in plain.stdout
    assert plain.stdout.isascii()


class Terminal:
    """A terminal with a chat in it."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor, self.shown = descriptor, ""

    def type(self, text: str) -> None:
        """Press these keys."""
        os.write(self._descriptor, text.encode())

    def until(self, pattern: str, pressing: str = "") -> str:
        """Wait until the screen has shown this since the last time; gives what was shown. ``pressing`` is pressed again every
        other second: between two lines no editor reads the keys, and this terminal is nobody's to send a signal for one."""
        seen, ends_at = "", time.monotonic() + LIMIT_S
        while not re.search(pattern, seen):
            if pressing:
                self.type(pressing)
            ready, _, _ = select.select([self._descriptor], [], [], 2)
            assert time.monotonic() < ends_at, f"{pattern} was not shown: {seen}"
            if not ready:
                continue
            seen += os.read(self._descriptor, 65_536).decode("utf-8", "replace")
        self.shown += seen
        return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", seen)


@contextmanager
def terminal(home: Path, *arguments: str) -> Iterator[tuple[Terminal, int]]:
    """Run a chat in a terminal of its own."""
    leader, follower = pty.openpty()
    environment = {**os.environ, "VIGIL_HOME": str(home), "TERM": "xterm", "PROMPT_TOOLKIT_NO_CPR": "1"}
    with subprocess.Popen(
        [str(SCRIPT), "chat", *arguments], env=environment, stdin=follower, stdout=follower, stderr=follower,
        start_new_session=True,
    ) as running:  # fmt: skip
        os.close(follower)
        try:
            yield Terminal(leader), running.pid
        finally:
            running.send_signal(signal.SIGKILL) if running.poll() is None else None
            os.close(leader)


def test_a_card_comes_while_one_is_typing_and_garbles_nothing(tmp_path: Path) -> None:
    told(tmp_path, f"{TEACHING}/wait 10m\n/as Raj requester globex\n")
    with terminal(tmp_path) as (screen, pid):
        screen.until(r"Mira \(analyst\)")
        screen.type("/as Raj requester globex\r")
        screen.until(r"Raj \(requester\)")
        screen.type(f"{AGAIN}\r")
        screen.type("half a sente")
        shown = screen.until(r"to 3(?s:.)*╰─(?s:.)*half a sente")
        assert "part_size" in shown
        screen.type("\x03")
        screen.type("/accept\r")
        screen.until("Accepted by Raj")
        screen.type("\x1b[200~one\rtwo\x1b[201~\r")
        screen.until(r"small talk|not sure")
        screen.until("Kept in .*goes on from there", pressing="\x03")
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 130
    assert "Traceback" not in screen.shown
    assert [message["n"] for message in of(told(tmp_path, "one more\n"), "message")] == [5]
