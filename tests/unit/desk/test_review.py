"""What people say after an answer corrects the entries behind it, and what takes that back (DESIGN 6, Review)."""

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.desk.caps import OVER_CAP
from core.domain.channels import Channel, ChannelSettings
from core.domain.errors import TransientError
from core.domain.ids import EntryId
from core.domain.jobs import Lane
from core.domain.knowledge import CHUNK, INTERNAL, SHARED, Audience, ChangeKind, EntryStatus, KnowledgeEntry, Revision
from core.domain.people import Person, Role
from core.domain.reviews import EntryRuling, Review, ReviewInput, Verdict
from core.domain.sessions import Question, QuestionState
from core.domain.tasks import ExtractInput, Extraction, Lesson
from core.knowledge.ledger import Because, add, confirm, update
from core.learn.apply import unlearn
from core.learn.extract import entry_id
from core.prompts.clip import MOST_CHARS, UNHURRIED_CHARS
from tests.unit.desk.support import ANALYST, CHANNEL, CUSTOMER, HOME, KNOWN, OTHER, Table, table

ASKED = "why do multipart uploads fail with SlowDown?"
RIGHT = "Ignore the bot, use four connections at most."
OWN = "Lower the number of parallel connections to four."
SIBLING = "Behind a proxy the upload is cut after a minute: raise the timeout to 300 s."


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Table]:
    async with table(tmp_path) as one:
        yield one


def lesson(answer: str, conditions: str = "", symptom: str = "uploads fail") -> Lesson:
    """A correction as an engine words it."""
    return Lesson("SlowDown", symptom, conditions, answer, (), (), None, confirmed=False, confidence=1.0)


def says(verdict: Verdict, role: Role = Role.ANALYST, **more: Any) -> Callable[[ReviewInput], Review]:
    """An engine that rules so on every cited entry, on account of the role's last message."""

    def rule(inputs: ReviewInput) -> Review:
        carried = [line.id for line in inputs.dialogue if line.role is role][-1:]
        base = EntryRuling(0, verdict, "it says otherwise", tuple(carried), confidence=0.9)
        return Review(tuple(replace(base, n=cited.n, **more) for cited in inputs.cited))

    return rule


def extracted(inputs: ExtractInput) -> Extraction:
    """The last message of an analyst as the definitive solution."""
    line = [line for line in inputs.dialogue if line.role is Role.ANALYST][-1]
    return Extraction(replace(lesson(line.text), from_messages=(line.id,)))


async def answered(desk: Table, asker: Person = CUSTOMER, **more: Any) -> str:
    """A question that Vigil has answered from what it knows; gives its root."""
    root = await desk.post(ASKED, asker, **more)
    await desk.wait(30)
    return root


async def corrected(desk: Table, text: str = RIGHT, author: Person = ANALYST) -> str:
    """An answered question, after which somebody says something and the thread settles."""
    await desk.know(ASKED)
    root = await answered(desk)
    await desk.post(text, author, thread=root)
    await desk.wait(700)
    return root


async def head(desk: Table, entry: str = "known") -> Revision:
    async with desk.desk.records.read() as work:
        found = await work.ledger.head(EntryId(entry))
    assert found is not None
    return found


async def others(desk: Table) -> list[Revision]:
    """The heads of everything but the entry that was known first."""
    async with desk.desk.records.read() as work:
        return [one for one in await work.ledger.heads(None, 100) if one.subject_id != "known"]


async def question(desk: Table, root: str) -> Question:
    (one,) = await desk.questions((await desk.session_of(root)).id)
    return one


async def test_an_entry_that_an_analyst_corrects_is_retired_and_the_correction_is_learned(desk: Table) -> None:
    desk.engine.says |= {"review": says(Verdict.DELETE), "extract": extracted}
    root = await corrected(desk)
    asked = await question(desk, root)
    gone = await head(desk)
    assert (gone.change, gone.job) == (ChangeKind.RETIRED, f"review:{asked.id}")
    (new,) = await others(desk)
    assert (new.after.answer, new.job) == (RIGHT, f"extract:{asked.id}")
    assert asked.state is QuestionState.RESOLVED
    await desk.wait(5)
    desk.engine.says.clear()
    second = await answered(desk)
    (answer,) = [t.questions[0].answer for t in await desk.turns((await desk.session_of(second)).id)]
    async with desk.desk.records.read() as work:
        told = await work.answers.get(answer) if answer else None
    assert told is not None
    assert told.plain_text == RIGHT


