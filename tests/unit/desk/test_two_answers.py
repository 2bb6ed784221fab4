"""A card with two answers is withdrawn and comes back as a whole; each answer is reviewed and accepted alone (DESIGN 6)."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from core.domain.cards import Card, CardState, Notice
from core.domain.ids import EntryId
from core.domain.knowledge import EntryStatus
from core.domain.people import Role
from core.domain.reviews import EntryRuling, Review, ReviewInput, Verdict
from core.domain.sessions import QuestionState
from core.domain.tasks import RewriteInput, Rewriting, Rewritten
from core.knowledge.ledger import Because, restore, retire, update
from tests.unit.desk.clicking import Clicking
from tests.unit.desk.support import ANALYST, table
from tests.unit.desk.test_learn import SAID, lesson

FIRST, SECOND = "why do multipart uploads fail with SlowDown?", "how do I rotate the signing key of the gateway?"


def _both(inputs: RewriteInput) -> Rewriting:
    burst = tuple(line.id for line in inputs.burst)
    return Rewriting((Rewritten(FIRST, burst), Rewritten(SECOND, burst)))


@pytest.fixture
async def posted(tmp_path: Path) -> AsyncIterator[Clicking]:
    """A card that answers both questions; clicks are on the second answer."""
    async with table(tmp_path) as desk:
        await desk.know(FIRST, "Use four connections.", name="first")
        await desk.know(SECOND, "Run gatewayctl rotate.", name="second")
        desk.engine.says["rewrite"] = _both
        ts = await desk.post(f"{FIRST} {SECOND}")
        await desk.wait(30)
        (card,) = desk.messenger.posted.values()
        assert [section.asked for section in card.sections] == [FIRST, SECOND]
        yield Clicking(desk, ts, card.sections[1].answer.id, card.sections[1].question, card.id)


async def _retire(posted: Clicking, entry: str, job: str = "hand:test") -> None:
    async with posted.table.desk.records.begin() as work:
        assert await retire(work, EntryId(entry), _because(posted, job))
    await posted.table.wait(1)


async def _restore(posted: Clicking, entry: str) -> None:
    async with posted.table.desk.records.begin() as work:
        assert await restore(work, EntryId(entry), 1, _because(posted, "hand:back"))
    await posted.table.wait(1)


def _because(posted: Clicking, job: str) -> Because:
    return Because("a test says so", job, posted.table.clock.now())


async def _withdrawn(posted: Clicking) -> list[bool]:
    async with posted.table.desk.records.read() as work:
        answers = await work.answers.of_session((await posted.table.session_of(posted.ts)).id)
    return [answer.withdrawn_at is not None for answer in answers]


async def test_it_stays_withdrawn_while_one_answer_is_wrong_whatever_becomes_of_the_other(posted: Clicking) -> None:
    await _retire(posted, "first")
    async with posted.table.desk.records.begin() as work:
        head = await work.ledger.head(EntryId("second"))
        assert head is not None
        await update(work, replace(head.after, keys=("GW",)), _because(posted, "hand:keys"))
    await posted.table.wait(1)
    assert (posted.shown.state, await _withdrawn(posted)) == (CardState.WITHDRAWN, [True, True])


async def test_it_comes_back_when_both_answers_stand_again(posted: Clicking) -> None:
    before = posted.shown
    await _retire(posted, "first")
    await _retire(posted, "second")
    await _restore(posted, "second")
    assert (posted.shown.state, await _withdrawn(posted)) == (CardState.WITHDRAWN, [True, True])
    await _restore(posted, "first")
    assert (posted.shown, await _withdrawn(posted)) == (before, [False, False])


async def test_an_accept_brings_the_whole_card_back_when_its_own_answer_alone_was_wrong(posted: Clicking) -> None:
    await _retire(posted, "second", f"review:{posted.question}")
    assert isinstance(await posted.click(), Card)
    assert (posted.shown.state, len(posted.shown.actions)) == (CardState.POSTED, 2)
    assert await _withdrawn(posted) == [False, False]


async def test_an_accept_of_one_answer_leaves_the_card_withdrawn_while_the_other_is_wrong(posted: Clicking) -> None:
    await _retire(posted, "second", f"review:{posted.question}")
    await _retire(posted, "first")
    assert not isinstance(await posted.click(), Notice)
    assert (await posted.asked()).state is QuestionState.ACCEPTED
    assert (posted.shown.state, posted.shown.actions) == (CardState.WITHDRAWN, ())
    assert await _withdrawn(posted) == [True, True]
    await _restore(posted, "first")
    (mark,) = posted.shown.marks
    assert (posted.shown.state, mark.state, mark.answer) == (CardState.POSTED, CardState.ACCEPTED, posted.answer)
    assert await _withdrawn(posted) == [False, False]


def _both_wrong(inputs: ReviewInput) -> Review:
    carried = tuple(line.id for line in inputs.dialogue if line.role is Role.ANALYST)[-1:]
    ruling = EntryRuling(0, Verdict.DELETE, "it says otherwise", carried, confidence=0.9)
    return Review(tuple(replace(ruling, n=cited.n) for cited in inputs.cited))


@pytest.mark.parametrize("merged", [False, True])
async def test_an_accepted_answer_is_not_corrected_with_the_other_question(posted: Clicking, merged: bool) -> None:
    desk = posted.table
    desk.engine.says |= {"review": _both_wrong, "extract": lesson}
    await desk.post(f"Both are wrong. {SAID}", ANALYST, thread=posted.ts)
    await desk.wait(700)
    first, second = await desk.questions((await desk.session_of(posted.ts)).id)
    assert [(q.state, q.merged_into) for q in (first, second)] == [(QuestionState.RESOLVED, None)] * 2
    if merged:
        async with desk.desk.records.begin() as work:
            await work.questions.put(replace(second, merged_into=first.id))
    await posted.click()
    await desk.wait(90_000)
    heads = [(await posted.history(name))[-1].after for name in ("first", "second")]
    assert [head.status for head in heads] == [EntryStatus.RETIRED, EntryStatus.ACTIVE]
    assert (heads[1].confirmations, (await posted.asked()).state) == (1, QuestionState.ACCEPTED)
