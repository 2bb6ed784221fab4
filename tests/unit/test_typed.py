"""What a typed line means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.terminal.typed import (
    COMMANDS,
    HELP,
    MOST_CHARS,
    Become,
    Click,
    Command,
    Edit,
    Known,
    Mode,
    NotUnderstood,
    Open,
    Plain,
    Said,
    Thread,
    Typed,
    Wait,
    Why,
    parse,
)
from core.domain.channels import DeliveryMode


@pytest.mark.parametrize(
    ("line", "means"),
    [
        ("why does it fail?", Said("why does it fail?")),
        ("  /etc/fstab is gone", Said("/etc/fstab is gone")),
        ("/etc/fstab\nis gone", Said("/etc/fstab\nis gone")),
        ("为什么上传失败？ 🙈", Said("为什么上传失败？ 🙈")),
        ("למה זה נכשל?", Said("למה זה נכשל?")),
        ("", Plain("nothing")),
        (" \t ", Plain("nothing")),
        ("/as Raj requester globex", Become("Raj", "requester", "globex")),
        ("/AS Mira Analyst", Become("Mira", "analyst")),
        ("/as Raj", Become("Raj")),
        ("/accept", Click("accept")),
        ("/accept #3", Click("accept", 3)),
        ("/undo 2", Click("undo_accept", 2)),
        ("/send", Click("send_draft")),
        ("/dismiss 4", Click("dismiss_draft", 4)),
        ("/resolve", Plain("resolve")),
        ("/why 12", Why(12)),
        ("/open [2]", Open("2")),
        ("/open 60ff22af", Open("60ff22af")),
        ("/kb lifecycle rules", Known("lifecycle rules")),
        ("/vigil stats", Command("stats")),
        ("/new", Plain("new")),
        ("/thread 4", Thread(4)),
        ("/edit it is 8 MB", Edit("it is 8 MB")),
        ("/edit two\nlines", Edit("two\nlines")),
        ("/delete", Edit("")),
        ("/mode Draft", Mode(DeliveryMode.DRAFT)),
        ("/mode", Mode()),
        ("/help", Plain("help")),
        ("/quit", Plain("quit")),
    ],
)
def test_each_line_means_what_the_help_says(line: str, means: Typed) -> None:
    assert parse(line) == means


@pytest.mark.parametrize(
    ("time", "seconds"),
    [("10m", 600), ("١٠m", 600), ("30 s", 30), ("1h30m", 5400), ("3d", 259_200), ("5 minutes", 300), ("1 hour", 3600)],
)
def test_time_is_understood_as_people_write_it(time: str, seconds: float) -> None:
    assert parse(f"/wait {time}") == Wait(seconds)


@pytest.mark.parametrize("time", ["", "-10m", "soon", "10", "0m", "10m later", "1e9d", "1y", "10mm", "999999999999d"])
def test_no_time_is_made_of_nonsense(time: str) -> None:
    said = parse(f"/wait {time}")
    assert isinstance(said, NotUnderstood)
    assert "/wait takes a time" in said.sentence


def test_nobody_waits_for_a_year() -> None:
    assert parse("/wait 365d") == NotUnderstood("/wait takes 31 days at the most.")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("/as", "say who is typing"),
        ("/as Raj boss", "“boss” is no role"),
        ("/as Mira analyst globex", "An analyst is of your own team"),
        ("/as a requester b c", "takes a name, a role and a customer"),
        ("/as " + "x" * 41, "at most 40 letters"),
        ("/as \x1b[31mRaj requester globex", "takes a name"),
        ("/accept all", "takes the number of a message"),
        ("/accept -1", "takes the number of a message"),
        ("/edit", "takes the new text"),
        ("/delete everything", "takes nothing"),
        ("/resolve now", "takes nothing"),
        ("/mode loud", "“loud” is no mode: auto, draft, shadow, off."),
        ("/accep", "Did you mean /accept?"),
        ("/frobnicate", "“/frobnicate” was not understood."),
        ("/", "“/” was not understood."),
    ],
)
def test_what_is_not_understood_is_said_with_what_would_be(line: str, says: str) -> None:
    said = parse(line)
    assert isinstance(said, NotUnderstood)
    assert says in said.sentence


def test_an_unknown_command_shows_the_help_unless_a_known_one_is_near() -> None:
    assert parse("/frobnicate") == NotUnderstood(
        "“/frobnicate” was not understood. To say it as it is, begin with a blank.", shows_help=True
    )
    assert isinstance(near := parse("/reslove"), NotUnderstood)
    assert not near.shows_help


def test_a_paste_that_no_platform_would_take_is_refused_whole() -> None:
    assert parse("x" * MOST_CHARS) == Said("x" * MOST_CHARS)
    assert isinstance(refused := parse("x" * (MOST_CHARS + 1)), NotUnderstood)
    assert "longer than a message can be (40,000 characters)" in refused.sentence


def test_the_help_tells_every_command_on_one_screen() -> None:
    assert [name for name in COMMANDS if f"/{name}" not in HELP] == []
    assert len(HELP.splitlines()) <= 24
    assert max(map(len, HELP.splitlines())) <= 120


@given(st.text())
def test_every_line_means_something(line: str) -> None:
    parse(line)
    parse(f"/{line}")
    parse(f"/wait {line}")
    parse(f"/as {line}")


@pytest.mark.parametrize("word", ["help", "Quit", "exit"])
def test_a_command_without_its_stroke_is_not_said(word: str) -> None:
    told = parse(word)
    assert isinstance(told, NotUnderstood)
    assert "/help" in told.sentence
    assert parse(f" {word}") == Said(word)
    assert parse(f"{word} me") == Said(f"{word} me")
