"""What Vigil was worth, on a real database and on its twin."""

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from core.desk.figures import figures, lead_of
from core.domain.answers import Answer, Claim
from core.domain.figures import AnswerDay, Help, KnowledgeDay, Lead, OnCalls, Over
from core.domain.ids import AnswerId, EntryId, MessageId, QuestionId, SessionId, TurnId
from core.domain.knowledge import CHUNK, QA, ChangeKind
from core.domain.people import Role, RoleBasis, Standing
from core.domain.records import Feedback
from core.domain.sessions import Delivery, Message, Question, QuestionClass, Session, Turn
from core.ports.records import Records, UnitOfWork
from tests.contract.test_records import KIM, NOW, REF, revision

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
MIDNIGHT = NOW.replace(hour=0, minute=0, second=0, microsecond=0)
WEEK = Over(MIDNIGHT, MIDNIGHT + 7 * DAY)
ELSEWHERE = replace(REF, channel="C2")
IN_SCOPE, OUT = QuestionClass.WITHIN_SCOPE, QuestionClass.OUT_OF_SCOPE


@dataclass(frozen=True)
class OnCall:
    """A session: after how many minutes answers were posted, those of them withdrawn since, and when an analyst wrote."""

    name: str
    answers: tuple[int, ...] = ()
    withdrawn: int = 0
    analyst: int | None = None
    class_: QuestionClass | None = IN_SCOPE
    days: int = 0
    channel: str = REF.channel


async def _put(work: UnitOfWork, *made: OnCall) -> None:
    for one in made:
        at, session = NOW + one.days * DAY, SessionId(one.name)
        await work.sessions.put(Session(session, replace(REF, channel=one.channel), one.name, KIM, at, at))
        asked = QuestionId(f"q-{one.name}")
        await work.questions.put(Question(asked, session, (), at, "why?", class_=one.class_))
        for n, minutes in enumerate(one.answers):
            sent, gone = at + minutes * MINUTE, at + DAY if n < one.withdrawn else None
            name = AnswerId(f"{one.name}-{n}")
            await work.answers.put(Answer(name, asked, session, (Claim("Do it.", (1,)),), (), None, sent, gone))
        await work.messages.put(_said(one.name, "asks", Role.REQUESTER, 0, one.days))
        if one.analyst is not None:
            await work.messages.put(_said(one.name, "says", Role.ANALYST, one.analyst, one.days))


def _said(session: str, word: str, role: Role, minutes: int, days: int) -> Message:
    standing, at = Standing(role, RoleBasis.HOME), NOW + days * DAY + minutes * MINUTE
    name = f"{session}-{word}"
    return Message(MessageId(name), SessionId(session), name, 1, at, KIM, standing, word)


async def _click(work: UnitOfWork, n: int, answer: str, kind: str, role: str) -> None:
    await work.feedback.add(Feedback(str(n), "answer", answer, "U1", role, kind, "", NOW))


async def test_nothing_on_record_gives_zeros(records: Records) -> None:
    async with records.read() as work:
        assert await work.figures.span(None) is None
        found = await figures(work, WEEK)
    assert (found.on_calls, found.helped_at_all, found.answers.posted, found.lead) == (0, 0, 0, Lead())
    assert found.answers_per_on_call == (0, 0, 0, 0, 0)


async def test_on_calls_are_parted_by_answers_and_by_when_the_analyst_came(records: Records) -> None:
    async with records.begin() as work:
        await _put(
            work,
            OnCall("before", (1, 9), analyst=5), OnCall("alone", (1,)), OnCall("after", (7,), analyst=5),
            OnCall("unhelped", analyst=5), OnCall("taken back", (1,), withdrawn=1),
            OnCall("first withdrawn", (1, 9), withdrawn=1, analyst=5),
            OnCall("small talk", (1,), class_=OUT), OnCall("unclassed", class_=None), OnCall("old", (1,), days=-1),
            OnCall("next week", (1,), days=7),
        )  # fmt: skip
        assert sorted(await work.figures.on_calls(WEEK), key=lambda one: (one.answers, one.help)) == [
            OnCalls(0, Help.NONE, 2), OnCalls(1, Help.AFTER, 2), OnCalls(1, Help.BEFORE, 1), OnCalls(2, Help.BEFORE, 1),
        ]  # fmt: skip
        found = await figures(work, WEEK)
    assert found.on_calls == 6
    assert found.helped == {Help.BEFORE: 2, Help.AFTER: 2, Help.NONE: 2}
    assert found.answers_per_on_call == (2, 3, 1, 0, 0)


async def test_four_answers_and_more_are_counted_together(records: Records) -> None:
    async with records.begin() as work:
        await _put(work, OnCall("four", (1, 2, 3, 4)), OnCall("six", (1, 2, 3, 4, 5, 6)))
        assert (await figures(work, WEEK)).answers_per_on_call == (0, 0, 0, 0, 2)


