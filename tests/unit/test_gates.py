"""The gates see each kind of breach, and none where there is none."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from benchmarks.gates import Said, repeats
from benchmarks.reshape import CUSTOMERS, HOME
from core.domain.answers import Answer, Citation, Claim
from core.domain.channels import Channel, ChannelRef
from core.domain.ids import AnswerId, EntryId, MessageId, QuestionId, SessionId, TurnId
from core.domain.knowledge import QA, SHARED, Audience, ChangeKind, EntryStatus, KnowledgeEntry, Revision
from core.domain.people import Person, Role, RoleBasis, Standing
from core.domain.sessions import Delivery, Message, Outcome, QuestionClass, Session, Turn, TurnQuestion
from core.ports.journal import MessageTold, Told, TurnTold
from tests.fakes.embedder import HashEmbedder
from tests.unit.desk.support import CALIBRATION

AT = datetime(2026, 1, 5, tzinfo=UTC)
REF = ChannelRef("slack", HOME, "C1")
CHANNEL = Channel(REF, CUSTOMERS[0].channel, True, frozenset({CUSTOMERS[0].team}))
SESSION = Session(SessionId("s"), REF, "1", Person("U1"), AT, AT)
ENTRY = KnowledgeEntry(
    id=EntryId("e"), kind=QA, audience=SHARED, title="Uploads", question="q", answer="Set four connections.", created_at=AT,
    updated_at=AT,
)  # fmt: skip
CITED = Citation(1, ENTRY.id, 1, ENTRY.title, "", QA, AT)
ANSWER = Answer(
    AnswerId("a"), QuestionId("q"), SESSION.id, (Claim("Set four connections.", (1,)),), (CITED,), sent_at=AT
)


def revision(entry: KnowledgeEntry = ENTRY, n: int = 1) -> Revision:
    return Revision(
        subject_kind="entry", subject_id=entry.id, n=n, change=ChangeKind.ADDED, after=entry, at=AT, why="", job=f"j{n}"
    )


def told(answer: Answer = ANSWER, *known: Revision, role: Role = Role.REQUESTER) -> list[Told]:
    standing = Standing(role, RoleBasis.HOME)
    message = Message(MessageId("m"), SESSION.id, "1", 1, AT, Person("U1"), standing, "q")
    question = TurnQuestion(QuestionId("q"), QuestionClass.WITHIN_SCOPE, "q", Outcome.ANSWERED, "", answer=answer.id)
    turn = Turn(TurnId("t"), SESSION.id, 1, AT, (message.id,), (question,), Delivery.SENT)
    return [MessageTold(message, SESSION), *(known or (revision(),)), TurnTold(turn, SESSION, (answer,))]


def breaches(*given: Told) -> list[str]:
    return list(Said({REF.key: CHANNEL}).breaches(given))


def saying(text: str) -> Answer:
    return replace(ANSWER, claims=(Claim(text, (1,)),))


def test_an_answer_that_keeps_everything_breaks_nothing() -> None:
    assert breaches(*told()) == []
    assert breaches(*told(saying(f"Set it on {CUSTOMERS[0].host}."))) == []
    own = replace(ENTRY, audience=Audience.customer(CUSTOMERS[0].team))
    assert breaches(*told(ANSWER, revision(own))) == []


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (told(replace(ANSWER, citations=())), "without a citation"),
        (told(replace(ANSWER, claims=(Claim("Set it.", ()),))), "without a citation"),
        (told(replace(ANSWER, citations=(replace(CITED, revision=2),))), "which is not there"),
        (told(ANSWER, revision(), revision(replace(ENTRY, status=EntryStatus.RETIRED), 2)), "which is retired"),
        (told(ANSWER, revision(replace(ENTRY, audience=Audience.customer("T0OTHER")))), "customer:T0OTHER's"),
        (told(role=Role.ANALYST), "to an analyst"),
        (told(saying("Write to dana@example.com.")), "an address or a secret"),
        (told(saying(f"Set it on {CUSTOMERS[1].host}.")), f"which is {CUSTOMERS[1].team}'s"),
        (told(replace(ANSWER, citations=(replace(CITED, title=f"For {CUSTOMERS[2].person}"),))), CUSTOMERS[2].team),
    ],
)
def test_each_breach_is_told(given: list[Told], sentence: str) -> None:
    (found,) = breaches(*given)
    assert sentence in found


async def test_the_same_twice_in_a_session_is_told_where_both_were_seen() -> None:
    said = Said({REF.key: CHANNEL}, answers={SESSION.id: [ANSWER, replace(ANSWER, id=AnswerId("b"))]})
    (found,) = await repeats(said, HashEmbedder(), CALIBRATION)
    assert "say the same" in found
    said.answers[SESSION.id][1] = replace(ANSWER, id=AnswerId("b"), sent_at=None)
    assert await repeats(said, HashEmbedder(), CALIBRATION) == []
