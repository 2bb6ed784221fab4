"""What is sent for a task: the same beginning for every call, and never a whole log."""

from dataclasses import replace

import pytest

from core.domain.dialogue import Line, labels
from core.domain.people import Role
from core.domain.tasks import Request
from core.prompts.clip import HURRIED_CHARS, MOST_CHARS, MOST_LINES, UNHURRIED_CHARS, recent, shortened
from core.prompts.requests import request_makers
from tests.unit.prompts.given import TASKS, inputs_of, line

HURRIED = ("identify", "rewrite", "generate")
SAID = (line(0, "it fails"), line(1, "hi", Role.ANALYST), line(2, "still"))


def made(task: str, *said: Line, scope: str = "Kelpbox") -> Request[object, object]:
    _, make = request_makers()[task]
    return make(inputs_of(task, *said, scope=scope))


def sent(request: Request[object, object]) -> str:
    return "\n".join(block.text for block in request.prompt.blocks)


def test_every_task_has_a_maker_that_takes_its_inputs() -> None:
    assert set(request_makers()) == set(TASKS)
    for task, (takes, _) in request_makers().items():
        request = made(task, *SAID)
        assert request.task.name == task
        assert takes is request.task.input_type is type(request.inputs)


@pytest.mark.parametrize("task", TASKS)
def test_the_stable_part_holds_nothing_of_a_request(task: str) -> None:
    other = (line(7, "完全不同的问题"), line(8, "okay {scope} $scope", Role.BOT), line(9, "bye", pictures=2))
    first, second = made(task, *SAID), made(task, *other)
    assert first.prompt.stable == second.prompt.stable
    assert first.prompt.blocks != second.prompt.blocks
    assert "$" not in first.prompt.stable


def test_the_stable_part_is_the_same_for_all_teams() -> None:
    ours, theirs = (made("identify", *SAID, scope=scope).prompt for scope in ("Kelpbox", "Lumenq queues"))
    assert ours.stable == theirs.stable
    assert ours.own.removesuffix("Kelpbox\n") == theirs.own.removesuffix("Lumenq queues\n")


@pytest.mark.parametrize("task", TASKS)
def test_a_log_of_a_megabyte_is_cut_wherever_it_stands(task: str) -> None:
    log = "the first line\n" + "x" * 1_000_000 + "\nFATAL: E_LAST"
    for said in ((line(0, log), *SAID[1:]), (*SAID[:2], line(2, log))):
        text = sent(made(task, *said))
        assert len(text) < 3 * MOST_CHARS
        assert "the first line" in text
        assert "FATAL: E_LAST" in text
        assert "characters left out" in text


@pytest.mark.parametrize("task", TASKS)
def test_a_dialogue_of_many_long_messages_is_cut_at_its_beginning(task: str) -> None:
    said = [line(n, f"said {n} " + "word " * 2000) for n in range(300)]
    text = sent(made(task, *said))
    cap = HURRIED_CHARS if task in HURRIED else UNHURRIED_CHARS
    assert cap / 2 < len(text) < cap * 1.2
    assert "said 298 " in text
    assert "older left out)" in text


@pytest.mark.parametrize("task", TASKS)
def test_a_label_stays_that_of_its_message_when_older_ones_are_left_out(task: str) -> None:
    said = [line(n, f"said {n}.") for n in range(2 * MOST_LINES)]
    request = made(task, *said)
    label = labels(inputs_of(task, *said).lines)[said[-2].id]
    assert f"({label}, " in sent(request)
    assert any(one.startswith(f"({label}, ") and one.endswith("said 398.") for one in sent(request).splitlines())
    assert "said 5." not in sent(request)


@pytest.mark.parametrize("task", ["extract", "review"])
def test_what_was_asked_is_shown_however_long_ago(task: str) -> None:
    said = [line(0, "the very question"), *(line(n, f"said {n}.") for n in range(1, 2 * MOST_LINES))]
    text = sent(made(task, *said))
    assert "(m1, Tue 2026-03-03 09:00 UTC, requester) the very question" in text
    assert "(asked in m1)" in text


def test_only_pictures_of_lines_that_are_shown_are_sent() -> None:
    said = [line(n, "look", pictures=1) for n in range(MOST_LINES + 50)]
    pictures = made("identify", *said).pictures
    assert [one.of for one in pictures] == [f"m{n}" for n in range(50, MOST_LINES + 51)]
    assert pictures[-1].kept == said[-1].kept[0]


def test_extract_is_told_whether_the_session_has_ended() -> None:
    _, make = request_makers()["extract"]
    inputs = inputs_of("extract", *SAID)
    still, ended = (make(replace(inputs, final=final)).prompt.blocks[1] for final in (False, True))
    assert (still.label, ended.label) == ("session", "session")
    assert still.text.startswith("still open")
    assert ended.text.startswith("has ended")


def test_a_text_is_cut_no_shorter_than_it_must_be() -> None:
    assert shortened("a" * MOST_CHARS) == "a" * MOST_CHARS
    assert MOST_CHARS * 0.9 < len(shortened("a" * (MOST_CHARS + 1))) <= MOST_CHARS
    assert len(shortened("a" * 10_000_000)) <= MOST_CHARS


def test_short_dialogues_are_shown_whole_and_in_order() -> None:
    said = [line(n, str(n)) for n in range(MOST_LINES)]
    assert list(recent(said)) == said
    assert recent([]) == ()
