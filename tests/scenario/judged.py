"""A replay judged by examples/acme/expected.json: what became of each message, and what was learned from it."""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from typing import Any

from tests.fakes.replayed import Replayed

Expected = list[dict[str, Any]]
Key = tuple[str, str]
"""The thread's name and the message's ts."""
Ending = tuple[tuple[str, str], ...]
"""(class, outcome) of each question that a message led to, sorted."""

# Names, hosts, buckets and endpoints that only one customer's people wrote.
OWN = {
    "ext-northwind": ("northwind", "nw-archive", "backup01", "pg-wal", "anna", "leo"),
    "ext-globex": ("globex", "u0gx", "raj", "hana"),
    "ext-initech": ("initech", "u0in", "sofia", "omar", "yang"),
}


def wanted_endings(expected: Expected) -> dict[Key, Ending]:
    """What every message is to lead to; a message with two questions is listed twice."""
    found: dict[Key, list[tuple[str, str]]] = defaultdict(list)
    for thread in expected:
        for turn in thread["turns"]:
            found[thread["name"], turn["message"]].append((turn["class"], turn["outcome"]))
    return {key: tuple(sorted(pairs)) for key, pairs in found.items()}


def ending(one: Replayed, message: str) -> Ending:
    """What a message led to."""
    return tuple(sorted((q["class"], q["outcome"]) for q in one.questions(message)))


def lessons(expected: Expected) -> Iterator[tuple[str, dict[str, Any]]]:
    """What is to be learned, each with its thread's name."""
    for thread in expected:
        for lesson in thread["learns"]:
            yield thread["name"], lesson


def audience(one: Replayed, message: str) -> str:
    """Who may see what was learned from a message, ``nothing`` when nothing was."""
    made = one.lessons(message)
    return str(made[-1]["audience"]) if made else "nothing"


def shown_fields(one: Replayed) -> dict[str, tuple[str, str]]:
    """What entries show, by id, each with the day it ends (or nothing), as they were in the end."""
    rows: dict[str, tuple[str, str]] = {}
    with closing(sqlite3.connect(next(one.home.rglob("records.db")))) as db:
        for subject, after in db.execute("SELECT subject_id, after FROM revisions ORDER BY n"):
            entry = json.loads(after)
            shown = f"{entry['title']}\n{entry['answer']}\n{entry['conditions']}"
            rows[subject] = (shown, (entry["expires_at"] or "")[:10])
    return rows


def beside_the_point(one: Replayed, expected: Expected) -> dict[str, str]:
    """Lessons that lack a word they must have, have one they must not, or end on another day, by thread."""
    shown, found = shown_fields(one), {}
    for name, lesson in lessons(expected):
        for made in one.lessons(lesson["from_message"])[-1:]:
            text, last = shown[made["entry"]]
            lacking = [word for word in lesson["must_contain"] if word not in text]
            too_much = [word for word in lesson["must_not_contain"] if word in text]
            if lacking or too_much or last != (lesson["expires"] or ""):
                found[name] = f"lacks {lacking}, has {too_much}, ends '{last}'"
    return found


def standing(one: Replayed) -> set[str]:
    """The ids of entries that are not retired in the end."""
    with closing(sqlite3.connect(next(one.home.rglob("records.db")))) as db:
        rows = db.execute("SELECT subject_id, after FROM revisions ORDER BY n")
        status = {subject: json.loads(after)["status"] for subject, after in rows}
    return {subject for subject, last in status.items() if last != "retired"}


def untaught(one: Replayed, expected: Expected) -> set[str]:
    """Messages that something was learned from though they teach nothing; what an accept took back does not count."""
    taught = {ts for _, lesson in lessons(expected) for ts in (lesson["from_message"], lesson.get("revises"))}
    doubted = {t["thread"].partition("/")[2] for t in expected if any("undone" in r for r in t["reviews"])}
    undone = {m["id"] for m in one.of("message") if m["thread"] in doubted}
    ts, left = one.ts, standing(one)
    added = [k for k in one.of("knowledge") if k["change"] == "added"]
    added = [k for k in added if k["entry"] in left or not undone & set(k["from"])]
    return {ts[change["from"][0]] for change in added} - taught  # what taught it comes first


def leaks(one: Replayed) -> list[tuple[str, str]]:
    """(Channel or ``shared``, word) wherever a customer's word is shown outside of that customer's channels."""
    channel = {m["id"]: m["channel"] for m in one.of("message")}
    places: list[tuple[str, str]] = []
    for turn in one.of("turn"):
        for answer in (q["answer"] for q in turn["questions"] if q["answer"]):
            titles = " ".join(citation["title"] for citation in answer["citations"])
            places.append((channel[turn["message_ids"][0]], f"{answer['text']} {titles}".lower()))
    shown = shown_fields(one)
    shared = {k["entry"] for k in one.of("knowledge") if k["audience"] == "shared"}
    places += [("shared", shown[entry][0].lower()) for entry in sorted(shared)]
    return [
        (place, word)
        for place, text in places
        for owner, words in OWN.items()
        for word in words
        if not place.startswith(owner) and word in text
    ]
