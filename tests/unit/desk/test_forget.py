"""Forgetting: what somebody said goes from everywhere, what others said stays (DESIGN 6, 10)."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from adapters.slack.files import discard
from bot.entries import list_line
from bot.forget import named
from bot.live import finish_forgetting
from core.desk.by_hand import restore_by_hand
from core.desk.cards import ACCEPT
from core.desk.forget import clean, discard_pictures, forget, reached
from core.domain.answers import Answer, Citation, Claim, Span
from core.domain.cards import Card, CardSection, Destination, OutboxItem, OutboxState
from core.domain.channels import Channel
from core.domain.errors import CallerError, TransientError
from core.domain.events import Attachment, ButtonClicked
from core.domain.forgetting import Counts, Forgetting, Whom, WhomKind
from core.domain.ids import AnswerId, CardId, EntryId, MessageId, QuestionId, RunId, SessionId, TurnId
from core.domain.jobs import Lane
from core.domain.knowledge import QA, SHARED, Audience, EntryStatus, KnowledgeEntry
from core.domain.people import Person, Role, RoleBasis, Standing
from core.domain.records import Run
from core.domain.sessions import Delivery, Message, Phase, Question, Session
from core.knowledge.forgetting import emptied, is_forgotten
from core.knowledge.ledger import Because, add, confirm, restore, update
from core.ports.records import Records, UnitOfWork
from core.session.lifecycle import message_id
from tests.fakes.unit_of_work import MemoryRecords
from tests.unit.desk.support import ANALYST, CHANNEL, CUSTOMER, OTHER, Table, table
from tests.unit.desk.test_learn import ASKED, SAID, lesson

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
PEOPLE = [Person(f"U{n}", f"Name{n} Last{n}", f"T{n % 2}") for n in range(4)]
ANA = Whom(WhomKind.PERSON, (("slack", ANALYST),))
KIM = Whom(WhomKind.PERSON, (("slack", CUSTOMER),))


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Table]:
    async with table(tmp_path) as one:
        yield one


async def _forget(records: Records, whom: Whom, now: datetime) -> Forgetting:
    async with records.begin() as work:
        return await forget(work, whom, now)


async def _now(desk: Table, whom: Whom) -> Forgetting:
    done = await _forget(desk.desk.records, whom, desk.clock.now())
    await clean(desk.desk.records, desk.projector, desk.clock.now())
    return done


async def _known(desk: Table) -> dict[EntryId, KnowledgeEntry]:
    async with desk.desk.records.read() as work:
        return {head.subject_id: head.after for head in await work.ledger.heads(None, 99)}


@dataclass(frozen=True)
class Post:
    """Who said something (a person's number), in which session, and which earlier posts its entry was learned from, if any. The
    entry's answer has the words of all of them where ``whole``, else those of the first alone."""

    by: int
    session: int
    learned: tuple[int, ...]
    whole: bool = True

    def sources(self, posts: int) -> list[int]:
        return [one for one in self.learned if one < posts]

    def answered_by(self, posts: int) -> list[int]:
        """The posts whose words the answer has."""
        return self.sources(posts) if self.whole else self.sources(posts)[:1]


posts = st.lists(
    st.builds(Post, st.integers(0, 3), st.integers(0, 2), st.lists(st.integers(0, 9), max_size=3).map(tuple),
              st.booleans()),
    min_size=1, max_size=10,
)  # fmt: skip


def _word(n: int) -> str:
    return f"quokka{chr(97 + n)}zx"


async def _write(work: UnitOfWork, said: Sequence[Post]) -> None:
    for n in range(3):
        opener = next((PEOPLE[one.by] for one in said if one.session == n), PEOPLE[0])
        await work.sessions.put(Session(SessionId(f"s{n}"), CHANNEL, f"{n}", opener, NOW, NOW, phase=Phase.CLOSED))
    for n, one in enumerate(said):
        role = Role.ANALYST if one.by % 2 else Role.REQUESTER
        standing = Standing(role, RoleBasis.HOME)
        id_, session = MessageId(f"m{n}"), SessionId(f"s{one.session}")
        await work.messages.put(Message(id_, session, f"{n}", n, NOW, PEOPLE[one.by], standing, f"Say {_word(n)}."))
        await work.questions.put(
            Question(QuestionId(f"q{n}"), session, (id_,), NOW, f"Why {_word(n)}?", context="around")
        )
        await work.channels.see("slack", PEOPLE[one.by])
        sources = one.sources(len(said))
        if sources:
            words = " ".join(_word(s) for s in one.answered_by(len(said)))
            image = KnowledgeEntry(
                id=EntryId(f"e{n}"), kind=QA, audience=SHARED, title=f"On {_word(sources[-1])}", created_at=NOW,
                updated_at=NOW, answer=f"Do {words}.", question=f"Why {_word(sources[-1])}?",
            )  # fmt: skip
            from_ = tuple(MessageId(f"m{s}") for s in sources)
            await add(work, image, Because(f"of {_word(sources[0])}", f"extract:{n}", NOW, from_))
            await _show(work, n, image, shut=bool(one.by % 2))


async def _show(work: UnitOfWork, n: int, entry: KnowledgeEntry, *, shut: bool) -> None:
    """Somebody else asks elsewhere, and sees the entry on a card."""
    session, asker = SessionId(f"o{n}"), Person("UO", "Outsider Olm", "TO")
    phase = Phase.CLOSED if shut else Phase.ENGAGED
    await work.sessions.put(Session(session, OTHER, f"o{n}", asker, NOW, NOW, phase=phase))
    claims = Claim(entry.answer, (1,), (Span(1, entry.answer),)), Claim("Ask again.", (1,))
    shown = Answer(
        AnswerId(f"a{n}"), QuestionId(f"qo{n}"), session, claims, (Citation.of(1, entry, 1),), CardId(f"c{n}"), NOW
    )
    await work.answers.put(shown)
    section = CardSection(shown.question, "", shown)
    card = Card(
        CardId(f"c{n}"), session, TurnId("t"), Destination(OTHER, f"o{n}"), "en", (section,), closest=shown.citations
    )
    await work.outbox.put(OutboxItem(card, 1, NOW, NOW, OutboxState.SENT, platform_id=f"p{n}"))
    await work.turns.add_run(Run(RunId(f"r{n}"), "t", "h", "m", NOW, session, None, "[]", repr(entry), "{}"))


@settings(max_examples=60, deadline=None)
@given(posts, st.integers(0, 3))
def test_whatever_the_mixture_only_the_forgotten_words_go(said: list[Post], who: int) -> None:
    async def scene() -> None:
        records = MemoryRecords()
        async with records.begin() as work:
            await _write(work, said)
        whom = Whom(WhomKind.PERSON, (("slack", PEOPLE[who]),))
        await _forget(records, whom, NOW)
        left = repr(records._tables)
        async with records.read() as work:
            for n, one in enumerate(said):
                message, question = (
                    await work.messages.get(MessageId(f"m{n}")),
                    await work.questions.get(QuestionId(f"q{n}")),
                )
                assert message
                assert question
                if one.by == who:
                    assert _word(n) not in left
                else:
                    assert (message.text, question.query) == (f"Say {_word(n)}.", f"Why {_word(n)}?")
                head = await work.ledger.head(EntryId(f"e{n}"))
                if head:
                    await _as_left(work, n, said, who)
        assert PEOPLE[who].name not in left
        again = await _forget(records, whom, NOW + timedelta(days=1))
        assert (again.counts.messages, again.counts.entries, again.counts.entries_changed) == (0, 0, 0)

    asyncio.run(scene())


async def _as_left(work: UnitOfWork, n: int, said: list[Post], who: int) -> None:
    """An entry, and the answer and card that cite it, are as they were but for what is forgotten."""
    posts = len(said)
    head, shown = await work.ledger.head(EntryId(f"e{n}")), await work.answers.get(AnswerId(f"a{n}"))
    assert head
    assert shown
    sources = said[n].sources(posts)
    gone = any(said[s].by == who for s in said[n].answered_by(posts)) or all(said[s].by == who for s in sources)
    assert is_forgotten(head.after) == gone
    assert bool(shown.claims) == (not gone)
    if not gone and said[sources[-1]].by != who:
        assert [one.title for one in shown.citations] == [head.after.title] == [f"On {_word(sources[-1])}"]
    elif not gone:
        item = await work.outbox.get(CardId(f"c{n}"))
        assert item
        assert item.card.sections[0].answer == shown
        edits = [job.key for job in await work.owners.listing(Lane.EDIT)]
        assert (f"c{n}" in edits) == (said[n].by % 2 == 0)


async def test_an_analysts_lesson_goes_and_what_another_taught_too_is_learned_anew(desk: Table) -> None:
    desk.engine.says["extract"] = lambda inputs: lesson(inputs, object="", symptom="", answer=inputs.dialogue[-1].text)
    ben = replace(ANALYST, id="UBEN", name="Ben")
    root = await desk.post(ASKED)
    await desk.post(SAID, ANALYST, thread=root)
    await desk.wait(700)
    (entry,) = await _known(desk)
    other = await desk.post("how many sockets may one client open?", channel=OTHER)
    await desk.post("Four connections, no more.", ben, thread=other, channel=OTHER)
    await desk.wait(700)
    async with desk.desk.records.begin() as work:
        second = next(one for one in await _ids(work) if one != entry)
        message = (await work.projections.sources(second))[0]
        await confirm(work, entry, Because("the same", f"extract:{second}", desk.clock.now(), (message,)))
    await _now(desk, ANA)
    assert is_forgotten((await _known(desk))[entry])
    async with desk.desk.records.read() as work:
        assert {one.why for one in await work.ledger.history(entry)} == {"forgotten on 2 Nov 2026"}
        assert [job.key for job in await work.owners.listing(Lane.LEARN)]
    await desk.wait(700)
    known = await _known(desk)
    assert known[second].answer == "Four connections, no more."
    assert SAID not in repr(known)


async def _ids(work: UnitOfWork) -> list[EntryId]:
    return [head.subject_id for head in await work.ledger.heads(None, 99)]


async def test_a_requester_takes_the_question_and_leaves_the_analysts_answer(desk: Table) -> None:
    desk.engine.says["extract"] = lambda inputs: lesson(inputs, object="", symptom="")
    root = await desk.post(ASKED)
    await desk.post(SAID, ANALYST, thread=root)
    await desk.wait(700)
    done = await _now(desk, KIM)
    (entry,) = (await _known(desk)).values()
    assert (entry.answer, entry.question, entry.status) == (SAID, "", EntryStatus.ACTIVE)
    assert (done.counts.entries, done.counts.entries_changed) == (0, 1)
    session = await desk.session_of(root)
    assert [m.text for m in await desk.messages(session.id)] == ["", SAID]
    assert session.opener.id == ""
    new = await desk.post("and what about downloads?", thread=root)
    await desk.wait(60)
    messages = await desk.messages((await desk.session_of(new)).id)
    assert (messages[-1].text, messages[-1].author) == ("and what about downloads?", CUSTOMER)


async def test_a_condition_that_only_a_forgotten_person_named_makes_the_entry_wait(desk: Table) -> None:
    desk.engine.says["extract"] = lambda inputs: lesson(inputs, object="", symptom="", conditions="on zanzibar nodes")
    root = await desk.post(f"{ASKED} It is on zanzibar nodes.")
    await desk.post(SAID, ANALYST, thread=root)
    await desk.wait(700)
    await _now(desk, KIM)
    (entry,) = (await _known(desk)).values()
    assert (entry.conditions, entry.status) == ("", EntryStatus.CANDIDATE)


async def test_what_a_requester_had_said_before_an_edit_goes_from_the_ledger(desk: Table, tmp_path: Path) -> None:
    desk.engine.says["extract"] = lambda inputs: lesson(inputs, object="", symptom="")
    root = await desk.post(f"{ASKED} It is the zebrafish cluster.")
    more = await desk.post("walrus nodes, too", thread=root)
    await desk.post(SAID, ANALYST, thread=root)
    await desk.wait(700)
    assert "zebrafish" in repr(await _known(desk))
    await desk.edit(root, "hmm okay")
    await desk.delete(more)
    await desk.wait(5000)
    await _now(desk, KIM)
    assert _held(tmp_path, "zebrafish", "walrus") == []


async def _reworded(desk: Table, **said: str) -> KnowledgeEntry:
    """What a model wrote of a thread of Kim's and Ana's, in words of its own."""
    root = await desk.post(ASKED)
    answer = await desk.post(f"{SAID} Mind the connections.", ANALYST, thread=root)
    now = desk.clock.now()
    entry = KnowledgeEntry(
        id=EntryId("reworded"), kind=QA, audience=SHARED, title="", created_at=now, updated_at=now, answer=SAID
    )
    from_ = tuple(message_id(CHANNEL.key, one) for one in (answer, root))
    async with desk.desk.records.begin() as work:
        image = replace(entry, **said)  # type: ignore[arg-type]  # texts by name
        await add(work, image, Because("a model", "extract:1", now, from_))
    return entry


async def test_what_a_model_made_of_a_requesters_words_goes_and_what_an_analyst_said_too_stays(desk: Table) -> None:
    fields = {"title": "Mariana", "object": "connections", "symptom": "mariana breaks", "conditions": "on walrus nodes"}
    made = await _reworded(desk, question="Why is mariana slow?", **fields)
    await _now(desk, KIM)
    left = (await _known(desk))[made.id]
    assert (left.object, left.question, left.symptom, left.conditions) == ("connections", "", "", "")
    assert SAID.startswith(left.title)
    assert left.answer == SAID


async def test_what_a_model_made_of_a_forgotten_teachers_words_goes(desk: Table) -> None:
    made = await _reworded(desk, answer="Tune the mariana gateway.")
    await _now(desk, ANA)
    assert is_forgotten((await _known(desk))[made.id])


async def test_who_only_clicked_can_be_named_and_goes_from_the_card(desk: Table, tmp_path: Path) -> None:
    zed = Person("UZED", "Zedekiah Quux", "T0HOME")
    await desk.know(ASKED)
    await desk.post(ASKED)
    await desk.wait(60)
    (card,) = [(await _item(desk, CardId(one))).card for one in desk.messenger.posted]
    click = ButtonClicked(
        source="test", external_id="c:UZED:1", at=desk.clock.at, channel=CHANNEL, by=zed, action=ACCEPT,
        target=card.sections[0].answer.id,
    )  # fmt: skip
    await desk.intake.receive(click)
    await desk.wait(60)
    assert _held(tmp_path, "zedekiah", "uzed") == ["zedekiah", "uzed"]
    async with desk.desk.records.read() as work:
        whom = await named(work, WhomKind.PERSON, "Zedekiah Quux", keep_shared=False)
    assert whom.people == (("slack", zed),)
    await _now(desk, whom)
    assert _held(tmp_path, "zedekiah", "uzed") == []
    assert (await _item(desk, card.id)).card.marks[0].by == ""


async def _item(desk: Table, card: CardId) -> OutboxItem:
    async with desk.desk.records.read() as work:
        item = await work.outbox.get(card)
    assert item
    return item


async def test_a_bot_that_starts_finishes_a_forgetting_that_was_cut_off(desk: Table, tmp_path: Path) -> None:
    await desk.post("it is the zebrafish cluster")
    await _forget(desk.desk.records, KIM, desk.clock.now())
    assert _held(tmp_path, "zebrafish")
    with capture_logs() as logs:
        await finish_forgetting(desk.desk, desk.projector)
        await finish_forgetting(desk.desk, desk.projector)
    assert [one["event"] for one in logs if one["log_level"] == "info"] == ["forgetting_finished"]
    assert _held(tmp_path, "zebrafish") == []


def _held(folder: Path, *words: str) -> list[str]:
    """The words that a file below a folder holds."""
    files = [path.read_bytes().lower() for path in folder.rglob("*") if path.is_file()]
    return [word for word in words if any(word.encode() in held for held in files)]


async def test_a_card_that_quoted_what_is_forgotten_is_withdrawn_and_says_it_no_longer(desk: Table) -> None:
    desk.engine.says["extract"] = lesson
    root = await desk.post(ASKED, channel=OTHER)
    await desk.post(SAID, ANALYST, thread=root, channel=OTHER)
    await desk.wait(700)
    await desk.post(ASKED)
    await desk.wait(60)
    assert any(SAID in repr(card) for card in desk.messenger.posted.values())
    await _now(desk, ANA)
    await desk.wait(5)
    async with desk.desk.records.read() as work:
        items = [await work.outbox.get(CardId(one)) for one in desk.messenger.posted]
    assert SAID not in repr(items)
    assert any(item and item.card.state == "withdrawn" for item in items)
    assert SAID not in repr(desk.messenger.posted)


async def test_a_card_that_waits_is_never_sent_into_a_channel_that_is_forgotten(desk: Table) -> None:
    await desk.know(ASKED)
    root = await desk.post(ASKED)
    desk.messenger.failures = [TransientError("down")] * 99
    await desk.wait(5)
    session = await desk.session_of(root)
    async with desk.desk.records.read() as work:
        channel = await work.channels.get(CHANNEL)
    await _now(desk, Whom(WhomKind.CHANNEL, channels=(channel,)))
    desk.messenger.failures = []
    await desk.wait(120)
    assert not desk.messenger.posted
    assert all(turn.delivery is not Delivery.PENDING for turn in await desk.turns(session.id))
    assert (await desk.session_of(root)).phase is Phase.CLOSED


async def test_what_only_a_customer_may_see_goes_with_it_and_its_channels_settings_stay(desk: Table) -> None:
    mine = await desk.know(ASKED, audience=Audience.customer("T0CUS"), name="mine")
    kept = await desk.know("another question", audience=SHARED, name="kept")
    async with desk.desk.records.begin() as work:
        known = Channel(CHANNEL, "ext-cus", external=True, organisations=frozenset({"T0CUS"}))
        await work.channels.put(replace(known, settings=replace(known.settings, paused=True)))
        channel = await work.channels.get(CHANNEL)
    whom = Whom(WhomKind.CUSTOMER, (("slack", CUSTOMER),), (channel,), Audience.customer("T0CUS"))
    await _now(desk, whom)
    known_now = await _known(desk)
    assert is_forgotten(known_now[mine])
    assert not is_forgotten(known_now[kept])
    assert "T0CUS" not in repr(known_now)
    async with desk.desk.records.read() as work:
        after = await work.channels.get(CHANNEL)
    assert (after.name, after.organisations, after.customer, after.settings.paused) == ("", frozenset(), None, True)


async def test_an_entry_derived_from_what_is_forgotten_waits(desk: Table) -> None:
    desk.engine.says["extract"] = lesson
    root = await desk.post(ASKED)
    await desk.post(SAID, ANALYST, thread=root)
    await desk.wait(700)
    (source,) = await _known(desk)
    derived = await desk.know("something else", "Words of another kind.", name="derived")
    async with desk.desk.records.begin() as work:
        head = await work.ledger.head(derived)
        assert head
        image = replace(head.after, derived_from=(source,), updated_at=desk.clock.now())
        await work.forgettings.rewrite(replace(head, after=image))
    await _now(desk, ANA)
    known = await _known(desk)
    assert (is_forgotten(known[source]), known[derived].status) == (True, EntryStatus.RETIRED)


async def test_somebody_whose_messages_have_expired_is_still_forgotten(desk: Table) -> None:
    desk.engine.says["extract"] = lesson
    root = await desk.post(ASKED)
    await desk.post(SAID, ANALYST, thread=root)
    await desk.wait(700)
    async with desk.desk.records.begin() as work:
        messages = await work.messages.of_session((await desk.session_of(root)).id)
        await work.messages.put(*(replace(m, text="", expired_at=NOW) for m in messages))
    await _now(desk, ANA)
    (entry,) = (await _known(desk)).values()
    assert is_forgotten(entry)
    async with desk.desk.records.read() as work:
        assert (await reached(work, ANA)).messages == ()


async def _forgotten(desk: Table) -> EntryId:
    """What the analyst taught, whose words are forgotten."""
    desk.engine.says["extract"] = lesson
    root = await desk.post(ASKED)
    await desk.post(SAID, ANALYST, thread=root)
    await desk.wait(700)
    (entry,) = await _known(desk)
    await _now(desk, ANA)
    return entry


async def test_a_forgotten_entry_cannot_be_restored_to_words(desk: Table) -> None:
    entry = await _forgotten(desk)
    async with desk.desk.records.begin() as work:
        await restore(work, entry, 1, Because("by hand", "hand:restore:1", desk.clock.now()))
    assert is_forgotten((await _known(desk))[entry])


@pytest.mark.parametrize("n", [1, None])
async def test_restoring_a_forgotten_entry_by_hand_says_so_and_writes_nothing(desk: Table, n: int | None) -> None:
    entry = await _forgotten(desk)
    async with desk.desk.records.read() as work:
        before = await work.ledger.history(entry)
    assert list_line(before[-1], NOW, 80).endswith("(forgotten)")
    with pytest.raises(CallerError, match="was forgotten: there is nothing to restore"):
        await restore_by_hand(entry, n, desk.desk)
    async with desk.desk.records.read() as work:
        assert await work.ledger.history(entry) == before


async def test_a_revision_of_which_forgetting_left_nothing_is_not_brought_back(desk: Table) -> None:
    async with desk.desk.records.begin() as work:
        entry = KnowledgeEntry(
            id=EntryId("e1"), kind=QA, audience=SHARED, title="Why?", answer="Turn it.", created_at=NOW, updated_at=NOW
        )
        await add(work, entry, Because("by hand", "hand:1", NOW))
        await update(work, replace(entry, answer="Turn it twice."), Because("by hand", "hand:2", NOW))
        first = (await work.ledger.history(entry.id))[0]
        await work.forgettings.rewrite(replace(first, after=emptied(first.after)))
    with pytest.raises(CallerError, match="Revision 1 of entry e1 was forgotten"):
        await restore_by_hand(EntryId("e1"), 1, desk.desk)


async def test_what_was_forgotten_is_not_counted_again(desk: Table) -> None:
    desk.engine.says["extract"] = lesson
    root = await desk.post(ASKED)
    await desk.post(SAID, ANALYST, thread=root)
    await desk.wait(700)
    async with desk.desk.records.begin() as work:
        await work.channels.put(replace(await work.channels.get(CHANNEL), name="ext-acme"))
        channel = Whom(WhomKind.CHANNEL, channels=(await work.channels.get(CHANNEL),))
    first = await _now(desk, channel)
    assert (first.counts.channels, first.counts.sessions, first.counts.messages) == (1, 1, 2)
    async with desk.desk.records.read() as work:
        again = replace(channel, channels=(await work.channels.get(CHANNEL),))
    before = await desk.session_of(root)
    assert (await _now(desk, again)).counts == Counts()
    assert await desk.session_of(root) == before


async def test_pictures_are_deleted_with_the_messages_that_had_them(desk: Table, tmp_path: Path) -> None:
    kept = [Attachment(f"F{n}", media_type="image/png", kept=f"attachments/{n}/x.png") for n in range(2)]
    mine = await desk.post("see", files=(kept[0],))
    theirs = await desk.post("look", ANALYST, thread=mine, files=(kept[1],))
    paths = [tmp_path / "attachments" / "hash" / f"{message_id(CHANNEL.key, ts)}.png" for ts in (mine, theirs)]
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"picture")
    async with desk.desk.records.read() as work:
        found = await reached(work, KIM)
    await discard_pictures(found, partial(discard, tmp_path))
    assert [path.exists() for path in paths] == [False, True]
    assert (await _now(desk, KIM)).counts.attachments == 1
    session = await desk.session_of(mine)
    assert [m.attachments for m in await desk.messages(session.id)] == [(), (kept[1],)]