async def test_silence_keeps_and_the_engine_is_not_even_asked(desk: Table) -> None:
    desk.engine.says["review"] = says(Verdict.DELETE)
    await desk.know(ASKED)
    root = await answered(desk)
    await desk.post("that does not work at all", thread=root)
    await desk.wait(90_000)
    assert (await head(desk)).n == 1
    assert "review" not in desk.engine.asked


@pytest.mark.parametrize(
    "ruling",
    [
        says(Verdict.DELETE, role=Role.REQUESTER),
        says(Verdict.DELETE, confidence=0.3),
        says(Verdict.DELETE, correction=()),
        says(Verdict.UPDATE),
        says(Verdict.UPDATE, lesson=lesson(" ")),
        lambda _: Review(()),
        lambda _: Review((EntryRuling(7, Verdict.DELETE, "no such entry", confidence=1.0),)),
    ],
    ids=[
        "by the requester",
        "unsure",
        "without a correction",
        "without a text",
        "empty",
        "no ruling",
        "another number",
    ],
)
async def test_what_no_analyst_surely_corrects_is_kept(desk: Table, ruling: Callable[[ReviewInput], Review]) -> None:
    desk.engine.says["review"] = ruling
    root = await corrected(desk)
    assert (await head(desk)).n == 1
    assert (await question(desk, root)).state is QuestionState.ANSWERED


async def test_a_presumed_analyst_corrects_only_once_the_requester_confirms(desk: Table) -> None:
    asker, joiner = Person("U1", "Sel", HOME), Person("U2", "Dev", HOME)
    desk.engine.says["review"] = says(Verdict.DELETE)
    await desk.know(ASKED)
    root = await answered(desk, asker, channel=OTHER)
    await desk.post(RIGHT, joiner, thread=root, channel=OTHER)
    await desk.wait(700)
    assert (await head(desk)).n == 1
    desk.engine.says["review"] = says(Verdict.DELETE, confirmed=True)
    await desk.post("that was it", asker, thread=root, channel=OTHER)
    await desk.wait(700)
    assert (await head(desk)).change is ChangeKind.RETIRED


async def test_what_a_presumed_analyst_corrects_counts_against_the_cap_of_the_day(tmp_path: Path) -> None:
    async with table(tmp_path, lessons_per_day=0) as desk:
        asker, joiner = Person("U1", "Sel", HOME), Person("U2", "Dev", HOME)
        desk.engine.says["review"] = says(Verdict.UPDATE, confirmed=True, lesson=lesson("Set it to 16."))
        await desk.know(ASKED)
        root = await answered(desk, asker, channel=OTHER)
        await desk.post("16!", joiner, thread=root, channel=OTHER)
        await desk.post("that worked, thanks", asker, thread=root, channel=OTHER)
        await desk.wait(700)
        assert (await head(desk)).n == 1
        async with desk.desk.records.read() as work:
            (job,) = await work.owners.listing(Lane.LEARN)
        assert job.reason == OVER_CAP


async def test_a_correction_that_names_another_customer_is_not_put_into_the_customers_entry(desk: Table) -> None:
    new = "Set `part_size=128`, same as for Globex."
    async with desk.desk.records.begin() as work:
        await work.channels.put(Channel(CHANNEL, "ext-northwind", True, frozenset({"T0CUS"})))
        await work.channels.put(Channel(OTHER, "ext-globex", True, frozenset({"T0GLOBEX"})))
    desk.engine.says["review"] = says(Verdict.UPDATE, lesson=lesson(new))
    known = await desk.know(ASKED, audience=Audience.customer("T0CUS"))
    root = await answered(desk)
    await desk.post(new, ANALYST, thread=root)
    await desk.wait(700)
    async with desk.desk.records.read() as work:
        heads = {head.subject_id: head.after for head in await work.ledger.heads(None, 10)}
    assert "Globex" not in heads.pop(known).answer
    assert [(entry.answer, entry.audience) for entry in heads.values()] == [(new, INTERNAL)]


async def test_a_detail_that_an_analyst_corrects_is_put_into_the_entry_with_its_conditions(desk: Table) -> None:
    new = lesson("Set `part_size=128` in the transfer config.", "since SDK 2.1")
    desk.engine.says["review"] = says(Verdict.UPDATE, lesson=new)
    await desk.know(ASKED)
    async with desk.desk.records.begin() as work:
        known = replace((await head(desk)).after, conditions="with the Go SDK")
        await update(work, known, Because("a test", "test:conditions", desk.clock.now()))
    await desk.desk.projector.flush()
    root = await answered(desk)
    said = await desk.post("128 since 2.1", ANALYST, thread=root)
    await desk.wait(700)
    now = await head(desk)
    assert (now.after.answer, now.after.conditions) == (new.answer, "with the Go SDK; since SDK 2.1")
    assert (now.change, now.after.question) == (ChangeKind.UPDATED, ASKED)
    messages = {m.platform_id: m.id for m in await desk.messages((await desk.session_of(root)).id)}
    assert messages[said] in now.from_messages
    assert (await question(desk, root)).state is QuestionState.ANSWERED
    assert "extract" not in desk.engine.asked


