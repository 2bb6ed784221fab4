"""What an entry was learned from, for the people who run Vigil: the messages, their thread, their channel."""

from dataclasses import dataclass
from datetime import datetime

from adapters.terminal.json_lines import moment
from adapters.terminal.plain import one_line, safe
from adapters.terminal.words import WHO
from bot.entries import day
from core.desk.accept_job import PREFIX
from core.desk.cards import ACCEPT
from core.desk.on_click import last_click
from core.domain.ids import AnswerId, EntryId, MessageId
from core.domain.sessions import Message
from core.ports.records import UnitOfWork


@dataclass(frozen=True, slots=True)
class Acceptance:
    """An Accept that an entry comes from or is confirmed by."""

    answer: str
    role: str
    at: datetime

    def said(self) -> str:
        """By whom and when."""
        return f"by {WHO[self.role]} on {day(self.at)}"

    def as_json(self) -> dict[str, object]:
        """The same for a program."""
        return {"answer": self.answer, "role": self.role, "at": moment(self.at)}


async def acceptances_of(entry: EntryId, work: UnitOfWork) -> list[Acceptance]:
    """Give the Accepts behind an entry that were not undone, oldest first."""
    jobs = dict.fromkeys(r.job for r in await work.ledger.history(entry) if r.job.startswith(PREFIX))
    clicks = [await last_click(work, AnswerId(job.removeprefix(PREFIX))) for job in jobs]
    return [Acceptance(c.target, c.role, c.at) for c in clicks if c and c.kind == ACCEPT]


@dataclass(frozen=True, slots=True)
class Source:
    """A message that taught, as far as it is still on record, with its channel's name and its thread (the first message's id
    on the platform, and its text)."""

    message: MessageId
    said: Message | None
    channel: str = ""
    thread: str = ""
    opening: str = ""

    @property
    def text(self) -> str:
        """What was said; nothing where it was deleted since."""
        return self.said.text if self.said and self.said.deleted_at is None else ""

    def as_lines(self) -> list[str]:
        """Where it was said, by whom, and the words."""
        if self.said is None:
            return [f"\nfrom       message {self.message}, which is no longer kept"]
        name = safe(self.said.author.name) or "somebody"
        who = f"{name} ({self.said.role}), {day(self.said.at)}, {self.said.at:%H:%M}"
        gone = "(older than what is kept: VIGIL_RETENTION_DAYS)" if self.said.expired_at else "(deleted since)"
        words = safe(self.text).splitlines() or [gone]
        thread = f"thread {self.thread}: {one_line(self.opening, 70)}"
        return [
            f"\nfrom       {safe(self.channel)}, {thread}",
            f"           {who}",
            *(f"           > {w}" for w in words),
        ]

    def as_json(self) -> dict[str, object]:
        """The same for a program."""
        if self.said is None:
            return {"message": self.message}
        said = {
            "author": self.said.author.id,
            "role": self.said.role.value,
            "at": moment(self.said.at),
            "text": self.text,
            "expired": self.said.expired_at is not None,
        }
        return {"message": self.message, "channel": self.channel, "thread": self.thread, **said}


async def sources_of(entry: EntryId, work: UnitOfWork) -> list[Source]:
    """Give the messages behind an entry, in the order in which they are cited."""
    return [await _source(message, work) for message in await work.projections.sources(entry)]


async def _source(message: MessageId, work: UnitOfWork) -> Source:
    said = await work.messages.get(message)
    session = await work.sessions.get(said.session) if said else None
    if said is None or session is None:
        return Source(message, None)
    channel = await work.channels.get(session.channel)
    transcript = await work.messages.of_session(session.id)
    opening = next((one.text for one in transcript if one.deleted_at is None), "")
    return Source(message, said, channel.name or session.channel.channel, session.thread, opening)
