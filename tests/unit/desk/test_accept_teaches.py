"""What an Accept leaves in the ledger: a confirmation, or question and answer, never seen by more people than its sources."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from core.domain.answers import Claim
from core.domain.channels import Channel, ChannelSettings
from core.domain.ids import EntryId
from core.domain.knowledge import SHARED, Audience, ChangeKind, EntryStatus, KnowledgeEntry
from core.domain.people import Role
from core.domain.sessions import QuestionState
from core.domain.tasks import Generated
from core.knowledge.ledger import Because, add, retire, update
from core.learn.accept import kept_entry_id
from core.session.lifecycle import message_id
from tests.unit.desk.clicking import ASKED, Clicking, answered
from tests.unit.desk.support import ANALYST, CHANNEL, KNOWN, OTHER, Table, table

REWORDED = "Raise the part size of the transfer config for uploads that fail."
OURS = Audience.customer("T0CUS")


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Table]:
    async with table(tmp_path) as one:
        yield one


def _say(desk: Table, text: str) -> None:
    desk.engine.says["generate"] = lambda _: Generated((Claim(text, (1,)),))


async def _change(desk: Table, name: str, **fields: object) -> None:
    async with desk.desk.records.begin() as work:
        head = await work.ledger.head(EntryId(name))
        assert head is not None
        changed = replace(head.after, **fields)  # type: ignore[arg-type] # by name
        await update(work, changed, Because("a test", "test:change", desk.clock.now()))
    await desk.desk.projector.flush()


async def _kept(one: Clicking) -> KnowledgeEntry | None:
    history = await one.history(kept_entry_id(one.answer))
    return history[-1].after if history else None


async def test_an_answer_that_quotes_one_entry_confirms_it(desk: Table) -> None:
    await desk.know(ASKED)
    one = await answered(desk)
    await one.click()
    head = (await one.history("known"))[-1]
    assert (head.change, head.after.confirmations, head.job) == (ChangeKind.CONFIRMED, 1, f"accept:{one.answer}")
    assert head.from_messages == (message_id(CHANNEL.key, one.ts),)
    assert (head.why, head.after.audience) == ("the requester accepted the answer", SHARED)
    assert await _kept(one) is None


async def test_other_words_are_kept_with_what_they_rest_on(desk: Table) -> None:
    await desk.know(ASKED)
    _say(desk, REWORDED)
    one = await answered(desk)
    await one.click(by=ANALYST)
    kept = await _kept(one)
    assert kept is not None
    assert (kept.question, kept.answer, kept.derived_from) == (ASKED, REWORDED, ("known",))
    assert (kept.audience, kept.status, kept.confirmations) == (SHARED, EntryStatus.ACTIVE, 1)
    assert len(await one.history("known")) == 1
    (revision,) = await one.history(kept.id)
    assert (revision.why, revision.job) == ("an analyst accepted the answer", f"accept:{one.answer}")


async def test_undo_retires_what_was_kept_and_a_new_accept_brings_it_back(desk: Table) -> None:
    await desk.know(ASKED)
    _say(desk, REWORDED)
    one = await answered(desk)
    for action, status in (
        ("accept", EntryStatus.ACTIVE), ("undo_accept", EntryStatus.RETIRED), ("accept", EntryStatus.ACTIVE),
    ):  # fmt: skip
        await one.click(action)
        kept = await _kept(one)
        assert kept is not None
        assert kept.status is status


async def test_a_kept_answer_is_never_for_more_than_its_narrowest_source(desk: Table) -> None:
    await desk.know(ASKED, audience=OURS)
    _say(desk, REWORDED)
    one = await answered(desk)
    await one.click(by=ANALYST)
    kept = await _kept(one)
    assert kept is not None
    assert kept.audience == OURS


async def test_own_words_that_name_the_customers_things_stay_with_the_customer(desk: Table) -> None:
    asked = f"{ASKED} Our gateway is db7.kimcorp.internal."
    await desk.know(asked)
    _say(desk, "Lower the connections of db7.kimcorp.internal.")
    one = await answered(desk, asked)
    await one.click()
    kept = await _kept(one)
    assert kept is not None
    assert kept.audience == OURS


async def test_it_is_a_candidate_where_analysts_approve(desk: Table) -> None:
    async with desk.desk.records.begin() as work:
        await work.channels.put(Channel(CHANNEL, external=True, settings=ChannelSettings(approval=True)))
    await desk.know(ASKED)
    _say(desk, REWORDED)
    one = await answered(desk)
    await one.click()
    kept = await _kept(one)
    assert kept is not None
    assert kept.status is EntryStatus.CANDIDATE


async def test_it_is_vouched_for_no_better_and_no_longer_than_its_source(desk: Table) -> None:
    await desk.know(ASKED)
    until = desk.clock.now().replace(year=2099)
    await _change(desk, "known", expires_at=until, taught_by=Role.REQUESTER)
    _say(desk, REWORDED)
    one = await answered(desk)
    await one.click(by=ANALYST)
    kept = await _kept(one)
    assert kept is not None
    assert (kept.expires_at, kept.taught_by) == (until, Role.REQUESTER)


async def test_what_is_known_in_these_words_already_is_confirmed_instead(desk: Table) -> None:
    await desk.know(ASKED)
    await desk.know(ASKED, REWORDED, name="same")
    desk.engine.says["generate"] = lambda inputs: Generated(
        (Claim(REWORDED, tuple(range(1, len(inputs.passages) + 1))),)
    )
    one = await answered(desk)
    await one.click()
    assert await _kept(one) is None
    assert [(await one.history(name))[-1].after.confirmations for name in ("known", "same")] == [0, 1]


@pytest.mark.parametrize("gone", [True, False])
async def test_what_has_changed_since_it_was_cited_is_not_taught_anew(desk: Table, gone: bool) -> None:
    await desk.know(ASKED)
    one = await answered(desk)
    if gone:
        async with desk.desk.records.begin() as work:
            await retire(work, EntryId("known"), Because("a test", "hand:x", desk.clock.now()))
    else:
        await _change(desk, "known", answer="Ask support to raise the limit.")
    before = await one.history("known")
    await one.click()
    assert await one.history("known") == before
    assert await _kept(one) is None
    assert (await one.asked()).state is QuestionState.ACCEPTED


@pytest.mark.parametrize("verdict", ["delete", "update"])
async def test_a_later_accept_undoes_what_review_did(desk: Table, verdict: str) -> None:
    await desk.know(ASKED)
    one = await answered(desk)
    job = f"review:{one.question}"
    async with desk.desk.records.begin() as work:
        head = await work.ledger.head(EntryId("known"))
        answer = await work.answers.get(one.answer)
        assert head is not None
        assert answer is not None
        because = Because("an analyst said otherwise", job, desk.clock.now())
        if verdict == "delete":
            await retire(work, head.subject_id, because)
        else:
            await update(work, replace(head.after, answer="Ask support."), because)
        await work.answers.put(replace(answer, withdrawn_at=desk.clock.now()))
    await one.click()
    head = (await one.history("known"))[-1]
    assert (head.after.answer, head.after.status, head.after.confirmations) == (KNOWN, EntryStatus.ACTIVE, 1)
    assert [r.change for r in (await one.history("known"))[-2:]] == [ChangeKind.RESTORED, ChangeKind.CONFIRMED]
    async with desk.desk.records.read() as work:
        answer = await work.answers.get(one.answer)
    assert answer is not None
    assert answer.withdrawn_at is None


async def test_a_later_accept_does_not_bring_back_what_a_deleted_message_had_taught(desk: Table) -> None:
    await desk.know(ASKED)
    taught_in = await desk.post("the part size is what counts", ANALYST, channel=CHANNEL)
    sources = (message_id(CHANNEL.key, taught_in),)
    async with desk.desk.records.begin() as work:
        head = await work.ledger.head(EntryId("known"))
        assert head is not None
        again = replace(head.after, id=EntryId("taught"))
        await add(work, again, Because("said so", "extract:1", desk.clock.now(), sources))
        await retire(work, head.subject_id, Because("a test", "test:retire", desk.clock.now()))
    await desk.desk.projector.flush()
    one = await answered(desk)
    async with desk.desk.records.begin() as work:
        await retire(work, again.id, Because("an analyst said otherwise", f"review:{one.question}", desk.clock.now()))
    await desk.delete(taught_in)
    await one.click()
    assert [r.change for r in await one.history("taught")] == [ChangeKind.ADDED, ChangeKind.RETIRED]


async def test_deleting_the_question_takes_its_confirmation_back(desk: Table) -> None:
    await desk.know(ASKED)
    one = await answered(desk)
    await one.click()
    await desk.delete(one.ts)
    await desk.wait(5)
    assert (await one.history("known"))[-1].after.confirmations == 0


async def test_what_was_accepted_answers_the_next_asker(desk: Table) -> None:
    await desk.know(ASKED)
    _say(desk, REWORDED)
    one = await answered(desk)
    await one.click()
    del desk.engine.says["generate"]
    again = await answered(desk, channel=OTHER)
    (turn,) = await desk.turns((await desk.session_of(again.ts, OTHER)).id)
    assert {p.entry for p in turn.questions[0].passages} == {"known", kept_entry_id(one.answer)}
