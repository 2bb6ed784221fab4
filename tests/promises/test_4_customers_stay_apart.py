"""Promise 4: what one customer wrote never appears in another customer's thread."""

import json
import sqlite3

import pytest

from core.domain.knowledge import INTERNAL, Audience
from core.domain.people import Person
from core.domain.tasks import ExtractInput, Extraction, Lesson
from tests.promises.conftest import ASKED, Row
from tests.scenario.judged import OWN
from tests.unit.desk.support import ANALYST, CUSTOMER, OTHER, Table

STRANGER = Person("USTR", "Sam", "T0STR")
LOGS = "how long are logs kept in the console?"


@pytest.mark.parametrize("audience", [Audience.customer(CUSTOMER.organisation), INTERNAL])
async def test_what_belongs_to_one_customer_or_to_analysts_is_not_found_for_another(
    desk: Table, audience: Audience
) -> None:
    await desk.know(LOGS, "Thirty days on `kim-archive-7`.", audience, name="own")
    await desk.post(LOGS, STRANGER, channel=OTHER)
    await desk.post(LOGS, STRANGER, channel=OTHER, direct=True)
    await desk.wait(120)
    assert "kim-archive" not in str(desk.messenger.posted)


async def test_a_lesson_that_names_the_customer_stays_with_it(desk: Table) -> None:
    def lesson(inputs: ExtractInput) -> Extraction:
        (source,) = [line.id for line in inputs.dialogue if line.text.startswith("Set")]
        said = "Set the lifecycle of `kim-archive-7` to thirty days."
        return Extraction(Lesson("logs", "are kept", "", said, (), (source,), None, confirmed=False, confidence=1.0))

    desk.engine.says["extract"] = lesson
    root = await desk.post(f"{LOGS} our bucket is kim-archive-7")
    await desk.post("Set the lifecycle of `kim-archive-7` to thirty days.", ANALYST, thread=root)
    await desk.wait(1500)
    await desk.post(f"{LOGS} our bucket is kim-archive-7", STRANGER, channel=OTHER)
    await desk.wait(60)
    async with desk.desk.records.read() as work:
        learned = [head.after for head in await work.ledger.heads(None, 10) if head.subject_id != "known"]
    assert [entry.audience for entry in learned] == [Audience.customer(CUSTOMER.organisation)]
    assert "kim-archive" not in str([card.sections for card in desk.messenger.posted.values()])


async def test_a_question_of_one_customer_is_no_part_of_an_answer_to_another(desk: Table) -> None:
    await desk.post(f"{ASKED} at Kim Industries", CUSTOMER)
    await desk.post(ASKED, STRANGER, channel=OTHER)
    await desk.wait(120)
    others = [card for card in desk.messenger.posted.values() if card.destination.channel == OTHER]
    assert len(others) == 1
    assert "Kim Industries" not in str(others)


def test_in_the_example_no_shown_word_of_a_customer_reaches_another(sent: list[Row]) -> None:
    for row in sent:
        titles = " ".join(citation["title"] for citation in row.answer["citations"])
        shown = f"{row.answer['text']} {titles}".lower()
        for owner, words in OWN.items():
            if not row.channel.startswith(owner):
                assert [word for word in words if word in shown] == [], row.channel


def test_in_the_example_no_shared_entry_holds_a_word_of_a_customer(db: sqlite3.Connection) -> None:
    shared = 0
    for row in db.execute("SELECT after FROM revisions"):
        entry = json.loads(row["after"])
        if entry["audience"]["value"] == "shared":
            shown = f"{entry['title']} {entry['answer']} {entry['conditions']}".lower()
            assert [word for words in OWN.values() for word in words if word in shown.split()] == []
            assert not any(word in shown for word in ("northwind", "globex", "backup01", "nw-archive"))
            shared += 1
    assert shared >= 12
