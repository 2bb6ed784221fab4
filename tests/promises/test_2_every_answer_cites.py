"""Promise 2: every answer cites something that the reader may open. A claim without a citation is not sent."""

import json
import sqlite3
from datetime import UTC, datetime

import pytest

from core.domain.answers import Claim
from core.domain.cards import EntryPage
from core.domain.knowledge import SHARED, Audience
from core.domain.sessions import Outcome
from core.domain.tasks import Generated
from tests.promises.conftest import ASKED, Row
from tests.unit.desk.asking import press
from tests.unit.desk.support import CHANNEL, CUSTOMER, KNOWN, Table


@pytest.mark.parametrize("cites", [(), (7,)], ids=["nothing", "something that was not found"])
async def test_a_claim_that_cites_nothing_is_not_sent(desk: Table, cites: tuple[int, ...]) -> None:
    desk.engine.says["generate"] = lambda _: Generated((Claim("Turn it off and on again.", cites),))
    ts = await desk.post(ASKED)
    await desk.wait(60)
    (turn,) = await desk.turns((await desk.session_of(ts)).id)
    assert (turn.questions[0].outcome, desk.messenger.posted) == (Outcome.ABSTAINED, {})


async def test_of_an_answer_the_claims_without_a_source_are_left_out(desk: Table) -> None:
    desk.engine.says["generate"] = lambda _: Generated((Claim(KNOWN, (1,)), Claim("It is also faster on Sundays.", ())))
    await desk.post(ASKED)
    await desk.wait(60)
    (card,) = desk.messenger.posted.values()
    assert "Sundays" not in card.sections[0].answer.plain_text
    assert all(claim.cites for claim in card.sections[0].answer.claims)


@pytest.mark.parametrize("audience", [SHARED, Audience.customer(CUSTOMER.organisation)])
async def test_the_reader_opens_what_is_cited(desk: Table, audience: Audience) -> None:
    await desk.know("how long are logs kept in the console?", "Thirty days.", audience, name="logs")
    await desk.post("how long are logs kept in the console?")
    await desk.wait(60)
    (card,) = desk.messenger.posted.values()
    (citation,) = card.sections[0].answer.citations
    page = await press(desk, "open_entry", citation.entry, CUSTOMER, CHANNEL)
    assert isinstance(page, EntryPage)
    assert page.answer == "Thirty days."


def test_in_the_example_every_answer_cites_what_was_active_unexpired_and_for_these_eyes(
    sent: list[Row], db: sqlite3.Connection
) -> None:
    home = {"ext-northwind": "T0NORTH", "ext-northwind-bot": "T0NORTH", "ext-globex": "T0GLOBEX"}
    for row in sent:
        assert row.answer["citations"]
        assert "[1]" in row.answer["text"]
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
