"""Promise 3: it never repeats itself in a session, never posts twice for one question, never talks over a human who has just
answered it."""

import sqlite3
from dataclasses import replace

from core.desk.runner import Runner
from core.domain.sessions import Outcome
from core.session.answered import reply_answers
from tests.promises.conftest import ASKED, Row
from tests.unit.desk.support import ANALYST, Table


async def test_the_same_question_in_a_session_gets_one_card(desk: Table) -> None:
    root = await desk.post(ASKED)
    await desk.wait(60)
    await desk.post(ASKED, thread=root)
    await desk.wait(60)
    _, again = await desk.turns((await desk.session_of(root)).id)
    assert again.questions[0].outcome is Outcome.REPEAT
    assert len(desk.messenger.posted) == 1


async def test_a_card_whose_answer_was_lost_on_the_way_is_not_posted_again(desk: Table) -> None:
    desk.messenger.lose_answers = True
    desk.messenger.failures = [TimeoutError("the line broke after the post")]
    await desk.post(ASKED)
    await desk.wait(600)
    assert len(desk.messenger.posted) == 1  # a second post of the same card is an error of the fake
    assert "find" in desk.messenger.calls


async def test_a_process_that_starts_again_posts_nothing_again(desk: Table) -> None:
    await desk.post(ASKED)
    await desk.wait(60)
    posted = dict(desk.messenger.posted)
    again = replace(desk, runner=Runner(replace(desk.desk, owner="after the restart")))
    await again.wait(600)
    assert desk.messenger.posted == posted


async def test_an_analyst_who_answers_while_the_card_is_on_its_way_is_not_talked_over(desk: Table) -> None:
    slow = replace(desk.desk, policy=replace(desk.desk.policy, send_delay_s=30.0))
    desk = replace(desk, desk=slow, runner=Runner(slow))
    root = await desk.post(ASKED)
    await desk.wait(10)
    await desk.post("Set `max_concurrency=4`, that solves it.", ANALYST, thread=root)
    await desk.wait(300)
    assert desk.messenger.posted == {}


async def test_a_greeting_of_an_analyst_is_no_answer(desk: Table) -> None:
    root = await desk.post(ASKED)
    await desk.post("hi, let me check", ANALYST, thread=root)
    await desk.wait(60)
    assert len(desk.messenger.posted) == 1


def test_in_the_example_every_card_is_sent_once(db: sqlite3.Connection) -> None:
    states = [row["state"] for row in db.execute("SELECT state FROM outbox")]
    assert set(states) <= {"sent", "dropped"}
    cards = [row["card"] for row in db.execute("SELECT card FROM turns WHERE delivery = 'sent'")]
    assert len(cards) == len(set(cards)) == states.count("sent")


def test_in_the_example_no_card_comes_after_an_analyst_has_answered(sent: list[Row], db: sqlite3.Connection) -> None:
    for row in sent:
        said = db.execute(
            "SELECT id, at, role, text FROM messages WHERE session = ? ORDER BY at", (row.session,)
        ).fetchall()
        asked = max(m["at"] for m in said if m["id"] in row.burst)
        between = [m["text"] for m in said if m["role"] == "analyst" and asked < m["at"] < row.at]
        assert not any(reply_answers(text) for text in between), row.channel
