"""A small desk on real records and a real store, with a fake engine, platform and clock."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from adapters.knowledge_store import open_store
from adapters.records import open_records
from core.desk.consumers import CONSUMERS
from core.desk.context import Desk
from core.desk.intake import Intake
from core.desk.refresh_job import link_consumer
from core.desk.runner import Runner
from core.domain.calibration import Calibration
from core.domain.channels import ChannelRef
from core.domain.events import Attachment, MessageDeleted, MessageEdited, MessagePosted
from core.domain.ids import EntryId, SessionId
from core.domain.knowledge import QA, SHARED, Audience, KnowledgeEntry
from core.domain.people import Person
from core.domain.policy import Policy
from core.domain.sessions import Message, Question, Session, Turn
from core.knowledge.ledger import Because, add
from core.knowledge.projection import Projector
from core.respond.relevance import FEATURES
from core.session.lifecycle import message_id
from tests.fakes.clock import FakeClock
from tests.fakes.documents import FakeDocuments
from tests.fakes.embedder import HashEmbedder
from tests.fakes.engine import FakeEngine
from tests.fakes.messenger import FakeMessenger

HOME = "T0HOME"
CHANNEL = ChannelRef("slack", HOME, "C1")
OTHER = ChannelRef("slack", HOME, "C2")
CUSTOMER = Person("UCUS", "Kim", "T0CUS")
ANALYST = Person("UANA", "Ana", HOME)
BOT = Person("UBOT", "Helper", HOME, is_bot=True)
KNOWN = "Set `part_size=64` in the transfer config."
# relevance is the cosine alone, so that a test can say what passes: an exact question does, another does not; a repeat is a
# cosine above .9
CALIBRATION = Calibration(
    "hash",
    (-3.0, 8.0, *[0.0] * (len(FEATURES) - 2)),
    0.6,
    0.9,
    0.9,
    0.6,
    0.9,
    0.8,
    (-42.8, 50.0, 0.0, 0.0),
    (-3.0, 8.0, *[0.0] * (len(FEATURES) - 2)),
    0.6,
    0.9,
)


@dataclass(slots=True)
class Table:
    """A desk with everything around it."""

    desk: Desk
    intake: Intake
    runner: Runner
    clock: FakeClock
    engine: FakeEngine
    messenger: FakeMessenger

    @property
    def projector(self) -> Projector:
        """The projector of a desk that holds its home."""
        own = self.desk.projector
        assert isinstance(own, Projector)
        return own

    async def post(
        self, text: str, author: Person = CUSTOMER, ts: str | None = None, thread: str | None = None,
        channel: ChannelRef = CHANNEL, *, direct: bool = False, files: tuple[Attachment, ...] = (),
        mentions: tuple[str, ...] = (),
    ) -> str:  # fmt: skip
        """Say something now; gives the message's ts."""
        name = ts or f"{self.clock.at.timestamp():.6f}"
        event = MessagePosted(
            source="test", external_id=f"{channel.channel}:{name}", at=self.clock.at, channel=channel, message_id=name,
            author=author, text=text, thread=thread, direct=direct, attachments=files, mentions=mentions,
        )  # fmt: skip
        await self.intake.receive(event)
        self.clock.pass_s(0.001)
        return name

    async def edit(self, ts: str, text: str, files: tuple[Attachment, ...] = ()) -> None:
        """Edit a message, and what is attached to it."""
        at = self.clock.at
        await self.intake.receive(
            MessageEdited(
                source="test",
                external_id=f"{ts}:{at}",
                at=at,
                channel=CHANNEL,
                message_id=ts,
                text=text,
                attachments=files,
            )
        )

    async def delete(self, ts: str) -> None:
        """Delete a message."""
        at = self.clock.at
        await self.intake.receive(
            MessageDeleted(source="test", external_id=f"{ts}:{at}:d", at=at, channel=CHANNEL, message_id=ts)
        )

    async def wait(self, seconds: float) -> None:
        """Let time pass, with every timer at its own time."""
        end = self.clock.at + timedelta(seconds=seconds)
        while (due := await self.runner.next_at()) is not None and due <= end:
            self.clock.advance(due)
            await self.runner.run_due(self.clock.now())
        self.clock.advance(end)

    async def know(
        self, question: str, answer: str = KNOWN, audience: Audience = SHARED, name: str = "known"
    ) -> EntryId:
        """Put an entry into ledger and store."""
        now = self.clock.now()
        entry = KnowledgeEntry(
            id=EntryId(name),
            kind=QA,
            audience=audience,
            title=question,
            question=question,
            answer=answer,
            created_at=now,
            updated_at=now,
        )
        async with self.desk.records.begin() as work:
            await add(work, entry, Because("a test put it there", f"test:{name}", now))
        await self.desk.projector.flush()
        return entry.id

    async def session_of(self, ts: str, channel: ChannelRef = CHANNEL) -> Session:
        """The session of a message."""
        async with self.desk.records.read() as work:
            message = await work.messages.get(message_id(channel.key, ts))
            assert message is not None
            session = await work.sessions.get(message.session)
        assert session is not None
        return session

    async def messages(self, session: SessionId) -> list[Message]:
        """The transcript."""
        async with self.desk.records.read() as work:
            return await work.messages.of_session(session)

    async def turns(self, session: SessionId) -> list[Turn]:
        """The turns."""
        async with self.desk.records.read() as work:
            return await work.turns.of_session(session)

    async def questions(self, session: SessionId) -> list[Question]:
        """The questions."""
        async with self.desk.records.read() as work:
            return await work.questions.of_session(session)


@asynccontextmanager
async def table(folder: Path, **policy: object) -> AsyncIterator[Table]:
    """Open it in a folder."""
    clock, engine, messenger, embedder = FakeClock(), FakeEngine(), FakeMessenger(), HashEmbedder()
    records = await open_records(f"sqlite+aiosqlite:///{folder / 'records.db'}")
    store = await open_store(str(folder / "knowledge"), embedder.identity, embedder.dimension)
    try:
        desk = Desk(
            records, store, embedder, engine, messenger, clock, replace(Policy(), **policy), CALIBRATION,  # type: ignore[arg-type] # by name
            Projector(records, store, embedder, clock), CONSUMERS, "test",
        )  # fmt: skip
        yield Table(desk, Intake(desk), Runner(desk), clock, engine, messenger)
    finally:
        await records.close()


@asynccontextmanager
async def reading_table(folder: Path, documents: FakeDocuments) -> AsyncIterator[Table]:
    """Open it where what analysts link is read."""
    async with table(folder) as one:
        one.desk = replace(one.desk, documents=documents, consumers=(*CONSUMERS, link_consumer))
        one.intake, one.runner = Intake(one.desk), Runner(one.desk)
        yield one
