"""The promises of DESIGN 1 over the whole example, whatever the tuning: none of these may ever be listed as a deviation."""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from core.session.answered import reply_answers
from tests.fakes.replayed import Replayed
from tests.scenario.judged import OWN


@dataclass(frozen=True, slots=True)
class Row:
    """A sent answer: its channel, session, time (microseconds), the burst it answers, and what is shown of it."""

    channel: str
    session: str
    at: int
    burst: frozenset[str]
    answer: dict[str, Any]


@pytest.fixture(scope="module")
def db(acme: Replayed) -> Iterator[sqlite3.Connection]:
    """The records of the replay."""
    connection = sqlite3.connect(next(acme.home.rglob("records.db")))
    connection.row_factory = sqlite3.Row
    yield connection
    connection.close()


@pytest.fixture(scope="module")
def sent(acme: Replayed, db: sqlite3.Connection) -> list[Row]:
    """Every answer that a card has brought to a channel."""
    channel = {m["id"]: m["channel"] for m in acme.of("message")}
    at = {row["card"]: row["sent_at"] for row in db.execute("SELECT card, sent_at FROM answers WHERE sent_at NOT NULL")}
    card = {row["id"]: row["card"] for row in db.execute("SELECT id, card FROM answers")}
    rows = [
        Row(channel[t["message_ids"][0]], t["session"], at[card[q["answer"]["id"]]], frozenset(t["message_ids"]), q["answer"])
        for t in acme.of("turn") if t["delivery"] == "sent"
        for q in t["questions"] if q["outcome"] == "answered"
    ]  # fmt: skip
    assert len(rows) >= 8
    return rows


def test_every_answer_cites_and_every_card_is_sent_once(sent: list[Row], db: sqlite3.Connection) -> None:
    assert all(row.answer["citations"] and "[1]" in row.answer["text"] for row in sent)
    states = [row["state"] for row in db.execute("SELECT state FROM outbox")]
    assert set(states) <= {"sent", "dropped"}
    cards = [row["card"] for row in db.execute("SELECT card FROM turns WHERE delivery = 'sent'")]
    assert len(cards) == len(set(cards)) == states.count("sent")


def test_what_is_cited_was_active_unexpired_and_for_these_eyes_at_that_moment(
    sent: list[Row], db: sqlite3.Connection
) -> None:
    home = {"ext-northwind": "T0NORTH", "ext-northwind-bot": "T0NORTH", "ext-globex": "T0GLOBEX"}
    for row in sent:
        moment = datetime.fromtimestamp(row.at / 1_000_000, UTC)
        for citation in row.answer["citations"]:
            heads = db.execute(
                "SELECT after FROM revisions WHERE subject_id = ? AND at <= ? ORDER BY n DESC LIMIT 1",
                (citation["entry"], row.at),
            ).fetchall()
            assert heads, "it cites something that was not known yet"
            entry = json.loads(heads[0]["after"])
            assert entry["status"] == "active"
            assert entry["expires_at"] is None or datetime.fromisoformat(entry["expires_at"]) > moment
            assert entry["audience"]["value"] in {"shared", f"customer:{home.get(row.channel, 'T0ACME')}"}


def test_no_shown_word_of_a_customer_reaches_another(sent: list[Row]) -> None:
    for row in sent:
        titles = " ".join(citation["title"] for citation in row.answer["citations"])
        shown = f"{row.answer['text']} {titles}".lower()
        for owner, words in OWN.items():
            if not row.channel.startswith(owner):
                assert [word for word in words if word in shown] == [], row.channel


def test_no_shared_entry_holds_a_word_of_a_customer(db: sqlite3.Connection) -> None:
    shared = 0
    for row in db.execute("SELECT after FROM revisions"):
        entry = json.loads(row["after"])
        if entry["audience"]["value"] == "shared":
            shown = f"{entry['title']} {entry['answer']} {entry['conditions']}".lower()
            assert [word for words in OWN.values() for word in words if word in shown.split()] == []
            assert not any(word in shown for word in ("northwind", "globex", "backup01", "nw-archive"))
            shared += 1
    assert shared >= 12


def test_no_card_comes_after_an_analyst_has_answered(sent: list[Row], db: sqlite3.Connection) -> None:
    for row in sent:
        said = db.execute(
            "SELECT id, at, role, text FROM messages WHERE session = ? ORDER BY at", (row.session,)
        ).fetchall()
        asked = max(m["at"] for m in said if m["id"] in row.burst)
        between = [m["text"] for m in said if m["role"] == "analyst" and asked < m["at"] < row.at]
        assert not any(reply_answers(text) for text in between), row.channel


def test_silence_has_a_reason(acme: Replayed) -> None:
    assert all(q["reason"] for turn in acme.of("turn") for q in turn["questions"])


def test_every_lesson_can_be_traced_to_what_people_wrote(acme: Replayed) -> None:
    role = {m["id"]: m["role"] for m in acme.of("message")}
    for change in acme.of("knowledge"):
        assert change["from"]
        assert change["reason"]
        assert {role[m] for m in change["from"]} <= {"analyst", "requester"}
