"""The example workspace: for each thread what must happen, and why (examples/acme/README.md tells it in words)."""

from pathlib import Path

import pytest

from tests.crash.scenario import write_export
from tests.fakes.replayed import Replayed, replayed
from tests.scenario.deviations import LESSONS, TURNS
from tests.scenario.judged import (
    Expected,
    audience,
    beside_the_point,
    ending,
    leaks,
    lessons,
    untaught,
    wanted_endings,
)

KEY, SECRET = "AKIANW" + "FAKEKEYEXAMPLE", "fAkEsEcReT/" + "NotARealOne0123456789+EXAMPLE"


def test_every_message_leads_to_the_classes_and_outcomes_that_its_thread_says_and_to_no_other(
    acme: Replayed, expected: Expected
) -> None:
    wanted = wanted_endings(expected)
    assert len(wanted) > 60
    found = {key: ending(acme, key[1]) for key in wanted}
    assert {key: one for key, one in found.items() if one != wanted[key]} == {k: is_ for k, (is_, _) in TURNS.items()}


def test_answers_cite_the_thread_that_taught_them(acme: Replayed, expected: Expected) -> None:
    taught = {thread["name"]: [lesson["from_message"] for lesson in thread["learns"]] for thread in expected}
    checked = 0
    for name, turn in ((thread["name"], turn) for thread in expected for turn in thread["turns"]):
        cited = [c["entry"] for q in acme.questions(turn["message"]) if q["answer"] for c in q["answer"]["citations"]]
        if turn["outcome"] != "answered" or (name, turn["message"]) in TURNS:
            continue
        wanted = {lesson["entry"] for ts in taught[turn["must_cite_thread"]] for lesson in acme.lessons(ts)}
        assert wanted & set(cited), f"{name}: {turn['why']}"
        checked += 1
    assert checked >= 8


def test_lessons_reach_the_audience_they_may(acme: Replayed, expected: Expected) -> None:
    found = {name: (audience(acme, lesson["from_message"]), lesson["audience"]) for name, lesson in lessons(expected)}
    assert len(found) >= 15
    assert {name: is_ for name, (is_, to_be) in found.items() if is_ != to_be} == {
        n: is_ for n, (is_, _) in LESSONS.items()
    }


def test_nothing_is_learned_where_nothing_was_taught(acme: Replayed, expected: Expected) -> None:
    assert untaught(acme, expected) == set()


def test_what_is_learned_says_what_it_must_and_nothing_it_must_not(acme: Replayed, expected: Expected) -> None:
    assert beside_the_point(acme, expected) == {}


@pytest.mark.parametrize("leaked", [KEY, SECRET])
def test_a_pasted_key_is_nowhere_on_disk(acme: Replayed, leaked: str) -> None:
    files = [path for path in acme.home.rglob("*") if path.is_file()]
    assert "records.db" in [path.name for path in files]
    assert not [path for path in files if leaked.encode() in path.read_bytes()]
    assert leaked not in acme.text


def test_what_one_customer_wrote_never_reaches_another(acme: Replayed) -> None:
    assert leaks(acme) == []


def test_no_answer_is_without_a_citation_and_none_is_said_twice(acme: Replayed) -> None:
    known = {k["entry"] for k in acme.of("knowledge")}
    said: set[tuple[str, str]] = set()
    for turn in acme.of("turn"):
        for question in (q for q in turn["questions"] if q["outcome"] == "answered"):
            assert question["answer"]["citations"]
            assert {c["entry"] for c in question["answer"]["citations"]} <= known
            assert (turn["session"], question["answer"]["text"]) not in said
            said.add((turn["session"], question["answer"]["text"]))
    assert said


def test_no_card_goes_to_an_analyst(acme: Replayed) -> None:
    role = {m["id"]: m["role"] for m in acme.of("message")}
    assert all(role[m] == "requester" for turn in acme.of("turn") for m in turn["message_ids"])


def test_the_bot_of_the_first_line_is_never_a_teacher(acme: Replayed) -> None:
    role = {m["id"]: m["role"] for m in acme.of("message")}
    assert not [k for k in acme.of("knowledge") for m in k["from"] if role[m] == "bot"]


def test_a_second_replay_in_the_same_home_starts_anew_and_says_the_same(tmp_path: Path) -> None:
    export = write_export(tmp_path / "export")
    first, again = (replayed(export, tmp_path / "home") for _ in range(2))
    assert first.of("knowledge")
    assert again.without_ms() == first.without_ms()
