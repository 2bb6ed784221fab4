"""Cards follow what they cite (DESIGN 6; UX, when we were wrong)."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from core.desk.withdraw import ANSWERED_DIFFERENTLY, CHANGED, unsound
from core.domain.cards import Card, CardState
from core.domain.errors import TransientError
from core.domain.ids import EntryId
from core.domain.knowledge import QA, SHARED, Audience, KnowledgeEntry
from core.domain.sessions import QuestionState
from core.knowledge.ledger import Because, add, confirm, restore, retire, take_back, update
from tests.unit.desk.support import CUSTOMER, Table, table

ASKED = "why do multipart uploads fail with SlowDown?"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Table]:
    async with table(tmp_path) as one:
        yield one


async def _answered(desk: Table) -> tuple[EntryId, str]:
    """An entry and a thread where a card cites it; gives the entry and the thread's root."""
    entry = await desk.know(ASKED)
    root = await desk.post(ASKED)
    await desk.wait(10)
    assert len(desk.messenger.posted) == 1
    return entry, root


def _card(desk: Table) -> Card:
    (card,) = desk.messenger.posted.values()
    return card


async def _image(desk: Table, entry: EntryId) -> KnowledgeEntry:
    async with desk.desk.records.read() as work:
        head = await work.ledger.head(entry)
    assert head is not None
    return head.after


def because(desk: Table, job: str = "hand:test") -> Because:
    return Because("a test says so", job, desk.clock.now())


async def _retired(desk: Table, entry: EntryId, job: str = "hand:test") -> None:
    async with desk.desk.records.begin() as work:
        assert await retire(work, entry, because(desk, job))
    await desk.wait(1)


async def test_the_card_is_withdrawn_when_what_it_cites_is_retired(desk: Table) -> None:
    entry, root = await _answered(desk)
    await _retired(desk, entry)
    card = _card(desk)
    assert (card.state, card.actions, card.marks[0].reason) == (CardState.WITHDRAWN, (), CHANGED)
    async with desk.desk.records.read() as work:
        (answer,) = await work.answers.of_session((await desk.session_of(root)).id)
    assert answer.withdrawn_at is not None


async def test_the_card_says_so_when_the_review_of_its_own_question_did_it(desk: Table) -> None:
    entry, root = await _answered(desk)
    (question,) = await desk.questions((await desk.session_of(root)).id)
    await _retired(desk, entry, f"review:{question.id}")
    assert _card(desk).marks[0].reason == ANSWERED_DIFFERENTLY


@pytest.mark.parametrize("field", ["answer", "conditions"])
async def test_the_card_is_withdrawn_when_what_it_cites_reads_differently(desk: Table, field: str) -> None:
    entry, _ = await _answered(desk)
    changed = replace(await _image(desk, entry), **{field: "with the Go SDK below 2.1.4"})  # type: ignore[arg-type] # a text
    async with desk.desk.records.begin() as work:
        await update(work, changed, because(desk))
    await desk.wait(1)
    assert _card(desk).state is CardState.WITHDRAWN


async def test_the_card_stands_when_nothing_that_it_says_changes(desk: Table) -> None:
    entry, _ = await _answered(desk)
    worded = replace(await _image(desk, entry), question="why is it slow?", keys=("SlowDown",))
    async with desk.desk.records.begin() as work:
        await update(work, worded, because(desk))
        await confirm(work, entry, because(desk, "extract:9"))
    await desk.wait(1)
    assert _card(desk).state is CardState.POSTED
    assert "update" not in desk.messenger.calls


async def test_a_lesson_that_is_shared_now_leaves_its_customers_card_alone(desk: Table) -> None:
    await desk.know(ASKED, audience=Audience.customer(CUSTOMER.organisation))
    await desk.post(ASKED)
    await desk.wait(10)
    async with desk.desk.records.begin() as work:
        await update(work, replace(await _image(desk, EntryId("known")), audience=SHARED), because(desk))
    await desk.wait(1)
    assert _card(desk).state is CardState.POSTED