async def test_another_cause_of_the_same_symptom_stands_beside_the_entry(desk: Table) -> None:
    desk.engine.says["review"] = says(Verdict.UPDATE, sibling=True, lesson=lesson(SIBLING, "behind a proxy"))
    root = await corrected(desk, SIBLING)
    assert (await head(desk)).n == 1
    (sibling,) = await others(desk)
    assert (sibling.after.answer, sibling.after.conditions) == (SIBLING, "behind a proxy")
    assert (sibling.after.question, sibling.after.derived_from) == (ASKED, ())
    assert sibling.job == f"review:{(await question(desk, root)).id}"


async def _learn_document(desk: Table) -> None:
    now = desk.clock.now()
    chunk = KnowledgeEntry(
        id=EntryId("known"), kind=CHUNK, audience=SHARED, title=ASKED, answer=f"{ASKED} {KNOWN}", created_at=now, updated_at=now
    )  # fmt: skip
    async with desk.desk.records.begin() as work:
        await add(work, chunk, Because("a test put it there", "test:doc", now))
    await desk.desk.projector.flush()


async def test_a_document_that_misled_is_flagged_and_never_deleted(desk: Table) -> None:
    await _learn_document(desk)
    desk.engine.says |= {"review": says(Verdict.DELETE), "extract": extracted}
    root = await answered(desk)
    await desk.post(RIGHT, ANALYST, thread=root)
    await desk.wait(700)
    assert (await head(desk)).n == 1
    assert [one.after.answer for one in await others(desk)] == [RIGHT]
    desk.engine.says["review"] = says(Verdict.KEEP)
    await desk.post("no wait, the manual is right", ANALYST, thread=root)
    await desk.wait(700)
    async with desk.desk.records.read() as work:
        flags = await work.feedback.of_target("entry", "known")
    assert [flag.kind for flag in flags] == ["correction", "undo"]
    assert [one.after.status for one in await others(desk)] == [EntryStatus.RETIRED]


async def test_what_corrects_a_document_is_an_entry_that_cites_it(desk: Table) -> None:
    await _learn_document(desk)
    desk.engine.says["review"] = says(Verdict.UPDATE, lesson=lesson("It is 20,000 now."))
    root = await answered(desk)
    await desk.post("It is 20,000 now.", ANALYST, thread=root)
    await desk.wait(700)
    assert (await head(desk)).n == 1
    (entry,) = await others(desk)
    assert entry.after.derived_from == ("known",)


async def test_a_verdict_on_a_revision_that_has_changed_meanwhile_is_void_and_taken_anew(desk: Table) -> None:
    seen: list[str | None] = []

    async def rule(inputs: ReviewInput) -> Review:
        (cited,) = inputs.cited
        seen.append(cited.now.answer if cited.now else None)
        if len(seen) == 1:
            async with desk.desk.records.begin() as work:
                changed = replace(cited.entry, answer="Set `part_size=8`.")
                await update(work, changed, Because("somebody corrected it", "test:edit", desk.clock.now()))
        verdict = Verdict.DELETE if cited.now is None else Verdict.KEEP
        carried = tuple(line.id for line in inputs.dialogue if line.role is Role.ANALYST)
        return Review((EntryRuling(1, verdict, "as it was", carried, confidence=1.0),))

    desk.engine.says["review"] = rule
    await corrected(desk)
    assert seen == [None, "Set `part_size=8`."]
    assert (await head(desk)).after.status is EntryStatus.ACTIVE


async def test_a_later_run_takes_back_what_it_no_longer_says_and_never_does_it_twice(desk: Table) -> None:
    desk.engine.says |= {"review": says(Verdict.DELETE), "extract": extracted}
    root = await corrected(desk)
    await desk.post("as I said", ANALYST, thread=root)
    desk.engine.says["extract"] = lambda i: extracted(replace(i, dialogue=i.dialogue[:-1]))
    await desk.wait(700)
    assert ((await head(desk)).n, [one.n for one in await others(desk)]) == (2, [1])
    desk.engine.says["review"] = says(Verdict.KEEP)
    await desk.post("sorry, my mistake, the bot is right", ANALYST, thread=root)
    await desk.wait(700)
    back = await head(desk)
    assert (back.change, back.after.status, back.after.answer) == (ChangeKind.RESTORED, EntryStatus.ACTIVE, KNOWN)
    assert [one.after.status for one in await others(desk)] == [EntryStatus.RETIRED]
    assert (await question(desk, root)).state is QuestionState.ANSWERED


