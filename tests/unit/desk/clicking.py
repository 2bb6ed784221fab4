"""Clicks on the cards of a small desk, and what became of them."""

from dataclasses import dataclass, field
from itertools import count

from core.domain.answers import Answer
from core.domain.cards import Card
from core.domain.channels import ChannelRef
from core.domain.events import ButtonClicked
from core.domain.ids import AnswerId, CardId, EntryId, QuestionId
from core.domain.knowledge import Revision
from core.domain.people import Person
from core.domain.records import Feedback
from core.domain.replies import Reply
from core.domain.sessions import Question
from tests.unit.desk.support import CHANNEL, CUSTOMER, Table

ASKED = "why do multipart uploads fail with SlowDown?"


@dataclass(slots=True)
class Clicking:
    """A table where somebody has asked and an answer was posted."""

    table: Table
    ts: str
    answer: AnswerId
    question: QuestionId
    card: CardId
    ids: "count[int]" = field(default_factory=count)

    async def click(
        self, action: str = "accept", by: Person = CUSTOMER, target: str = "", channel: ChannelRef = CHANNEL
    ) -> Reply:
        """Click, and let what that orders run."""
        reply = await self.only_click(action, by, target, channel)
        await self.table.wait(5)
        return reply

    async def only_click(
        self, action: str = "accept", by: Person = CUSTOMER, target: str = "", channel: ChannelRef = CHANNEL
    ) -> Reply:
        """Click, and no more."""
        event = ButtonClicked(
            source="test", external_id=f"click-{next(self.ids)}", at=self.table.clock.now(), channel=channel, by=by,
            action=action, target=target or self.answer,
        )  # fmt: skip
        return (await self.table.intake.receive(event)).reply

    @property
    def shown(self) -> Card:
        """The card as the platform shows it."""
        return self.table.messenger.posted[self.card]

    async def asked(self) -> Question:
        """The question as it is now."""
        async with self.table.desk.records.read() as work:
            question = await work.questions.get(self.question)
        assert question is not None
        return question

    async def clicks(self) -> list[Feedback]:
        """The feedback on the answer."""
        async with self.table.desk.records.read() as work:
            return await work.feedback.of_target("answer", self.answer)

    async def history(self, entry: str) -> list[Revision]:
        """An entry's revisions."""
        async with self.table.desk.records.read() as work:
            return await work.ledger.history(EntryId(entry))


async def answered(desk: Table, asked: str = ASKED, channel: ChannelRef = CHANNEL) -> Clicking:
    """Ask, and wait for the card."""
    before = set(desk.messenger.posted)
    ts = await desk.post(asked, channel=channel)
    await desk.wait(5)
    (card,) = [one for name, one in desk.messenger.posted.items() if name not in before]
    answer: Answer = card.sections[0].answer
    return Clicking(desk, ts, answer.id, card.sections[0].question, card.id)