async def test_the_card_stands_again_once_the_change_is_undone(desk: Table) -> None:
    entry, root = await _answered(desk)
    before = _card(desk)
    await _retired(desk, entry)
    async with desk.desk.records.begin() as work:
        assert await take_back(work, entry, because(desk))
    await desk.wait(1)
    assert _card(desk) == before
    async with desk.desk.records.read() as work:
        (answer,) = await work.answers.of_session((await desk.session_of(root)).id)
    assert answer.withdrawn_at is None


@pytest.mark.parametrize("lost", [False, True])
async def test_the_card_is_withdrawn_when_what_it_cites_goes_while_it_is_being_sent(
    desk: Table, monkeypatch: pytest.MonkeyPatch, lost: bool
) -> None:
    entry, real = await desk.know(ASKED), desk.messenger.send

    async def send(card: Card) -> str:
        async with desk.desk.records.begin() as work:
            await retire(work, entry, because(desk))
        posted = await real(card)
        if lost:
            raise TransientError("the platform's answer was lost")
        return posted

    monkeypatch.setattr(desk.messenger, "send", send)
    root = await desk.post(ASKED)
    await desk.wait(60)
    assert (_card(desk).state, desk.messenger.calls.count("send")) == (CardState.WITHDRAWN, 1)
    async with desk.desk.records.read() as work:
        (answer,) = await work.answers.of_session((await desk.session_of(root)).id)
    assert answer.withdrawn_at is not None


async def test_an_accepted_card_is_left_and_told_to_analysts(desk: Table) -> None:
    entry, root = await _answered(desk)
    (question,) = await desk.questions((await desk.session_of(root)).id)
    async with desk.desk.records.begin() as work:
        await work.questions.put(replace(question, state=QuestionState.ACCEPTED))
    await _retired(desk, entry)
    assert _card(desk).state is CardState.POSTED
    async with desk.desk.records.read() as work:
        (left,) = await unsound(work, desk.clock.at.replace(year=2000))
    assert (left.stands, left.head.subject_id) == (True, entry)


async def test_after_the_close_the_card_is_listed_instead(desk: Table) -> None:
    entry, _ = await _answered(desk)
    await desk.wait(100_000)
    await _retired(desk, entry)
    assert _card(desk).state is CardState.POSTED
    async with desk.desk.records.begin() as work:
        (left,) = await unsound(work, desk.clock.at.replace(year=2000))
        assert (left.stands, left.head.why) == (True, "a test says so")
        assert await restore(work, entry, 1, because(desk, "hand:back"))
        assert await unsound(work, desk.clock.at.replace(year=2000)) == []


async def test_a_platform_that_is_down_gets_the_withdrawal_later(desk: Table) -> None:
    entry, _ = await _answered(desk)
    desk.messenger.update_failures = [TransientError("down")]
    await _retired(desk, entry)
    assert _card(desk).state is CardState.POSTED
    await desk.wait(60)
    assert _card(desk).state is CardState.WITHDRAWN


async def test_the_card_of_a_derived_entry_goes_with_its_source(desk: Table) -> None:
    source = await desk.know("what is the limit on connections?", name="source", answer="Four connections.")
    now = desk.clock.now()
    derived = KnowledgeEntry(
        id=EntryId("derived"), kind=QA, audience=SHARED, title=ASKED, question=ASKED, answer="Use four connections.",
        created_at=now, updated_at=now, derived_from=(source,),
    )  # fmt: skip
    async with desk.desk.records.begin() as work:
        await add(work, derived, because(desk, "accept:1"))
    await desk.desk.projector.flush()
    await desk.post(ASKED)
    await desk.wait(10)
    assert _card(desk).sections[0].answer.citations[0].entry == "derived"
    await _retired(desk, source)
    assert _card(desk).state is CardState.WITHDRAWN