async def test_a_later_run_revises_an_update_from_what_was_there_before_it(desk: Table) -> None:
    desk.engine.says["review"] = says(Verdict.UPDATE, lesson=lesson("Set it to 16.", "on Linux"))
    root = await corrected(desk)
    desk.engine.says["review"] = says(Verdict.UPDATE, lesson=lesson("Set it to 32.", "on Windows"))
    await desk.post("32, and on Windows", ANALYST, thread=root)
    await desk.wait(700)
    now = await head(desk)
    assert (now.after.answer, now.after.conditions) == ("Set it to 32.", "on Windows")
    desk.engine.says["review"] = says(Verdict.UPDATE, sibling=True, lesson=lesson(SIBLING, "behind a proxy"))
    await desk.post(SIBLING, ANALYST, thread=root)
    await desk.wait(700)
    assert (await head(desk)).after.answer == KNOWN
    assert [one.after.answer for one in await others(desk)] == [SIBLING]


async def test_what_somebody_has_changed_since_the_review_stays_as_they_left_it(desk: Table) -> None:
    desk.engine.says["review"] = says(Verdict.UPDATE, lesson=lesson("Set it to 16."))
    root = await corrected(desk)
    async with desk.desk.records.begin() as work:
        await confirm(work, EntryId("known"), Because("another thread says so", "extract:other", desk.clock.now()))
    desk.engine.says["review"] = says(Verdict.DELETE)
    await desk.post("no", ANALYST, thread=root)
    await desk.wait(700)
    now = await head(desk)
    assert (now.job, now.after.answer) == ("extract:other", "Set it to 16.")


@pytest.mark.parametrize(
    ("ruling", "others_left"),
    [
        (says(Verdict.DELETE), []),
        (says(Verdict.UPDATE, lesson=lesson("Set it to 16.")), []),
        (says(Verdict.UPDATE, sibling=True, lesson=lesson(SIBLING)), [EntryStatus.RETIRED]),
    ],
    ids=["delete", "update", "sibling"],
)
async def test_one_call_undoes_all_of_a_review_and_an_accepted_question_is_not_reviewed_again(
    desk: Table, ruling: Callable[[ReviewInput], Review], others_left: list[EntryStatus]
) -> None:
    desk.engine.says["review"] = ruling
    root = await corrected(desk, f"{RIGHT} {SIBLING}")
    asked = await question(desk, root)
    async with desk.desk.records.begin() as work:
        because = Because("the answer was accepted", f"review:{asked.id}", desk.clock.now())
        await unlearn(work, entry_id(asked), because)
        await work.questions.put(replace(asked, state=QuestionState.ACCEPTED))
    now = await head(desk)
    assert (now.after.status, now.after.answer) == (EntryStatus.ACTIVE, KNOWN)
    assert [one.after.status for one in await others(desk)] == others_left
    asked_before = desk.engine.asked.count("review")
    await desk.post("still, no", ANALYST, thread=root)
    await desk.wait(700)
    assert desk.engine.asked.count("review") == asked_before
    assert await head(desk) == now


async def test_an_accept_that_comes_while_the_engine_rules_is_not_overruled(desk: Table) -> None:
    async def rule(inputs: ReviewInput) -> Review:
        async with desk.desk.records.begin() as work:
            for one in await work.questions.of_session((await desk.session_of(root)).id):
                await work.questions.put(replace(one, state=QuestionState.ACCEPTED))
        return says(Verdict.DELETE)(inputs)

    desk.engine.says["review"] = rule
    await desk.know(ASKED)
    root = await answered(desk)
    await desk.post(RIGHT, ANALYST, thread=root)
    await desk.wait(700)
    assert (await head(desk)).n == 1
    assert (await question(desk, root)).state is QuestionState.ACCEPTED


async def test_an_outage_of_the_engine_leaves_the_review_to_be_done(desk: Table) -> None:
    desk.engine.says["review"] = TransientError("down")
    await corrected(desk)
    assert (await head(desk)).n == 1
    desk.engine.says["review"] = says(Verdict.DELETE)
    await desk.wait(4000)
    assert (await head(desk)).change is ChangeKind.RETIRED


