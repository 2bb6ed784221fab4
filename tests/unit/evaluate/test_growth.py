"""A journal, sorted into tenths of its time."""

from datetime import UTC, datetime, timedelta

import pytest

from core.domain.answers import Answer, Citation, Claim
from core.domain.channels import ChannelRef
from core.domain.ids import AnswerId, EntryId, MessageId, QuestionId, SessionId, TurnId
from core.domain.knowledge import QA, SHARED, ChangeKind, KnowledgeEntry, Revision
from core.domain.people import Person, Role, RoleBasis, Standing
from core.domain.sessions import Delivery, Message, Outcome, QuestionClass, Session, Turn, TurnQuestion
from core.evaluate.growth import agrees, growth_report, tenths
from core.ports.journal import MessageTold, Told, TurnTold
from tests.fakes.embedder import HashEmbedder
from tests.unit.desk.support import CALIBRATION

START = datetime(2026, 1, 5, tzinfo=UTC)
FIX = "Raise the part size to 64 MB and set four connections for multipart uploads."
ASKED = Session(SessionId("s"), ChannelRef("terminal", "T", "C"), "1", Person("U1"), START, START)


def said(day: float, role: Role, text: str) -> MessageTold:
    at = START + timedelta(days=day)
    who = Standing(role, RoleBasis.CONFIGURED)
    return MessageTold(Message(MessageId(f"m{day}"), ASKED.id, f"{day}", 1, at, Person("U"), who, text), ASKED)


def entry(day: float, change: ChangeKind, n: int = 1, name: str = "e") -> Revision:
    at = START + timedelta(days=day)
    after = KnowledgeEntry(
        id=EntryId(name), kind=QA, audience=SHARED, title="t", question="q", answer=FIX, created_at=at, updated_at=at
    )
    return Revision(
        subject_kind="entry", subject_id=after.id, n=n, change=change, after=after, at=at, why="", job=f"j{day}"
    )


def turn(day: float, outcome: Outcome, class_: QuestionClass = QuestionClass.WITHIN_SCOPE) -> TurnTold:
    at, answered = START + timedelta(days=day), outcome is Outcome.ANSWERED
    question = TurnQuestion(
        QuestionId(f"q{day}"), class_, "q", outcome, "", (), AnswerId(f"a{day}") if answered else None
    )
    cited = Citation(1, EntryId("e"), 1, "t", "", QA, at)
    answers = (
        (Answer(AnswerId(f"a{day}"), question.question, ASKED.id, (Claim(FIX, (1,)),), (cited,)),) if answered else ()
    )
    made = Turn(TurnId(f"t{day}"), ASKED.id, 1, at, (), (question,), Delivery.SENT)
    return TurnTold(made, ASKED, answers)


async def in_tenths(*told: Told) -> list[dict[str, object]]:
    found = await tenths(told, HashEmbedder(), CALIBRATION)
    return [one.as_json(number) for number, one in enumerate(found, start=1)]


async def test_questions_and_entries_are_counted_in_the_tenth_of_their_time() -> None:
    lines = await in_tenths(
        said(0, Role.REQUESTER, "q"),
        turn(0.5, Outcome.ABSTAINED),
        turn(0.6, Outcome.SILENT, QuestionClass.OUT_OF_SCOPE),
        entry(1.5, ChangeKind.ADDED),
        entry(3.5, ChangeKind.ADDED, name="f"),
        turn(3.6, Outcome.ANSWERED),
        entry(5.5, ChangeKind.RETIRED, 2),
        said(10, Role.REQUESTER, "q"),
        turn(11, Outcome.ABSTAINED),
    )
    assert [line["in_scope"] for line in lines] == [1, 0, 0, 1, 0, 0, 0, 0, 0, 1]
    assert [line["answered_share"] for line in lines] == [0.0, None, None, 1.0, *[None] * 5, 0.0]
    assert [line["known"] for line in lines] == [0, 1, 1, 2, 2, 1, 1, 1, 1, 1]
    assert [line["retired"] for line in lines] == [0, 0, 0, 0, 0, 1, 0, 0, 0, 0]


@pytest.mark.parametrize(
    ("reply", "role", "led"),
    [
        (f"Hello there.\n{FIX}", Role.ANALYST, [True]),
        ("You have to renew the certificate of the proxy in the console.", Role.ANALYST, [False]),
        ("Let me check.", Role.ANALYST, []),
        (FIX, Role.REQUESTER, []),
    ],
)
async def test_an_answer_leads_to_what_an_analyst_says_after_it_in_the_thread(
    reply: str, role: Role, led: list[bool]
) -> None:
    taught: list[Told] = [said(0, Role.ANALYST, FIX), entry(0.1, ChangeKind.ADDED)]
    told = [*taught, turn(1, Outcome.ANSWERED), said(2, role, reply)]
    found = await tenths(told, HashEmbedder(), CALIBRATION)
    assert [hit for tenth in found for hit in tenth.led] == led


async def test_what_excludes_the_answer_does_not_agree_with_it() -> None:
    assert await agrees(FIX, [FIX], HashEmbedder(), CALIBRATION)
    assert not await agrees(FIX, [f"Do not {FIX[0].lower()}{FIX[1:]}"], HashEmbedder(), CALIBRATION)
    assert not await agrees(FIX, [], HashEmbedder(), CALIBRATION)


async def test_the_report_counts_questions_in_scope_and_keeps_the_second_half_apart() -> None:
    asked, later = said(0, Role.REQUESTER, "q"), said(10, Role.REQUESTER, "q")
    told: list[Told] = [asked, turn(1, Outcome.ABSTAINED), turn(9, Outcome.ANSWERED), later]
    done = growth_report(await tenths(told, HashEmbedder(), CALIBRATION), begun=0.0)
    assert done.n == 2
    assert done.as_json()["metrics"] == {"answered": 0.5, "answered_late": 1.0, "led": 0.0}