async def test_answers_are_counted_by_day_and_by_the_last_click(records: Records) -> None:
    async with records.begin() as work:
        await _put(work, OnCall("a", (1, 2, 3), withdrawn=1), OnCall("b", (1,), days=2), OnCall("c", (1,), days=9))
        clicks = [
            ("a-0", "accept", "requester"), ("a-1", "accept", "requester"), ("a-1", "undo", "requester"),
            ("a-1", "accept", "analyst"), ("a-2", "accept", "analyst"), ("a-2", "undo", "analyst"), ("b-0", "like", "analyst"),
            ("c-0", "accept", "analyst"),
        ]  # fmt: skip
        for n, (answer, kind, role) in enumerate(clicks):
            await _click(work, n, answer, kind, role)
        first, third = MIDNIGHT.date(), (MIDNIGHT + 2 * DAY).date()
        assert await work.figures.answers(WEEK) == [AnswerDay(first, 3, 1, 1, 1), AnswerDay(third, 1)]
        assert (await figures(work, WEEK)).answers == AnswerDay(third, 4, 1, 1, 1)


async def test_leads_come_in_order_with_their_quartiles_and_what_was_only_recorded(records: Records) -> None:
    made = [(30.0, Delivery.SENT, 0), (10.0, Delivery.SENT, 1), (20.0, Delivery.SENT, 2), (5.0, Delivery.SENT, 8)]
    async with records.begin() as work:
        await _put(work, OnCall("s"))
        for n, (lead, delivery, days) in enumerate([*made, (None, Delivery.SHADOW, 1), (None, Delivery.NONE, 1)]):
            turn = Turn(TurnId(str(n)), SessionId("s"), n, NOW + days * DAY, (), (), delivery, lead_s=lead)
            await work.turns.put(turn)
        assert await work.figures.leads(WEEK) == ([10.0, 20.0, 30.0], 1)
        assert (await figures(work, WEEK)).lead == Lead(3, 15.0, 20.0, 25.0)


async def test_knowledge_grows_and_shrinks_by_kind_and_its_size_counts_from_the_beginning(records: Records) -> None:
    steps = [
        ("old", 1, ChangeKind.ADDED, QA, -3), ("old", 2, ChangeKind.RETIRED, QA, 1), ("old", 3, ChangeKind.RESTORED, QA, 2),
        ("old", 4, ChangeKind.RESTORED, QA, 2), ("new", 1, ChangeKind.ADDED, QA, 1), ("new", 2, ChangeKind.UPDATED, QA, 1),
        ("part", 1, ChangeKind.ADDED, CHUNK, 1), ("part", 2, ChangeKind.RETIRED, CHUNK, 3),
        ("later", 1, ChangeKind.ADDED, QA, 9),
    ]  # fmt: skip
    async with records.begin() as work:
        for name, n, change, kind, days in steps:
            after = replace(revision(n).after, id=EntryId(name), kind=kind, answer='say "kind":"chunk" to it')
            one = replace(revision(n), subject_id=EntryId(name), change=change, after=after, at=NOW + days * DAY)
            await work.ledger.append(one)
        found = await figures(work, WEEK)
    assert (found.knowledge.before, found.knowledge.size) == ({QA: 1}, {QA: 2})
    assert found.knowledge.changes == {
        ChangeKind.ADDED: 2, ChangeKind.UPDATED: 1, ChangeKind.RETIRED: 2, ChangeKind.RESTORED: 2,
    }  # fmt: skip
    third = (MIDNIGHT + 2 * DAY).date()
    assert [one for one in found.growth if one.day == third] == [KnowledgeDay(third, QA, ChangeKind.RESTORED, 2, 1)]


async def test_all_of_it_can_be_told_of_some_channels_alone(records: Records) -> None:
    async with records.begin() as work:
        await _put(work, OnCall("here", (1,)), OnCall("there", (1, 2), channel="C2", days=1))
        for n, session in enumerate(("here", "there", "there")):
            turn = Turn(TurnId(str(n)), SessionId(session), n, NOW, (), (), Delivery.SENT, lead_s=float(n))
            await work.turns.put(turn)
            name, taught = EntryId(str(n)), (MessageId(f"{session}-asks"),)
            one = replace(revision(1), subject_id=name, after=replace(revision(1).after, id=name), from_messages=taught)
            await work.ledger.append(one)
        there, nowhere = replace(WEEK, channels=(ELSEWHERE,)), replace(WEEK, channels=())
        found = await figures(work, there)
        assert (found.on_calls, found.answers.posted, found.leads_s) == (1, 2, (1.0, 2.0))
        assert found.knowledge.size == {QA: 2}
        assert await work.figures.span((ELSEWHERE,)) == (NOW + DAY, NOW + DAY)
        assert (await figures(work, replace(WEEK, channels=(REF, ELSEWHERE)))).on_calls == 2
        assert (await figures(work, nowhere)).knowledge.size == {}


@pytest.mark.parametrize(
    ("leads", "quartiles"),
    [([], Lead()), ([7.0], Lead(1, 7.0, 7.0, 7.0)), ([0.0, 10.0], Lead(2, 2.5, 5.0, 7.5))],
)
def test_quartiles_are_interpolated(leads: list[float], quartiles: Lead) -> None:
    assert lead_of(leads) == quartiles


async def test_nothing_is_counted_of_a_session_that_was_forgotten(records: Records) -> None:
    async with records.begin() as work:
        await _put(work, OnCall("stays", (1,)), OnCall("goes", (1, 2), class_=QuestionClass.NO_ASSISTANCE_NEEDED))
        for name in ("stays", "goes"):
            turn = Turn(TurnId(name), SessionId(name), 1, NOW, (), (), Delivery.SHADOW, lead_s=5.0)
            await work.turns.put(turn)
        found = await figures(work, WEEK)
    assert (found.on_calls, found.answers.posted, found.recorded, found.lead.n) == (1, 1, 1, 1)