async def test_a_deleted_correction_takes_its_update_with_it(desk: Table) -> None:
    desk.engine.says["review"] = says(Verdict.UPDATE, lesson=lesson("Set it to 16."))
    await desk.know(ASKED)
    root = await answered(desk)
    said = await desk.post("16!", ANALYST, thread=root)
    await desk.wait(700)
    desk.engine.says.clear()
    await desk.delete(said)
    await desk.wait(700)
    assert (await head(desk)).after.answer == KNOWN


async def test_a_customers_particulars_do_not_come_into_what_others_see(desk: Table) -> None:
    new = lesson("Set `part_size=64` and let backup01.kim-corp.example through.")
    desk.engine.says["review"] = says(Verdict.UPDATE, lesson=new)
    await desk.know(ASKED)
    root = await desk.post(ASKED)
    await desk.wait(30)
    await desk.post("our host is backup01.kim-corp.example", thread=root)
    await desk.post("let backup01.kim-corp.example through as well", ANALYST, thread=root)
    await desk.wait(700)
    assert ((await head(desk)).n, (await head(desk)).after.audience) == (1, SHARED)
    (own,) = await others(desk)
    assert own.after.audience.value == f"customer:{CUSTOMER.organisation}"


async def test_where_lessons_need_approval_the_entry_stays_and_its_correction_waits(desk: Table) -> None:
    async with desk.desk.records.begin() as work:
        channel = await work.channels.get(CHANNEL)
        await work.channels.put(replace(channel, settings=ChannelSettings(approval=True)))
    desk.engine.says["review"] = says(Verdict.UPDATE, lesson=lesson("Set it to 16."))
    await corrected(desk)
    assert (await head(desk)).n == 1
    assert [one.after.status for one in await others(desk)] == [EntryStatus.CANDIDATE]


async def test_an_answer_that_nobody_saw_is_held_against_an_analysts_own_answer(tmp_path: Path) -> None:
    async with table(tmp_path, posting=False) as desk:
        desk.engine.says |= {"review": says(Verdict.DELETE), "extract": extracted}
        root = await corrected(desk, "let me check that")
        assert (await head(desk)).n == 1
        assert "review" not in desk.engine.asked
        await desk.post(OWN, ANALYST, thread=root)
        await desk.wait(700)
        assert (await head(desk)).change is ChangeKind.RETIRED
        assert [one.after.answer for one in await others(desk)] == [OWN]
        assert (await question(desk, root)).state is QuestionState.RESOLVED


async def test_what_a_review_teaches_of_an_unseen_answer_is_not_extracted_once_more(tmp_path: Path) -> None:
    async with table(tmp_path, posting=False) as desk:
        desk.engine.says |= {
            "review": says(Verdict.UPDATE, sibling=True, lesson=lesson(SIBLING, "behind a proxy")),
            "extract": extracted,
        }
        root = await corrected(desk, SIBLING)
        assert [one.after.conditions for one in await others(desk)] == ["behind a proxy"]
        assert (await question(desk, root)).state is QuestionState.RESOLVED


async def test_an_unseen_answer_that_is_kept_leaves_its_question_to_extract(tmp_path: Path) -> None:
    async with table(tmp_path, posting=False) as desk:
        desk.engine.says["extract"] = extracted
        await corrected(desk, "Reset the counter in the console twice.")
        assert (await head(desk)).n == 1
        assert [one.after.answer for one in await others(desk)] == ["Reset the counter in the console twice."]


async def test_with_review_switched_off_nothing_is_ruled_on(tmp_path: Path) -> None:
    async with table(tmp_path, review=False) as desk:
        desk.engine.says["review"] = says(Verdict.DELETE)
        await corrected(desk)
        assert (await head(desk)).n == 1
        assert "review" not in desk.engine.asked


async def test_huge_threads_are_cut_before_the_engine_reads_them(desk: Table) -> None:
    read: list[ReviewInput] = []

    def rule(inputs: ReviewInput) -> Review:
        read.append(inputs)
        return says(Verdict.DELETE)(inputs)

    desk.engine.says["review"] = rule
    await desk.know(ASKED)
    root = await answered(desk)
    for _ in range(70):
        await desk.post("log " * 1100, ANALYST, thread=root)
    await desk.wait(1300)
    told = [[len(line.text) for line in inputs.dialogue] for inputs in read]
    assert all(
        3900 < max(chars) <= MOST_CHARS and UNHURRIED_CHARS * 0.9 < sum(chars) < UNHURRIED_CHARS * 1.1 for chars in told
    )
    assert read[0].dialogue[0].id == read[0].asked_in[0]
    assert (await head(desk)).change is ChangeKind.RETIRED
