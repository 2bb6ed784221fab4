"""What forgetting and retention promise of the records, on a real database and on their twin in memory."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from adapters.records.records import SqlRecords
from core.domain.answers import Answer
from core.domain.cards import Card, Destination, OutboxItem, OutboxState
from core.domain.channels import ChannelRef
from core.domain.costs import Call, CallOutcome
from core.domain.events import ButtonClicked, MessageDeleted, MessageEdited
from core.domain.forgetting import Counts, Forgetting, WhomKind
from core.domain.ids import AnswerId, CardId, EntryId, MessageId, QuestionId, RunId, SessionId, TurnId
from core.domain.jobs import JobOrder, Lane
from core.domain.knowledge import EntryStatus
from core.domain.people import Person, Role, RoleBasis, Standing
from core.domain.records import Feedback, Run
from core.domain.sessions import Message, Phase, Session
from core.domain.tasks import Usage
from core.ports.records import Records, UnitOfWork
from tests.contract.test_lineage import answer
from tests.contract.test_records import KIM, NOW, REF, entry, posted, revision

OTHER = ChannelRef("slack", "T0", "C2")
ANA = Person("U10", 'Ana "%_" O', "T0")
DAY = timedelta(days=1)


def session(name: str, channel: ChannelRef = REF, opener: Person = KIM, phase: Phase = Phase.CLOSED) -> Session:
    return Session(SessionId(name), channel, name, opener, NOW, NOW, phase=phase)


def message(name: str, of: str = "s", author: Person = KIM, days: int = 0) -> Message:
    standing = Standing(Role.REQUESTER, RoleBasis.HOME)
    return Message(MessageId(name), SessionId(of), name, 1, NOW + days * DAY, author, standing, "text")


def item(name: str, of: str, asked: str = "", state: OutboxState = OutboxState.SENT) -> OutboxItem:
    card = Card(CardId(name), SessionId(of), TurnId("t"), Destination(REF), "en", (), why=asked)
    return OutboxItem(card, 1, NOW, NOW, state)


async def test_what_somebody_opened_or_wrote_is_found_by_the_whole_id(records: Records) -> None:
    async with records.begin() as work:
        await work.sessions.put(session("s"))
        await work.sessions.put(session("b", OTHER, ANA))
        await work.sessions.put(session("c", OTHER, ANA))
        await work.messages.put(message("m", "b"), message("n", "c", ANA))
        assert await work.reach.sessions_of("slack", "U1") == ["b", "s"]
        assert await work.reach.sessions_of("slack", "U10") == ["b", "c"]
        assert await work.reach.sessions_of("slack", "%") == await work.reach.sessions_of("lark", "U1") == []
        assert await work.reach.sessions_in(OTHER) == ["b", "c"]


async def test_what_was_ever_learned_from_a_message_is_found(records: Records) -> None:
    async with records.begin() as work:
        await work.ledger.append(revision(1, messages=("m",)))
        await work.ledger.append(revision(2, messages=("n",)))
        assert await work.reach.taught([MessageId("m")]) == await work.reach.taught([MessageId("n")]) == ["k"]
        assert await work.reach.taught([MessageId("o")]) == []


async def test_answers_and_cards_that_name_an_entry_are_found_seen_or_not(records: Records) -> None:
    async with records.begin() as work:
        await work.sessions.put(session("s"))
        await work.answers.put(answer("a", "k", hours=None), answer("b", "other"))
        await work.outbox.put(item("x", "s", 'about "k%1"'))
        await work.outbox.put(item("y", "s", "about k1"))
        assert [one.id for one in await work.reach.citing([EntryId("k")])] == ["a"]
        assert await work.reach.cards_naming(['"k%1"']) == ["x"]
        assert await work.reach.cards_naming(["k1", "about"]) == ["x", "y"]
        assert await work.erasure.cards([CardId("x")]) == 1
        assert await work.outbox.get(CardId("x")) is None


async def test_events_lose_their_words_and_stay_known(records: Records) -> None:
    async with records.begin() as work:
        await work.events.add(posted(1))
        await work.events.add(replace(posted(2), channel=OTHER, external_id="click:U1:7"))
        await work.events.add(replace(posted(3), channel=OTHER, author=ANA))
        assert await work.erasure.events([REF], [], [], []) == 1
        assert await work.erasure.events([], [(OTHER, "3")], [], []) == 1
        assert await work.erasure.events([], [], ["U1"], []) == 1
        assert await work.erasure.events([REF, OTHER], [], [], []) == 0
        for id_ in ("e1", "click:U1:7", "e3"):
            assert await work.events.known("slack:T0", id_)
        assert not await work.events.add(replace(posted(9), channel=OTHER, external_id="click:U1:7"))
        assert not await work.events.add(replace(posted(10), message_id="1"))


async def test_a_name_is_searched_as_a_whole_word(records: Records) -> None:
    def run(name: str, said: str) -> Run:
        return Run(RunId(name), "t", "h", "m", NOW, None, None, json.dumps([said], ensure_ascii=False), "[]", "{}")

    said = {
        "1": "in this channel I cannot annotate", "2": "so said\nAnn, then", "3": "U10 and UU1", "4": "(U1)", "5": "问王伟吧",
        "6": "请Ann看", "7": '{"a": "x\\nAnn"}',
    }  # fmt: skip
    async with records.begin() as work:
        for n, text in said.items():
            await work.turns.add_run(run(n, text))
            await work.events.add(replace(posted(int(n)), text=text, author=ANA))
            await work.outbox.put(item(n, "s", text))
        names = ["Ann", "U1", "王伟", "x"]
        assert await work.reach.cards_naming(names) == ["2", "4", "5", "6", "7"]
        assert await work.erasure.events([], [], [], names) == 5
        assert await work.erasure.runs([], names) == 5
        assert [one.id for one in await work.turns.runs("t")] == ["1", "3"]


async def test_an_event_that_lost_a_name_from_its_id_stays_known_whoever_is_forgotten_next(records: Records) -> None:
    async with records.begin() as work:
        await work.events.add(replace(posted(1), external_id="reaction:U1:1.2"))
        for one in ("U1", "forgotten", "reaction", "Otte"):
            await work.erasure.events([], [], [one], ["reaction", "forgotten"])
        assert await work.events.known("slack:T0", "reaction:U1:1.2")


async def test_who_only_clicked_or_gave_feedback_is_found_by_the_whole_id(records: Records) -> None:
    click = ButtonClicked(
        source="s", external_id="c", at=NOW, channel=REF, by=Person("U7"), action="accept", target="a"
    )
    async with records.begin() as work:
        await work.events.add(click)
        await work.feedback.add(Feedback("f", "answer", "a", "U8", "analyst", "accept", "", NOW))
        asked = [("slack", "U7"), ("slack", "U8"), ("slack", "U"), ("slack", "u7"), ("slack", "%"), ("lark", "U7")]
        assert [await work.events.names(*one) for one in asked] == [True, True, False, False, False, False]
        await work.erasure.events([], [], ["U7"], [])
        assert not await work.events.names("slack", "U7")


async def test_changes_that_wait_for_their_message_go_where_they_may_be_meant(records: Records) -> None:
    edited = MessageEdited(source="s", external_id="e", at=NOW, channel=REF, message_id="1", text="words")
    gone = MessageDeleted(source="s", external_id="d", at=NOW, channel=REF, message_id="2")
    async with records.begin() as work:
        await work.events.hold(edited)
        await work.events.hold(gone)
        await work.erasure.events([OTHER], [(OTHER, "7")], [], ["Nobody"])
        assert await work.events.take(REF, "1") == edited
        await work.events.hold(edited)
        await work.erasure.events([], [(OTHER, "7")], ["U9"], [])
        assert await work.events.take(REF, "1") is None
        assert await work.events.take(REF, "2") == gone
        await work.events.hold(edited)
        await work.erasure.events([REF], [(REF, "7")], [], [])
        assert await work.events.take(REF, "1") is None
        await work.events.hold(gone)
        await work.erasure.events([REF], [(REF, "7")], ["U9"], ["Nine"])
        assert await work.events.take(REF, "2") is None


async def test_runs_feedback_and_names_go(records: Records) -> None:
    def run(name: str, of: str | None, evidence: str) -> Run:
        return Run(RunId(name), "t", "h", "m", NOW, SessionId(of) if of else None, None, "[]", evidence, "{}")

    async with records.begin() as work:
        for one in (run("1", "s", "[]"), run("2", "o", '["kk"]'), run("3", None, '["j"]')):
            await work.turns.add_run(one)
        assert await work.erasure.runs([SessionId("s")], ["kk"]) == 2
        assert [one.id for one in await work.turns.runs("t")] == ["3"]
        for n, actor in enumerate(("U1", "U10", "U10")):
            await work.feedback.add(Feedback(str(n), "answer", f"a{n}", actor, "analyst", "accept", "Kim", NOW))
        assert await work.erasure.feedback(["U1"], ["a1"]) == 2
        told = [(one.actor, one.text) for one in await work.feedback.on("answer")]
        assert told == [("", ""), ("U10", ""), ("U10", "Kim")]
        await work.channels.see("slack", KIM)
        await work.channels.see("slack", ANA)
        assert await work.erasure.people("slack", ["U1"]) == 1
        assert await work.channels.members("slack", None) == [ANA]


async def test_a_revision_is_rewritten_with_what_stands_on_its_head(records: Records) -> None:
    async with records.begin() as work:
        for n in (1, 2):
            await work.ledger.append(revision(n, messages=("m", "o")))
        await work.projections.mark([(EntryId("k"), 2)], NOW)
        assert await work.projections.pending(9) == []
        waiting = replace(entry("new"), status=EntryStatus.CANDIDATE, derived_from=(EntryId("d"),))
        changed = replace(revision(2, messages=("o",)), after=waiting, why="other")
        await work.forgettings.rewrite(replace(revision(1), after=replace(entry(""), title=""), why="forgotten"))
        await work.forgettings.rewrite(changed)
        assert [(one.after.answer, one.why) for one in await work.ledger.history(EntryId("k"))] == [
            ("", "forgotten"), ("new", "other"),
        ]  # fmt: skip
        assert await work.projections.pending(9) == [changed]
        assert await work.projections.learned_from(MessageId("m")) == []
        assert await work.lineage.derived(EntryId("d")) == ["k"]
        assert await work.overview.how_many_wait() == 1


async def test_that_something_was_forgotten_is_kept(records: Records) -> None:
    done = Forgetting("f", WhomKind.CHANNEL, NOW, Counts(messages=3, entries=1))
    async with records.begin() as work:
        await work.forgettings.put(done)
        await work.forgettings.put(replace(done, done_at=NOW))
        await work.forgettings.put(replace(done, id="g"))
    async with records.read() as work:
        assert await work.forgettings.all() == [replace(done, done_at=NOW), replace(done, id="g")]


async def _three_sessions(work: UnitOfWork) -> None:
    for name in ("s", "b", "c"):
        await work.sessions.put(session(name))
        await work.messages.put(message(f"m{name}", name))


async def test_only_what_is_over_and_old_and_waited_for_by_nobody_expires(records: Records) -> None:
    later = NOW + DAY
    async with records.begin() as work:
        await _three_sessions(work)
        assert await work.retention.expiring(NOW, 9) == []
        assert await work.retention.expiring(later, 9) == ["b", "c", "s"]
        assert await work.retention.expiring(later, 2) == ["b", "c"]
        await work.sessions.put(session("s", phase=Phase.ENGAGED))
        await work.jobs.order(NOW, JobOrder(Lane.LEARN, "b"), JobOrder(Lane.FETCH, "mc"))
        assert await work.retention.expiring(later, 9) == []
        for job in await work.owners.listing():
            await work.jobs.finish(job)
        await work.outbox.put(item("x", "b", state=OutboxState.PENDING))
        await work.messages.put(replace(message("mc", "c"), expired_at=NOW))
        assert await work.retention.expiring(later, 9) == []
        await work.outbox.put(item("x", "b"))
        assert await work.retention.expiring(later, 9) == ["b"]


async def test_old_rows_lose_their_words_some_at_a_time(records: Records) -> None:
    later, run = NOW + DAY, Run(RunId("1"), "t", "h", "m", NOW, None, None, "[]", "[]", "{}")
    call = Call(NOW, "t", "m", None, Usage(1, 1), 0.1, 1.0, next(iter(CallOutcome)))
    async with records.begin() as work:
        await work.sessions.put(session("s"))
        for n in (1, 2, 3):
            await work.events.add(posted(n))
            await work.feedback.add(Feedback(str(n), "answer", "a", "U1", "analyst", "accept", "Kim", NOW))
            await work.turns.add_run(replace(run, id=RunId(str(n))))
            await work.calls.add(call)
            await work.outbox.put(item(str(n), "s"))
        await work.outbox.put(item("4", "s", state=OutboxState.PENDING))
        await work.jobs.order(NOW, JobOrder(Lane.EDIT, "3"))
        kept = work.retention
        for drop, of in ((kept.events, 3), (kept.runs, 3), (kept.feedback, 3), (work.calls.drop, 3), (kept.cards, 2)):
            assert await drop(NOW, 9) == 0
            assert [await drop(later, 2), await drop(later, 2)] == [2, of - 2]
        assert await work.events.known("slack:T0", "e1")
        assert [one.actor for one in await work.feedback.on("answer")] == ["U1"] * 3
        assert [one.card.id for one in await work.outbox.waiting()] == ["4"]
        assert await work.outbox.get(CardId("3")) is not None


async def test_a_change_whose_message_never_came_does_not_wait_for_ever(records: Records) -> None:
    gone = MessageDeleted(source="s", external_id="d", at=NOW, channel=REF, message_id="2")
    async with records.begin() as work:
        await work.events.hold(gone)
        await work.retention.events(NOW, 9)
        assert await work.events.take(REF, "2") == gone
        await work.events.hold(gone)
        await work.retention.events(NOW + DAY, 9)
        assert await work.events.take(REF, "2") is None


def _files(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file())


async def test_nothing_deleted_is_left_in_the_files_and_their_space_comes_back(
    on_sql: SqlRecords, tmp_path: Path
) -> None:
    records = on_sql
    answers = [Answer(AnswerId(str(n)), QuestionId("q"), SessionId("s"), (), ()) for n in range(50)]
    async with records.begin() as work:
        await work.sessions.put(session("s"))
        await work.answers.put(*answers)
        for n in range(50):
            await work.turns.add_run(Run(RunId(str(n)), "t", "h", "m", NOW, None, None, "quokka " * 9000, "", ""))
    async with records.begin() as work:
        await work.retention.runs(NOW + DAY, 99)
    await records.compact()
    assert b"quokka" not in _files(tmp_path)
    assert len(_files(tmp_path)) < 1_000_000
    await records.compact(whole=True)
    async with records.read() as work:
        assert len(await work.answers.of_session(SessionId("s"))) == 50
