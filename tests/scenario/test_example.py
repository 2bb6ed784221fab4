"""The example workspace: for each thread what must happen, and why (examples/acme/README.md tells it in words)."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.replayed import Replayed
from tests.scenario.deviations import LESSONS, TURNS

KEY, SECRET = "AKIANW" + "FAKEKEYEXAMPLE", "fAkEsEcReT/" + "NotARealOne0123456789+EXAMPLE"


def _turns(expected: list[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    for thread in expected:
        for turn in thread["turns"]:
            yield thread["name"], turn


def test_every_turn_ends_as_the_thread_says(acme: Replayed, expected: list[dict[str, Any]]) -> None:
    found: dict[tuple[str, str, str], str] = {}
    for name, turn in _turns(expected):
        outcomes = sorted(q["outcome"] for q in acme.questions(turn["message"]))
        if turn["outcome"] not in outcomes:
            found[name, turn["message"], turn["outcome"]] = ", ".join(outcomes)
    assert found == {key: actual for key, (actual, _) in TURNS.items()}


def test_answers_cite_the_thread_that_taught_them(acme: Replayed, expected: list[dict[str, Any]]) -> None:
    taught = {thread["name"]: [lesson["from_message"] for lesson in thread["learns"]] for thread in expected}
    checked = 0
    for name, turn in _turns(expected):
        cited = [c["entry"] for q in acme.questions(turn["message"]) if q["answer"] for c in q["answer"]["citations"]]
        if turn["outcome"] != "answered" or (name, turn["message"], "answered") in TURNS:
            continue
        wanted = {lesson["entry"] for ts in taught[turn["must_cite_thread"]] for lesson in acme.lessons(ts)}
        assert wanted & set(cited), f"{name}: {turn['why']}"
        checked += 1
    assert checked >= 8


def test_lessons_reach_the_audience_they_may(acme: Replayed, expected: list[dict[str, Any]]) -> None:
    found: dict[str, str] = {}
    for thread in expected:
        for lesson in thread["learns"]:
            made = acme.lessons(lesson["from_message"])
            audience = made[-1]["audience"] if made else "nothing"
            if audience != lesson["audience"]:
                found[thread["name"]] = audience
    assert found == {name: actual for name, (actual, _) in LESSONS.items()}


def test_nothing_is_learned_where_nothing_was_taught(acme: Replayed, expected: list[dict[str, Any]]) -> None:
    taught = {lesson["from_message"] for thread in expected for lesson in thread["learns"]}
    ts = acme.ts
    added = {ts[k["from"][0]] for k in acme.of("knowledge") if k["change"] == "added"}  # what asked comes after
    assert added <= taught


def test_what_is_learned_says_what_it_must_and_nothing_it_must_not(
    acme: Replayed, expected: list[dict[str, Any]]
) -> None:
    shown = _shown_fields(acme)
    checked = 0
    for thread in expected:
        for lesson in thread["learns"]:
            for made in acme.lessons(lesson["from_message"])[-1:]:
                text, expires = shown[made["entry"]]
                assert all(word in text for word in lesson["must_contain"]), thread["name"]
                assert not any(word in text for word in lesson["must_not_contain"]), thread["name"]
                assert (expires or "")[:10] == (lesson["expires"] or ""), thread["name"]
                checked += 1
    assert checked >= 12


def _shown_fields(acme: Replayed) -> dict[str, tuple[str, str | None]]:
    import json

    rows: dict[str, tuple[str, str | None]] = {}
    with sqlite3.connect(next(acme.home.rglob("records.db"))) as db:
        for subject, after in db.execute("SELECT subject_id, after FROM revisions ORDER BY n"):
            entry = json.loads(after)
            rows[subject] = (f"{entry['title']}\n{entry['answer']}\n{entry['conditions']}", entry["expires_at"])
    return rows


@pytest.mark.parametrize("leaked", [KEY, SECRET])
def test_a_pasted_key_is_nowhere_on_disk(acme: Replayed, leaked: str) -> None:
    files = [path for path in acme.home.rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if leaked.encode() in path.read_bytes()]
    assert leaked not in acme.text


def test_what_one_customer_wrote_never_reaches_another(acme: Replayed) -> None:
    channel = {m["id"]: m["channel"] for m in acme.of("message")}
    for turn in acme.of("turn"):
        if channel[turn["message_ids"][0]] == "ext-globex":
            answers = " ".join(q["answer"]["text"] for q in turn["questions"] if q["answer"])
            assert not any(
                word in answers.lower() for word in ("northwind", "nw-archive", "backup01", "pg-wal", "anna", "leo")
            )


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


def test_a_second_replay_in_the_same_home_starts_anew_and_says_the_same(acme: Replayed) -> None:
    from tests.fakes.replayed import EXAMPLES, replayed

    again = replayed(EXAMPLES / "acme", Path(acme.home))
    assert again.without_ms() == acme.without_ms()
